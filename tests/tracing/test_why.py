"""What a layer did to a picture equals what plain loops in float64 count, over networks of chance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, isclose

import numpy as np
import oracles
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from passes import followed, weights
from torch import nn
from torch.nn import functional as F

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import LayerRecord, TraceRecord
from alexnet_tutor.tracing import trace

presets = st.sampled_from(["fashion", "paper"])


@dataclass(frozen=True, eq=False)
class Case:
    """A small network of chance and its trace."""

    network: nn.Module
    x: torch.Tensor
    record: TraceRecord

    def each(self) -> Iterator[tuple[LayerRecord, nn.Module, np.ndarray, np.ndarray]]:
        """(record, layer, what entered it, what came out), of one picture, in float64."""
        modules = dict(self.network.named_modules())
        x = self.x.numpy()
        for layer in self.record.layers:
            yield layer, modules.get(layer.name), *(a[0].astype(float) for a in (x, layer.values))
            x = layer.values


@st.composite
def cases(draw) -> Case:
    """Convolution, ReLU, LRN, pooling, then two fully connected layers; some pictures are all ties."""
    seed = draw(st.integers(0, 10_000))
    generator = torch.Generator().manual_seed(seed)
    channels, side = draw(st.sampled_from([1, 2, 4])), draw(st.integers(8, 13))
    groups = draw(st.sampled_from([1, channels]))
    maps = 4 * draw(st.integers(1, 2))
    kernel, padding = draw(st.integers(1, 4)), draw(st.integers(0, 2))
    window = draw(st.integers(1, 3))
    pool = nn.MaxPool2d(window, draw(st.integers(1, 3)), draw(st.integers(0, window // 2)), ceil_mode=draw(st.booleans()))  # fmt: skip
    network = nn.Sequential(
        nn.Conv2d(channels, maps, kernel, draw(st.integers(1, 2)), padding, groups=groups),
        nn.ReLU(inplace=draw(st.booleans())),
        nn.LocalResponseNorm(
            draw(st.sampled_from([1, 3, 5])), alpha=0.5, k=draw(st.sampled_from([1.0, 2.0]))
        ),
        pool,
        nn.Flatten(),
        nn.LazyLinear(6),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(6, draw(st.integers(2, 5))),
    )
    x = torch.randn(1, channels, side, side, generator=generator)
    x = (x, x.round(), torch.zeros_like(x))[draw(st.integers(0, 2))]
    network(x)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(0.3 * torch.randn(parameter.shape, generator=generator))
    return Case(network, x, trace(network, x))


def windows(pool: nn.MaxPool2d, x: np.ndarray, out: np.ndarray) -> Iterator[list[tuple[int, ...]]]:
    """The cells of each window, in order."""
    for c, i, j in np.ndindex(out.shape):
        top, left = (at * pool.stride - pool.padding for at in (i, j))
        yield [
            (c, top + r, left + s)
            for r, s in oracles.square(pool.kernel_size)
            if 0 <= top + r < x.shape[1] and 0 <= left + s < x.shape[2]
        ]


@given(cases())
def test_what_pooling_threw_away_is_what_no_window_chose(case: Case) -> None:
    layer, module, x, out = list(case.each())[3]
    winners = {max(cells, key=lambda at: x[at]) for cells in windows(module, x, out)}
    lost = [x[at] for at in np.ndindex(x.shape) if at not in winners]
    facts = layer.why.facts
    assert facts.lost == pytest.approx(len(lost) / x.size)
    assert facts.zeros_before == pytest.approx(sum(v == 0 for v in x.flat) / x.size)
    if x.sum() == 0:
        assert facts.lost_sum is None
    else:
        assert facts.lost_sum == pytest.approx(sum(lost) / x.sum(), abs=1e-9)


@given(cases())
def test_the_largest_divisor_is_lrn_s_and_divides_the_value_it_names(case: Case) -> None:
    layer, module, x, out = list(case.each())[2]
    facts = layer.why.facts
    assert facts.quiet == pytest.approx(module.k**module.beta)
    alpha = module.alpha / module.size
    by_hand = oracles.lrn(x[None], module.size, module.k, alpha, module.beta)[0]
    divisors = [x[at] / by_hand[at] for at in np.ndindex(x.shape) if x[at]]
    if not divisors:
        assert facts.largest is None
        return
    assert facts.largest == pytest.approx(max(divisors))
    assert (facts.before, facts.after) == (x[facts.index], out[facts.index])
    assert facts.before / facts.after == pytest.approx(facts.largest, rel=1e-5)


@given(cases())
def test_what_relu_let_through_is_counted(case: Case) -> None:
    for n in (1, 6):
        layer, _, _, out = list(case.each())[n]
        facts = layer.why.facts
        above = sorted((v for v in out.flat if v > 0), reverse=True)
        assert facts.positive == len(above)
        if above:
            assert sum(above[: facts.half]) >= 0.5 * sum(above) * (1 - 1e-12)
            assert sum(above[: facts.half - 1]) < 0.5 * sum(above) * (1 + 1e-12)
        broad = [m for m in out if sum(v > 0 for v in m.flat) * 2 > m.size] if n == 1 else []
        assert facts.broad == len(broad)


@given(cases())
def test_the_largest_term_of_the_highest_unit_is_found(case: Case) -> None:
    for n in (5, 8):
        layer, module, x, out = list(case.each())[n]
        facts, peak = layer.why.facts, layer.why.peak
        assert facts.positive == sum(v > 0 for v in out)
        terms = [a * w for a, w in zip(x, weights(module)[0][peak.index[0]], strict=True)]
        if facts.input is None:
            assert peak.count > 1 or not any(terms)
        else:
            assert facts.product == terms[facts.input]
            assert abs(facts.product) == max(map(abs, terms))


@given(cases())
def test_peaks_negative_sums_and_the_places_after_flatten_are_the_arrays(case: Case) -> None:
    rows = list(case.each())
    for layer, _, _, out in rows:
        peak = layer.why.peak
        assert layer.why.broken == 0
        assert peak.value == out.max() == out[peak.index]
        assert peak.count == sum(v == peak.value for v in out.flat)
        assert peak.maps == len({at[0] for at in np.ndindex(out.shape) if out[at] == peak.value})
    conv, _, _, sums = rows[0]
    assert conv.why.facts.negative == pytest.approx(sum(v < 0 for v in sums.flat) / sums.size)
    flatten, _, maps, _ = rows[4]
    assert maps[flatten.why.facts.origin] == flatten.why.peak.value
    drop, _, units, _ = rows[7]
    assert drop.why.facts.dropped == 0
    assert drop.why.facts.factor == 1
    assert drop.why.facts.nonzero == np.count_nonzero(units)


@given(cases())
def test_the_margin_makes_the_ratio_of_the_probabilities(case: Case) -> None:
    layer, _, scores, shares = list(case.each())[-1]
    facts = layer.why.facts
    assert scores[facts.first] == max(scores)
    assert scores[facts.second] == sorted(scores)[-2]
    assume(shares[facts.second] > 1e-30)
    assert shares[facts.first] / shares[facts.second] == pytest.approx(exp(facts.margin), rel=1e-4)


@given(cases())
def test_where_a_peak_looks_is_where_its_gradient_is(case: Case) -> None:
    """All the pixels that can change it lie in the box, and the box's edges are the window's."""
    x = case.x.clone().requires_grad_()
    values: torch.Tensor = x
    for layer, module in zip(case.record.layers[:4], case.network, strict=False):
        values = module(values.clone())
        peak = layer.why.peak
        assert (peak.box is None) == (peak.count != 1)
        if peak.box is None:
            continue
        (gradient,) = torch.autograd.grad(values[0][peak.index], x, retain_graph=True)
        top, left, bottom, right = peak.box
        outside = gradient.clone()
        outside[..., top : bottom + 1, left : right + 1] = 0
        assert not outside.any()
        if layer.kind == "conv":
            inside = gradient[0, :, top : bottom + 1, left : right + 1]
            assert inside.any(dim=0).all()


@given(presets, st.integers(0, 3))
def test_both_presets_have_all_facts_and_lrn_s_quiet_divisor_is_the_paper_s(preset, seed) -> None:
    whole = followed(preset, seed)
    for layer in whole.record.layers:
        assert layer.why.facts is not None, layer
        assert layer.maps is None or layer.why.peak.count > 1 or layer.why.peak.box
        told = json.loads(json.dumps(layer.to_json()["facts"]))
        assert told["peak"]["value"] == layer.max
    assert whole.record.layer("lrn1").why.facts.quiet == pytest.approx(1.681793, abs=1e-6)


def test_dropped_units_are_counted_and_the_others_doubled() -> None:
    record = followed("fashion", 0, 5).record
    before, after = (record.layer(name).values[0] for name in ("relu6", "drop6"))
    facts = record.layer("drop6").why.facts
    assert facts.nonzero == np.count_nonzero(before)
    assert facts.dropped == np.count_nonzero(before) - np.count_nonzero(after) > 0
    assert facts.factor == 2


class Branches(nn.Module):
    """A second convolution that reads the picture, not the first one's maps; a sum of both."""

    def __init__(self) -> None:
        super().__init__()
        self.near, self.far = nn.Conv2d(1, 2, 3, padding=1), nn.Conv2d(1, 2, 5, padding=2)
        self.relu, self.fc = nn.ReLU(inplace=True), nn.LazyLinear(3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        both = self.near(x)
        both += self.far(x)
        return self.fc(self.relu(both).flatten(1))


def test_where_layers_are_no_chain_nothing_is_said_of_the_place() -> None:
    x = torch.randn(1, 1, 9, 9, generator=torch.Generator().manual_seed(1))
    network = Branches()
    network(x)
    boxes = {layer.name: layer.why.peak.box for layer in trace(network, x).layers}
    assert boxes["near"] is not None
    assert boxes["far"] is boxes["relu"] is None


@pytest.mark.parametrize(
    "layer",
    [nn.Conv2d(1, 2, (1, 5)), nn.Conv2d(1, 2, 3, padding=1, padding_mode="circular"), nn.GroupNorm(1, 1), nn.AdaptiveMaxPool2d((3, 4))],
    ids=lambda layer: type(layer).__name__,
)  # fmt: skip
def test_a_layer_whose_windows_are_not_squares_of_the_picture_has_no_place(layer) -> None:
    network = nn.Sequential(layer, nn.AdaptiveMaxPool2d(2), nn.Flatten(), nn.LazyLinear(2))
    x = torch.randn(1, 1, 9, 9, generator=torch.Generator().manual_seed(1))
    network(x)
    assert [layer.why.peak.box for layer in trace(network, x).layers] == [None] * 5


def test_a_layer_that_computes_something_else_is_not_told_by_its_numbers() -> None:
    """As a learner's code in the place of a layer may."""
    network = AlexNet(FASHION.scaled(1 / 16).at_size(67), seed=1)
    x = torch.randn(1, 1, 67, 67, generator=torch.Generator().manual_seed(0))
    wrong = {
        "conv1": lambda x: F.conv2d(x, network.conv1.weight.flip(-1), stride=4, padding=2),
        "lrn1": lambda x: F.local_response_norm(x, 5, 20.0, 0.75, 2.0),
        "pool1": lambda x: F.avg_pool2d(x, 3, 2),
        "fc6": lambda x: -F.linear(x, network.fc6.weight),
    }
    for name, forward in wrong.items():
        module = network.get_submodule(name)
        module.forward = forward
        layer = trace(network, x).layer(name)
        del module.forward
        assert layer.why.peak.box is None
        if name in ("lrn1", "pool1"):
            assert layer.why.facts is None
        if name == "fc6":
            assert layer.why.facts.input is None


def test_numbers_that_are_none_are_counted_and_nothing_else_is_told() -> None:
    network = AlexNet(FASHION.scaled(1 / 16).at_size(67))
    with torch.no_grad():
        network.conv3.bias[0] = float("nan")
    record = trace(network, torch.zeros(1, 1, 67, 67))
    conv3 = record.layer("conv3")
    assert conv3.why.broken == np.isnan(conv3.values).sum() > 0
    assert conv3.why.peak is conv3.why.facts is None
    assert record.layer("conv2").why.broken == 0


def test_a_batch_made_of_one_picture_has_no_facts() -> None:
    network = nn.Sequential(nn.Unflatten(2, (2, 4)), nn.Flatten(), nn.Linear(64, 2))
    assert trace(network, torch.ones(1, 1, 8, 8)).layers[0].why.peak.value == 1

    class Patches(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.reshape(4, 16)

    network = nn.Sequential(Patches(), nn.Linear(16, 2), nn.Flatten(0), nn.Unflatten(0, (1, 8)))
    why = trace(network, torch.ones(1, 1, 8, 8)).layers[0].why
    assert (why.peak, why.facts) == (None, None)
    assert isclose(trace(network, torch.ones(1, 1, 8, 8)).layers[-1].values.sum(), 1, rel_tol=1e-5)
