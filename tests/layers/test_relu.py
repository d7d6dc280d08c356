"""ReLU keeps what is positive, and never works in place."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from alexnet_tutor.architecture import ReluSpec
from alexnet_tutor.layers import ReLU

RELU = ReLU(ReluSpec("relu1"))


@given(
    npst.arrays(
        np.float64,
        npst.array_shapes(min_dims=1, max_dims=4, max_side=5),
        elements=st.floats(-1e6, 1e6),
    )
)
def test_fast_by_hand_and_numpy_agree(values) -> None:
    x = torch.from_numpy(values)
    expected = np.maximum(values, 0)
    np.testing.assert_array_equal(RELU(x).numpy(), expected)
    np.testing.assert_array_equal(RELU.by_hand(x).numpy(), expected)


@given(seed=st.integers(0, 999))
def test_the_input_is_left_as_it_was(seed) -> None:
    x = torch.randn(2, 3, 4, 4, generator=torch.Generator().manual_seed(seed))
    before = x.clone()
    RELU(x)
    RELU.by_hand(x)
    assert torch.equal(x, before)


def test_nan_is_not_hidden() -> None:
    x = torch.tensor([float("nan")])
    assert RELU(x).isnan().all()
    assert RELU.by_hand(x).isnan().all()


def test_slope_is_one_or_zero() -> None:
    x = torch.tensor([-2.0, -0.5, 0.5, 2.0], requires_grad=True)
    RELU(x).sum().backward()
    assert x.grad.tolist() == [0, 0, 1, 1]


def test_gradcheck_passes_away_from_zero() -> None:
    x = torch.tensor([-2.0, -0.5, 0.5, 2.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(RELU, (x,))
    assert torch.autograd.gradcheck(RELU.by_hand, (x,))
