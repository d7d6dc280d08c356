"""The walk as a page to read: every stop from where it begins to softmax, a value of each worked out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.text import Text

from alexnet_tutor.records import LayerRecord, TraceRecord, UnitRecord
from alexnet_tutor.resources import weights_in_words
from alexnet_tutor.show import numbers
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.terminal.document import Block, Heading, Items, Paragraph, Rows, Sums
from alexnet_tutor.show.terminal.page import PageText
from alexnet_tutor.show.terminal.table import Column, Table
from alexnet_tutor.show.terminal.theme import LOUD_MARK
from alexnet_tutor.show.terminal.trace import UNTRAINED
from alexnet_tutor.show.terminal.unit import (
    check,
    label,
    sees_of_the_layer_before,
    sees_of_the_picture,
)
from alexnet_tutor.show.terminal.view import kind_in_words
from alexnet_tutor.show.terminal.why import sentence
from alexnet_tutor.show.terminal.work import OWN, Formula, work

INPUT = "input"
_SECTION = re.compile(r"[Ss]ections? (\d(?:\.\d)?(?:(?:, | and )\d(?:\.\d)?)*)")
_NO_PARAMETERS = "parameters = 0"
HOW_TO_READ = (
    "A stop is a layer; they stand in the order in which the picture passes them. Each tells what the"
    " layer is for, what it did to this picture, and how one of its values came about: the strongest,"
    " which is the highest, worked out by hand from the values of the layer before."
)
NAMES = (
    "A value is named by where it is, counted from 0: conv5:37,6,6 is channel 37 of conv5, row 6,"
    " column 6; fc6:812 is unit 812 of fc6. A channel is a map: maps have rows and columns.",
    "Shapes are channels×rows×columns, or a count of units.",
    "MACs are multiply-accumulates with weights. The receptive field of a value is the square of the"
    " picture that it depends on.",
    "A sum is written Σ; ⌊7.5⌋ = 7 rounds down. Whoever adds the printed terms gets the printed total.",
    "The check sets the result by hand beside the network's own, and says how far apart rounding may"
    " bring them. ✓: no farther than that.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a layer's file tells of it, and its formulas with the real numbers, a line each."""

    page: PageText
    worked: Sequence[str]


@dataclass(frozen=True, slots=True)
class PlainStop:
    """A stop of the page.

    Attributes:
        record: the value that is stood on.
        strongest: no value of the layer is higher.
        layer: ``None`` of the input.
        told: ``None`` of what is no layer of the kit.
    """

    record: UnitRecord
    strongest: bool
    layer: LayerRecord | None
    told: Told | None


def page(trace: TraceRecord, stops: Sequence[PlainStop], next_command: str) -> list[Block]:
    """The whole page, from the first of ``stops`` on."""
    names = [INPUT, *(layer.name for layer in trace.layers)]
    blocks: list[Block] = [Heading(f"A walk through the network: {_picture(trace)}", 1)]
    blocks += _answer(trace)
    blocks += [Paragraph(HOW_TO_READ, "How to read it"), Items(NAMES)]
    if stops[0].layer is not None:
        blocks.append(Paragraph(f"The page begins at {stops[0].layer.name}."))
    met: dict[PageText, PlainStop] = {}
    before: PlainStop | None = None
    for stop in stops:
        name = stop.record.place.layer
        kind = "" if stop.record.kind == name else f", {kind_in_words(stop.record.kind)}"
        blocks.append(Heading(f"Stop {names.index(name) + 1} of {len(names)}: {name}{kind}"))
        blocks += _input(trace) if stop.layer is None else _layer(stop, stop.layer, trace, met)
        blocks += _value(stop, before, trace)
        before = stop
    return [*blocks, Paragraph("", "Next, all that this value comes from"), Sums([next_command])]


def _picture(trace: TraceRecord) -> str:
    return Path(trace.image.path).name if trace.image else "this picture"


def _answer(trace: TraceRecord) -> Iterator[Block]:
    """What the network says, and with which weights."""
    facts = trace.facts
    if facts is not None and facts.source is None:
        yield Paragraph(f"{LOUD_MARK} {UNTRAINED}")
        return
    if trace.top:
        best = trace.top[0]
        yield Paragraph(
            f"{best.label}, {numbers.percent(best.probability)}.", "The network's answer"
        )
    if facts is not None and facts.source is not None:
        yield Paragraph(f"{weights_in_words(facts.source)}.", "Its weights")


def _input(trace: TraceRecord) -> Iterator[Block]:
    yield Paragraph("The picture as the network gets it. No layer has touched it yet.")
    if trace.image and trace.image.steps:
        yield Paragraph(f"{'; '.join(trace.image.steps)}.", "How the file was prepared")
    yield Items([f"Shape: {numbers.shape(trace.pixels.shape)}"])


