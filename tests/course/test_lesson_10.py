"""Lesson 10: its numbers are the formula's, and torch's own float32 gets the names it should."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from course.here import judged_here

from alexnet_tutor import resources
from alexnet_tutor.course import calling, lessons, workspace
from alexnet_tutor.course.check import check_lesson, probes_of
from alexnet_tutor.course.lessons.l10_softmax import figures, oracle
from alexnet_tutor.course.lessons.l10_softmax.wrong import wrong_cross_entropy, wrong_gradient

LESSON = lessons.lesson(10)
HAND = np.array([[2.0, 1, 0]])
PAGE = (resources.lessons() / LESSON.folder / "lesson.md").read_text(encoding="utf-8")


def test_the_oracle_is_torch_s_own_at_any_size() -> None:
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((5, 7)) * np.array([1, 10, 100, 1e4, 1e5])[:, None]
    targets = rng.integers(0, 7, 5)
    z = torch.from_numpy(logits).requires_grad_()
    loss = torch.nn.functional.cross_entropy(z, torch.from_numpy(targets))
    loss.backward()
    assert oracle.cross_entropy(logits, targets) == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(oracle.softmax(logits), z.detach().softmax(1), rtol=1e-10)
    np.testing.assert_allclose(oracle.loss_gradient(logits, targets), z.grad, atol=1e-12)


def test_the_worked_numbers_of_the_stub_are_the_formula_s() -> None:
    told = workspace.stub(LESSON).read_text(encoding="utf-8")

    def written(values: np.ndarray) -> str:
        return ", ".join(f"{value:.4g}" for value in values.ravel()).replace("-", "−")

    assert written(oracle.softmax(HAND)) in " ".join(told.split())
    assert written(oracle.loss_gradient(HAND, np.array([2]))) in told
    assert f"2: {oracle.cross_entropy(HAND, np.array([2])):.3f}." in told
    two = oracle.cross_entropy(HAND.repeat(2, axis=0), np.array([0, 2]))
    assert f"targets 0 and 2: {two:.3f}." in told


def test_the_numbers_on_the_page_are_the_formula_s() -> None:
    losses = [oracle.cross_entropy(HAND, np.array([target])) for target in range(3)]
    assert f"({' + '.join(f'{loss:.3f}' for loss in losses)}) / 3 = {sum(losses) / 3:.3f}" in PAGE
    assert f"log 10 = {math.log(10):.3f} " in PAGE
    assert f"−log(1/1000) = {math.log(1000):.3f}" in PAGE
    assert f"log 1000 is {math.log2(1000):.2f}" in PAGE
    assert f"is {128 * math.log(0.1):.1f},".replace("-", "−") in PAGE
    largest = float(np.finfo(np.float32).max)
    assert f"3.4·10^38, which is e^{math.log(largest):.1f}" in PAGE
    assert f"e^{math.log(float(np.finfo(np.float16).max)):.2f}" in PAGE
    assert torch.exp(torch.tensor(-104.0)) == 0 < torch.exp(torch.tensor(-103.0))
    sure, second = np.array([[10.0, 0]]), np.array([1])
    assert f"is {oracle.loss_gradient(sure, second)[0, 0]:.5f}" in PAGE
    assert f"is {wrong_gradient(sure, second, chain='squared')[0, 0]:.5f}" in PAGE
    best = wrong_cross_entropy(np.eye(10)[:1] * 1e4, np.array([0]), given="probabilities")
    assert PAGE.count(f"{float(best):.3f}") == 2
    assert f"(e + 9) = {math.exp(-float(best)):.3f}" in PAGE


def test_the_squared_error_s_gradient_is_autograd_s() -> None:
    logits, targets = np.random.default_rng(1).standard_normal((3, 4)), np.array([0, 3, 1])
    z = torch.from_numpy(logits).requires_grad_()
    truth = torch.nn.functional.one_hot(torch.from_numpy(targets), 4)
    ((z.softmax(1) - truth) ** 2).sum(1).mean().backward()
    np.testing.assert_allclose(wrong_gradient(logits, targets, chain="squared"), z.grad)


@pytest.mark.parametrize("exercise", LESSON.exercises, ids=lambda one: one.name)
def test_the_arithmetic_by_hand_ends_in_the_expected_value(exercise) -> None:
    probes = probes_of(exercise, 0)
    for case, right in zip(probes.cases, probes.expected, strict=True):
        for index in np.ndindex(right.shape):
            line = exercise.arithmetic(case.arguments, index)[-1]
            told = float(line.rpartition("= ")[2])
            assert told == pytest.approx(right[index], rel=1e-5, abs=1e-9)


def test_in_the_figure_the_left_and_the_right_bar_of_a_row_make_one_length() -> None:
    logits = np.array([-4.0, 0.5, 12, 3])
    left = figures.bars(logits - logits.min())
    right = figures.bars(oracle.log_sum(logits) - logits)
    lengths = (left > 0).sum(axis=1) / 260 * left.max() + (right > 0).sum(
        axis=1
    ) / 260 * right.max()
    np.testing.assert_allclose(lengths, oracle.log_sum(logits) - logits.min(), atol=0.1)
    assert left.shape == (80, 260)
    assert not figures.bars(np.zeros(3)).any()


WRITTEN = {
    "unstable log-of-softmax unstable": """
