"""What ``tutor summary`` shows: our own counts, and torchsummary's table as it prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.footprint import Footprint
from alexnet_tutor.geometry import LayerGeometry
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.table import Column, Table, fit
from alexnet_tutor.show.terminal.theme import DIM, RIGHT, RIGHT_MARK, STRONG, WRONG, WRONG_MARK
from alexnet_tutor.show.terminal.view import View, clean, heading, legend, next_line

_LEAVE = ("memory", "kind", "weight", "MACs")


@dataclass(frozen=True, slots=True)
class SummaryView(View):
    """Two counts of the same network.

    Attributes:
        theirs: torchsummary's text.
        rows: our own count, from integers alone.
        agrees: whether shapes and parameters are the same in both.
        memory: what working with the network will take.
    """

    theirs: str
    rows: Sequence[LayerGeometry]
    agrees: bool
    memory: Footprint
    next_command: str = "tutor inspect conv1"

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """Whether they agree, ours, theirs."""
        count = numbers.integer(sum(row.params for row in self.rows))
        if self.agrees:
            words = f"{RIGHT_MARK} torchsummary and our own count agree in every layer."
            yield Text.assemble(f"{count} parameters. ", (words, RIGHT))
        else:
            words = f"{WRONG_MARK} torchsummary counts differently."
            yield Text.assemble(f"{count} parameters by our own count. ", (words, WRONG))
        yield heading("Our count, from geometry alone")
        columns = _columns(self.rows)
        yield Table(columns, _LEAVE, {len(self.rows): STRONG}, "a wider screen has them")
        kept, _ = fit(columns, _LEAVE, screen.width)
        yield Text(legend(column.name for column in kept), style=DIM)
        yield Text(_memory_line(self.memory))
        yield heading("torchsummary's")
        for line in self.theirs.strip("\n").splitlines():
            yield Text(_fitted(line, screen.width), no_wrap=True, overflow="crop")
        yield Text()
        yield next_line(self.next_command)


def _memory_line(memory: Footprint) -> str:
    fp32, bf16, trace = map(numbers.size_in_bytes, (memory.fp32, memory.bf16, memory.trace))
    return (
        f"On the CPU a process holds about {fp32} to train at batch {memory.batch_size} in fp32, "
        f"{bf16} in bf16, and {trace} to trace."
    )


def _columns(rows: Sequence[LayerGeometry]) -> list[Column]:
    weights = [numbers.shape(row.weight_shape) if row.weight_shape else "" for row in rows]
    memory = sum(row.activation_bytes for row in rows)
    return [
        Column("layer", [*(row.spec.name for row in rows), "total"], left=True),
        Column("kind", [*(row.spec.kind for row in rows), ""], left=True),
        Column("output", [*(numbers.shape(row.output_shape) for row in rows), ""]),
        Column("weight", [*weights, ""]),
        Column("params", _with_total([row.params for row in rows])),
        Column("MACs", _with_total([row.macs for row in rows])),
        Column(
            "memory",
            [
                *(numbers.size_in_bytes(row.activation_bytes) for row in rows),
                numbers.size_in_bytes(memory),
            ],
        ),
    ]


def _with_total(counts: Sequence[int]) -> list[str]:
    return [*map(numbers.integer, counts), numbers.integer(sum(counts))]


def _fitted(line: str, width: int) -> str:
    """What torchsummary writes in lines of 64 columns; with less room, blanks and rules are shortened."""
    line = clean(line.rstrip())
    if len(line) <= width:
        return line
    return re.sub(r" {2,}", "  ", line)[:width]
