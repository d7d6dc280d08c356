"""What ``tutor plot`` shows in the terminal: one run's epochs, or several runs beside one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import EpochRecord, best_epoch
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.table import Column, Table
from alexnet_tutor.show.terminal.theme import ACCENT, DIM, STRONG
from alexnet_tutor.show.terminal.view import View, clean, cut, heading, next_line

_BLOCKS, _ASCII_BLOCKS = "▁▂▃▄▅▆▇█", "_.-~=+*#"
_MOST_ROWS = 30
_BEHIND = "train: measured while the weights change, with dropout; validation: after the epoch, without it."


@dataclass(frozen=True, slots=True)
class RunView(View):
    """Runs by name, each with its finished epochs."""

    runs: Mapping[str, Sequence[EpochRecord]]
    next_command: str

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """The best epoch, the curves, the numbers."""
        filled = {clean(name): epochs for name, epochs in self.runs.items() if epochs}
        for name in self.runs:
            if not self.runs[name]:
                yield Text(f"{clean(name)}: no epoch is finished yet")
        if filled:
            name = winner(filled)
            yield _headline(name, best_epoch(filled[name]))
            yield heading(f"Loss by epoch, in {numbers.NATS}")
            yield from _curves(filled, screen)
            yield heading("By epoch" if len(filled) == 1 else "By run, each at its best epoch")
            yield from _epochs(filled[name]) if len(filled) == 1 else _comparison(filled)
        yield Text()
        yield next_line(self.next_command)


def sparkline(values: Sequence[float], width: int, low: float, high: float, blocks: str) -> str:
    """A line of ``blocks``, at most ``width`` long; each stands for the mean of its values."""
    count = min(width, len(values))
    bounds = [len(values) * number // count for number in range(count + 1)] if count else []
    means = [sum(values[start:end]) / (end - start) for start, end in pairwise(bounds)]
    steps = [(mean - low) / ((high - low) or 1.0) * (len(blocks) - 1) for mean in means]
    return "".join(
        blocks[min(len(blocks) - 1, max(0, round(step)))] if step == step else "?"  # noqa: PLR0124
        for step in steps
    )


def winner(runs: Mapping[str, Sequence[EpochRecord]]) -> str:
    """The run with the best epoch; where some have validation figures, the others do not compete.

    Raises:
        ValueError: no run has a finished epoch.
    """
    best = {name: best_epoch(epochs) for name, epochs in runs.items() if epochs}
    judged = {name: epoch for name, epoch in best.items() if epoch.validation_accuracy is not None}
    contest = judged or best
    first = best_epoch(list(contest.values()))
    return next(name for name, epoch in contest.items() if epoch is first)


def _headline(name: str, epoch: EpochRecord) -> Text:
    best = (
        f"train loss {numbers.loss(epoch.train_loss)}"
        if epoch.validation_accuracy is None
        else f"validation accuracy {numbers.percent(epoch.validation_accuracy)}"
    )
    return Text.assemble(f"{name}: ", (best, STRONG), f", best at epoch {epoch.epoch}")


def _curves(runs: Mapping[str, Sequence[EpochRecord]], screen: Screen) -> Iterator[Text]:
    curves: list[tuple[str, list[float]]] = []
    for name, epochs in runs.items():
        before = f"{name} " if len(runs) > 1 else ""
        curves.append((f"{before}train", [epoch.train_loss for epoch in epochs]))
        held_out = [epoch.validation_loss for epoch in epochs if epoch.validation_loss is not None]
        if held_out:
            curves.append((f"{before}validation", held_out))
    every = [value for _, values in curves for value in values if value == value]  # noqa: PLR0124
    low, high = (min(every), max(every)) if every else (0.0, 1.0)
    names = min(max(cell_len(name) for name, _ in curves), screen.width // 2)
    blocks = _ASCII_BLOCKS if screen.ascii_only else _BLOCKS
    for name, values in curves:
        line = sparkline(values, screen.width - names - 20, low, high, blocks)
        ends = f"{numbers.loss(values[0])} to {numbers.loss(values[-1])}"
        label = cut(name, names, front=True)
        space = " " * (names - cell_len(label) + 2)
        yield Text.assemble(label, space, (line, ACCENT), f"  {ends}", overflow="crop")
    yield Text(f"Lowest block {numbers.loss(low)}, highest {numbers.loss(high)}.", style=DIM)


def _epochs(epochs: Sequence[EpochRecord]) -> Iterator[RenderableType]:
    step = -(-len(epochs) // _MOST_ROWS)
    best = best_epoch(epochs)
    shown = [
        epoch
        for number, epoch in enumerate(epochs)
        if number % step == 0 or epoch is best or number == len(epochs) - 1
    ]
    yield _table(
        shown, ["best" if epoch is best else "" for epoch in shown], {shown.index(best): STRONG}
    )
    yield from _behind(shown)
    if step > 1:
        yield Text(f"One epoch in {step}, the best and the last (metrics.csv has all).", style=DIM)


def _comparison(runs: Mapping[str, Sequence[EpochRecord]]) -> Iterator[RenderableType]:
    best = [best_epoch(epochs) for epochs in runs.values()]
    place = list(runs).index(winner(runs))
    yield _table(
        best,
        ["best" if number == place else "" for number in range(len(best))],
        {place: STRONG},
        list(runs),
    )
    yield from _behind(best)


def _behind(epochs: Sequence[EpochRecord]) -> Iterator[Text]:
    """Why training accuracy may be below validation accuracy, where it is."""
    if any(epoch.train_accuracy < (epoch.validation_accuracy or 0) for epoch in epochs):
        yield Text(_BEHIND, style=DIM)


def _table(
    epochs: Sequence[EpochRecord],
    marks: list[str],
    rows_in: dict[int, str],
    names: list[str] | None = None,
) -> Table:
    def share(value: float | None) -> str:
        return "–" if value is None else numbers.percent_number(value)

    columns = [
        Column("epoch", [numbers.integer(epoch.epoch) for epoch in epochs]),
        Column("train", [numbers.loss(epoch.train_loss) for epoch in epochs], "loss"),
        Column("validation", [numbers.loss(epoch.validation_loss) for epoch in epochs], "loss"),
        Column("train", [share(epoch.train_accuracy) for epoch in epochs], "accuracy %"),
        Column("validation", [share(epoch.validation_accuracy) for epoch in epochs], "accuracy %"),
        Column("learning rate", [numbers.rate(epoch.learning_rate) for epoch in epochs]),
        Column("time", [numbers.duration(epoch.seconds) for epoch in epochs]),
        Column("speed", [numbers.speed(epoch.images_per_second) for epoch in epochs], "pictures/s"),
        Column("", marks, left=True),
    ]
    if names is not None:
        columns.insert(0, Column("run", names, left=True))
    return Table(columns, ("speed", "time", "learning rate"), rows_in, "metrics.csv has them")
