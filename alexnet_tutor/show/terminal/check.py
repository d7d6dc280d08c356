"""What ``tutor check`` shows, and pytest for one exercise: what is done, what is wrong and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from alexnet_tutor.records import Counterexample, Diagnosis, ExerciseRecord, LessonRecord, Outcome
from alexnet_tutor.show.terminal.grid import grids
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.theme import DIM, RIGHT, RIGHT_MARK, STRONG, WRONG, WRONG_MARK
from alexnet_tutor.show.terminal.view import View, clean, next_line

MARKS = {"done": RIGHT_MARK, "wrong": WRONG_MARK, "todo": "·"}
STYLES = {"done": RIGHT, "wrong": WRONG, "todo": DIM}
_LINES = 8  # of what the code printed


@dataclass(frozen=True, slots=True)
class ExerciseView(View):
    """One function, checked.

    Attributes:
        plain: sentences instead of grids.
    """

    record: ExerciseRecord
    next_command: str = ""
    plain: bool = False

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """The verdict; for wrong: line, counterexample, arithmetic, diagnosis."""
        record = self.record
        yield Text.assemble(
            (f"{MARKS[record.outcome]} ", STYLES[record.outcome]),
            (record.name, STRONG),
            f" {_verdict(record)}",
        )
        trouble = record.trouble
        if trouble is not None and trouble.line is not None:
            yield Text(f"  line {trouble.line}: {clean(trouble.source)}")
        if record.counterexample is not None:
            yield from self._counterexample(record.counterexample, screen)
        if record.diagnosis is not None:
            yield from _diagnosis(record.diagnosis)
        elif record.compared:
            yield Text("\n  This is none of the known mistakes.")
        if record.printed and record.outcome != "done":
            yield Text("\n  Your code printed:", style=DIM)
            lines = record.printed.splitlines()
            yield from (Text(f"  {clean(line)}") for line in lines[:_LINES])
            if len(lines) > _LINES:
                yield Text("  …")
        if self.next_command:
            yield Text()
            yield next_line(self.next_command)

    def _counterexample(self, example: Counterexample, screen: Screen) -> Iterator[RenderableType]:
        yield Text(f"\n  {self.record.name} with", style=DIM)
        yield from (Text(f"    {clean(line)}") for line in example.given)
        if example.index is None:
            return
        right, got = example.values
        place = f" at {list(example.index)}" if example.index else ""
        if self.plain:
            yield Text(f"\n  The first wrong value is{place}: {got:.6g}; expected {right:.6g}.")
        else:
            yield Text()
            for part in grids(example, screen):
                yield Padding(part, (0, 0, 0, 2))
        yield Text(f"\n  By hand{place}:", style=DIM)
        yield from (Text(f"    {line}") for line in example.arithmetic)
        yield Text(f"    yours: {got:.6g}")


def _verdict(record: ExerciseRecord) -> str:
    if record.outcome == "done":
        return f"is done: {record.checks} inputs, every answer as expected"
    if record.outcome == "todo":
        return "is to do"
    return clean(record.trouble.said) if record.trouble else "is wrong"


def _diagnosis(found: Diagnosis) -> Iterator[Text]:
    names = " and ".join(found.ids)
    yield Text()
    yield Text.assemble("  Known mistake: ", (names, STRONG))
    yield from (Text(f"  {sentence}") for sentence in found.said)
    away = f"{found.from_right:.2g}" if found.from_right < float("inf") else "not comparable"
    yield Text(
        f"  Distance from this mistake's outputs: {found.distance:.1g}; from the expected ones: {away}.",
        style=DIM,
    )


@dataclass(frozen=True, slots=True)
class CheckView(View):
    """A lesson, checked."""

    record: LessonRecord
    next_command: str
    plain: bool = False

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """How many are done, wrong, to do; then each."""
        record = self.record
        yield Text.assemble(
            (f"Lesson {record.number}, {record.title}: ", STRONG), _counts(record.exercises)
        )
        yield Text(clean(_short(record.file)), style=DIM)
        for exercise in record.exercises:
            yield Text()
            yield from ExerciseView(exercise, plain=self.plain).parts(screen)
        yield Text()
        yield next_line(self.next_command)


def _counts(exercises: tuple[ExerciseRecord, ...]) -> str:
    words: dict[Outcome, str] = {"done": "done", "wrong": "wrong", "todo": "to do"}
    counts = {name: sum(one.outcome == name for one in exercises) for name in words}
    return ", ".join(f"{count} {words[name]}" for name, count in counts.items() if count)


def _short(file: str) -> str:
    """The end of a path that tells the file: its folder and its name."""
    return "/".join(Path(file).parts[-3:])
