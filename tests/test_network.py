"""The whole network, pinned to the published numbers. Sources: the paper, and arithmetic in its text."""

import copy
import itertools

import numpy as np
import oracles
import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from alexnet_tutor.architecture import FASHION, PAPER, PRESETS, Architecture, ConvSpec
from alexnet_tutor.errors import TutorError
from alexnet_tutor.geometry import macs, parameters, walk
from alexnet_tutor.layers import Convolution, Linear
from alexnet_tutor.network import AlexNet, build, evaluating, logits

SMALL = FASHION.scaled(1 / 16)


def picture(architecture: Architecture, seed: int = 0, count: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, *architecture.input_shape, generator=generator)


@pytest.mark.parametrize("architecture", [FASHION, PAPER], ids=lambda a: a.name)
def test_layers_have_their_field_names_in_order(architecture: Architecture) -> None:
    network = AlexNet(architecture.scaled(1 / 16))
    names = [name for name, _ in network.named_children()]
    assert " ".join(names) == (
        "conv1 relu1 lrn1 pool1 conv2 relu2 lrn2 pool2 conv3 relu3 conv4 relu4 conv5 relu5 pool5 "
        "flatten fc6 relu6 drop6 fc7 relu7 drop7 fc8"
    )
    assert all(module.name == name for name, module in network.named_children())


def test_published_parameter_counts() -> None:
    assert parameters(FASHION) == 58_299_082
    assert parameters(PAPER) == 60_965_224


def test_published_macs() -> None:
    assert {g.spec.name: g.macs for g in walk(FASHION) if g.macs} == {
        "conv1": 36_427_776,
        "conv2": 447_897_600,
        "conv3": 149_520_384,
        "conv4": 224_280_576,
        "conv5": 149_520_384,
        "fc6": 37_748_736,
        "fc7": 16_777_216,
        "fc8": 40_960,
    }
    assert macs(PAPER) == 724_406_816


def test_published_neuron_counts_of_the_paper() -> None:
    """Section 3.5 says 253,440 for conv1, which is wrong; the others are right."""
    neurons = {g.spec.name: int(np.prod(g.output_shape)) for g in walk(PAPER)}
    assert neurons["conv1"] == 290_400
    assert [neurons[f"conv{i}"] for i in (2, 3, 4, 5)] == [186_624, 64_896, 64_896, 43_264]


def test_published_receptive_fields() -> None:
    fields = {g.spec.name: (g.field.size, g.field.stride) for g in walk(FASHION)}
    assert [fields[name] for name in ("conv1", "pool1", "conv2", "pool2")] == [
        (11, 4),
        (19, 8),
        (51, 8),
        (67, 16),
    ]
    assert [fields[name] for name in ("conv3", "conv4", "conv5", "pool5")] == [
        (99, 16),
        (131, 16),
        (163, 16),
        (195, 32),
    ]


def test_published_map_sizes() -> None:
    sides = [g.output_shape[-1] for g in walk(FASHION) if g.spec.kind in ("conv", "pool")]
    assert sides == [56, 27, 27, 13, 13, 13, 13, 6]
    assert next(walk(PAPER)).output_shape == (96, 55, 55)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("variant", ["whole", "narrow", "small", "classes"])
def test_what_geometry_predicts_is_what_happens(name: str, variant: str) -> None:
    architecture = {
        "whole": PRESETS[name],
        "narrow": PRESETS[name].scaled(1 / 16),
        "small": PRESETS[name].scaled(1 / 16).at_size(67),
        "classes": PRESETS[name].scaled(1 / 16).with_classes(7).with_channels(2),
    }[variant]
    network = AlexNet(architecture)
    seen = {}
    for child, module in network.named_children():
        module.register_forward_hook(
            lambda _, __, out, child=child: seen.__setitem__(child, tuple(out.shape[1:]))
        )
    with FlopCounterMode(display=False) as counter:
        logits(network, picture(architecture))
    assert seen == {g.spec.name: g.output_shape for g in walk(architecture)}
    assert sum(p.numel() for p in network.parameters()) == parameters(architecture)
    assert counter.get_total_flops() == 2 * macs(architecture)


