"""Where a value comes from, as a tree: its strongest producers, and the strongest of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import ProducerRecord, UnitRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.theme import ACCENT, DIM
from alexnet_tutor.show.terminal.view import clean

_GAP = "  "


@dataclass(frozen=True, slots=True)
class _Line:
    branch: str
    unit: str
    value: float
    what: str
    strongest: bool


def lineage(record: UnitRecord, width: int) -> Iterator[RenderableType]:
    """A line per value, each under what it made; of a sum its strongest terms, the first followed."""
    yield Text(
        "Each value stands under the one it helped to make; of a sum the three largest terms,"
        " whatever their sign. The first of them is followed.",
        style=DIM,
    )
    lines = [_Line("", str(record.place), record.value, "", True), *_below(record.producers, "")]
    widest = max(len(line.branch) + len(line.unit) for line in lines)
    values = [numbers.activation(line.value) for line in lines]
    room = max(map(len, values))
    for line, value in zip(lines, values, strict=True):
        text = Text(no_wrap=True, overflow="crop")
        text.append(line.branch, DIM)
        text.append(clean(line.unit), ACCENT if line.strongest else "")
        text.append(" " * (widest - len(line.branch) - len(line.unit)))
        text.append(f"{_GAP}{value:>{room}}")
        text.append(f"{_GAP}{line.what}" if line.what else "", DIM)
        text.truncate(width)
        yield text


def _below(
    producers: tuple[ProducerRecord, ...] | None, indent: str, followed: bool = True
) -> Iterator[_Line]:
    several = producers is not None and len(producers) > 1
    for rank, producer in enumerate(producers or ()):
        last = producers is not None and rank == len(producers) - 1
        branch = ("└ " if last else "├ ") if several else ""
        deeper = ("  " if last else "│ ") if several else ""
        strongest = followed and rank == 0
        yield _Line(
            indent + branch,
            str(producer.place),
            producer.value,
            _what(producer, several),
            strongest,
        )
        yield from _below(producer.producers, indent + deeper, strongest)


def _what(producer: ProducerRecord, summed: bool) -> str:
    """What it adds to a sum, and how light a pixel is."""
    sign = "+" if producer.product > 0 else ""
    told = [f"adds {sign}{numbers.activation(producer.product)}"] if summed else []
    if producer.grey is not None:
        told.append(f"pixel {producer.grey:.0f} of 255")
    return ", ".join(told)
