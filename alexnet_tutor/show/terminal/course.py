"""The course's pages: a lesson, a question and what its answers mean, a solution, progress."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import (
    Block,
    FigurePlace,
    FigureRecord,
    LessonProgress,
    LessonText,
    Prose,
    Question,
    Run,
)
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.check import MARKS
from alexnet_tutor.show.terminal.picture import Picture, PictureRow, scale_words
from alexnet_tutor.show.terminal.prose import inline, prose
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.table import Column, Table
from alexnet_tutor.show.terminal.theme import (
    ACCENT,
    DIM,
    RIGHT,
    RIGHT_MARK,
    STRONG,
    WRONG,
    WRONG_MARK,
)
from alexnet_tutor.show.terminal.view import View, clean, next_line


@dataclass(frozen=True, slots=True)
class SayingView(View):
    """A sentence or two and what to try now."""

    said: str
    next_command: str = ""

    def parts(self, _: Screen, /) -> Iterator[RenderableType]:
        """Both."""
        if self.said:
            yield inline(clean(self.said))
        if self.next_command:
            yield Text()
            yield next_line(self.next_command)


@dataclass(frozen=True, slots=True)
class BlockView(View):
    """One part of a lesson; an answered question with ``answers``."""

    block: Block
    figures: Mapping[str, FigureRecord]
    answers: bool = False

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """An empty line, then the part."""
        yield Text()
        match self.block:
            case Prose(text):
                yield from prose(text)
            case Run(commands):
                yield Text("Try:", style=DIM)
                yield from (Text(f"  {clean(command)}", style=ACCENT) for command in commands)
            case FigurePlace(name, caption):
                yield from _figure(self.figures.get(name), caption, screen)
            case Question():
                yield from _question(self.block)
                if self.answers:
                    yield from RevealView(self.block).parts(screen)


def _figure(figure: FigureRecord | None, caption: str, screen: Screen) -> Iterator[RenderableType]:
    if figure is not None:
        pictures = [_picture(title, values) for title, values in figure.maps]
        yield PictureRow.of(pictures)
        yield Text(scale_words(screen, pictures), style=DIM)
        caption = figure.caption
    yield inline(clean(caption))


def _picture(title: str, values: np.ndarray) -> Picture:
    low, high = float(values.min()), float(values.max())
    return Picture(values, low, high, (clean(title), numbers.interval(low, high)), low < 0)


def _question(question: Question) -> Iterator[RenderableType]:
    yield Text.assemble(("Predict: ", STRONG), inline(clean(question.prompt)))
    for number, option in enumerate(question.options, start=1):
        yield inline(f"  {number}. {clean(option.text)}")


@dataclass(frozen=True, slots=True)
class RevealView(View):
    """What each answer to a question means, the chosen one first told.

    Attributes:
        chosen: index of the chosen answer, or ``None``.
    """

    question: Question
    chosen: int | None = None

    def parts(self, _: Screen, /) -> Iterator[RenderableType]:
        """Every answer with its reason."""
        yield Text()
        if self.chosen is not None:
            correct = self.question.options[self.chosen].correct
            yield Text(
                "That is it." if correct else "It is another one.", RIGHT if correct else WRONG
            )
        for number, option in enumerate(self.question.options, start=1):
            mark, style = (RIGHT_MARK, RIGHT) if option.correct else (WRONG_MARK, WRONG)
            yield Text.assemble((f"{mark} ", style), f"{number}. ", inline(clean(option.why)))


@dataclass(frozen=True, slots=True)
class LessonView(View):
    """A whole lesson.

    Attributes:
        figures: by name; a figure that is missing shows its caption alone.
        answers: whether the questions' answers are shown.
    """

    number: int
    page: LessonText
    figures: Mapping[str, FigureRecord]
    answers: bool
    next_command: str

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """Where and how long, then block by block."""
        page = self.page
        yield Text(
            f"Lesson {self.number}, {page.minutes} minutes, after {page.after}. Paper: {page.paper}.",
            style=DIM,
        )
        for block in page.blocks:
            yield from BlockView(block, self.figures, self.answers).parts(screen)
        if page.questions and not self.answers:
            yield Text()
            yield Text("Answers: in a terminal it asks you; --answers shows them.", style=DIM)
        yield Text()
        yield next_line(self.next_command)


@dataclass(frozen=True, slots=True)
class SolutionView(View):
    """A solution: its explanation, then its code."""

    title: str
    source: str
    next_command: str

    def parts(self, _: Screen, /) -> Iterator[RenderableType]:
        """The head of the file as prose, the rest as it stands."""
        head, code = self.source.split('"""', 2)[1:]
        yield Text(clean(self.title), style=STRONG)
        yield Text()
        yield from prose(head)
        yield Text()
        for line in code.strip("\n").splitlines():
            yield Text(line, no_wrap=True, overflow="ignore")
        yield Text()
        yield next_line(self.next_command)


@dataclass(frozen=True, slots=True)
class ProgressView(View):
    """A row per lesson.

    Attributes:
        others: how many lessons the kit has besides.
    """

    lessons: Sequence[LessonProgress]
    next_command: str
    others: int = 0

    def parts(self, _: Screen, /) -> Iterator[RenderableType]:
        """How many are done, then the table."""
        done = sum(set(row.outcomes) == {"done"} for row in self.lessons)
        yield Text(f"{done} of {len(self.lessons)} lessons done", style=STRONG)
        yield Text()
        rows = self.lessons
        yield Table(
            [
                Column("lesson", [f"{row.number:>2} {row.title}" for row in rows], left=True),
                Column("exercises", ["".join(MARKS[one] for one in row.outcomes) for row in rows], left=True),
                Column("done", [_share(row.outcomes.count("done"), len(row.outcomes)) for row in rows]),
                Column("questions", [_share(row.answered, row.questions) for row in rows]),
                Column("hints", [numbers.integer(row.hints) for row in rows]),
                Column("minutes", [numbers.integer(row.minutes) for row in rows]),
            ],
            leave=("minutes", "hints", "questions"),
        )  # fmt: skip
        yield Text(
            f"{MARKS['done']} done  {MARKS['wrong']} wrong  {MARKS['todo']} to do", style=DIM
        )
        if self.others:
            more = numbers.counted(self.others, "other lesson")
            yield Text(f"The kit has {more}: tutor start makes a course of all.", style=DIM)
        yield Text()
        yield next_line(self.next_command)


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole}"