def test_state_keys_are_the_same_in_every_preset() -> None:
    weighted = [*(f"conv{i}" for i in range(1, 6)), "fc6", "fc7", "fc8"]
    expected = [f"{name}.{part}" for name in weighted for part in ("weight", "bias")]
    for preset in PRESETS.values():
        assert list(AlexNet(preset.scaled(1 / 16)).state_dict()) == expected


def test_the_whole_network_equals_an_oracle_in_numpy() -> None:
    """Every layer in turn, in float64, by loops that share no code with the layers."""
    architecture = PAPER.scaled(1 / 24).with_classes(5).at_size(67)
    network = AlexNet(architecture, init="paper").double().eval()
    with torch.no_grad():
        for weight in network.parameters():
            weight.mul_(20)
    x = picture(architecture).double() * 10
    value = x.numpy()
    state = {key: tensor.numpy() for key, tensor in network.state_dict().items()}
    for g in walk(architecture):
        name = g.spec.name
        match g.spec.kind:
            case "conv":
                s = g.spec
                value = oracles.conv2d(
                    value,
                    state[f"{name}.weight"],
                    state[f"{name}.bias"],
                    s.stride,
                    s.padding,
                    s.groups,
                )
            case "relu":
                value = np.maximum(value, 0)
            case "lrn":
                value = oracles.lrn(value, 5, 2.0, 1e-4, 0.75)
            case "pool" if g.spec.grid is None:
                value = oracles.max_pool(value, 3, 2)
            case "pool":
                value = nn.AdaptiveMaxPool2d(6)(torch.from_numpy(value)).numpy()
            case "flatten":
                value = value.reshape(len(value), -1)
            case "linear":
                value = oracles.linear(value, state[f"{name}.weight"], state[f"{name}.bias"])
    np.testing.assert_allclose(logits(network, x).numpy(), value, rtol=1e-9)
    assert np.ptp(value) > 1e-3


def test_towers_do_not_see_each_other_in_conv2() -> None:
    network = AlexNet(PAPER.scaled(1 / 16)).eval()
    x = torch.randn(1, 6, 27, 27, generator=torch.Generator().manual_seed(0))
    other = x.clone()
    other[:, 3:] += 1
    same = (network.conv2(x) == network.conv2(other)).flatten(2).all(2)[0]
    assert same[:8].all()
    assert not same[8:].any()


def test_size_changes_keep_the_weights() -> None:
    large = AlexNet(SMALL)
    small = AlexNet(SMALL.at_size(99), init=None)
    small.load_state_dict(large.state_dict())
    assert logits(small, picture(SMALL.at_size(99))).shape == (1, 10)


def test_paper_initialisation_is_section_5() -> None:
    network = AlexNet(PAPER.with_classes(10).scaled(0.5), init="paper")
    ones = {
        name for name, p in network.named_parameters() if name.endswith("bias") and (p == 1).all()
    }
    zeros = {
        name for name, p in network.named_parameters() if name.endswith("bias") and (p == 0).all()
    }
    assert ones == {f"{name}.bias" for name in ("conv2", "conv4", "conv5", "fc6", "fc7")}
    assert zeros == {f"{name}.bias" for name in ("conv1", "conv3", "fc8")}
    for module in network:
        if isinstance(module, Convolution | Linear):
            assert module.weight.std().item() == pytest.approx(0.01, rel=0.05)


def test_kaiming_initialisation_keeps_the_variance() -> None:
    """Standard deviation √(2 / fan in): the second moment after each ReLU stays near that before."""
    network = AlexNet(FASHION.scaled(0.5))
    for module in network:
        if isinstance(module, Convolution | Linear) and module.name != "fc8":
            fan_in = module.weight[0].numel()
            assert module.weight.std().item() == pytest.approx((2 / fan_in) ** 0.5, rel=0.05)
            assert not module.bias.any()


