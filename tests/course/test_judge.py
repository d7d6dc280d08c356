"""What is said of an answer: basic things first, smallest input first, the first wrong value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alexnet_tutor.course.calls import Answers
from alexnet_tutor.course.check import probes_of, untouched
from alexnet_tutor.course.exercise import difference_quotients
from alexnet_tutor.course.judge import judge
from alexnet_tutor.course.lessons import lesson
from alexnet_tutor.course.probes import Probes
from alexnet_tutor.records import ExerciseRecord, Trouble

LRN, CONV = lesson(4).exercise("lrn"), lesson(2).exercise("conv2d")
SIZE = lesson(2).exercise("output_size")
Change = Callable[[dict[str, Any], int], None]


def honest(probes: Probes) -> list[dict[str, Any]]:
    """The replies of a function that is right."""
    replies = []
    for number, case in enumerate(probes.cases):
        value, kind = probes.expected[number], "Tensor" if probes.expected[number].ndim else "int"
        reply = {"kind": "value", "type": kind, "dtype": case.dtype, "value": value.copy()}
        if case.gradient:
            reply["gradients"] = {name: probes.gradient(number, name) for name in case.gradient}
        replies.append(reply)
    return replies


def judged(exercise, change: Change) -> ExerciseRecord:
    probes = probes_of(exercise, 0)
    replies = honest(probes)
    for number, reply in enumerate(replies):
        change(reply, number)
    return judge(probes, Answers(replies), Path("exercise.py"))


def test_right_answers_are_done() -> None:
    record = judged(LRN, lambda reply, number: None)
    assert (record.outcome, record.checks) == ("done", len(probes_of(LRN, 0).cases))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda reply, n: reply.update(kind="nothing"), "nothing"),
        (lambda reply, n: reply.update(kind="missing"), "missing"),
        (lambda reply, n: reply.update(kind="other", type="str"), "type"),
        (lambda reply, n: reply.update(type="list"), "type"),
        (lambda reply, n: reply.update(kind="error", type="IndexError", text="out", line=None, memory=False), "error"),
        (lambda reply, n: reply.update(value="a forged message"), "channel"),
        (lambda reply, n: reply.update(dtype="float64"), "dtype"),
        (lambda reply, n: reply.update(changed=["a"]), "changed"),
        (lambda reply, n: reply.pop("gradients", None), "gradient"),
        (lambda reply, n: reply.update(gradients={"a": np.zeros((1, 5, 1, 2))}), "gradient"),
        (lambda reply, n: reply.update(value=reply["value"][:, :, :1, :1]), "shape"),
        (lambda reply, n: reply.update(value=reply["value"] * np.nan), "value"),
    ],
)  # fmt: skip
def test_each_kind_of_wrong_has_its_name(change: Change, name: str) -> None:
    record = judged(LRN, change)
    assert record.trouble is not None
    assert (record.outcome, record.trouble.name) == ("wrong", name)


def test_a_shape_is_explained_before_any_value() -> None:
    """In the lesson's words, though the values are wrong as well."""

    def change(reply: dict[str, Any], number: int) -> None:
        reply["value"] = reply["value"] + 1
        if number == 3:
            reply["value"] = reply["value"][..., :-1]

    record = judged(CONV, change)
    right = probes_of(CONV, 0).expected[3].shape
    assert record.trouble is not None
    assert record.trouble.name == "shape"
    assert f"expected {right}, because there is one map per kernel" in record.trouble.said
    assert "⌊(" in record.trouble.said


def test_the_smallest_wrong_input_and_its_first_wrong_value_are_shown() -> None:
    def change(reply: dict[str, Any], number: int) -> None:
        if number >= 2:
            reply["value"].flat[1] += 1000
            reply["value"].flat[3] += 1000

    record = judged(LRN, change)
    probes, example = probes_of(LRN, 0), record.counterexample
    assert example is not None
    assert example.expected.shape == probes.expected[2].shape
    assert example.index == np.unravel_index(1, example.expected.shape)
    assert example.values[1] == pytest.approx(example.values[0] + 1000)
    assert [case.size for case in probes.cases] == sorted(case.size for case in probes.cases)
    assert record.compared
    assert record.diagnosis is None


@pytest.mark.parametrize("number", range(6))
def test_the_arithmetic_by_hand_ends_in_the_expected_value(number: int) -> None:
    for exercise in (
        LRN,
        CONV,
        lesson(4).exercise("sum_of_squares"),
        lesson(4).exercise("relu_lrn"),
    ):
        probes = probes_of(exercise, 0)
        index = tuple(size - 1 for size in probes.expected[number].shape)
        lines = exercise.arithmetic(probes.cases[number].arguments, index)
        told = float(lines[-1].rpartition("= ")[2])
        assert told == pytest.approx(probes.expected[number][index], rel=1e-4, abs=1e-4)


def test_a_size_that_is_no_whole_number_is_told_after_its_value() -> None:
    record = judged(SIZE, lambda reply, number: reply.update(type="float"))
    assert record.trouble is not None
    assert record.trouble.name == "type"
    assert "an int" in record.trouble.said


def test_trouble_and_missing_answers_are_wrong() -> None:
    probes = probes_of(LRN, 0)
    told = judge(probes, Answers(trouble=Trouble("endless", "never ends")), Path("x.py"))
    assert told.outcome == "wrong"
    few = judge(probes, Answers(honest(probes)[:-1]), Path("x.py"))
    assert few.outcome == "wrong"


def test_difference_quotients_are_the_gradient_of_lrn() -> None:
    """Against autograd through torch's own layer."""
    import torch

    rng = np.random.default_rng(1)
    a, upstream = rng.standard_normal((1, 4, 2, 1)) * 100, rng.standard_normal((1, 4, 2, 1))
    found = difference_quotients(
        LRN.oracle, {"a": a, "n": 3, "k": 2.0, "alpha": 1e-4, "beta": 0.75}, "a", upstream
    )
    x = torch.from_numpy(a).requires_grad_()
    torch.nn.LocalResponseNorm(3, alpha=3e-4, beta=0.75, k=2)(x).backward(
        torch.from_numpy(upstream)
    )
    np.testing.assert_allclose(found, x.grad.numpy(), rtol=1e-5, atol=1e-8)


def test_comments_and_docstrings_do_not_count_as_work() -> None:
    stub = 'def f(x):\n    """Doc."""\n    return ...  # TODO\n\n\ndef g(x):\n    return ...\n'
    touched = (
        "import math\n\n\ndef f(x):\n    # thinking\n    return ...\n\n\ndef g(x):\n    return x\n"
    )
    assert untouched(stub, stub, ["f", "g"]) == {"f", "g"}
    assert untouched(touched, stub, ["f", "g"]) == {"f"}
    assert untouched("", stub, ["f", "g"]) == set()
