"""Predict first: one answer is right, it is the record's own figure, and the others are other figures."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from math import floor, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from passes import followed
from torch import nn

from alexnet_tutor.cli.walk import Followed
from alexnet_tutor.records import Question, Stop, Window
from alexnet_tutor.show.numbers import activation, integer, percent, shape
from alexnet_tutor.show.walk import quiz_costs, quiz_shapes
from alexnet_tutor.show.walk.drafts import TOPICS, apart, asked
from alexnet_tutor.show.walk.quiz import MAKERS, Score, question


@cache
def walked(preset: str) -> Followed:
    return Followed(followed(preset))


def sound(asked_: Question) -> str:
    """The right answer of a question whose answers are three or four, and all different."""
    texts = [option.text for option in asked_.options]
    assert 3 <= len(texts) <= 4
    assert len(set(texts)) == len(texts)
    assert all(option.why for option in asked_.options)
    assert asked_.id in TOPICS
    (right,) = [option for option in asked_.options if option.correct]
    for option in asked_.options:
        adds_up(option.why)
    return right.text


def adds_up(working: str) -> None:
    """Products and sizes that a working prints are what they say."""
    for factors, said in re.findall(r"(?<![\d,·(])([\d,]+(?:·[\d,]+)+) = ([\d,]+)", working):
        numbers = [int(one.replace(",", "")) for one in factors.split("·")]
        assert prod(numbers) == int(said.replace(",", "")), working
    for found in re.findall(r"([\d,]+)·\(([\d,]+) \+ 1\) = ([\d,]+)", working):
        m, n, total = (int(one.replace(",", "")) for one in found)
        assert m * (n + 1) == total, working
    rule = r"⌊\((\d+)(?: \+ 2·(\d+))? − (\d+)\) / (\d+)⌋ \+ 1 = (\d+)"
    for found in re.findall(rule, working):
        size, padding, kernel, stride, out = (int(one or 0) for one in found)
        assert floor((size + 2 * padding - kernel) / stride) + 1 == out, working


@st.composite
def geometries(draw: st.DrawFn) -> Stop:
    """A layer of chance: windows counted one by one, weights by torch."""
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    channels, maps = (groups * draw(st.integers(1, 40)) for _ in range(2))
    kernel, stride = draw(st.integers(2, 11)), draw(st.integers(1, 4))
    padding = draw(st.integers(0, kernel // 2))
    sides = tuple(draw(st.integers(kernel, 60)) for _ in range(2))
    before = (channels, *sides)

    def after(edge: int) -> tuple[int, ...]:
        lasts = (side + 2 * edge - kernel for side in sides)
        return tuple(len(range(0, last + 1, stride)) for last in lasts)

    match draw(st.sampled_from(["conv", "pool", "flatten", "linear"])):
        case "conv":
            layer = nn.Conv2d(channels, maps, kernel, groups=groups, device="meta")
            params = layer.weight.numel() + layer.bias.numel()
            shape_, window = (maps, *after(padding)), Window(kernel, stride, padding, groups)
            macs = prod(shape_) * layer.weight[0].numel()
            return Stop("layer", "conv", before, shape_, params, macs, window)
        case "pool":
            shape_ = (channels, *after(0))
            return Stop("layer", "pool", before, shape_, window=Window(kernel, stride))
        case "flatten":
            return Stop("layer", "flatten", before, (prod(before),))
    unit = nn.Linear(channels, maps, device="meta")
    params, macs = unit.weight.numel() + unit.bias.numel(), unit.weight.numel()
    return Stop("layer", "linear", (channels,), (maps,), params, macs)


OF_GEOMETRY = {
    "conv": (quiz_shapes.conv_shape, quiz_costs.conv_parameters, quiz_costs.conv_macs),
    "pool": (quiz_shapes.pool_shape,),
    "flatten": (quiz_shapes.flatten_shape,),
    "linear": (quiz_costs.linear_parameters, quiz_costs.linear_macs),
}


@given(stop=geometries(), seed=st.integers(0, 2**62))
def test_sizes_and_costs_of_any_geometry(stop: Stop, seed: int) -> None:
    figures = {
        "shape": shape(stop.output_shape),
        "parameters": integer(stop.params),
        "MACs": integer(stop.macs),
    }
    for maker in OF_GEOMETRY[stop.kind]:
        draft = maker(walked("fashion"), stop, stop)
        assert draft is not None
        found = asked(draft, seed)
        if found is None:  # so small that mistakes lead to the right answer
            assert min(*stop.input_shape, *stop.output_shape) <= 2, draft
        else:
            assert sound(found) == figures[draft.topic]


def test_a_layer_whose_parameters_are_other_than_a_kernel_s_is_not_asked_about_them() -> None:
    stop = walked("fashion").stops[1]
    bare = replace(stop, params=stop.params - stop.output_shape[0])
    assert quiz_costs.conv_parameters(walked("fashion"), bare, stop) is None
    assert quiz_costs.conv_macs(walked("fashion"), replace(stop, macs=1), stop) is None


def figure(preset: str, name: str, stop: Stop, before: str) -> str:
    """The right answer, from the pass itself."""
    whole = followed(preset)
    values, given_ = whole.values(stop.name), whole.values(before)
    peak = np.unravel_index(values.argmax(), values.shape)
    relations = {-1: "smaller than", 0: "the same,", 1: "larger than"}
    return {
        "pixel": lambda: activation(values.max()),
        "conv_shape": lambda: shape(values.shape),
        "pool_shape": lambda: shape(values.shape),
        "lrn_shape": lambda: shape(values.shape),
        "flatten_shape": lambda: shape(values.shape),
        "flatten_place": lambda: integer(int(values.argmax())),
        "conv_parameters": lambda: integer(_learned(preset, stop.name)),
        "linear_parameters": lambda: integer(_learned(preset, stop.name)),
        "nothing_learned": lambda: "0",
        "conv_macs": lambda: integer(whole.record.layer(stop.name).macs),
        "linear_macs": lambda: integer(whole.record.layer(stop.name).macs),
        "sums_below_zero": lambda: percent((values < 0).mean()),
        "zeros_of_relu": lambda: percent((given_ <= 0).mean()),
        "zeros_of_pool": lambda: percent((values == 0).mean()),
        "zeros_of_dropout": lambda: percent((given_ == 0).mean()),
        "units_below_zero": lambda: integer(int((values < 0).sum())),
        "normalised": lambda: activation(float(values[peak])),
        "kept": lambda: activation(given_.max()),
        "times_as_likely": lambda: activation(
            float(np.exp(np.diff(np.sort(given_.astype(np.float64))[-2:])[0]))
        ),
        "sum_of_probabilities": lambda: "1.00",
        "strongest_of_two": lambda: (
            f"{relations[int(np.sign(values.max() - given_.max()))]} {activation(given_.max())}"
        ),
    }[name]()


def _learned(preset: str, layer: str) -> int:
    module = followed(preset).network.get_submodule(layer)
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize("preset", ["fashion", "paper"])
def test_every_question_of_a_pass_is_answered_by_the_pass(preset: str) -> None:
    stops, made = walked(preset).stops, Counter[str]()
    for stop, before in zip(stops, (stops[0], *stops), strict=False):
        for maker in MAKERS[stop.kind]:
            draft = maker(walked(preset), stop, before)
            found = None if draft is None else asked(draft, 0)
            if found is not None:
                made[maker.__name__] += 1
                assert sound(found) == figure(preset, maker.__name__, stop, before.name)
    every = {maker.__name__ for makers in MAKERS.values() for maker in makers}
    # scores of weights that are not learned lie too close for a question about their distance
    assert every - set(made) <= {"times_as_likely"}


class Scores(Followed):
    """A pass whose scores lie apart, as those of a trained network do."""

    def map(self, layer: str, channel: int, /) -> np.ndarray:
        scores = np.array([9.0, -1.0, 4.0, 2.0, 0.5, -3.0, 1.0, 2.5, 0.0, 7.5], np.float32)
        powers = np.exp(scores - scores.max())
        known = {"fc8": scores, "softmax": powers / powers.sum()}
        return known[layer] if layer in known else super().map(layer, channel)


def test_how_much_more_likely_is_asked_where_scores_lie_apart() -> None:
    whole = Scores(followed("fashion"))
    *_, before, stop = whole.stops
    draft = MAKERS["softmax"][0](whole, stop, before)
    assert draft is not None
    found = asked(draft, 1)
    assert found is not None
    assert sound(found) == activation(np.exp(9.0 - 7.5))
    others = {one.text for one in found.options if not one.correct}
    assert others == {activation(one) for one in (9 / 7.5, 1.5, 2**1.5)}


def test_each_layer_is_asked_about_and_each_topic_comes_up() -> None:
    found = [question(walked("fashion"), stop.name) for stop in walked("fashion").stops]
    assert None not in found
    assert {one.id for one in found if one} == set(TOPICS)
    assert len({one.prompt for one in found if one}) == len(found)
    places = Counter([option.correct for option in one.options].index(True) for one in found if one)
    assert len(places) >= 3  # the right one stands at no fixed place


def test_the_order_is_the_picture_s_and_the_layer_s_alone() -> None:
    before = np.random.get_state()[1].copy()
    again = [question(walked("fashion"), "conv2") for _ in range(2)]
    assert again[0] == again[1]
    assert (np.random.get_state()[1] == before).all()
    other = Followed(followed("fashion"))
    asked_ = set()
    for n in range(12):
        other.picture = f"{n}.png"
        one = question(other, "conv2")
        assert one is not None
        asked_.add((one.id, tuple(option.text for option in one.options)))
    assert len(asked_) > 4


def test_numbers_too_near_to_be_told_apart_are_no_choice() -> None:
    wrong = [(0.52, "a"), (0.9, "b"), (0.93, "c"), (float("nan"), "d"), (0.1, "e")]
    assert [why for _, why in apart(0.5, wrong, whole=1.0)] == ["b", "e"]
    assert [why for _, why in apart(100.0, [(103.0, "a"), (-100.0, "b"), (200.0, "c")])] == [
        "b",
        "c",
    ]


def test_the_score_is_told_by_topic() -> None:
    score = Score()
    assert score.line() == ""
    score.keep("shape", None)
    assert score.line() == "Predicted: 1 skipped."
    for topic, right in (("shape", True), ("values", False), ("values", True)):
        score.keep(topic, right)
    told = "Predicted: 2 of 3 right (shape 1 of 1, values 1 of 2); 1 skipped."
    assert score.line() == told