def _layer(
    stop: PlainStop, layer: LayerRecord, trace: TraceRecord, met: dict[PageText, PlainStop]
) -> Iterator[Block]:
    """What the layer is for, its sizes and costs, the paper's reason, what it did to the picture."""
    if stop.told is None:
        yield Paragraph(f"{layer.name} is no layer of the kit: there is no page about it.")
    else:
        yield from _purpose(layer.name, stop.told.page, met.get(stop.told.page))
    before, after = (numbers.shape(shape[1:]) for shape in (layer.input_shape, layer.output_shape))
    costs = f"Parameters: {numbers.integer(layer.params)}; MACs: {numbers.integer(layer.macs)}"
    field = f"Receptive field: {_field(layer, trace)}"
    yield Items([f"Shape: {before} in, {after} out", costs, field])
    if stop.told is not None:
        yield from _formula(stop.told, met.setdefault(stop.told.page, stop))
    if layer.kind == "softmax" and trace.facts is not None and trace.facts.source is None:
        yield Paragraph(f"{LOUD_MARK} {UNTRAINED}")
    said = sentence(layer, trace)
    if said is not None:
        yield Paragraph(said, f"What it did to {_picture(trace)}")


def _purpose(name: str, told: PageText, earlier: PlainStop | None) -> Iterator[Block]:
    """The layer's page; of a kind that was met before, where that stands."""
    own = told.title.removeprefix(f"{name}: ")
    yield Paragraph(f"{name} is {own}" if own == told.title else own[0].upper() + own[1:])
    if earlier is not None:
        where = ", ".join(f"section {one}" for one in dict.fromkeys(_SECTION.findall(told.paper)))
        at = earlier.record.place.layer
        yield Paragraph(f"Its purpose, its formula and the paper's words ({where}) stand at {at}.")
        return
    yield from map(Paragraph, told.purpose)
    if told.paper:
        yield Paragraph(told.paper, "The paper")


def _formula(told: Told, first: PlainStop) -> Iterator[Block]:
    """In general and with the real numbers; of a kind that was met before only what is new."""
    assert first.told is not None
    known = {_NO_PARAMETERS}
    lead, lines = "The formula, then with this layer's numbers", [told.page.formula]
    if first.told is not told:
        lead, lines = "With this layer's numbers", []
        known.update(first.told.worked)
    lines += [line for line in told.worked if line not in known]
    if lines:
        yield Paragraph("", lead)
        yield Sums(lines)


def _field(layer: LayerRecord, trace: TraceRecord) -> str:
    size, stride = layer.field.size, layer.field.stride
    if stride:
        apart = numbers.counted(stride, "pixel")
        return (
            f"a value sees {size}×{size} pixels; its neighbour's square begins {apart} further on"
        )
    if layer.kind == "flatten":
        return "a value sees what it saw in the maps"
    maps = [one.name for one in trace.layers if one.field.stride]
    return f"a value sees all that the maps of {maps[-1]} see" if maps else "all of the picture"


def _value(stop: PlainStop, before: PlainStop | None, trace: TraceRecord) -> Iterator[Block]:
    """What it sees, its arithmetic, the check: as ``tutor trace unit`` tells them."""
    record = stop.record
    which = "the strongest here" if stop.strongest else "the one that was asked for"
    value = f"{record.place}{label(record, trace)}, {which}, is {number(record.value)}."
    yield Paragraph(value, "A value by hand")
    if stop.layer is not None:
        yield Paragraph("", "What it sees")
        same = before is not None and before.record.box == record.box is not None
        if before is not None and same:
            seen = [Text(f"in the picture: the same as {before.record.place}")]
        else:
            seen = list(sees_of_the_picture(record, trace))
        yield _items([*seen, *sees_of_the_layer_before(record)])
    yield Paragraph("", "The arithmetic")
    yield from _arithmetic(record, trace.facts.labels if trace.facts else ())
    yield Paragraph("", "The check")
    yield _items(check(record))


def _items(lines: Iterable[Text]) -> Items:
    return Items([line.plain for line in lines])


def _arithmetic(record: UnitRecord, labels: Sequence[str]) -> Iterator[Block]:
    sums: list[str] = []
    for part in work(record, labels):
        if isinstance(part, Formula):
            sums.append(part.plain)
            continue
        if sums:
            yield Sums(tuple(sums))
            sums = []
        if isinstance(part, Table):
            first, *others = part.columns
            others = [_in_words(column, "(the largest)") for column in others]
            yield Rows([_in_words(first, "(its own)"), *others])
        elif isinstance(part, Text) and part.plain:
            yield Paragraph(part.plain)
    if sums:
        yield Sums(sums)


def _in_words(column: Column, mark: str) -> Column:
    """A mark is a letter that says nothing to who hears it."""
    return replace(
        column, cells=[cell.strip().replace(f" {OWN}", f" {mark}") for cell in column.cells]
    )
