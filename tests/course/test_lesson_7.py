"""What lesson 7 says in numbers is what the kit computes."""

from __future__ import annotations

import re
from math import prod

import pytest

from alexnet_tutor import resources
from alexnet_tutor.architecture import FASHION, PAPER, Architecture, ConvSpec, PoolSpec
from alexnet_tutor.course import lessons
from alexnet_tutor.course.lessons.l07_conv345 import oracle, wrong
from alexnet_tutor.course.lessons.l07_conv345.figures import ways_along
from alexnet_tutor.geometry import LayerGeometry, macs, parameters, walk

LESSON = lessons.lesson(7)
PAGE = (resources.lessons() / LESSON.folder / "lesson.md").read_text(encoding="utf-8")
PRESETS = pytest.mark.parametrize("preset", [FASHION, PAPER], ids=lambda preset: preset.name)


def windows(preset: Architecture) -> list[tuple[LayerGeometry, list[tuple[int, int, int]]]]:
    """Each convolution and pool with the windows from the picture up to it."""
    found, so_far = [], []
    for layer in walk(preset):
        if isinstance(layer.spec, ConvSpec | PoolSpec):
            padding = layer.spec.padding if isinstance(layer.spec, ConvSpec) else 0
            so_far = [*so_far, (layer.spec.kernel, layer.spec.stride, padding)]
            found.append((layer, so_far))
    return found


@PRESETS
def test_the_oracle_s_views_are_geometry_s(preset: Architecture) -> None:
    for layer, stack in windows(preset):
        assert oracle.receptive_field(stack) == (layer.field.size, layer.field.stride)
        for place, (first, last) in enumerate(layer.field.spans):
            start, end = oracle.span(stack, place)
            assert max(start, 0) == first
            assert end == last or end >= preset.image_size  # a view that hangs over is cut off


@PRESETS
def test_the_oracle_s_macs_are_geometry_s(preset: Architecture) -> None:
    for layer in walk(preset):
        if isinstance(spec := layer.spec, ConvSpec):
            channels, height, width = layer.input_shape
            window = (spec.kernel, spec.stride, spec.padding, spec.groups)
            counted = oracle.macs(channels, spec.out_channels, height, width, *window)
            assert counted == layer.macs


def test_the_views_on_the_page_are_the_paper_network_s() -> None:
    stacks = {layer.spec.name: stack for layer, stack in windows(PAPER)}
    told = {
        "conv1": "| 1 + 10·1 = {} | {} |", "pool1": "| 11 + 2·4 = {} | {} |",
        "conv2": "| 19 + 4·8 = {} | {} |", "pool2": "51 + 2·8 = {} pixels, {} apart",
        "conv3": "conv3 sees {}", "conv4": "conv4 {}", "conv5": "conv5 {}",
        "pool5": "pool5, which sees {}",
    }  # fmt: skip
    for name, sentence in told.items():
        assert sentence.format(*oracle.receptive_field(stacks[name])) in PAGE
    assert wrong.wrong_field(stacks["conv5"], strides="none") == (25, 16)
    assert wrong.wrong_field(stacks["conv5"], strides="after") == (217, 16)
    assert wrong.wrong_field(stacks["conv1"], strides="after")[0] == 41
    assert "One says 25, the other 217" in PAGE


def test_the_way_down_from_conv5_s_middle_is_the_page_s() -> None:
    stacks = windows(PAPER)[:7]
    names = [layer.spec.name for layer, _ in stacks]
    whole = stacks[-1][1]
    for depth, name in enumerate(["picture", *names]):
        first, last = oracle.span(whole[depth:], 6)
        assert f"| {name} | {first} to {last} |" in PAGE
    first, last = oracle.span(whole, 0)
    assert f"give −{-first} to {last}" in PAGE


def test_the_bills_on_the_page_are_geometry_s() -> None:
    layers = {layer.spec.name: layer for layer in walk(PAPER)}
    for name in ("conv2", "conv3"):
        assert f"{layers[name].params:,}" in PAGE
        shape, output = layers[name].weight_shape, layers[name].output_shape
        assert shape is not None
        product = f"{prod(output[1:])} · {prod(shape):,} = {layers[name].macs:,}"
        assert product in re.sub(r"\s+", " ", PAGE)
    every = parameters(PAPER)
    for name in ("conv3", "conv4"):
        assert f"{layers[name].params / every:.3%}" in PAGE
    convolutions = [layer for name, layer in layers.items() if name.startswith("conv")]
    assert f"{sum(layer.params for layer in convolutions) / every:.2%} of the parameters" in PAGE
    assert f"{sum(layer.macs for layer in convolutions) / macs(PAPER):.1%} of the MACs" in PAGE
    assert oracle.macs(2, 4, 5, 5, 3, 1, 1, 1) == 1800


def test_the_ways_through_three_windows_are_1_3_6_7_6_3_1() -> None:
    assert ways_along([(3, 1, 0)] * 3, 0, 7).tolist() == [1, 3, 6, 7, 6, 3, 1]
    stack = windows(PAPER)[6][1]
    ways = ways_along(stack, 6, 227)
    assert (ways.nonzero()[0].min(), ways.nonzero()[0].max()) == oracle.span(stack, 6)
