"""conv1 to conv5 are one mathematics with other numbers."""

import numpy as np
import oracles
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from alexnet_tutor.architecture import FASHION, PAPER, ConvSpec
from alexnet_tutor.geometry import output_size, walk
from alexnet_tutor.layers import Conv1, Conv2, Conv3, Conv4, Conv5, Convolution
from alexnet_tutor.network import build


def convolution(spec: ConvSpec, channels: int, seed: int) -> Convolution:
    """One in float64 with seeded weights."""
    layer = Convolution(spec, channels).double()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        layer.weight.normal_(generator=generator)
        layer.bias.normal_(generator=generator)
    return layer


@st.composite
def cases(draw: st.DrawFn) -> tuple[Convolution, torch.Tensor]:
    groups = draw(st.sampled_from([1, 2, 3]))
    channels = groups * draw(st.integers(1, 2))
    spec = ConvSpec(
        "conv",
        out_channels=groups * draw(st.integers(1, 2)),
        kernel=draw(st.integers(1, 5)),
        stride=draw(st.integers(1, 4)),
        padding=draw(st.integers(0, 3)),
        groups=groups,
    )
    height, width = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    assume(min(height, width) + 2 * spec.padding >= spec.kernel)
    seed = draw(st.integers(0, 999))
    x = torch.randn(
        draw(st.integers(1, 2)),
        channels,
        height,
        width,
        generator=torch.Generator().manual_seed(seed + 1),
        dtype=torch.float64,
    )
    return convolution(spec, channels, seed), x


@given(cases())
def test_fast_by_hand_and_oracle_agree(case: tuple[Convolution, torch.Tensor]) -> None:
    layer, x = case
    expected = oracles.conv2d(
        x.numpy(),
        layer.weight.detach().numpy(),
        layer.bias.detach().numpy(),
        layer.stride,
        layer.padding,
        layer.groups,
    )
    np.testing.assert_allclose(layer(x).detach().numpy(), expected, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(layer.by_hand(x).detach().numpy(), expected, rtol=1e-10, atol=1e-10)


@given(cases())
def test_output_size_rule_holds(case: tuple[Convolution, torch.Tensor]) -> None:
    layer, x = case
    window = (layer.kernel, layer.stride, layer.padding)
    assert layer(x).shape == (
        len(x),
        len(layer.weight),
        output_size(x.shape[2], *window),
        output_size(x.shape[3], *window),
    )


@given(cases())
def test_by_hand_has_the_same_gradients(case: tuple[Convolution, torch.Tensor]) -> None:
    layer, x = case
    x = x.requires_grad_()
    inputs = (x, layer.weight, layer.bias)
    for fast, slow in zip(
        torch.autograd.grad(layer(x).square().sum(), inputs),
        torch.autograd.grad(layer.by_hand(x).square().sum(), inputs),
        strict=True,
    ):
        torch.testing.assert_close(fast, slow, rtol=1e-9, atol=1e-9)


@given(cases())
def test_input_laid_out_otherwise_gives_the_same(case: tuple[Convolution, torch.Tensor]) -> None:
    layer, x = case
    other = x.to(memory_format=torch.channels_last)
    torch.testing.assert_close(layer.by_hand(other), layer(x))
    torch.testing.assert_close(layer(other), layer(x))


@settings(max_examples=10)
@given(cases())
def test_gradcheck_passes(case: tuple[Convolution, torch.Tensor]) -> None:
    layer, x = case
    assume(x.numel() <= 80)
    x = x.requires_grad_()
    assert torch.autograd.gradcheck(layer, (x,))
    assert torch.autograd.gradcheck(layer.by_hand, (x,))


def test_one_window_computed_by_hand() -> None:
    """1·1 + 2·0 + 3·(−1) + 4·2 = 6, and the bias 0.5."""
    layer = Convolution(ConvSpec("conv", 1, kernel=2), 1)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[[[1.0, 0.0], [-1.0, 2.0]]]]))
        layer.bias.fill_(0.5)
    x = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    assert layer(x).item() == layer.by_hand(x).item() == 6.5


def test_a_kernel_is_not_flipped() -> None:
    """Cross-correlation, as in the paper's code: the weight at the top left meets the value there."""
    layer = Convolution(ConvSpec("conv", 1, kernel=2), 1)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[[[1.0, 0.0], [0.0, 0.0]]]]))
        layer.bias.zero_()
    assert layer.by_hand(torch.tensor([[[[7.0, 1.0], [2.0, 3.0]]]])).item() == 7.0


@pytest.mark.parametrize("architecture", [FASHION, PAPER], ids=lambda a: a.name)
def test_real_layers_by_hand_equal_fast_and_cost_what_torch_counts(architecture) -> None:
    for geometry in walk(architecture.scaled(0.25)):
        if not isinstance(geometry.spec, ConvSpec):
            continue
        layer = build(geometry)
        with torch.no_grad():
            layer.weight.normal_(generator=torch.Generator().manual_seed(1))
            layer.bias.normal_(generator=torch.Generator().manual_seed(2))
            x = torch.randn(1, *geometry.input_shape)
            with FlopCounterMode(display=False) as counter:
                fast = layer(x)
            torch.testing.assert_close(layer.by_hand(x), fast, rtol=1e-3, atol=1e-3)
        assert counter.get_total_flops() == 2 * geometry.macs
        assert sum(p.numel() for p in layer.parameters()) == geometry.params


def test_each_of_the_five_is_its_own_class_with_its_own_page() -> None:
    kinds = [type(build(g)) for g in walk(FASHION) if isinstance(g.spec, ConvSpec)]
    assert kinds == [Conv1, Conv2, Conv3, Conv4, Conv5]
    titles = [kind.page().title for kind in kinds]
    assert [title.split(":")[0] for title in titles] == [f"conv{i}" for i in range(1, 6)]
    assert all("3.5" in kind.page().paper for kind in kinds)


def test_explain_shows_the_sizes_with_the_real_numbers() -> None:
    layer = build(next(walk(FASHION)))
    text = "\n".join(layer.explain((1, 227, 227)))
    assert "⌊(227 + 2·2 − 11) / 4⌋ + 1 = 56" in text
    assert "96·(1·11·11 + 1) = 11,712" in text
    assert "56·56·96·(1·11·11) = 36,427,776" in text


@given(cases())
def test_what_explain_says_is_what_happens(case: tuple[Convolution, torch.Tensor]) -> None:
    layer, x = case
    out = layer(x)
    lines = layer.explain(x.shape[1:])
    assert lines[0].endswith(f"= {out.shape[2]}")
    assert lines[1].endswith(f"= {out.shape[3]}")
    parameters = sum(p.numel() for p in layer.parameters())
    assert any(line.endswith(f"= {parameters:,}") for line in lines if "parameters" in line)
