"""What ``tutor trace --layer conv2`` shows: one layer in depth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import LayerRecord, TraceRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.bars import histogram, prediction_bars, unit_bars
from alexnet_tutor.show.terminal.picture import Picture, PictureRow, rows, scale_words
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.theme import DIM, PROSE_WIDTH
from alexnet_tutor.show.terminal.trace import RANDOM, UNTRAINED, field_words, map_count, map_picture
from alexnet_tutor.show.terminal.view import (
    View,
    clean,
    heading,
    kind_in_words,
    loud,
    next_line,
    weights_line,
)
from alexnet_tutor.show.terminal.why import sentence

_FEW_UNITS = 32  # up to so many are bars rather than a picture
_LEAST_MAPS, _MOST_CLASSES = 6, 10


@dataclass(frozen=True, slots=True)
class LayerView(View):
    """One layer of a trace.

    Attributes:
        explanation: the layer's arithmetic with the real numbers, a line each.
    """

    layer: LayerRecord
    trace: TraceRecord
    explanation: Sequence[str]
    next_command: str

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """What it is, what it did, its arithmetic, its numbers, their histogram, its maps or units."""
        layer = self.layer
        before, after = (
            numbers.shape(sizes[1:]) for sizes in (layer.input_shape, layer.output_shape)
        )
        what = "" if layer.name == layer.kind else f", {kind_in_words(layer.kind)}"
        yield Text(f"{clean(layer.name)}{what}: {before} in, {after} out")
        facts = self.trace.facts
        if facts is not None and facts.source is None:
            yield loud(UNTRAINED if layer.kind == "softmax" else f"{RANDOM}.")
        elif facts is not None and facts.source is not None:
            yield weights_line(facts.source)
        said = sentence(layer, self.trace)
        if said is not None:
            yield Text(f"\n{said}")
        if self.explanation:
            yield heading("The arithmetic")
            yield from (Text(clean(line)) for line in self.explanation)
        name = clean(Path(self.trace.image.path).name) if self.trace.image else "this picture"
        yield heading(f"Its values for {name}")
        yield from _facts(layer, min(screen.width, PROSE_WIDTH))
        if layer.values[0].size > _FEW_UNITS:
            yield Text()
            yield histogram(layer.values[:1])
        yield from self._maps(screen) if layer.maps is not None else self._units(screen)
        yield Text()
        yield next_line(self.next_command)

    def _maps(self, screen: Screen) -> Iterator[RenderableType]:
        kernels = self.trace.conv1_kernels if self.layer.name == "conv1" else None
        groups: list[list[Picture]] = []
        for number in self.layer.strongest_maps(_count(screen.width, kernels is not None)):
            group = [map_picture(self.layer, number)]
            if kernels is not None:
                group.append(_kernel(kernels[number], number))
            groups.append(group)
        yield heading(f"The maps with the highest peak, {len(groups)} of {map_count(self.layer)}")
        words = scale_words(screen, [group[0] for group in groups])
        if kernels is not None:
            words += " Beside each map, its kernel, number for number."
        yield Text(words, style=DIM)
        yield PictureRow(groups)

    def _units(self, screen: Screen) -> Iterator[RenderableType]:
        values = self.layer.values[0].reshape(-1)
        if self.layer.kind == "softmax" and self.trace.top:
            yield heading("The classes")
            yield prediction_bars(self.trace.top[:_MOST_CLASSES])
        elif len(values) <= _FEW_UNITS:
            labels = self.trace.facts.labels if self.trace.facts else ()
            names = labels if self.layer.name == "fc8" and len(labels) == len(values) else None
            yield heading("The units, highest value first")
            yield unit_bars(values, _FEW_UNITS, names)
        else:
            yield heading("The units with the highest value")
            yield unit_bars(values)
            yield heading("All units, in order, line by line")
            yield PictureRow.of([_vector(values, screen.width)])


def _facts(layer: LayerRecord, width: int) -> Iterator[Text]:
    """The trace's quantities in the trace's order, all of them, as many to a line as fit."""
    sees, stride = field_words(layer)
    what = "maps" if layer.maps is not None else "units"
    pairs = [
        ("params", numbers.integer(layer.params)),
        ("MACs", numbers.integer(layer.macs)),
        ("sees", sees if sees == "all" else f"{sees} px"),
        ("stride", stride if sees == "all" else f"{stride} px"),
        ("min", numbers.activation(layer.min)),
        ("mean", numbers.activation(layer.mean)),
        ("max", numbers.activation(layer.max)),
        ("std", numbers.activation(layer.std)),
        ("zeros", numbers.percent(layer.zeros)),
        ("silent", f"{numbers.integer(layer.silent)} of {map_count(layer):,} {what}"),
    ]
    line = Text()
    for name, value in pairs:
        pair = Text.assemble((f"{name} ", DIM), value)
        if line and line.cell_len + 3 + pair.cell_len > width:
            yield line
            line = Text()
        line = Text.assemble(line, "   " if line else "", pair)
    yield line


def _count(width: int, with_kernels: bool) -> int:
    """At least six maps, and full rows."""
    per_row = rows(100, 38 if with_kernels else 26, width)[0][1]
    return per_row * ceil(_LEAST_MAPS / per_row)


def _kernel(kernel: NDArray[np.float32], number: int) -> Picture:
    low, high = float(kernel.min()), float(kernel.max())
    caption = (f"kernel {number}", numbers.interval(low, high))
    signed = len(kernel) == 1
    pixels = kernel if len(kernel) in {1, 3} else kernel.mean(axis=0)
    return Picture(pixels, low, high, caption, signed=signed, cells=kernel.shape[-1])


def _vector(values: NDArray[np.float32], room: int) -> Picture:
    """A vector as a nearly square picture; coarser where the screen is narrow, which is said."""
    side = ceil(sqrt(len(values)))
    square = np.full(ceil(len(values) / side) * side, np.nan)
    square[: len(values)] = values
    low, high = float(values.min()), float(values.max())
    caption = [f"{len(values):,} units, {side} to a line", numbers.interval(low, high)]
    caption.append("There is no neighbourhood: the order of the units means nothing.")
    cells = side
    while cells > room:
        cells = ceil(cells / 2)
    if cells < side:
        caption.append(f"Each spot is the mean of about {round((side / cells) ** 2)} units.")
    return Picture(square.reshape(-1, side), low, high, tuple(caption), cells=cells)
