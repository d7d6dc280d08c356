"""From maps to a row, from a row to logits, from logits to probabilities."""

import numpy as np
import oracles
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from alexnet_tutor.architecture import FlattenSpec, LinearSpec
from alexnet_tutor.layers import Flatten, Linear, Softmax


def linear(units: int, inputs: int, seed: int = 0) -> Linear:
    layer = Linear(LinearSpec("fc", units), inputs).double()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        layer.weight.normal_(generator=generator)
        layer.bias.normal_(generator=generator)
    return layer


@given(st.integers(1, 3), st.integers(1, 8), st.integers(1, 6), st.integers(0, 999))
def test_linear_fast_by_hand_and_oracle_agree(batch, inputs, units, seed) -> None:
    layer = linear(units, inputs, seed)
    x = torch.randn(
        batch, inputs, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)
    )
    expected = oracles.linear(x.numpy(), layer.weight.detach().numpy(), layer.bias.detach().numpy())
    np.testing.assert_allclose(layer(x).detach().numpy(), expected, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(layer.by_hand(x).detach().numpy(), expected, rtol=1e-10, atol=1e-10)


def test_linear_gradcheck_passes() -> None:
    layer, x = linear(3, 4), torch.randn(2, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(layer, (x,))
    assert torch.autograd.gradcheck(layer.by_hand, (x,))


def test_linear_costs_what_torch_counts() -> None:
    layer = linear(6, 11)
    with FlopCounterMode(display=False) as counter:
        layer(torch.zeros(1, 11, dtype=torch.float64))
    assert counter.get_total_flops() == 2 * 6 * 11
    assert "MACs = 6·11 = 66" in layer.explain((11,))
    assert "parameters = 6·(11 + 1) = 72" in layer.explain((11,))


@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 5), st.integers(1, 5))
def test_flatten_puts_every_value_where_its_formula_says(batch, channels, height, width) -> None:
    layer = Flatten(FlattenSpec("flatten"))
    x = torch.arange(batch * channels * height * width, dtype=torch.float64)
    x = x.reshape(batch, channels, height, width)
    row = layer(x)
    assert torch.equal(row, layer.by_hand(x))
    for n, c, y, i in np.ndindex(tuple(x.shape)):
        assert row[n, c * height * width + y * width + i] == x[n, c, y, i]


def test_flatten_reads_channels_last_memory_in_the_same_order() -> None:
    layer, x = Flatten(FlattenSpec("flatten")), torch.randn(2, 3, 4, 5)
    assert torch.equal(layer(x.to(memory_format=torch.channels_last)), layer(x))


def test_flatten_explains_where_the_last_value_lands() -> None:
    assert "255·36 + 5·6 + 5 = 9,215" in Flatten(FlattenSpec("f")).explain((256, 6, 6))[1]


@given(st.integers(1, 3), st.integers(2, 6), st.floats(-1e4, 1e4), st.integers(0, 999))
def test_softmax_agrees_and_only_differences_count(batch, classes, shift, seed) -> None:
    z = torch.randn(
        batch, classes, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)
    )
    expected = oracles.softmax(z.numpy())
    for way in (Softmax(), Softmax().by_hand):
        np.testing.assert_allclose(way(z).numpy(), expected, rtol=1e-12)
        np.testing.assert_allclose(way(z + shift).numpy(), expected, rtol=1e-9)
        np.testing.assert_allclose(way(z).sum(dim=1).numpy(), 1)


@pytest.mark.parametrize("size", [1e4, -1e4])
def test_softmax_is_stable_for_huge_logits(size: float) -> None:
    z = torch.tensor([[size, 0.0, -size]])
    assert Softmax().by_hand(z).isfinite().all()
    assert torch.equal(Softmax().by_hand(z), Softmax()(z))


def test_softmax_worked_numbers_are_right() -> None:
    text = "\n".join(Softmax().explain((10,)))
    probabilities = oracles.softmax(np.array([[2.0, 1.0, 0.0]]))[0]
    assert ", ".join(f"{p:.3f}" for p in probabilities) in text


def test_flatten_and_softmax_gradchecks_pass() -> None:
    maps = torch.randn(2, 2, 2, 3, dtype=torch.float64, requires_grad=True)
    scores = torch.randn(2, 4, dtype=torch.float64, requires_grad=True)
    flatten, softmax = Flatten(FlattenSpec("flatten")), Softmax()
    for way, x in (
        (flatten, maps),
        (flatten.by_hand, maps),
        (softmax, scores),
        (softmax.by_hand, scores),
    ):
        assert torch.autograd.gradcheck(way, (x,))
