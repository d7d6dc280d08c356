"""What ``tutor bench`` shows: how fast this machine learns, against the origin's recipe and its own bound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import BenchRecord, Timing
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.bars import Bar, Bars
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.table import Column, Table
from alexnet_tutor.show.terminal.theme import ACCENT, DIM, STRONG
from alexnet_tutor.show.terminal.view import View, clean, heading, loud, next_line

TASKS = {
    "origin_step": "origin's recipe",
    "kit_step": "this kit",
    "torch_lrn": "nn.LocalResponseNorm",
    "kit_lrn": "this kit's LRN",
    "matmul_fp32": "matrix product, fp32",
    "matmul_bf16": "matrix product, bf16",
    "import_torch": "import torch",
    "tutor_help": "tutor --help",
    "tutor_trace": "tutor trace --weights none",
}
_NONE = "–"
_UNREST = 1.5


@dataclass(frozen=True, slots=True)
class BenchView(View):
    """A benchmark to read."""

    record: BenchRecord
    next_command: str

    def parts(self, _screen: Screen, /) -> Iterator[RenderableType]:
        """The answer, the roofline, LRN, the commands, the machine."""
        record = self.record
        yield Text(headline(record), style=STRONG)
        if warning := unrest_in_words(record):
            yield loud(warning)
        yield heading(f"A step of {numbers.counted(record.batch_size, 'picture')}")
        yield _steps(record)
        yield heading("Pictures per second, and the roof that the machine sets")
        yield _roofline(record)
        yield Text(bound_in_words(record), style=DIM)
        yield heading(f"LRN, forward and backward, at {numbers.shape(record.lrn_shape)} in fp32")
        yield _table(record, ("torch_lrn", "kit_lrn"), "torch_lrn")
        yield Text(
            f"Largest difference, gradients included: {record.lrn_difference:.1e}, "
            "of values drawn with deviation 10.",
            style=DIM,
        )
        yield heading("Start-up")
        yield _table(record, ("import_torch", "tutor_help", "tutor_trace"), None)
        yield Text()
        if record.device != "cuda":
            yield Text("GPU: not measured.")
        yield Text(clean(machine_in_words(record)), style=DIM)
        yield next_line(self.next_command)


def headline(record: BenchRecord) -> str:
    """The answer in a sentence."""
    speed = numbers.speed(record.pictures_per_second("kit_step"))
    return (
        f"This machine trains AlexNet at {speed} pictures/s: {ratio(record.step_ratio)} the origin's "
        f"recipe, {record.share_of_bound:.0%} of what its matrix product allows.{_in_small(record)}"
    )


def _in_small(record: BenchRecord) -> str:
    """Why a quick look shows less speed, where it is one: an update costs the same for any batch."""
    if "--quick" not in record.command.split():
        return ""
    return f" That is in batches of {record.batch_size}; without --quick they are larger, and the speed is higher."


def unrest_in_words(record: BenchRecord) -> str | None:
    """A warning where rounds differ so much that something else was at work; else ``None``."""
    if record.unrest < _UNREST:
        return None
    return (
        f"The slowest round of a step took {ratio(record.unrest)} as long as the quickest: something "
        "else uses this machine. Measure again when it is quiet."
    )


def bound_in_words(record: BenchRecord) -> str:
    """Where the bound comes from, in numbers."""
    per_picture, speed = record.flops_per_picture / 1e9, record.flops_per_second / 1e9
    return (
        f"The roof: {speed:,.0f} GFLOP/s in {record.precision} / {per_picture:.2f} GFLOP per picture = "
        f"{numbers.speed(record.bound)} pictures/s. A multiply-accumulate is 2 operations; learning "
        "takes three passes of them, conv1 two. What is no product (ReLU, LRN, pooling, the update) "
        f"counts nothing.{_above(record)}"
    )


def _above(record: BenchRecord) -> str:
    """Why a step can beat its bound, where it does."""
    if record.share_of_bound <= 1:
        return ""
    return (
        " The kit's step is above it: the library that convolves is quicker here than the one that "
        f"multiplies matrices of side {record.matrix_side:,}."
    )


def machine_in_words(record: BenchRecord) -> str:
    """What was measured on, with what, and when."""
    told = record.machine
    gpu = f", {record.device_name}" if record.device_name else ""
    cores = numbers.counted(int(told["cores"]), "core")
    rounds = len(record.timings["kit_step"].seconds)
    figures = f"medians of {rounds} rounds, interleaved" if rounds > 1 else "one round"
    return (
        f"{told['processor']}, {cores}{gpu}, {told['system']}; torch {record.torch}, kit "
        f"{record.version}; {record.date}; {figures}."
    )


def ratio(value: float) -> str:
    """``6.3×``."""
    return f"{value:.1f}×"


def seconds(value: float) -> str:
    """Seconds to three digits, for a column headed ``s``: ``12.4``, ``1.85``, ``0.0993``."""
    decimals = 1 if value >= 9.995 else 2 if value >= 0.9995 else 3 if value >= 0.09995 else 4
    return f"{value:.{decimals}f}"


def spread(timing: Timing) -> str:
    """Quickest and slowest round: ``11.2–13.1``."""
    return f"{seconds(timing.min)}–{seconds(timing.max)}"


def _steps(record: BenchRecord) -> Table:
    tasks = ("origin_step", "kit_step")
    speeds = [*(record.pictures_per_second(task) for task in tasks), record.bound]
    timings = [record.timings[task] for task in tasks]
    memory = [_memory(record, task) for task in tasks]
    return Table(
        [
            Column("", ["origin's recipe, fp32", f"this kit, {record.precision}", "roof"], left=True),
            Column("time", [*(seconds(timing.median) for timing in timings), _NONE], "s"),
            Column("min–max", [*map(spread, timings), _NONE], "s"),
            Column("speed", [numbers.speed(speed) for speed in speeds], "pictures/s"),
            Column("ratio", [ratio(speed / speeds[0]) for speed in speeds]),
            Column("of roof", [numbers.percent_number(speed / record.bound) for speed in speeds], "%"),
            Column("memory", [*memory, _NONE], "peak"),
        ],
        ("min–max", "memory"),
        {1: STRONG},
    )  # fmt: skip


def _roofline(record: BenchRecord) -> Bars:
    speeds = {
        "origin's recipe": record.pictures_per_second("origin_step"),
        "this kit": record.pictures_per_second("kit_step"),
        "roof": record.bound,
    }
    most = max(speeds.values())
    styles = {"this kit": ACCENT, "roof": DIM}
    return Bars(
        [
            Bar(name, speed / most, numbers.speed(speed), styles.get(name, ""))
            for name, speed in speeds.items()
        ]
    )


def _table(record: BenchRecord, tasks: Sequence[str], against: str | None) -> Table:
    """Tasks with their times; how much quicker than ``against``, or what memory each held."""
    timings = [record.timings[task] for task in tasks]
    columns = [
        Column("", [TASKS[task] for task in tasks], left=True),
        Column("time", [seconds(timing.median) for timing in timings], "s"),
        Column("min–max", [spread(timing) for timing in timings], "s"),
    ]
    if against is not None:
        base = record.timings[against].median
        columns.append(Column("ratio", [ratio(base / timing.median) for timing in timings]))
    else:
        columns.append(Column("memory", [_memory(record, task) for task in tasks], "peak"))
    return Table(columns, ("min–max",))


def _memory(record: BenchRecord, task: str) -> str:
    return numbers.size_in_bytes(record.memory[task]) if task in record.memory else _NONE
