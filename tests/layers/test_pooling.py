"""Overlapping max pooling, and its form with a fixed grid."""

import numpy as np
import oracles
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_tutor.architecture import PoolSpec
from alexnet_tutor.layers import MaxPool


def picture(channels: int, height: int, width: int, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(2, channels, height, width, generator=generator, dtype=torch.float64)


@given(
    kernel=st.integers(1, 4),
    stride=st.integers(1, 4),
    extra=st.tuples(st.integers(0, 8), st.integers(0, 8)),
    seed=st.integers(0, 999),
)
def test_fast_by_hand_and_oracle_agree(kernel, stride, extra, seed) -> None:
    layer = MaxPool(PoolSpec("pool", kernel=kernel, stride=stride))
    x = picture(3, kernel + extra[0], kernel + extra[1], seed)
    expected = oracles.max_pool(x.numpy(), kernel, stride)
    np.testing.assert_array_equal(layer(x).numpy(), expected)
    np.testing.assert_array_equal(layer.by_hand(x).numpy(), expected)


@given(size=st.integers(1, 20), grid=st.integers(1, 8), seed=st.integers(0, 99))
def test_a_fixed_grid_is_torch_s_adaptive_pooling(size, grid, seed) -> None:
    layer = MaxPool(PoolSpec("pool", grid=grid))
    x = picture(2, size, size + 1, seed)
    theirs = F.adaptive_max_pool2d(x, grid)
    assert torch.equal(layer(x), theirs)
    assert torch.equal(layer.by_hand(x), theirs)


@settings(max_examples=10)
@given(size=st.integers(2, 6), grid=st.integers(1, 4))
def test_a_fixed_grid_passes_gradcheck(size, grid) -> None:
    x = picture(1, size, size, seed=4).requires_grad_()
    assert torch.autograd.gradcheck(MaxPool(PoolSpec("pool", grid=grid)), (x,))


def test_a_grid_of_six_over_thirteen_is_the_paper_s_pooling() -> None:
    x = picture(4, 13, 13, seed=1)
    assert torch.equal(MaxPool(PoolSpec("a"))(x), MaxPool(PoolSpec("b", grid=6))(x))


@given(seed=st.integers(0, 999))
def test_windows_of_three_at_stride_two_overlap(seed) -> None:
    """A peak in a shared column is the answer of both windows."""
    x = picture(1, 3, 5, seed)
    x[0, 0, 1, 2] = 99
    assert MaxPool(PoolSpec("pool"))(x)[0, 0].tolist() == [[99, 99]]


def test_negative_values_survive() -> None:
    """No zero sneaks in at the border: the maximum of negative numbers is negative."""
    x = -picture(1, 5, 5, seed=2).abs() - 1
    assert (MaxPool(PoolSpec("pool")).by_hand(x) < 0).all()


def test_gradcheck_passes() -> None:
    x = picture(2, 5, 5, seed=3).requires_grad_()
    assert torch.autograd.gradcheck(MaxPool(PoolSpec("pool")), (x,))
    assert torch.autograd.gradcheck(MaxPool(PoolSpec("pool")).by_hand, (x,))


def test_the_gradient_goes_to_the_winner() -> None:
    x = torch.tensor([[[[1.0, 5.0, 2.0], [0.0, 3.0, 4.0], [2.0, 1.0, 0.0]]]], requires_grad=True)
    MaxPool(PoolSpec("pool"))(x).sum().backward()
    assert x.grad.nonzero().tolist() == [[0, 0, 0, 1]]


def test_explain_shows_the_overlap() -> None:
    lines = MaxPool(PoolSpec("pool1")).explain((96, 56, 56))
    assert lines[0] == "height out = ⌊(56 − 3) / 2⌋ + 1 = 27"
    assert lines[1].endswith("0–2, 2–4, 4–6")
    assert F.max_pool2d(torch.zeros(1, 96, 56, 56), 3, 2).shape == (1, 96, 27, 27)
