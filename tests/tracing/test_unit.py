"""One value's arithmetic equals a recomputation in float64 that shares no code with it."""

from __future__ import annotations

import json

import numpy as np
import oracles
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from passes import LAYERS, all_products, by_oracle, drawn, followed, weights
from torch import nn

from alexnet_tutor.architecture import (
    Architecture,
    ConvSpec,
    FlattenSpec,
    LinearSpec,
    LrnSpec,
    PoolSpec,
)
from alexnet_tutor.errors import TutorError
from alexnet_tutor.geometry import output_size
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import Place, UnitRecord
from alexnet_tutor.tracing.unit import follow

presets = st.sampled_from(["fashion", "paper"])
KEYS = "unit value by_hand difference box clipped window terms rest bias total producers"


@pytest.mark.parametrize("layer", LAYERS)
@given(presets, st.integers(0, 1), st.data())
def test_a_value_by_hand_is_the_oracle_s_and_the_trace_s(layer: str, preset, seed, data) -> None:
    whole = followed(preset, seed)
    place = drawn(data, whole, layer)
    record = whole.unit(place, depth=0)
    expected = by_oracle(preset, seed)[layer][place.index]
    assert record.by_hand == pytest.approx(expected, rel=1e-11, abs=1e-13)
    assert record.value == float(whole.values(layer)[place.index])
    assert record.agrees
    assert abs(record.difference) <= 1e-5 * record.size + 1e-30
    if record.rest is not None:
        parts = [record.bias or 0.0, record.rest, *(term.product for term in record.terms)]
        assert sum(parts) == pytest.approx(record.total, rel=1e-12, abs=1e-13)


@given(presets, st.integers(0, 1), st.sampled_from(["conv1", "conv2", "conv4", "fc6", "fc8"]), st.data())  # fmt: skip
def test_the_terms_of_a_sum_are_its_strongest_and_name_their_inputs(
    preset, seed, layer, data
) -> None:
    whole = followed(preset, seed)
    place = drawn(data, whole, layer)
    record = whole.unit(place, depth=1)
    products = all_products(whole, place)
    strongest = np.sort(np.abs(products))[::-1]
    shown = [abs(term.product) for term in record.terms]
    np.testing.assert_allclose(shown, strongest[: len(shown)], rtol=1e-12)
    assert (record.count, len(shown)) == (len(products), 8)
    assert record.size == pytest.approx(abs(record.bias) + np.abs(products).sum())
    before = whole.values(record.before)
    for term in record.terms:
        assert term.product == term.input * term.weight
        assert term.input == (0.0 if term.at is None else before[term.at.index])
    if record.work.subtotals:
        assert sum(record.work.subtotals) + record.bias == pytest.approx(record.total)
    assert [each.place for each in record.producers] == [
        term.at for term in record.terms if term.product
    ][:3]


@given(
    st.sampled_from([(2, 1, 4), (2, 2, 6), (4, 2, 2)]),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 3),
    st.integers(6, 9),
    st.sampled_from([1, 3, 5]),
    st.data(),
)
def test_strides_paddings_groups_and_borders_of_any_network(
    channels, kernel, stride, padding, size, lrn, data
) -> None:
    before, groups, after = channels
    conv = ConvSpec("conv1", after, kernel, stride, min(padding, kernel - 1), groups)
    pool = PoolSpec(
        "pool1", kernel=data.draw(st.integers(1, 2)), stride=data.draw(st.integers(1, 3))
    )
    norm = LrnSpec("lrn1", size=lrn, k=1.5, alpha=0.3, beta=0.6)
    rest = (FlattenSpec("flatten"), LinearSpec("fc8", 3))
    architecture = Architecture("any", before, size, (conv, norm, pool, *rest))
    assume(output_size(size, kernel, stride, conv.padding) >= pool.kernel)
    network = AlexNet(architecture, init="torch")
    x = torch.randn(1, before, size, size, generator=torch.Generator().manual_seed(size))
    whole = follow(network, x)
    values = oracles.conv2d(
        x.double().numpy(), *weights(network.conv1), stride, conv.padding, groups
    )
    normalised = oracles.lrn(whole.values("conv1")[None].astype(float), lrn, 1.5, 0.3, 0.6)
    pooled = oracles.max_pool(whole.values("lrn1")[None].astype(float), pool.kernel, pool.stride)
    for layer, expected in (("conv1", values), ("lrn1", normalised), ("pool1", pooled)):
        place = drawn(data, whole, layer)
        record = whole.unit(place)
        assert record.by_hand == pytest.approx(expected[0][place.index], rel=1e-11, abs=1e-13)
        assert record.agrees


