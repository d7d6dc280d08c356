"""The bank of mistakes: each is wrong, and is diagnosed as itself and as nothing else."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from thorough import cases

from alexnet_tutor.course.calls import Answers
from alexnet_tutor.course.check import probes_of
from alexnet_tutor.course.diagnose import APART, NEAR, diagnose
from alexnet_tutor.course.exercise import Exercise, Mistake
from alexnet_tutor.course.judge import judge
from alexnet_tutor.course.lessons import all_lessons
from alexnet_tutor.course.probes import array

EXERCISES = {
    f"{lesson.number}-{exercise.name}": exercise
    for lesson in all_lessons()
    for exercise in lesson.exercises
}
MISTAKES = {
    f"{name}-{mistake.id}": (exercise, mistake)
    for name, exercise in EXERCISES.items()
    for mistake in exercise.mistakes
}


def answers_of(exercise: Exercise, mistake: Mistake, seed: int) -> Answers:
    """What a child would tell of this mistake, in the precision it would have."""
    replies = []
    for case in probes_of(exercise, seed).cases:
        with np.errstate(all="ignore"):
            value = array(mistake.wrong(**case.arguments))
        kind = "Tensor" if value.ndim else "int"
        rounded = value.astype(case.dtype) if value.ndim else value
        replies.append({"kind": "value", "type": kind, "dtype": case.dtype, "value": rounded})
    return Answers(replies)


@pytest.mark.parametrize("seed", cases([0, 1]))
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_wrong_and_diagnosed_as_itself(name: str, seed: int) -> None:
    exercise, mistake = MISTAKES[name]
    record = judge(probes_of(exercise, seed), answers_of(exercise, mistake, seed), Path("x.py"))
    assert record.outcome == "wrong"
    assert record.diagnosis is not None, record.trouble
    assert record.diagnosis.ids == (mistake.id,)
    assert record.diagnosis.said == (mistake.said,)
    assert record.diagnosis.distance < NEAR
    assert record.counterexample is not None


@pytest.mark.parametrize("seed", cases([0, 1, 2]))
@pytest.mark.parametrize("name", EXERCISES)
def test_mistakes_lie_apart_from_one_another_and_from_the_right_answer(
    name: str, seed: int
) -> None:
    probes = probes_of(EXERCISES[name], seed)
    outputs = {"right": list(probes.expected)}
    outputs |= {" ".join(ids): found for ids, found in probes.mistaken.items()}
    for one, other in itertools.combinations(outputs, 2):
        assert probes.distance(outputs[one], outputs[other]) > APART, (one, other)


@pytest.mark.parametrize("name", cases(list(EXERCISES), 20))
def test_two_mistakes_at_once_are_named_where_no_other_two_give_the_same(name: str) -> None:
    probes = probes_of(EXERCISES[name], 0)
    pairs = list(probes.mistaken_twice.items())
    named = 0
    for ids, outputs in pairs:
        found = diagnose(probes, outputs)
        if found is not None and len(found.ids) == 2:
            assert found.ids == ids
            named += 1
    assert named >= len(pairs) // 2


@pytest.mark.parametrize("name", EXERCISES)
def test_right_values_are_given_no_name_even_where_two_mistakes_cancel_out(name: str) -> None:
    probes = probes_of(EXERCISES[name], 0)
    assert diagnose(probes, list(probes.expected)) is None


@pytest.mark.parametrize("name", EXERCISES)
def test_an_answer_that_is_no_known_mistake_is_given_no_name(name: str) -> None:
    probes = probes_of(EXERCISES[name], 0)
    rng = np.random.default_rng(5)
    outputs = [right + rng.standard_normal(right.shape) for right in probes.expected]
    assert diagnose(probes, outputs) is None


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_has_a_sentence_and_three_rungs(name: str) -> None:
    _, mistake = MISTAKES[name]
    assert mistake.said.endswith((".", ")"))
    assert len(mistake.hints) >= 3
    assert len(set(mistake.hints)) == len(mistake.hints)


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_has_three_hints_and_ids_of_its_own(name: str) -> None:
    exercise = EXERCISES[name]
    assert len(exercise.hints) >= 3
    ids = [mistake.id for mistake in exercise.mistakes]
    assert len(set(ids)) == len(ids)
