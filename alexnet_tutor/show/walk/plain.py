"""The walk as a page to read: every stop from where it begins to softmax, a value of each worked out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
from alexnet_tutor.show.terminal.trace import UNTRAINED, answer
from alexnet_tutor.show.terminal.unit import check, label, sees
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
    "⌊ ⌋ rounds down, Σ is a sum. Whoever adds the printed terms gets the printed total.",
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
    first = stops[0].record.place.layer
    blocks: list[Block] = [Heading(f"A walk through the network: {_picture(trace)}", 1)]
    blocks += map(_paragraph, answer(trace))
    if trace.facts is not None and trace.facts.source is not None:
        blocks.append(Paragraph(weights_in_words(trace.facts.source), "Weights"))
    blocks.append(Paragraph(HOW_TO_READ, "How to read it"))
    blocks.append(Items(NAMES))
    if first != INPUT:
        blocks.append(Paragraph(f"The page begins at {first}."))
    known: dict[PageText, str] = {}
    for stop in stops:
        name = stop.record.place.layer
        kind = "" if stop.record.kind == name else f", {kind_in_words(stop.record.kind)}"
        blocks.append(Heading(f"Stop {names.index(name) + 1} of {len(names)}: {name}{kind}"))
        blocks += _input(trace) if stop.layer is None else _layer(stop, stop.layer, trace, known)
        blocks += _value(stop, trace)
    blocks.append(Paragraph(next_command, "Next"))
    return blocks


def _picture(trace: TraceRecord) -> str:
    return Path(trace.image.path).name if trace.image else "this picture"


def _paragraph(text: Text) -> Paragraph:
    return Paragraph(text.plain)


def _input(trace: TraceRecord) -> Iterator[Block]:
    yield Paragraph("The picture as the network gets it. No layer has touched it yet.")
    if trace.image and trace.image.steps:
        yield Paragraph(f"{'; '.join(trace.image.steps)}.", "How the file was prepared")
    yield Items([f"Shape: {numbers.shape(trace.pixels.shape)}"])


def _layer(
    stop: PlainStop, layer: LayerRecord, trace: TraceRecord, known: dict[PageText, str]
) -> Iterator[Block]:
    """What the layer is for, its sizes and costs, the paper's reason, what it did to the picture."""
    if stop.told is None:
        yield Paragraph(f"{layer.name} is no layer of the kit: there is no page about it.")
    else:
        yield from _purpose(layer.name, stop.told.page, known)
    before, after = (numbers.shape(shape[1:]) for shape in (layer.input_shape, layer.output_shape))
    costs = f"Parameters: {numbers.integer(layer.params)}; MACs: {numbers.integer(layer.macs)}"
    yield Items([f"Shape: {before} in, {after} out", costs, f"Receptive field: {_field(layer)}"])
    if stop.told is not None:
        yield Paragraph("first in general, then with this layer's numbers.", "The formula")
        lines = [line for line in stop.told.worked if line != _NO_PARAMETERS]
        yield Sums([stop.told.page.formula, *lines])
    if layer.kind == "softmax" and trace.facts is not None and not trace.facts.trained:
        yield Paragraph(f"{LOUD_MARK} {UNTRAINED}")
    said = sentence(layer, trace)
    if said is not None:
        yield Paragraph(said, f"What it did to {_picture(trace)}")


def _purpose(name: str, told: PageText, known: dict[PageText, str]) -> Iterator[Block]:
    """The layer's page; of a kind that was met before, where that stands."""
    own = told.title.removeprefix(f"{name}: ")
    title = own[0].upper() + own[1:] if own != told.title else f"{name} is {told.title}"
    yield Paragraph(title)
    earlier = known.setdefault(told, name)
    if earlier != name:
        sections = "; ".join(
            f"section {found}" for found in dict.fromkeys(_SECTION.findall(told.paper))
        )
        yield Paragraph(
            f"What it is for, and what the paper says ({sections}), stands at {earlier}."
        )
        return
    yield from map(Paragraph, told.purpose)
    if told.paper:
        yield Paragraph(told.paper, "The paper")


def _field(layer: LayerRecord) -> str:
    size, stride = layer.field.size, layer.field.stride
    if stride == 0:
        return "one value sees all of the picture"
    apart = numbers.counted(stride, "pixel")
    return f"one value sees {size}×{size} pixels; its neighbour's square begins {apart} further on"


def _value(stop: PlainStop, trace: TraceRecord) -> Iterator[Block]:
    """What it sees, its arithmetic, the check: as ``tutor trace unit`` tells them."""
    record = stop.record
    which = "the strongest here" if stop.strongest else "the one that was asked for"
    value = f"{record.place}{label(record, trace)}, {which}, is {number(record.value)}."
    yield Paragraph(value, "A value by hand")
    yield Paragraph("", "What it sees")
    yield _items(sees(record, trace))
    yield Paragraph("", f"The arithmetic ({kind_in_words(record.kind)})")
    yield from _arithmetic(record, trace.facts.labels if trace.facts else ())
    yield Paragraph("", "The check")
    yield _items(check(record))


def _items(lines: Iterator[Text]) -> Items:
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
            yield _paragraph(part)
    if sums:
        yield Sums(sums)


def _in_words(column: Column, mark: str) -> Column:
    """A mark is a letter that says nothing to who hears it."""
    return replace(
        column, cells=[cell.strip().replace(f" {OWN}", f" {mark}") for cell in column.cells]
    )
