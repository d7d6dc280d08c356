"""What ``tutor trace`` shows: the answer, what the layers saw, then every layer in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import LayerRecord, TraceRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.bars import prediction_bars
from alexnet_tutor.show.terminal.picture import Picture, PictureRow, scale_words
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.table import Column, Table, fit
from alexnet_tutor.show.terminal.theme import DIM, STRONG
from alexnet_tutor.show.terminal.view import (
    View,
    clean,
    heading,
    legend,
    loud,
    next_line,
    weights_line,
)
from alexnet_tutor.show.terminal.why import why_list

RANDOM = "UNTRAINED: these weights are random"
UNTRAINED = f"{RANDOM}; the percentages mean nothing."
LEAVE = ("std", "mean", "stride", "silent", "kind", "min", "MACs", "params")
_MOST_CLASSES = 5


@dataclass(frozen=True, slots=True)
class TraceView(View):
    """One picture's way through the network."""

    record: TraceRecord
    next_command: str

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """Answer, preparation, top five, pictures, table, a sentence per layer, next command."""
        record = self.record
        yield from answer(record)
        if record.image and record.image.steps:
            yield Text(clean("; ".join(record.image.steps)), style=DIM)
        if record.facts is not None and record.facts.source is not None:
            yield weights_line(record.facts.source)
        if record.top:
            yield Text()
            yield prediction_bars(record.top[:_MOST_CLASSES])
        yield heading("The picture before normalising, and the strongest map of each convolution")
        pictures = [input_picture(record), *_strongest(record)]
        yield Text(f"strongest: highest peak. {scale_words(screen, pictures)}", style=DIM)
        yield PictureRow.of(pictures)
        yield heading("Layer by layer")
        yield from layer_table(record.layers, screen.width)
        yield from why_list(record, screen)
        yield Text()
        yield next_line(self.next_command)


def answer(record: TraceRecord) -> Iterator[Text]:
    """The first line; where the weights are random it says so, loudly, and names no class."""
    name = clean(Path(record.image.path).name) if record.image else "this picture"
    if record.facts is not None and not record.facts.trained:
        yield Text(f"{name}: untrained network")
        yield loud(UNTRAINED)
    elif record.top:
        best = record.top[0]
        words = f"{clean(best.label)} {numbers.percent(best.probability)}"
        yield Text.assemble(f"{name}: ", (words, STRONG))
    else:
        yield Text(f"{name}: followed through {numbers.counted(len(record.layers), 'layer')}")


def input_picture(record: TraceRecord) -> Picture:
    """The prepared picture, before normalising."""
    size = numbers.shape(record.pixels.shape[-2:])
    return Picture(record.pixels, 0.0, 1.0, (f"the picture, {size}", "0 to 1"))


def map_picture(layer: LayerRecord, number: int) -> Picture:
    """One feature map on its own scale, and the part of the picture that its peak sees."""
    assert layer.maps is not None
    values = layer.maps[number]
    low, high = float(values.min()), float(values.max())
    caption = [f"{layer.name} map {number}", numbers.interval(low, high)]
    box = layer.peak_box(number)
    if low == high == 0:
        caption.append("silent: 0 everywhere")
    elif box is not None:
        top, left, bottom, right = box
        caption.append(f"peak sees rows {top}–{bottom}, columns {left}–{right}")
    return Picture(values, low, high, tuple(caption), signed=low < 0)


def _strongest(record: TraceRecord) -> Iterator[Picture]:
    for name in ("relu", "conv"):
        layers = [layer for layer in record.layers if layer.kind == name and layer.maps is not None]
        if layers:
            break
    for layer in layers[:5]:
        (number,) = layer.strongest_maps(1)
        yield map_picture(layer, number)


def layer_table(layers: Sequence[LayerRecord], width: int) -> Iterator[RenderableType]:
    """A row per layer and the totals, columns dropped to fit ``width``, then what the heads mean."""
    columns = layer_columns(layers)
    yield Table(columns, LEAVE, rows_in={len(layers): STRONG})
    kept, _ = fit(columns, LEAVE, width)
    yield Text(legend(column.name for column in kept), style=DIM)


def layer_columns(layers: Sequence[LayerRecord]) -> list[Column]:
    """Every quantity of the trace in its fixed order, a last row with the totals."""

    def column(name: str, cells: list[str], total: str = "", unit: str = "") -> Column:
        return Column(name, [*cells, total], unit, left=name in {"layer", "kind"})

    def total(count: list[int]) -> tuple[list[str], str]:
        return [numbers.integer(value) for value in count], numbers.integer(sum(count))

    sees = [field_words(layer) for layer in layers]
    return [
        column("layer", [clean(layer.name) for layer in layers], "total"),
        column("kind", [clean(layer.kind) for layer in layers]),
        column("output", [numbers.shape(layer.output_shape[1:]) for layer in layers]),
        column("params", *total([layer.params for layer in layers])),
        column("MACs", *total([layer.macs for layer in layers])),
        column("sees", [size for size, _ in sees], unit="px"),
        column("stride", [stride for _, stride in sees], unit="px"),
        column("min", [numbers.activation(layer.min) for layer in layers]),
        column("mean", [numbers.activation(layer.mean) for layer in layers]),
        column("max", [numbers.activation(layer.max) for layer in layers]),
        column("std", [numbers.activation(layer.std) for layer in layers]),
        column("zeros", [numbers.percent_number(layer.zeros) for layer in layers], unit="%"),
        column("silent", [numbers.integer(layer.silent) for layer in layers], unit="maps"),
    ]


def field_words(layer: LayerRecord) -> tuple[str, str]:
    """(what one value sees, its stride) in pixels; ``all`` where it sees the whole picture."""
    if layer.field.stride == 0:
        return "all", "–"
    return numbers.integer(layer.field.size), numbers.integer(layer.field.stride)


def map_count(layer: LayerRecord) -> int:
    """How many maps a layer has, or units after flatten."""
    return layer.output_shape[1] if layer.maps is not None else prod(layer.output_shape[1:])
