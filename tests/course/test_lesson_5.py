"""What lesson 5 says of pooling, against torch and the kit's own geometry."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from alexnet_tutor import resources
from alexnet_tutor.architecture import FASHION, PAPER
from alexnet_tutor.course import workspace
from alexnet_tutor.course.lessons import lesson
from alexnet_tutor.course.lessons.l05_pooling import figures, oracle
from alexnet_tutor.geometry import walk
from alexnet_tutor.tracing import trace

STRIP = np.array([1.0, 0, 4, 2, 3, 5, 1])


def page() -> str:
    """As the learner reads it."""
    return (resources.lessons() / "05-pooling" / "lesson.md").read_text(encoding="utf-8")


def pooled_strip(values: np.ndarray, window: int) -> list[float]:
    """A strip of rows that are all the same, pooled by 2."""
    x = np.broadcast_to(values, (1, 1, window, len(values)))
    return oracle.max_pool(x, window, 2, 0).ravel().tolist()


@pytest.mark.parametrize(("window", "stride", "padding"), [(3, 2, 0), (3, 2, 1), (2, 3, 1)])
def test_the_oracle_pools_as_torch_does(window: int, stride: int, padding: int) -> None:
    x = np.random.default_rng(3).integers(-5, 3, (2, 3, 8, 7)).astype(np.float64)
    theirs = torch.from_numpy(x).requires_grad_()
    out = F.max_pool2d(theirs, window, stride, padding)
    assert np.array_equal(oracle.max_pool(x, window, stride, padding), out.detach().numpy())
    if padding == 0:
        grad = torch.arange(out.numel(), dtype=torch.float64).reshape(out.shape)
        out.backward(grad)
        ours = oracle.pool_backward(x, grad.numpy(), window, stride)
        assert np.array_equal(ours, theirs.grad.numpy())


def test_the_worked_numbers_are_the_formula_s() -> None:
    stub = workspace.stub(lesson(5)).read_text(encoding="utf-8")
    assert f"For 6, 3, 2:\n        {oracle.coverage(6, 3, 2)}" in stub
    corner = np.array([[-3.0, -5], [-8, -6]])[None, None]
    assert oracle.max_pool(corner, 3, 2, 1).tolist() == [[[[-3]]]]
    tied = np.array([[7.0, 2, 5], [1, 7, 0], [3, 4, 6]])[None, None]
    back = oracle.pool_backward(tied, np.full((1, 1, 1, 1), 10.0), 3, 2)
    assert back[0, 0, 0, 0] == back.sum() == 10
    assert pooled_strip(STRIP, 3) == [4, 4, 5]


def test_the_strip_s_gradient_is_torch_s() -> None:
    strip = torch.from_numpy(STRIP).reshape(1, 1, 1, 7).requires_grad_()
    F.max_pool2d(strip, (1, 3), (1, 2)).backward(torch.tensor([10.0, 1, 7]).reshape(1, 1, 1, 3))
    told = " ".join(f"{value:2.0f}" for value in strip.grad.ravel().tolist())
    assert f"gradient   {told}" in page()


def test_amax_shares_among_equals_and_the_relu_lets_neither_through() -> None:
    equal = torch.ones(1, 1, 3, 3, requires_grad=True)
    (shared,) = torch.autograd.grad(equal.amax((2, 3)).sum(), equal)
    (first,) = torch.autograd.grad(F.max_pool2d(equal, 3, 2).sum(), equal)
    assert torch.allclose(shared, torch.full_like(shared, 1 / 9))
    assert first[0, 0, 0, 0] == first.sum() == 1
    silent = torch.tensor([-1.0, 0, -2, -3, 0, -1, -1, -5, 0]).reshape(1, 1, 3, 3).requires_grad_()
    for out in (F.max_pool2d(torch.relu(silent), 3, 2), torch.relu(silent).amax((2, 3))):
        (grad,) = torch.autograd.grad(out.sum(), silent)
        assert not grad.any()


def test_a_bright_cell_that_moves_looks_as_the_table_says() -> None:
    for cell in (3, 4, 5):
        strip = np.zeros(9)
        strip[cell] = 9
        two, three = (
            " ".join(f"{value:.0f}" for value in pooled_strip(strip[: 6 + window], window))
            for window in (2, 3)
        )
        assert f"| {cell} | {two} | {three} |" in page()
    cells = range(8)
    assert all(any(first <= c <= first + 1 for first in oracle.firsts(9, 3, 2)) for c in cells)


def test_the_edge_loses_what_the_page_says() -> None:
    places = {place.spec.name: place for place in walk(FASHION)}
    spans = places["conv1"].field.spans
    assert oracle.coverage(56, 3, 2)[-2:] == [1, 0]
    assert (spans[54][1], spans[55][1]) == (224, 226)
    assert [places[name].output_shape[-1] for name in ("conv1", "pool1", "pool2", "pool5")] == [
        56, 27, 13, 6,
    ]  # fmt: skip
    text = page()
    assert f"{56 * 56 - 55 * 55} values" in text
    fc6 = next(place for place in walk(PAPER) if place.spec.name == "fc6")
    assert f"{fc6.macs:,}" in text
    assert f"{256 * 13 * 13:,} values, and {256 * 13 * 13 * 4096:,}" in text.replace("\n", " ")
    assert fc6.params > sum(place.params for place in walk(PAPER)) / 2


def test_two_by_two_windows_end_where_the_page_says() -> None:
    def rounded_up(size: int, window: int) -> int:
        return -(-(size - window) // 2) + 1

    for window, sizes in ((3, [27, 13, 6]), (2, [28, 14, 7])):
        found = [55]
        for _ in sizes:
            found.append(rounded_up(found[-1], window))
        assert found[1:] == sizes
    assert [len(oracle.firsts(55, window, 2)) for window in (2, 3)] == [27, 27]


def test_the_figures_show_pool1_as_it_is() -> None:
    layers = {"lrn1": nn.ReLU(), "pool1": nn.MaxPool2d(3, 2), "flatten": nn.Flatten()}
    generator = torch.Generator().manual_seed(5)
    record = trace(
        nn.Sequential(OrderedDict(layers)), torch.randn(1, 3, 56, 56, generator=generator) - 1
    )
    (_, before), (_, after), (_, kept) = figures.winners(record)
    assert kept.sum() == after.size == 27 * 27
    assert not kept[55].any()
    assert np.isclose((kept * before).sum(), after.sum())
    (_, mean), (_, largest) = figures.two_poolings(record)
    assert np.array_equal(largest, after)
    assert (mean <= largest).all()
    assert ((mean == 0) == (largest == 0)).all()
