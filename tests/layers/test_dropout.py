"""Dropout's masks belong to its own generator, never to the global one."""

import copy

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from alexnet_tutor.architecture import DropoutSpec
from alexnet_tutor.layers import Dropout


def dropout(p: float = 0.5, seed: int = 0) -> Dropout:
    layer = Dropout(DropoutSpec("drop6", p=p)).train()
    layer.reseed(seed)
    return layer


@given(st.integers(0, 2**40), st.floats(0, 0.95))
def test_by_hand_draws_the_same_mask(seed, p) -> None:
    x = torch.randn(3, 50, dtype=torch.float64)
    torch.testing.assert_close(dropout(p, seed)(x), dropout(p, seed).by_hand(x))


@given(st.integers(0, 999), st.floats(0, 0.95))
def test_each_value_is_numpy_s_product_with_the_mask(seed, p) -> None:
    x = torch.randn(3, 50, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    mask = dropout(p, seed).mask(x).numpy()
    assert set(np.unique(mask)) <= {0.0, 1.0}
    np.testing.assert_allclose(dropout(p, seed)(x).numpy(), x.numpy() * mask / (1 - p), rtol=1e-12)


@given(st.integers(0, 999), st.floats(0, 0.95))
def test_the_uniform_numbers_keep_what_the_next_mask_keeps(seed, p) -> None:
    x = torch.ones(20, 500)
    first, again = dropout(p, seed), dropout(p, seed)
    uniform = first.uniform(x)
    assert torch.equal(uniform >= p, again.mask(x) == 1)
    assert 0 <= uniform.min() <= uniform.max() <= 1


def test_the_uniform_numbers_are_uniform() -> None:
    """Of 100,000, the largest gap to the straight line is below 1.95/√n in 999 of 1,000 draws."""
    found = np.sort(dropout(0.3, seed=5).uniform(torch.ones(200, 500)).numpy().ravel())
    assert np.abs(found - np.arange(len(found)) / len(found)).max() < 1.95 / np.sqrt(len(found))


def test_gradcheck_passes_with_the_mask_held_still() -> None:
    x = torch.randn(2, 5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda a: dropout(seed=1)(a), (x,))
    assert torch.autograd.gradcheck(lambda a: dropout(seed=1).by_hand(a), (x,))


@given(st.integers(0, 2**40))
def test_a_seed_is_a_sequence_of_masks(seed) -> None:
    x = torch.ones(4, 100)
    first, again = dropout(seed=seed), dropout(seed=seed)
    one, two = first(x), first(x)
    assert not torch.equal(one, two)
    assert torch.equal(one, again(x))
    assert torch.equal(two, again(x))


def test_each_picture_has_a_mask_of_its_own() -> None:
    out = dropout()(torch.ones(2, 200))
    assert not torch.equal(out[0], out[1])


@given(st.floats(0.05, 0.9), st.integers(0, 99))
def test_survivors_are_scaled_so_that_the_mean_stays(p, seed) -> None:
    out = dropout(p, seed)(torch.ones(200, 500, dtype=torch.float64))
    assert set(out.unique().tolist()) == {0.0, 1 / (1 - p)}
    # Mean of 100,000 draws: standard error √(p / (1 − p)) / 316.
    assert abs(out.mean().item() - 1) < 5 * (p / (1 - p)) ** 0.5 / 316


def test_in_use_nothing_is_dropped() -> None:
    x = torch.randn(3, 10)
    layer = dropout().eval()
    assert torch.equal(layer(x), x)
    assert torch.equal(layer.by_hand(x), x)


def test_the_global_generator_is_left_alone() -> None:
    before = torch.get_rng_state()
    dropout()(torch.ones(3, 10))
    assert torch.equal(torch.get_rng_state(), before)


def test_the_gradient_passes_where_the_value_passed() -> None:
    x = torch.ones(2, 50, dtype=torch.float64, requires_grad=True)
    out = dropout()(x)
    out.sum().backward()
    assert torch.equal(x.grad, out.detach())


def test_a_copy_starts_its_masks_anew() -> None:
    layer, x = dropout(seed=9), torch.ones(2, 50)
    first = layer(x)
    assert torch.equal(copy.deepcopy(layer)(x), first)


@pytest.mark.parametrize("p", [-0.1, 1.0, 2.0])
def test_a_probability_out_of_range_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="probability"):
        Dropout(DropoutSpec("drop", p=p))
