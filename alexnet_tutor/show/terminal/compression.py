"""What ``tutor compress`` shows: how small, how good after each step, and where the bytes went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import CompressedLayer, CompressionRecord, CompressionStep
from alexnet_tutor.records.compression import total
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.evaluation import standard_error
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.table import Column, Table
from alexnet_tutor.show.terminal.theme import DIM, STRONG
from alexnet_tutor.show.terminal.view import View, clean, heading, next_line

_LEAVE = ("how", "before", "params")


@dataclass(frozen=True, slots=True)
class CompressionView(View):
    """A network made small."""

    record: CompressionRecord
    next_command: str

    def parts(self, _: Screen, /) -> Iterator[RenderableType]:
        """How small and how good, step by step, layer by layer, next command."""
        record = self.record
        yield Text(_answer(record), style=STRONG)
        yield from (Text(line, style=DIM) for line in _facts(record))
        yield heading("Step by step")
        yield _steps(record.steps)
        if record.fitted:
            pictures = numbers.counted(record.fitted, "picture")
            yield Text(
                f"low rank: factors fitted and distilled on {pictures} learnt from", style=DIM
            )
        else:
            yield Text("low rank: the nearest factors; no picture was looked at", style=DIM)
        yield heading("By layer")
        yield _layers(record.layers)
        yield Text()
        yield next_line(self.next_command)


def _answer(record: CompressionRecord) -> str:
    first, last = record.steps[0], record.steps[-1]
    sizes = f"{numbers.size_in_bytes(first.bytes)} → {numbers.size_in_bytes(record.file_bytes)}"
    if first.accuracy is None or last.accuracy is None:
        return f"{sizes}, accuracy not measured"
    return f"{sizes}, accuracy {numbers.percent(first.accuracy)} → {numbers.percent(last.accuracy)}"


def _facts(record: CompressionRecord) -> Iterator[str]:
    yield f"{clean(record.file)}: read and restored in {numbers.duration(record.restore_seconds)}"
    accuracy = record.steps[-1].accuracy
    if record.data is not None and accuracy is not None:
        points = standard_error(accuracy, record.images) * 100
        pictures = numbers.counted(record.images, "picture")
        yield f"{clean(record.data)}: {pictures}, ± {points:.1f} points (standard error)"


def _steps(steps: Sequence[CompressionStep]) -> Table:
    whole = steps[0].bytes
    columns = [
        Column("step", [step.name for step in steps], left=True),
        Column("size", [numbers.size_in_bytes(step.bytes) for step in steps]),
        Column("ratio", [_ratio(whole / step.bytes) for step in steps]),
    ]
    measured = [step.accuracy for step in steps if step.accuracy is not None]
    if len(measured) == len(steps):
        changes = [_points(share - measured[0]) for share in measured[1:]]
        columns += [
            Column("accuracy", [numbers.percent_number(share) for share in measured], "%"),
            Column("change", ["", *changes], "points"),
        ]
    return Table(columns, rows_in={len(steps) - 1: STRONG})


def _layers(layers: Sequence[CompressedLayer]) -> Table:
    """As table 4 of Deep Compression (Han, Mao and Dally 2016)."""
    rows = [*layers, total(layers)]
    return Table(
        [
            Column("layer", [row.name for row in rows], left=True),
            Column("params", [numbers.integer(row.params) for row in rows]),
            Column("before", [numbers.size_in_bytes(row.bytes_before) for row in rows]),
            Column("after", [numbers.size_in_bytes(row.bytes_after) for row in rows]),
            Column("kept", [numbers.percent_number(row.kept) for row in rows], "%"),
            Column("bits", [f"{row.bits:.2f}" for row in rows], "/param"),
            Column("how", [row.how for row in rows], left=True),
        ],
        _LEAVE,
        {len(layers): STRONG},
    )


def _points(change: float) -> str:
    words = f"{100 * change:+.1f}"
    return "0.0" if float(words) == 0 else words


def _ratio(times: float) -> str:
    return f"{times:.1f}×"
