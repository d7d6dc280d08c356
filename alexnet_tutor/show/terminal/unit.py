"""What ``tutor trace unit`` shows: what one value sees, its arithmetic, the check, where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import Box, DropoutWork, SumWork, TraceRecord, UnitRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.terminal.lineage import lineage
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.theme import DIM, RIGHT, RIGHT_MARK, STRONG, WRONG, WRONG_MARK
from alexnet_tutor.show.terminal.trace import RANDOM
from alexnet_tutor.show.terminal.view import (
    View,
    clean,
    heading,
    kind_in_words,
    loud,
    next_line,
    weights_line,
)
from alexnet_tutor.show.terminal.work import work

WRONG_VALUE = "The network's own value is not what the layer's numbers give."


@dataclass(frozen=True, slots=True)
class UnitView(View):
    """One value of one layer, worked out by hand.

    Attributes:
        trace: the pass that it is of.
    """

    record: UnitRecord
    trace: TraceRecord
    next_command: str

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """The value, what it sees, its arithmetic, the check, its lineage, the next command."""
        record, facts = self.record, self.trace.facts
        name = clean(Path(self.trace.image.path).name) if self.trace.image else "this picture"
        yield Text.assemble(
            (f"{record.place}{label(record, self.trace)}", STRONG),
            f" is {number(record.value)} for {name}",
        )
        if facts is not None and facts.source is None:
            yield loud(f"{RANDOM}.")
        elif facts is not None and facts.source is not None:
            yield weights_line(facts.source)
        yield heading("What it sees")
        yield from sees(record, self.trace)
        yield heading(f"The arithmetic: {kind_in_words(record.kind)}")
        yield from work(record, facts.labels if facts else ())
        yield heading("The check")
        yield from check(record)
        if record.producers:
            yield heading("Where it comes from")
            yield from lineage(record, screen.width)
        yield Text()
        yield next_line(self.next_command)


def label(record: UnitRecord, trace: TraceRecord) -> str:
    """The class that a value of the last layers stands for."""
    labels = trace.facts.labels if trace.facts else ()
    last = {layer.name for layer in trace.layers[-2:]}
    if record.place.layer not in last or len(record.place.index) > 1:
        return ""
    unit = record.place.index[0]
    return f" ({clean(labels[unit])})" if unit < len(labels) else ""


def sees(record: UnitRecord, trace: TraceRecord) -> Iterator[Text]:
    """What a value sees of the picture, and of the layer before."""
    yield from sees_of_the_picture(record, trace)
    yield from sees_of_the_layer_before(record)


def sees_of_the_picture(record: UnitRecord, trace: TraceRecord) -> Iterator[Text]:
    """Its box, and what of it is padding."""
    if record.box is not None and record.clipped is not None:
        whole = record.clipped == (0, 0, *(side - 1 for side in trace.pixels.shape[1:]))
        extent = "all of it" if whole and record.box == record.clipped else _extent(record.box)
        yield _line("the picture", f"{numbers.box(record.box)}: {extent}")
        beyond = _beyond(record.box, record.clipped)
        if beyond:
            yield Text(f"Zeros of the padding stand for {beyond}.", style=DIM)


def sees_of_the_layer_before(record: UnitRecord) -> Iterator[Text]:
    """Its window there."""
    if record.before is None:
        return
    values = numbers.counted(record.count, "value")
    if record.window is None:
        alone = record.terms[0].at if record.count == 1 else None
        yield _line(record.before, f"unit {alone.index[0]}" if alone else f"all {values}")
        return
    yield _line(record.before, f"{_channels(record)}, {numbers.box(record.window)}: {values}")
    if isinstance(record.work, SumWork):
        yield from _about(record.work)


def _channels(record: UnitRecord) -> str:
    seen = [term.at.index[0] for term in record.terms if term.at is not None]
    if isinstance(record.work, SumWork) and record.work.channels is not None:
        return numbers.span("channel", *record.work.channels)
    return numbers.span("channel", min(seen), max(seen))


def _about(summed: SumWork) -> Iterator[Text]:
    if summed.padded:
        padded = numbers.integer(summed.padded)
        yield Text(f"Of these values {padded} are zeros of the padding.", style=DIM)
    if summed.groups > 1:
        towers = f"The layer has {summed.groups} towers: the kernel sees the channels of its own."
        yield Text(towers, style=DIM)


def _line(what: str, where: str) -> Text:
    return Text.assemble(("in ", DIM), clean(what), (": ", DIM), where)


def _extent(box: Box) -> str:
    top, left, bottom, last = box
    height, width = bottom - top + 1, last - left + 1
    return "one pixel" if height == width == 1 else f"{height}×{width} pixels"


def _beyond(box: Box, clipped: Box) -> str:
    """``18 rows above and 16 columns after``, of the box that is not picture; empty where all is."""
    above, before, below, after = (abs(a - b) for a, b in zip(box, clipped, strict=True))
    sides = [(above, "row", "above"), (below, "row", "below")]
    sides += [(before, "column", "before it"), (after, "column", "after it")]
    told = [f"{numbers.counted(count, what)} {where}" for count, what, where in sides if count]
    *first, last = told or [""]
    return f"{', '.join(first)} and {last}" if first else last


def check(record: UnitRecord) -> Iterator[Text]:
    """By hand and in the network, and whether rounding explains the difference."""
    mark, style = (RIGHT_MARK, RIGHT) if record.agrees else (WRONG_MARK, WRONG)
    measure = "its size"
    if isinstance(record.work, SumWork):
        measure = "(|bias| + Σ|terms|)" if record.bias is not None else "Σ|terms|"
    yield Text(f"by hand, in float64   {record.by_hand:.12g}")
    yield Text(f"the network, in fp32  {record.value:.12g}")
    explained = f"; rounding explains {record.tolerance:.2g} = 1e-5 · {measure}"
    yield Text.assemble(
        (f"{mark} ", style),
        f"difference {record.difference:.2g}{explained if record.size else ''}",
    )
    if not record.agrees:
        yield loud(WRONG_VALUE)
    elif isinstance(record.work, DropoutWork) and record.work.seed is not None:
        yield Text("Both drew the mask from the seed, each for itself.", style=DIM)
