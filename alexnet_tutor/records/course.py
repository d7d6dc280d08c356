"""What checking a learner's exercise found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Outcome = Literal["todo", "wrong", "done"]
ROUNDING = 2e-5  # of the largest value


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why code gave no answer that could be compared.

    Attributes:
        name: one of ``TROUBLES``, ``endless`` for one.
        said: what the code does, as the end of a sentence: "lrn() never ends".
        line: of exercise.py, from 1; ``None`` where it is not known.
        source: the text of that line.
    """

    name: str
    said: str
    line: int | None = None
    source: str = ""


# Every name that a trouble can have, and what it means.
TROUBLES: Mapping[str, str] = {
    "syntax": "the file is not Python",
    "absent": "the file was not handed in",
    "checker": "the kit's own check failed: no verdict on the code",
    "unreadable": "the file cannot be read as text",
    "import": "the file cannot be loaded",
    "missing": "the file has no such function",
    "error": "the function raises an error",
    "endless": "the code does not end, or takes far too long",
    "memory": "the code asks for far too much memory",
    "exit": "the code ends the program",
    "crash": "the process died",
    "printing": "the code prints without end",
    "input": "the code waits for a person",
    "file": "the code touches a file that is none of its business",
    "process": "the code starts or ends a process",
    "network": "the code reaches for the network",
    "kit": "the code uses the kit's own answer",
    "shortcut": "the code calls the very function it is to be",
    "patched": "the code replaces parts of torch or Python",
    "thread": "the code leaves a thread running",
    "channel": "the code writes where only results go",
    "nothing": "the function returns nothing",
    "type": "the function returns another type",
    "dtype": "the function returns another dtype",
    "changed": "the function changes its argument",
    "shape": "the output has another shape",
    "value": "the output has other values",
    "gradient": "the gradient is another",
}


@dataclass(frozen=True, slots=True, eq=False)
class Counterexample:
    """The smallest input found where the answer is not the right one.

    Attributes:
        given: the call, as a learner would write it.
        expected: the right output, any shape.
        got: the learner's; it may have another shape.
        index: of the first wrong value; ``None`` where the shapes differ.
        rows: the axis that runs down the printed grid, or ``None`` for a single number.
        columns: the axis that runs across it.
        arithmetic: how the right value at ``index`` comes about, a line each.
    """

    given: tuple[str, ...]
    expected: NDArray[np.float64]
    got: NDArray[np.float64]
    index: tuple[int, ...] | None
    rows: int | None
    columns: int | None
    arithmetic: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[float, float]:
        """(expected, got) at ``index``, which must not be ``None``."""
        assert self.index is not None
        return float(self.expected[self.index]), float(self.got[self.index])


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The known mistakes whose outputs the learner's equal.

    Attributes:
        ids: one mistake, or two made together.
        said: a sentence for each: what was done and why it is wrong.
        hints: from a nudge to nearly all.
        distance: largest difference from the mistake's outputs, in shares of the largest right value.
        from_right: the same from the right outputs.
    """

    ids: tuple[str, ...]
    said: tuple[str, ...]
    hints: tuple[str, ...]
    distance: float
    from_right: float


@dataclass(frozen=True, slots=True, eq=False)
class ExerciseRecord:
    """One function of a lesson, checked.

    Attributes:
        name: of the function.
        trouble: for ``wrong``, what kind of wrong.
        diagnosis: the mistake by name, or ``None`` where it is not a known one.
        compared: whether the outputs were compared with the known mistakes.
        checks: how many inputs were tried.
        printed: the beginning of what the code printed.
    """

    name: str
    outcome: Outcome
    trouble: Trouble | None = None
    counterexample: Counterexample | None = None
    diagnosis: Diagnosis | None = None
    compared: bool = False
    checks: int = 0
    printed: str = ""


@dataclass(frozen=True, slots=True)
class StandInRecord:
    """A learner's function in the place of the network's layers, on a real picture.

    Attributes:
        layer: its name, or ``conv3 to relu5``; ``layers`` names each.
        index: of the value that differs most from the kit's on the same input.
        yours: the learner's value there.
        kits: the kit's.
        difference: between the two; infinite where the learner's is no number.
        largest: of the kit's values, by size.
    """

    lesson: int
    layer: str
    layers: tuple[str, ...]
    exercise: str
    index: tuple[int, ...]
    yours: float
    kits: float
    difference: float
    largest: float

    @property
    def last(self) -> str:
        """The layer whose output is the learner's."""
        return self.layers[-1]

    @property
    def equal(self) -> bool:
        """Whether they differ by no more than float32's rounding in sums of thousands of terms."""
        return self.difference <= ROUNDING * self.largest


@dataclass(frozen=True, slots=True, eq=False)
class LessonRecord:
    """All functions of a lesson, checked, in the order in which they stand."""

    number: int
    title: str
    file: str
    exercises: tuple[ExerciseRecord, ...]

    @property
    def outcome(self) -> Outcome:
        """``done`` when all are; ``wrong`` when one is; else ``todo``."""
        found = {exercise.outcome for exercise in self.exercises}
        return "wrong" if "wrong" in found else "done" if found == {"done"} else "todo"

    @property
    def begun(self) -> bool:
        """Whether anything was written."""
        return any(exercise.outcome != "todo" for exercise in self.exercises)

    def to_json(self) -> dict[str, Any]:
        """Outcomes, troubles and diagnoses; no arrays."""
        return {
            "lesson": self.number,
            "title": self.title,
            "file": self.file,
            "outcome": self.outcome,
            "exercises": [_exercise_json(exercise) for exercise in self.exercises],
        }


def _exercise_json(exercise: ExerciseRecord) -> dict[str, Any]:
    trouble, diagnosis = exercise.trouble, exercise.diagnosis
    return {
        "name": exercise.name,
        "outcome": exercise.outcome,
        "checks": exercise.checks,
        "trouble": trouble and {"name": trouble.name, "said": trouble.said, "line": trouble.line},
        "diagnosis": diagnosis
        and {
            "mistakes": list(diagnosis.ids),
            "said": " ".join(diagnosis.said),
            "distance": diagnosis.distance,
        },
    }