def test_weights_follow_from_the_seed_alone() -> None:
    before = torch.get_rng_state()
    first, same, other = AlexNet(SMALL, seed=1), AlexNet(SMALL, seed=1), AlexNet(SMALL, seed=2)
    assert torch.equal(torch.get_rng_state(), before)
    for a, b in itertools.pairwise([first, same]):
        assert all(torch.equal(p, q) for p, q in zip(a.parameters(), b.parameters(), strict=True))
    assert not torch.equal(first.conv1.weight, other.conv1.weight)


def test_dropout_masks_follow_from_the_seed_alone() -> None:
    network, x = AlexNet(SMALL).train(), picture(SMALL, count=2)
    outs = []
    for seed in (5, 5, 6):
        network.reseed_dropout(seed)
        outs.append(network(x))
    assert torch.equal(outs[0], outs[1])
    assert not torch.equal(outs[0], outs[2])
    assert network.drop6.seed != network.drop7.seed


def test_logits_leaves_the_mode_as_it_was() -> None:
    network = AlexNet(SMALL)
    for mode in (True, False):
        network.train(mode)
        logits(network, picture(SMALL))
        assert all(module.training is mode for module in network.modules())


def test_evaluating_gives_each_module_its_own_mode_back() -> None:
    network = AlexNet(SMALL).train()
    network.drop6.eval()
    with evaluating(network):
        assert not any(module.training for module in network.modules())
    assert network.drop7.training
    assert not network.drop6.training


def test_a_network_can_be_copied() -> None:
    network, x = AlexNet(SMALL).train(), picture(SMALL)
    network(x)
    assert torch.equal(logits(copy.deepcopy(network), x), logits(network, x))


def test_a_picture_too_small_names_the_layer() -> None:
    with pytest.raises(TutorError, match="pool2: A window of 3 does not fit"):
        AlexNet(FASHION.at_size(30))


def test_groups_that_do_not_divide_are_refused() -> None:
    odd = Architecture("x", 3, 20, (ConvSpec("conv1", 4, kernel=3, groups=2),))
    with pytest.raises(TutorError, match="do not divide into 2 groups"):
        AlexNet(odd)


def test_claims_in_the_pages_follow_from_the_numbers() -> None:
    """Shares that the heads of the layers' files state."""
    fashion = {g.spec.name: g for g in walk(FASHION)}
    paper = {g.spec.name: g for g in walk(PAPER)}
    fc = ("fc6", "fc7", "fc8")

    def percent(part: float, whole: float, digits: int = 0) -> str:
        return f"{100 * part / whole:.{digits}f}%"

    def says(layer: str, *claims: str) -> None:
        page = build(fashion[layer]).page()
        for claim in claims:
            assert claim in " ".join([*page.purpose, page.paper])

    says("conv1", f"cover {11 * 28 / 227:.1f} of the original", f"55·55·96 is {55 * 55 * 96:,}")
    says("conv2", f"{percent(fashion['conv2'].macs, macs(FASHION))} of the fashion network's MACs")
    says("conv2", f"{percent(paper['conv2'].macs, macs(PAPER))} of the paper's")
    says("conv3", f"{percent(paper['conv3'].params, parameters(PAPER), 2)} in the paper's network")
    says("conv4", f"{percent(131, 227)} of the picture's", "163 pixels", "27 weights instead of 49")
    says("conv5", f"keeps {256 * 6 * 6:,} of {256 * 13 * 13:,} values")
    params = [
        percent(sum(n[k].params for k in fc), parameters(a))
        for n, a in ((fashion, FASHION), (paper, PAPER))
    ]
    costs = [
        percent(sum(n[k].macs for k in fc), macs(a))
        for n, a in ((fashion, FASHION), (paper, PAPER))
    ]
    says("fc6", f"{params[0]} of the fashion network's parameters, and {params[1]} of the paper's")
    says("fc6", f"{costs[0]} and {costs[1]}", f"{parameters(PAPER):,}")
