"""A lesson to read: prose, questions, figures, commands, in their order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown without directives."""

    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question.

    Attributes:
        why: why it is so, or why it was tempting.
    """

    text: str
    correct: bool
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """Predict, then look: exactly one option is correct."""

    id: str
    prompt: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """Where a figure belongs that is drawn from the learner's picture."""

    name: str
    caption: str


@dataclass(frozen=True, slots=True)
class Run:
    """Commands worth trying here."""

    commands: tuple[str, ...]


Block = Prose | Question | FigurePlace | Run


@dataclass(frozen=True, slots=True)
class LessonText:
    """A lesson's page.

    Attributes:
        minutes: how long it takes.
        after: what should be known before.
        paper: where in the paper.
    """

    title: str
    minutes: int
    after: str
    paper: str
    blocks: tuple[Block, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its questions, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Question))


@dataclass(frozen=True, slots=True, eq=False)
class FigureRecord:
    """Maps with titles, to be shown side by side: each float64 (H, W)."""

    caption: str
    maps: tuple[tuple[str, NDArray[np.float64]], ...]


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """One row of ``tutor progress``.

    Attributes:
        outcomes: of the exercises, in order: todo, wrong or done.
        hints: how many were taken.
        questions: how many there are; ``answered`` how many of them were answered rightly.
    """

    number: int
    title: str
    minutes: int
    outcomes: tuple[str, ...]
    hints: int
    questions: int
    answered: int
