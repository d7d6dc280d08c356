"""Lesson 11: its gradients are autograd's, its numbers those of the formulas and of the geometry."""

from __future__ import annotations

import itertools
import sys
import textwrap

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from course.here import judged_here

from alexnet_tutor import resources
from alexnet_tutor.architecture import FASHION, PAPER
from alexnet_tutor.course import lessons, workspace
from alexnet_tutor.course.check import check_lesson, probes_of
from alexnet_tutor.course.lessons.l04_lrn.oracle import lrn
from alexnet_tutor.course.lessons.l11_backprop import figures, oracle, solution, wrong
from alexnet_tutor.geometry import macs, output_size, parameters, walk
from alexnet_tutor.images import load_image
from alexnet_tutor.tracing import trace
from alexnet_tutor.weights.store import load_weights

LESSON = lessons.lesson(11)
PAGE = (resources.lessons() / LESSON.folder / "lesson.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.split())
STUB = " ".join(workspace.stub(LESSON).read_text(encoding="utf-8").split())
NUMBERS = {"n": 3, "k": 2.0, "alpha": 1e-4, "beta": 0.75}


def gradients(out: torch.Tensor, grad: np.ndarray, *of: torch.Tensor) -> list[np.ndarray]:
    return [one.numpy() for one in torch.autograd.grad(out, of, torch.from_numpy(grad))]


def leaves(*arrays: np.ndarray) -> list[torch.Tensor]:
    return [torch.from_numpy(array).requires_grad_() for array in arrays]


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
def test_the_convolution_s_ways_back_are_autograd_s(stride: int, padding: int) -> None:
    rng = np.random.default_rng(stride)
    x, weight, bias = (
        rng.normal(size=(2, 3, 8, 7)),
        rng.normal(size=(4, 3, 3, 3)),
        rng.normal(size=4),
    )
    theirs = leaves(x, weight, bias)
    out = F.conv2d(*theirs, stride, padding)
    grad = rng.normal(size=tuple(out.shape))
    by_x, by_weight, by_bias = gradients(out, grad, *theirs)
    np.testing.assert_allclose(oracle.conv_bias_grad(grad), by_bias)
    ours = oracle.conv_weight_grad(x, grad, 3, stride, padding)
    np.testing.assert_allclose(ours, by_weight, atol=1e-12)
    ours = oracle.conv_input_grad(weight, grad, 8, 7, stride, padding)
    np.testing.assert_allclose(ours, by_x, atol=1e-12)


def test_the_chain_s_and_lrn_s_ways_back_are_autograd_s() -> None:
    rng = np.random.default_rng(4)
    x, first, second = (rng.normal(size=size) for size in ((5, 4), (6, 4), (3, 6)))
    fc6 = torch.from_numpy(first).requires_grad_()
    z = torch.from_numpy(x) @ fc6.T
    out = torch.relu(z) @ torch.from_numpy(second).T
    grad = rng.normal(size=(5, 3))
    ours = oracle.fc6_weight_grad(x, z.detach().numpy(), second, grad)
    np.testing.assert_allclose(ours, gradients(out, grad, fc6)[0])
    a, grad = rng.normal(size=(2, 9, 2, 3)) * 100, rng.normal(size=(2, 9, 2, 3))
    (given,) = leaves(a)
    theirs = F.local_response_norm(given, 5, alpha=5e-4, beta=0.75, k=2)
    (by_a,) = gradients(theirs, grad, given)
    ours = oracle.lrn_backward(a, grad, 5, 2, 1e-4, 0.75)
    np.testing.assert_allclose(ours, by_a, atol=1e-8)


WRONG = {
    "conv_bias_grad": wrong.wrong_bias_grad,
    "fc6_weight_grad": wrong.wrong_fc6_weight_grad,
    "conv_weight_grad": wrong.wrong_conv_weight_grad,
    "conv_input_grad": wrong.wrong_conv_input_grad,
    "lrn_backward": wrong.wrong_lrn_backward,
}


@pytest.mark.parametrize("name", WRONG)
def test_without_a_switch_the_wrong_function_is_right(name: str) -> None:
    probes = probes_of(LESSON.exercise(name), 0)
    assert probes.distance(probes.outputs(WRONG[name]), list(probes.expected)) < 1e-8


@pytest.mark.parametrize("exercise", LESSON.exercises, ids=lambda one: one.name)
def test_the_arithmetic_by_hand_ends_in_the_expected_value(exercise) -> None:
    probes = probes_of(exercise, 0)
    for case, right, scale in zip(probes.cases, probes.expected, probes.scales, strict=True):
        for index in np.ndindex(right.shape):
            line = exercise.arithmetic(case.arguments, index)[-1]
            told = float(line.rpartition("= ")[2])
            assert told == pytest.approx(right[index], rel=1e-5, abs=1e-6 * scale)


def test_the_stub_s_numbers_are_the_formulas() -> None:
    two_maps = np.array([[[[1.0, 2]], [[3, -1]]]])
    assert oracle.conv_bias_grad(two_maps).tolist() == [3, 2]
    assert "[1, 2] and [3, −1]: 3, 2." in STUB
    given = (np.array(v) for v in ([[2.0]], [[6.0]], [[5.0], [-1]], [[10.0, 4]]))
    assert oracle.fc6_weight_grad(*given).tolist() == [[92]]
    assert "grad = [[10, 4]]: [[92]]." in STUB
    square = np.array([[[[1.0, 2], [3, 4]]]])
    by_weight = oracle.conv_weight_grad(square, np.full((1, 1, 1, 1), 10.0), 2, 1, 0)
    assert f"grad = [[10]]: {by_weight[0, 0].astype(int).tolist()}." in STUB
    by_pixel = oracle.conv_input_grad(square, np.array([[[[10.0, 100]]]]), 2, 3, 1, 0)
    assert f"[[10, 100]]: {by_pixel[0, 0].astype(int).tolist()}." in STUB
    pixel, arrives = (np.array(v).reshape(1, 3, 1, 1) for v in ([100.0, 300, 200], [0.0, 128, 0]))
    back = oracle.lrn_backward(pixel, arrives, **NUMBERS).ravel()
    np.testing.assert_allclose(back, [-4.5, 2.5, -9], rtol=1e-6)
    assert "grad = 0, 128, 0: −4.5, 2.5, −9." in STUB


def test_the_page_s_strip_and_chain_are_autograd_s() -> None:
    strip = torch.zeros(1, 1, 1, 5, dtype=torch.float64, requires_grad=True)
    kernel = torch.tensor([1.0, 2, 3], dtype=torch.float64).reshape(1, 1, 1, 3)
    out = F.conv2d(strip, kernel, stride=(1, 2))
    (back,) = gradients(out, np.array([[[[10.0, 100]]]]), strip)
    assert "together " + " ".join(f"{value:.0f}" for value in back.ravel()) in TEXT
    x, weight = leaves(np.array(2.0), np.array(3.0))
    y = torch.relu(x * weight)
    (10 * 5 * y + 4 * -1 * y).backward()
    assert f"46·2 = {weight.grad:.0f}." in TEXT
    assert f"46·3 = {x.grad:.0f}," in TEXT


def test_the_table_of_differences_is_measured() -> None:
    def answer(own: float) -> float:
        column = np.array([100.0, own, 200]).reshape(1, 3, 1, 1)
        return float(lrn(column, **NUMBERS)[0, 1, 0, 0])

    right = 2.5 / 128
    assert f"2.5 / 128 = {right:.8f}" in TEXT
    errors = []
    for step, digits in ((10, 5), (1, 6), (0.1, 8)):
        up = (answer(300 + step) - answer(300)) / step
        both = (answer(300 + step) - answer(300 - step)) / (2 * step)
        assert f"| {step:g} | {up:.5f} | {both:.{digits}f} |" in PAGE
        errors.append((abs(up - right), abs(both - right)))
    for (up, both), (next_up, next_both) in itertools.pairwise(errors):
        assert up / next_up == pytest.approx(10, rel=0.1)
        assert both / next_both == pytest.approx(100, rel=0.1)
    tiny = (answer(300 + 1e-12) - answer(300 - 1e-12)) / 2e-12
    assert abs(tiny / right - 1) == pytest.approx(0.09, abs=0.01)


def test_the_counts_are_the_geometry_s() -> None:
    whole, conv1 = parameters(PAPER), next(iter(walk(PAPER)))
    assert f"{whole:,} parameters" in TEXT
    assert f"makes {2 * whole:,} runs" in TEXT
    hours = 2 * whole / (3 * 250) / 3600
    assert f"take {hours:.0f} hours" in TEXT
    assert 1_200_000 * 90 / (5 * 86_400) == 250
    forward, back = macs(PAPER), 2 * macs(PAPER) - conv1.macs
    assert f"2 · {forward:,} − {conv1.macs:,} = {back:,}" in TEXT
    assert 0.33 < forward / (forward + back) < 0.36
    assert conv1.output_shape[1] ** 2 == 3025
    weighted = [at for at in walk(PAPER) if at.params]
    numbers = sum(int(np.prod(at.output_shape)) for at in weighted)
    assert f"{numbers:,} numbers a picture" in TEXT
    assert f"{4 * 128 * numbers / 1e6:.0f} MB, with LRN" in TEXT
    assert f"weights are {4 * whole / 1e6:.0f} MB" in TEXT
    assert f"velocities {12 * whole / 1e6:.0f} MB" in TEXT


def test_a_pixel_in_the_middle_lies_in_four_to_nine_windows_of_conv1() -> None:
    spec = FASHION.layer("conv1")
    windows = output_size(227, spec.kernel, spec.stride, spec.padding)
    given = (np.ones((1, 1, spec.kernel, spec.kernel)), np.ones((1, 1, windows, windows)))
    counts = wrong.wrong_conv_input_grad(*given, 227, 227, spec.stride, spec.padding)[0, 0]
    assert set(counts[50:150, 50:150].ravel().tolist()) == {4, 6, 9}
    landed = (windows - 1) + spec.kernel - spec.padding
    assert f"on {landed} of 227 rows" in TEXT


@pytest.fixture(scope="module")
def record():
    network, facts = load_weights(resources.weights())
    return trace(network, load_image(resources.sample(), facts.preparation), facts), network


def test_the_figures_are_real_gradients(record) -> None:
    traced, network = record
    picture = load_image(resources.sample(), traced.facts.preparation).tensor.requires_grad_()
    maps = network.conv1(picture)
    pixels, weights = torch.autograd.grad(maps.max(), (picture, network.conv1.weight))
    (_, part), (_, by_pixel), (_, by_weight) = figures.one_answer(traced)
    assert part.shape == by_pixel.shape
    assert by_pixel.sum() == pytest.approx(pixels.sum().item(), rel=1e-4)
    assert np.abs(by_pixel).max() == pytest.approx(pixels.abs().max().item())
    number = int(maps.amax((0, 2, 3)).argmax())
    np.testing.assert_allclose(by_weight, weights[number].mean(0), atol=1e-5)
    (_, arrived), (_, short), (_, right) = figures.two_ways_back(traced)
    positive = torch.relu(network.conv1(picture))[0, number].sum()
    (theirs,) = torch.autograd.grad(positive, picture)
    np.testing.assert_allclose(right, theirs[0].mean(0).abs(), atol=1e-4)
    assert arrived.sum() > 0
    assert not short[64:].any()
    assert not short[:, 64:].any()


def test_the_figure_of_fc8_is_the_loss_s_gradient(record) -> None:
    traced, network = record
    row = torch.from_numpy(traced.layer("drop7").values)
    order = np.argsort(-traced.layers[-1].values[0], kind="stable")
    loss = F.cross_entropy(network.fc8(row), torch.tensor([int(order[1])]))
    (theirs,) = torch.autograd.grad(loss, network.fc8.weight)
    (_, got), (_, first), (_, label) = figures.three_of_fc8(traced)
    np.testing.assert_array_equal(got.ravel(), row[0])
    np.testing.assert_allclose(first.ravel(), theirs[int(order[0])], atol=1e-4)
    np.testing.assert_allclose(label.ravel(), theirs[int(order[1])], atol=1e-4)


def test_the_page_s_program_agrees_with_autograd_and_its_short_cut_does_not(
    capsys, monkeypatch
) -> None:
    """As a learner has written it, with the solution for exercise.py."""
    part = PAGE[PAGE.index("## Back in the network") : PAGE.index("## Read on")]
    lines = [line for line in part.splitlines() if line.startswith("    ")]
    monkeypatch.setitem(sys.modules, "exercise", solution)
    exec(textwrap.dedent("\n".join(lines)), {})
    told = [line.split() for line in capsys.readouterr().out.splitlines()]
    names = ["conv1.bias", "conv1.weight", "pool1", "fc6.weight", "conv1.weight"]
    assert [name for name, _ in told] == names
    *agree, short = (float(value) for _, value in told)
    assert max(agree) < 1e-4
    assert 10 * max(agree) < short < 0.001


def test_autograd_is_switched_off_and_says_so(tmp_path) -> None:
    file = tmp_path / "exercise.py"
    file.write_text(
        "import torch\n\n\n"
        "def conv_bias_grad(grad):\n"
        "    bias = grad.new_zeros(grad.shape[1]).requires_grad_()\n"
        "    out = torch.zeros_like(grad) + bias[:, None, None]\n"
        "    out.backward(grad)\n    return bias.grad\n\n\n"
        "def lrn_backward(a, grad, n, k, alpha, beta):\n"
        "    norm = lambda a: torch.nn.functional.local_response_norm(a, n, alpha * n, beta, k)\n"
        "    return torch.func.vjp(norm, a)[1](grad)[0]\n",
        encoding="utf-8",
    )
    found = check_lesson(LESSON, file, workspace.stub(LESSON))
    troubles = {one.name: one.trouble for one in found.exercises if one.trouble}
    for name in ("conv_bias_grad", "lrn_backward"):
        assert troubles[name].name == "shortcut", troubles[name]


WRITTEN = """
import torch

def conv_bias_grad(grad):
    return grad.mean(dim=(0, 2, 3))

def fc6_weight_grad(x, z, weight, grad):
    return ((grad @ weight.T) * (z > 0)).T @ x / len(x)

def conv_weight_grad(x, grad, kernel, stride, padding):
    padded = torch.nn.functional.pad(x, (padding,) * 4)
    for i in range(grad.shape[2]):
        for j in range(grad.shape[3]):
            top, left = i * stride, j * stride
            seen = padded[:, :, top : top + kernel, left : left + kernel]
            total = torch.einsum("nk,ncrs->kcrs", grad[:, :, i, j], seen)
    return total

def conv_input_grad(weight, grad, height, width, stride, padding):
    side = weight.shape[2]
    edge = 2 * padding
    padded = grad.new_zeros(len(grad), weight.shape[1], height + edge, width + edge)
    for i in range(grad.shape[2]):
        for j in range(grad.shape[3]):
            part = torch.einsum("nk,kcrs->ncrs", grad[:, :, i, j], weight.flip(2, 3))
            top, left = i * stride, j * stride
            padded[:, :, top : top + side, left : left + side] += part
    return padded[:, :, :height, :width]

def lrn_backward(a, grad, n, k, alpha, beta):
    maps = range(a.shape[1])
    squares = [(a[:, max(0, i - n // 2) : i + n // 2 + 1] ** 2).sum(dim=1) for i in maps]
    return grad / (k + alpha * torch.stack(squares, dim=1)) ** beta
"""


def test_mistakes_written_in_torch_get_their_names() -> None:
    records = judged_here(LESSON, WRITTEN).values()
    found = {one.name: one.diagnosis.ids for one in records if one.diagnosis}
    assert found == {
        "conv_bias_grad": ("mean-of-everything",),
        "fc6_weight_grad": ("mean-over-the-batch", "fc7-weights-turned"),
        "conv_weight_grad": ("last-window-alone",),
        "conv_input_grad": ("correlated-again", "padding-cut-at-the-end"),
        "lrn_backward": ("brackets-taken-for-constants",),
    }