def test_torch_s_own_layers_have_the_same_arithmetic() -> None:
    network = nn.Sequential(
        nn.Conv2d(2, 4, (3, 2), stride=2, padding="valid", groups=2), nn.ReLU(inplace=True),
        nn.LocalResponseNorm(3, alpha=0.9), nn.MaxPool2d(3, 2, padding=1), nn.AdaptiveMaxPool2d(2),
        nn.Conv2d(4, 4, 3, padding="same", dilation=2, bias=False), nn.Flatten(), nn.Dropout(),
        nn.Linear(16, 5), nn.Softmax(dim=1),
    )  # fmt: skip
    x = torch.randn(1, 2, 15, 15, generator=torch.Generator().manual_seed(0))
    whole = follow(network, x)
    for layer in whole.layers:
        for index in np.ndindex(whole.values(layer).shape):
            record = whole.unit(Place(layer, index), depth=0)
            assert record.by_hand == pytest.approx(record.value, rel=1e-4, abs=1e-6)
            assert record.agrees


def test_what_has_no_arithmetic_is_refused() -> None:
    network = nn.Sequential(nn.AvgPool2d(2), nn.BatchNorm2d(1), nn.Flatten(), nn.Linear(4, 2))
    whole = follow(network, torch.zeros(1, 1, 4, 4))
    for name in ("AvgPool2d", "BatchNorm2d"):
        layer = whole.layers[1 + ["AvgPool2d", "BatchNorm2d"].index(name)]
        with pytest.raises(TutorError, match=name):
            whole.unit(Place(layer, (0, 0, 0)))
    assert whole.unit(Place("3", (0,)), depth=2).producers == (), "zeros give nothing"


