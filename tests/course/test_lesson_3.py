"""What lesson 3 says of ReLU and tanh, against torch."""

from __future__ import annotations

import math
from collections import OrderedDict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from alexnet_tutor import resources
from alexnet_tutor.architecture import PAPER
from alexnet_tutor.course import calling, workspace
from alexnet_tutor.course.calls import Answers
from alexnet_tutor.course.check import probes_of
from alexnet_tutor.course.judge import judge
from alexnet_tutor.course.lessons import lesson
from alexnet_tutor.course.lessons.l03_relu import figures, oracle
from alexnet_tutor.tracing import trace

Z = np.array([-2, -0.5, 0, 0.5, 2])


def page() -> str:
    """As the learner reads it, on one line, minus signs as Python writes them."""
    text = (resources.lessons() / "03-relu" / "lesson.md").read_text(encoding="utf-8")
    return " ".join(text.replace("−", "-").split())


def slopes(function, x: np.ndarray, grad: np.ndarray) -> np.ndarray:
    """torch's gradient."""
    given = torch.from_numpy(x).requires_grad_()
    function(given).backward(torch.from_numpy(grad))
    return given.grad.numpy()


def told(values: np.ndarray) -> str:
    return " ".join(f"{value:.3f}".rstrip("0").rstrip(".") for value in values)


def test_the_oracle_s_ways_back_are_torch_s() -> None:
    rng = np.random.default_rng(3)
    x = rng.integers(-3, 4, (2, 3, 4, 5)).astype(np.float64)
    grad = rng.standard_normal(x.shape)
    assert np.array_equal(oracle.relu(x), torch.relu(torch.from_numpy(x)).numpy())
    assert np.array_equal(oracle.relu_backward(x, grad), slopes(torch.relu, x, grad))
    assert np.allclose(oracle.tanh_backward(x, grad), slopes(torch.tanh, x, grad), rtol=1e-12)


def test_the_tables_are_what_they_say() -> None:
    ones, text = np.ones(5), page()
    assert f"ReLU {told(oracle.relu(Z))} tanh {told(np.tanh(Z))}" in text
    assert f"slope, ReLU {told(oracle.relu_backward(Z, ones))}" in text
    assert f"slope, tanh {told(oracle.tanh_backward(Z, ones))}" in text
    layers = [spec for spec in PAPER.layers if spec.kind == "relu"]
    assert len(layers) == 7
    for z, written in ((0.5, "0.19"), (1.0, "0.0023"), (2.0, "0.0000000088")):
        product = float(oracle.tanh_backward(np.array([z]), np.ones(1))[0]) ** 7
        digits = len(written.partition(".")[2])
        assert f"{product:.{digits}f}" == written
        assert f"| {z:g} | {written} | 1 |" in text
    assert f"{oracle.tanh_backward(np.array([1.5]), np.ones(1))[0]:.3f}" == "0.181"
    below = 0.5 * (1 + math.erf(-2 / math.sqrt(2)))  # of a bell curve, two deviations down
    assert f"{100 * below:.1f} in 100" in text


def test_the_stub_s_numbers_are_the_formula_s() -> None:
    stub = workspace.stub(lesson(3)).read_text(encoding="utf-8").replace("−", "-")
    x = np.array([-2.0, 0, 3])
    assert f"For -2, 0, 3: {told(oracle.relu(x))}." in stub.replace("0, 0, 3.", "0 0 3.")
    back = oracle.relu_backward(x, np.array([10.0, 20, -30]))
    assert back.tolist() == [0, 0, -30]
    tens = oracle.tanh_backward(np.array([0, 0.5, 2]), np.full(3, 10.0))
    assert ", ".join(f"{value:.4g}" for value in tens) in stub
    z = np.array([[-1.0, 2, 0], [-3, -2, 0]]).reshape(2, 3, 1, 1)
    assert f"{oracle.dead_share(z):.4f}" in stub


def test_two_sums_are_one_and_with_a_relu_they_are_not() -> None:
    generator = torch.Generator().manual_seed(1)
    x, first, second = (
        torch.randn(size, generator=generator, dtype=torch.float64)
        for size in ((1, 2, 9, 9), (3, 2, 3, 3), (4, 3, 3, 3))
    )
    both = F.conv2d(first.transpose(0, 1), second.flip(2, 3), padding=2).transpose(0, 1)
    twice = F.conv2d(F.conv2d(x, first), second)
    assert both.shape == (4, 2, 5, 5)
    assert torch.allclose(F.conv2d(x, both), twice)
    z = np.array([-2.0, -1, 0, 1])
    out = 3 * oracle.relu(2 * z + 1) - 2
    assert f"out is {', '.join(f'{value:.0f}' for value in out)}:" in page()


def test_a_change_in_place_is_told_as_one() -> None:
    def relu(x: torch.Tensor) -> torch.Tensor:
        x[x < 0] = 0
        return x

    probes = probes_of(lesson(3).exercise("relu"), 0)
    replies = []
    for call in probes.calls():
        message = call.packed()
        message["arguments"] = {name: v.copy() for name, v in message["arguments"].items()}
        replies.append(calling.answer(relu, message, "x.py"))
    record = judge(probes, Answers(replies), Path("x.py"))
    assert record.outcome == "wrong"
    assert record.trouble.name == "changed"


def test_the_figures_are_of_one_map() -> None:
    layers = {"conv1": nn.Conv2d(1, 3, 11, 4, 2), "flatten": nn.Flatten()}
    generator = torch.Generator().manual_seed(5)
    record = trace(
        nn.Sequential(OrderedDict(layers)), torch.randn(1, 1, 67, 67, generator=generator)
    )
    (_, given), (_, positive), (_, pressed) = figures.passes(record)
    assert np.array_equal(positive, oracle.relu(given))
    assert np.allclose(np.arctanh(pressed), given)
    (title, relu), (_, tanh), (_, thrice) = figures.slopes(record)
    ones = np.ones_like(given)
    assert np.array_equal(relu, oracle.relu_backward(given, ones))
    assert title.endswith(f"{relu.mean():.2f}")
    assert np.allclose(tanh, oracle.tanh_backward(given, ones))
    assert (thrice <= tanh).all()
    (_, absolute), (_, kept) = figures.two_rectifiers(record)
    assert np.array_equal(kept, positive)
    assert np.array_equal(absolute, positive + oracle.relu(-given))
