"""How far a learner is: outcomes, hints taken, questions answered; kept in TUTOR_HOME."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from alexnet_tutor import machine, resources
from alexnet_tutor.course.exercise import Exercise, Lesson
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import LessonRecord


@dataclass(slots=True)
class Standing:
    """One exercise.

    Attributes:
        outcome: of the last check.
        solved: whether any check was ``done``.
        mistakes: ids of the mistakes the last check named.
        hints: how many rungs of the ladder for these were shown.
    """

    outcome: str = "todo"
    solved: bool = False
    mistakes: list[str] = field(default_factory=list)
    hints: int = 0


@dataclass(slots=True)
class Progress:
    """All of a learner's standing.

    Attributes:
        exercises: by ``"4/lrn"``.
        answers: whether the question ``"4/order"`` was answered rightly the last time.
    """

    exercises: dict[str, Standing] = field(default_factory=dict)
    answers: dict[str, bool] = field(default_factory=dict)

    def standing(self, number: int, exercise: str) -> Standing:
        """Of one exercise; a new one where there is none yet."""
        return self.exercises.setdefault(f"{number}/{exercise}", Standing())

    def note(self, record: LessonRecord) -> None:
        """Take in what a check found. Another mistake begins another ladder."""
        for found in record.exercises:
            standing = self.standing(record.number, found.name)
            mistakes = list(found.diagnosis.ids) if found.diagnosis else []
            if mistakes != standing.mistakes:
                standing.hints = 0
            standing.outcome, standing.mistakes = found.outcome, mistakes
            standing.solved = standing.solved or found.outcome == "done"

    def solved(self, lesson: Lesson) -> bool:
        """Whether every exercise of a lesson has been right once."""
        return all(self.standing(lesson.number, one.name).solved for one in lesson.exercises)

    def hint(self, number: int, exercise: Exercise) -> tuple[str, int, int]:
        """The next rung, counted as shown: (hint, its number from 1, how many there are)."""
        standing = self.standing(number, exercise.name)
        ladder = ladder_of(exercise, standing.mistakes)
        standing.hints = min(standing.hints + 1, len(ladder))
        return ladder[standing.hints - 1], standing.hints, len(ladder)

    def save(self) -> None:
        """Keep it."""
        text = json.dumps(asdict(self), indent=1, sort_keys=True)
        machine.write_text(_file(), f"{text}\n")


def ladder_of(exercise: Exercise, mistakes: list[str]) -> tuple[str, ...]:
    """The hints for these mistakes; the exercise's own where none is named."""
    known = {mistake.id: mistake.hints for mistake in exercise.mistakes}
    fitted = tuple(hint for name in mistakes for hint in known.get(name, ()))
    return fitted or exercise.hints


def load() -> Progress:
    """What was kept; nothing yet where there is no file.

    Raises:
        TutorError: the file is no progress of ours.
    """
    file = _file()
    if not file.exists():
        return Progress()
    try:
        kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        exercises = {str(name): Standing(**values) for name, values in kept["exercises"].items()}
        return Progress(exercises, {str(k): bool(v) for k, v in kept["answers"].items()})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise TutorError(f"{file} cannot be read.", "Move it away to begin anew.") from error


def _file() -> Path:
    return resources.home() / "progress.json"