class Jumping(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.fc = nn.Conv2d(1, 2, 3), nn.Linear(8, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.conv(x).flatten(1))


def test_layers_that_do_not_follow_one_another_are_refused() -> None:
    whole = follow(Jumping(), torch.zeros(1, 1, 4, 4))
    with pytest.raises(TutorError, match="not fed by the layer before it, conv"):
        whole.unit(Place("fc", (0,)))


@pytest.mark.parametrize("layer", ["drop6", "drop7"])
def test_dropout_as_in_training_is_the_layer_s_own_mask_and_factor(layer: str) -> None:
    whole = followed("fashion", dropout_seed=5)
    network = AlexNet(whole.network.architecture, seed=0, init="torch")
    network.reseed_dropout(5)
    expected = network.get_submodule(layer).train()(
        torch.from_numpy(whole.values(layer.replace("drop", "relu")))[None]
    )
    np.testing.assert_array_equal(whole.values(layer), expected[0].numpy())
    before = whole.values(layer.replace("drop", "relu"))
    kept = []
    for unit, x in enumerate(before[:64].tolist()):
        record = whole.unit(Place(layer, (unit,)), depth=1)
        assert record.agrees
        assert record.by_hand == (2 * x if record.work.kept else 0.0)
        kept.append(record.work.kept)
    assert 0.35 < np.mean(kept) < 0.65
    assert whole.unit(whole.strongest("softmax"), depth=0).agrees


def test_without_a_seed_dropout_is_the_identity_and_with_one_all_is_left_as_it_was() -> None:
    network = AlexNet(followed("fashion").network.architecture).train()
    first = network.drop6.mask(torch.ones(9))
    random = torch.get_rng_state()
    whole = follow(network, torch.ones(1, 1, 67, 67), dropout_seed=1)
    plain = follow(network, torch.ones(1, 1, 67, 67))
    assert not np.array_equal(whole.values("drop6"), plain.values("drop6"))
    assert plain.unit(Place("drop6", (3,))).work.kept is None
    whole.unit(Place("drop6", (3,)))
    assert torch.equal(torch.get_rng_state(), random)
    assert all(module.training for module in network.modules())
    second = network.drop6.mask(torch.ones(9))
    network.reseed_dropout(0)
    again = [network.drop6.mask(torch.ones(9)) for _ in range(2)]
    assert torch.equal(torch.stack([first, second]), torch.stack(again))


@given(presets, st.sampled_from(LAYERS), st.data())
def test_json_has_the_keys_and_no_others(preset, layer, data) -> None:
    whole = followed(preset)
    record = whole.unit(drawn(data, whole, layer))
    told = json.loads(json.dumps(record.to_json()))
    assert list(told) == KEYS.split()
    assert whole.place(told["unit"]) == record.place
    for term in told["terms"]:
        assert list(term) == ["at", "input", "weight", "product"]
        assert (term["weight"] is None) == (record.kind not in ("conv", "linear"))
    assert (told["bias"] is None) == (record.kind not in ("conv", "linear"))
    if record.kind == "pool":
        assert max(term["product"] for term in told["terms"]) == told["total"] == told["value"]
    if record.kind == "lrn":
        assert [term["product"] for term in told["terms"]] == pytest.approx(
            [1e-4 * term["input"] ** 2 for term in told["terms"]]
        )


def flattened(record: UnitRecord) -> int:
    channel, row, column = record.terms[0].at.index
    return channel * 36 + row * 6 + column


def test_flatten_tells_the_place_in_the_row() -> None:
    whole = followed("fashion")
    for unit in (0, 37, 575):
        record = whole.unit(Place("flatten", (unit,)))
        assert flattened(record) == unit
        assert record.box == whole.box(record.terms[0].at)[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("conv9:1,1,1", ["no layer 'conv9'", "input conv1 relu1"]),
        ("conv5", ["names no value", "channel 0 to 15, row 0 to 2, column 0 to 2"]),
        ("conv5:1,2", ["no value conv5:1,2", "conv5:channel,row,column"]),
        ("conv5:16,0,0", ["no value conv5:16,0,0", "channel 0 to 15"]),
        ("conv5:0,-1,0", ["row 0 to 2"]),
        ("fc6:256", ["unit 0 to 255"]),
        ("fc6:1,1,1", ["Write fc6:unit"]),
        ("fc6:٣", ["names no value"]),
        ("softmax:x", ["unit 0 to 9"]),
        ("", ["no layer ''"]),
        ("input:0,67,0", ["channel 0 to 0, row 0 to 66"]),
        ("fc6:" + "9" * 40, ["unit 0 to 255"]),
    ],
)
def test_a_name_that_fits_no_value_is_told_the_range(text: str, words: list[str]) -> None:
    with pytest.raises(TutorError) as caught:
        followed("fashion").place(text)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_network_of_no_numbers_is_worked_out_all_the_same() -> None:
    network = AlexNet(followed("fashion").network.architecture)
    with torch.no_grad():
        network.conv2.bias.fill_(float("nan"))
    whole = follow(network, torch.ones(1, 1, 67, 67))
    for layer in (
        "conv1:0,0,0",
        "relu1:0,0,0",
        "lrn1:1,0,0",
        "pool1:0,0,0",
        "conv2:0,0,0",
        "fc6:3",
    ):
        assert whole.unit(whole.place(layer)).place == whole.place(layer)


def test_another_arithmetic_does_not_agree() -> None:
    source = followed("fashion")
    network = AlexNet(source.network.architecture, init="torch")
    own = network.conv3.forward
    network.conv3.forward = lambda x: own(x) * 1.001
    whole = follow(network, torch.from_numpy(source.entered)[None])
    record = whole.unit(whole.strongest("conv3"))
    assert not record.agrees
    assert record.value == pytest.approx(1.001 * record.by_hand, rel=1e-5)
    assert whole.unit(whole.strongest("conv4")).agrees, "the next layer is not blamed"