def softmax(logits):
    powers = torch.exp(logits)
    total = powers.sum(dim=1, keepdim=True)
    return powers / total

def cross_entropy(logits, targets):
    moved = logits - logits.amax(dim=1, keepdim=True)
    p = torch.exp(moved) / torch.exp(moved).sum(dim=1, keepdim=True)
    return -torch.log(p[torch.arange(len(p)), targets]).mean()

def loss_gradient(logits, targets):
    p = softmax(logits)
    p[torch.arange(len(p)), targets] -= 1
    return p / len(p)
""",
    "batch-axis softmax-twice one-in-every-row": """
def softmax(logits, dim=0):
    powers = torch.exp(logits - logits.amax(dim=dim, keepdim=True))
    return powers / powers.sum(dim=dim, keepdim=True)

def cross_entropy(logits, targets):
    p = softmax(logits, 1)
    own = p.gather(1, targets[:, None])[:, 0]
    return (torch.log(torch.exp(p).sum(dim=1)) - own).mean()

def loss_gradient(logits, targets):
    p = softmax(logits, 1)
    p[:, targets] -= 1
    return p / len(p)
""",
}


@pytest.mark.parametrize("names", WRITTEN)
def test_mistakes_in_torch_s_float32_get_their_names(names: str) -> None:
    records = judged_here(LESSON, "import torch\n" + WRITTEN[names]).values()
    found = [one.diagnosis.ids if one.diagnosis else one.trouble for one in records]
    assert found == [(name,) for name in names.split()]


def test_torch_s_own_and_a_loss_without_a_graph_are_told(tmp_path: Path) -> None:
    file = tmp_path / "exercise.py"
    file.write_text(
        "import torch\n\ndef softmax(logits):\n    return logits.softmax(1)\n\n"
        "def cross_entropy(logits, targets):\n"
        "    moved = logits - logits.amax(dim=1, keepdim=True)\n"
        "    own = moved.gather(1, targets[:, None])[:, 0]\n"
        "    return (torch.log(torch.exp(moved).sum(dim=1)) - own).mean().item()\n\n"
        "def loss_gradient(logits, targets):\n"
        "    return torch.nn.functional.cross_entropy(logits, targets)\n",
        encoding="utf-8",
    )
    record = check_lesson(LESSON, file, workspace.stub(LESSON))
    troubles = [one.trouble.name for one in record.exercises if one.trouble]
    assert troubles == ["shortcut", "gradient", "shortcut"]


def test_a_plain_number_has_no_gradients() -> None:
    call = {
        "arguments": {"a": np.ones((1, 2))}, "dtype": "float64", "strided": False,
        "gradient": ["a"], "upstream": np.ones(()),
    }  # fmt: skip
    told = calling.answer(lambda a: a.sum().item(), call, "x.py")
    assert (told["kind"], told["gradients"]) == ("value", None)
