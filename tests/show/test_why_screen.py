"""The sentences follow the facts: two pictures that differ are told differently, number for number."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from passes import followed
from show.screens import SCREENS
from show.showing import fake_trace, shown
from torch import nn

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import LayerRecord, TraceRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.layer import LayerView
from alexnet_tutor.show.terminal.trace import TraceView
from alexnet_tutor.show.terminal.why import sentence
from alexnet_tutor.tracing import trace

SMALL = FASHION.scaled(1 / 16).at_size(67)


def said(record: TraceRecord) -> dict[str, str | None]:
    return {layer.name: sentence(layer, record) for layer in record.layers}


def pictures() -> tuple[TraceRecord, TraceRecord]:
    """One network, two pictures: noise, and a bright bar on nothing."""
    network = AlexNet(FASHION.scaled(1 / 16), seed=3)
    noise = torch.randn(1, 1, 227, 227, generator=torch.Generator().manual_seed(0))
    bar = torch.zeros(1, 1, 227, 227)
    bar[..., 60:90, 20:200] = 3
    return trace(network, noise), trace(network, bar)


def test_two_pictures_are_told_differently_wherever_their_facts_differ() -> None:
    one, two = pictures()
    differ = 0
    for first, second in zip(one.layers, two.layers, strict=True):
        if first.why.facts != second.why.facts:
            differ += 1
            assert sentence(first, one) != sentence(second, two), first.name
    assert differ >= 22, "by chance a count may be the same"
    assert said(one) == said(pictures()[0]), "the same picture is told the same"


def test_a_sentence_follows_its_layer_s_facts_alone() -> None:
    """Facts exchanged between the pictures, the sentence's numbers go along."""
    one, two = pictures()
    for first, second in zip(one.layers, two.layers, strict=True):
        if first.kind in ("conv", "lrn"):
            assert sentence(replace(first, why=second.why), one) == sentence(second, two)


@given(st.sampled_from(["fashion", "paper"]), st.integers(0, 3))
def test_every_number_is_the_record_s(preset: str, seed: int) -> None:
    record = followed(preset, seed).record
    words = said(record)
    for layer in record.layers:
        text, why, v = words[layer.name], layer.why, layer.values[0]
        assert text is not None
        assert "\n" not in text
        assert text.endswith(".")
        assert text.count(". ") == 0, "one sentence"
        if layer.kind == "conv" and why.peak.value > 0:
            assert f"Map {int(v.max(axis=(1, 2)).argmax())} answers strongest" in text
            assert f"{np.mean(v < 0):.1%} of the sums are negative" in text
        if layer.kind == "conv" and layer.why.peak.count == 1 and why.peak.value > 0:
            assert numbers.box(layer.peak_box(why.peak.index[0])) in text
        if layer.kind == "lrn":
            assert "2^0.75 = 1.682" in text
            assert f"at most by {why.facts.largest:.3f}" in text
        if layer.name == "softmax":
            best = record.top
            assert f"{best[0].label} leads {best[1].label} by " in text
            (margin,) = re.findall(r"e\^([\d.]+)", text)
            assert float(margin) == pytest.approx(
                np.log(best[0].probability / best[1].probability), abs=0.002
            )
        if layer.name == "fc8":
            assert [record.top[0].label, record.top[1].label] == re.findall(r"(?:are|and) ([^,]+),", text)[:2]  # fmt: skip


def test_silent_maps_and_zeros_are_those_of_the_picture() -> None:
    network = AlexNet(SMALL, seed=3)
    with torch.no_grad():
        network.conv2.bias[:3] = -1e6
        network.conv3.bias[:] = -1e6
    record = trace(network, torch.rand(1, 1, 67, 67, generator=torch.Generator().manual_seed(2)))
    words, relu2 = said(record), record.layer("relu2")
    assert f"{relu2.silent} of 16 maps are silent" in words["relu2"]
    assert numbers.percent(relu2.zeros) in words["relu2"]
    assert words["conv3"].startswith("No sum is above 0: the highest is -")
    assert words["relu3"] == "Every value is 0: all 24 maps are silent."


def test_a_picture_of_one_grey_is_told_without_a_place_it_does_not_have() -> None:
    """Every window is the same: no map's peak is anywhere."""
    network = AlexNet(SMALL, seed=3)
    words = said(trace(network, torch.zeros(1, 1, 67, 67)))
    assert words["conv1"] == f"No sum is above 0: the highest is 0 at {6 * 16 * 16:,} places."
    assert words["lrn1"] == "Every value is 0: there is nothing to divide."
    assert words["pool1"].endswith("zeros stay at 100.0%.")
    assert "of the sum" not in words["pool1"]
    assert words["relu6"] == "All 256 units are 0."
    assert words["drop6"] == "Every value is 0: there is nothing to drop."
    assert words["fc8"] == "10 of 10 classes share the highest score, 0."
    assert words["softmax"].endswith("are equal: 10.0% each.")


def test_what_is_no_number_is_said() -> None:
    network = AlexNet(SMALL)
    with torch.no_grad():
        network.conv1.bias[:] = float("nan")
    record = trace(network, torch.zeros(1, 1, 67, 67))
    size = record.layer("conv1").values.size
    assert said(record)["conv1"] == f"{size:,} of {size:,} values are no finite numbers."
    assert "no finite numbers" in shown(TraceView(record, "tutor trace"))


def test_a_network_of_another_making_is_told_what_is_known_of_it() -> None:
    network = nn.Sequential(
        nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.SiLU(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(48, 4)
    )  # fmt: skip
    x = torch.randn(1, 1, 10, 10, generator=torch.Generator().manual_seed(4))
    record = trace(network, x)
    words = said(record)
    for name in ("1", "2", "3"):
        layer = record.layer(name)
        assert layer.why.facts is None
        number = layer.strongest_maps(1)[0]
        assert words[name].startswith(f"Map {number} has the highest value, ")
        assert numbers.box(layer.peak_box(number)) in words[name]
    assert "class " in words["5"]


def test_the_list_has_each_layer_once_and_a_layer_s_page_begins_with_its_sentence() -> None:
    record = fake_trace()
    part = shown(SCREENS["trace"](), 80).partition("What each layer did to this picture\n")[2]
    lines = part.partition("\n\nNext:")[0].splitlines()
    names = [line.split()[0] for line in lines if not line.startswith(" ")]
    assert names == [layer.name for layer in record.layers]
    flat = " ".join(" ".join(lines).split())
    for layer in record.layers:
        assert f"{layer.name} {sentence(layer, record)}" in flat
        page = shown(LayerView(layer, record, (), "tutor trace"), 200).partition("Its values")[0]
        assert sentence(layer, record) in page.replace("\n", " ")


def without_facts(layer: LayerRecord) -> LayerRecord:
    return replace(layer, why=None)


def test_records_without_facts_have_no_list() -> None:
    record = fake_trace()
    bare = replace(record, layers=tuple(map(without_facts, record.layers)))
    assert "What each layer did" not in shown(TraceView(bare, "tutor trace"))
    assert bare.layers[0].to_json()["facts"] is None
