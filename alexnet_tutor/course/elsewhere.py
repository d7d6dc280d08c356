"""An exercise that is right on its own inputs is tried on others, which hypothesis draws.

A table of remembered answers, or code that fits the shown cases only, does not hold there.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from alexnet_tutor.course.apart import Child
from alexnet_tutor.course.calls import Answers
from alexnet_tutor.course.exercise import Exercise
from alexnet_tutor.course.judge import judge
from alexnet_tutor.course.probes import Probes
from alexnet_tutor.records import ExerciseRecord

TIMES = 4  # how often all cases are drawn anew


class _WrongError(Exception):
    """The property does not hold."""


def tried_elsewhere(
    exercise: Exercise, record: ExerciseRecord, child: Child, file: Path, seed: int
) -> ExerciseRecord:
    """What is wrong on other inputs; where nothing is, ``record`` with these inputs counted too.

    Args:
        exercise: to try.
        record: it is done on the inputs of ``seed``.
        child: the process that runs the learner's file.
        file: the learner's.
        seed: of the draw: the same one gives the same inputs.
    """
    found: list[ExerciseRecord] = []

    @seeded(seed)
    @settings(
        max_examples=TIMES,
        phases=[Phase.generate],  # the smallest case of a draw is shown anyway
        deadline=None,
        database=None,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**32 - 1))
    def holds(other: int) -> None:
        if not found or found[-1].outcome == "done":  # what was wrong is called once more
            probes, answers = Probes(exercise, other), {exercise.name: Answers()}
            child.ask(probes.calls(), answers)
            found.append(judge(probes, answers[exercise.name], file))
        if found[-1].outcome == "wrong":
            raise _WrongError

    with suppress(_WrongError):
        holds()
    if found[-1].outcome == "wrong":
        return found[-1]
    return replace(record, checks=record.checks + sum(one.checks for one in found))
