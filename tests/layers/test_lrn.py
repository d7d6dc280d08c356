"""LRN is the paper's: the sum over five maps, not their mean. Probes are ×100, where mistakes show."""

import numpy as np
import oracles
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from alexnet_tutor.architecture import LrnSpec
from alexnet_tutor.kernels.lrn import local_response_norm
from alexnet_tutor.layers import LRN

PAPER = LRN(LrnSpec("lrn"))
LOUD = 100.0


def loud(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64).mul_(LOUD).to(dtype)


@given(
    channels=st.integers(1, 9),
    size=st.sampled_from([1, 3, 5, 7]),
    k=st.floats(0.5, 3),
    alpha=st.floats(0, 1e-2),
    beta=st.sampled_from([0.25, 0.5, 0.75, 1.0]),
    seed=st.integers(0, 999),
)
def test_fast_by_hand_and_oracle_agree(channels, size, k, alpha, beta, seed) -> None:
    layer = LRN(LrnSpec("lrn", size=size, k=k, alpha=alpha, beta=beta))
    x = loud(2, channels, 3, 2, seed=seed)
    expected = oracles.lrn(x.numpy(), size, k, alpha, beta)
    np.testing.assert_allclose(layer(x).numpy(), expected, rtol=1e-12)
    np.testing.assert_allclose(layer.by_hand(x).numpy(), expected, rtol=1e-12)


@given(channels=st.integers(1, 12), seed=st.integers(0, 999))
def test_torch_gives_the_same_with_alpha_times_n(channels, seed) -> None:
    x = loud(2, channels, 4, 5, seed=seed, dtype=torch.float32)
    theirs = nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)(x)
    torch.testing.assert_close(PAPER(x), theirs, rtol=2e-6, atol=1e-6)


def test_alpha_is_not_divided_by_the_window() -> None:
    x = loud(1, 8, 4, 4)
    divided = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2.0)(x)
    assert (PAPER(x) - divided).abs().max() > 1


def test_lrn_sums_over_five_channels() -> None:
    """A value of 500 in map 4: maps 2 to 6 feel it, maps 1 and 7 do not."""
    x = torch.ones(1, 9, 1, 1, dtype=torch.float64)
    x[0, 4] = 500
    felt = (PAPER(x).flatten() < 0.9 * 2**-0.75).nonzero().flatten().tolist()
    assert felt == [2, 3, 5, 6]  # map 4 itself is large


def test_pixels_do_not_feel_each_other() -> None:
    x = loud(1, 6, 3, 3)
    changed = x.clone()
    changed[0, :, 1, 1] *= 7
    same = (PAPER(x) == PAPER(changed)).all(dim=1)[0]
    assert not same[1, 1]
    assert same.sum() == 8


def test_one_value_computed_by_hand() -> None:
    """Five maps of 50: 50 / (2 + 0.0001·5·2500)^0.75 = 50 / 3.25^0.75 = 20.657 in the middle."""
    x = torch.full((1, 5, 1, 1), 50.0, dtype=torch.float64)
    assert PAPER(x)[0, 2].item() == pytest.approx(50 / 3.25**0.75, rel=1e-14)


def test_gradcheck_passes_for_both_ways_to_take_the_power() -> None:
    x = loud(2, 7, 2, 3).requires_grad_()
    for beta in (0.75, 0.6):
        assert torch.autograd.gradcheck(
            lambda a, beta=beta: local_response_norm(a, 5, 2.0, 1e-4, beta), (x,)
        )


@settings(max_examples=10)
@given(channels=st.integers(1, 7), size=st.sampled_from([1, 3, 5]), seed=st.integers(0, 99))
def test_gradcheck_passes_by_hand(channels, size, seed) -> None:
    layer = LRN(LrnSpec("lrn", size=size))
    assert torch.autograd.gradcheck(
        layer.by_hand, (loud(1, channels, 2, 1, seed=seed).requires_grad_(),)
    )


def test_numbers_on_its_page_follow_from_the_formula() -> None:
    page = " ".join(PAPER.page().purpose)
    for value, divisor in ((0, "1.682"), (12, "1.727"), (50, "2.421")):
        five = torch.full((1, 5, 1, 1), float(value), dtype=torch.float64)
        assert f"{PAPER.denominator(five)[0, 2].item():.3f}" == divisor
        assert divisor in page
    assert f"{2**-0.75:.3f}" == "0.595"


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_pieces_give_what_the_whole_gives(layout: torch.memory_format) -> None:
    """Many pictures, worked on a few at a time, forward and backward, in either layout."""
    x = loud(9, 96, 28, 28, dtype=torch.float32).to(memory_format=layout)
    upstream = torch.randn(x.shape, generator=torch.Generator().manual_seed(5))
    results = []
    for layer in (PAPER, nn.LocalResponseNorm(5, alpha=5e-4, beta=0.75, k=2.0)):
        leaf = x.clone().requires_grad_()
        out = layer(leaf)
        out.backward(upstream)
        results.append((out.detach(), leaf.grad))
    for ours, theirs in zip(*results, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-5)
    assert results[0][0].is_contiguous(memory_format=layout)


def test_bfloat16_is_right_to_its_own_rounding() -> None:
    x = loud(2, 16, 5, 5, dtype=torch.bfloat16)
    assert PAPER(x).dtype == torch.bfloat16
    torch.testing.assert_close(PAPER(x).double(), PAPER(x.double()), rtol=2**-8, atol=0)


def test_an_even_window_has_no_middle() -> None:
    with pytest.raises(ValueError, match="odd"):
        LRN(LrnSpec("lrn", size=4))


def test_explain_names_the_divisor_and_torch_s_alpha() -> None:
    text = "\n".join(PAPER.explain((96, 56, 56)))
    assert "map 47 looks at maps 45 to 49" in text
    assert "map 2 looks at maps 0 to 4" in "\n".join(PAPER.explain((6, 56, 56)))
    assert "3.25^0.75 = 2.4205" in text
    assert "alpha=0.0005" in text
