"""What lesson 7 says in numbers is what the kit computes."""

from __future__ import annotations

import re
from math import prod
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from alexnet_tutor import resources
from alexnet_tutor.architecture import FASHION, PAPER, Architecture, ConvSpec, PoolSpec
from alexnet_tutor.course import calling, lessons, workspace
from alexnet_tutor.course.calls import Answers
from alexnet_tutor.course.check import probes_of
from alexnet_tutor.course.judge import judge
from alexnet_tutor.course.lessons.l07_conv345 import oracle, wrong
from alexnet_tutor.course.lessons.l07_conv345.figures import ways_along
from alexnet_tutor.course.lessons.l07_conv345.wrong_middle import wrong_middle
from alexnet_tutor.geometry import LayerGeometry, macs, output_size, parameters, walk
from alexnet_tutor.network import AlexNet

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


@PRESETS
def test_the_oracle_s_middle_layers_are_the_network_s(preset: Architecture) -> None:
    network = AlexNet(preset.scaled(1 / 96)).double()
    names = ("conv3", "relu3", "conv4", "relu4", "conv5", "relu5")
    row = [network.get_submodule(name) for name in names]
    x = torch.randn(1, network.conv3.weight.shape[1], 13, 13, dtype=torch.float64)
    with torch.no_grad():
        for layer in row[::2]:
            layer.bias.uniform_(-0.1, 0.1)
        (stand,) = LESSON.stands
        given = {
            name: value.numpy() if isinstance(value, Tensor) else value
            for name, value in stand.arguments(row, x).items()
        }
        right = torch.nn.Sequential(*row)(x).numpy()
    assert stand.layers == names
    assert given["groups"] == [layer.groups for layer in row[::2]]
    np.testing.assert_allclose(oracle.middle_layers(**given), right, atol=1e-12)


def one_number(x: float) -> dict[str, object]:
    """The page's three layers on a map of one value."""
    given: dict[str, object] = {"x": np.full((1, 1, 1, 1), x), "groups": [1, 1, 1]}
    for layer, middle, bias in ((3, 3.0, 1.0), (4, -1.0, 5.0), (5, 2.0, 4.0)):
        kernel = np.full((1, 1, 3, 3), 100.0)  # meets the frame
        kernel[0, 0, 1, 1] = middle
        given |= {f"weight{layer}": kernel, f"bias{layer}": np.array([bias])}
    return given


def test_the_number_that_is_sent_through_the_row_is_the_page_s() -> None:
    steps = [float(of.item()) for pair in oracle.in_steps(**one_number(2)) for of in pair]
    assert steps == [7, 7, -2, 0, 4, 4]
    conv3 = next(layer for layer in walk(PAPER) if layer.spec.name == "conv3")
    lines = re.findall(r"^ +(?:conv|relu)[345] .*?(−?\d)$", PAGE, re.MULTILINE)
    assert [float(value.replace("−", "-")) for value in lines] == steps
    assert f"{prod(conv3.output_shape):,} neurons in conv3, and that is 13 · 13 · 384" in PAGE
    assert "[1, 1, 1]: 4." in workspace.stub(LESSON).read_text(encoding="utf-8")
    for x in (-3.0, 0.0, 2.0):
        folded = wrong_middle(**one_number(x), between="none", last="none").item()
        assert folded == -6 * x + 12
    for x, right in ((0.0, 12), (1.0, 6), (4 / 3, 4), (2.0, 4), (9.0, 4)):
        assert oracle.middle_layers(**one_number(x)).item() == pytest.approx(right)


def test_one_frame_for_all_differs_in_two_rows_along_each_border() -> None:
    rng = np.random.default_rng(0)
    given = {"x": rng.normal(size=(1, 2, 13, 13)), "groups": [1, 1, 1]}
    for layer in (3, 4, 5):
        given |= {f"weight{layer}": rng.normal(size=(2, 2, 3, 3)), f"bias{layer}": np.ones(2)}
    right, other = oracle.middle_layers(**given), wrong_middle(**given, pad="at once")
    same = np.isclose(right, other).all(axis=(0, 1))
    assert same[2:-2, 2:-2].all()
    assert not same[[0, 1, -2, -1]].any()
    assert not same[:, [0, 1, -2, -1]].any()
    assert "Those inside, 9×9. Two rows and columns" in PAGE


def test_more_pools_would_leave_what_the_page_says() -> None:
    assert output_size(13, 3, 2) == 6
    assert output_size(6, 3, 2) == 2
    assert "would leave 6×6, and the next 2×2" in PAGE


def conv(x: Tensor, number: int, given: dict[str, Tensor], padding: int = 1) -> Tensor:
    weight, bias = given[f"weight{number}"], given[f"bias{number}"]
    return F.conv2d(x, weight, bias, padding=padding, groups=given["groups"][number - 3])  # type: ignore[arg-type]


def lrn(x: Tensor, alpha: float) -> Tensor:
    return F.local_response_norm(x, 5, alpha=alpha, beta=0.75, k=2)


def thrice(before: object = None, after: object = None, **padding: int) -> object:
    """A learner's function: something before each convolution and something after it."""

    def function(x: Tensor, **given: Tensor) -> Tensor:
        for number in (3, 4, 5):
            x = conv(before(x) if before else x, number, given, **padding)  # type: ignore[operator]
            x = after(x, number) if after else x  # type: ignore[operator]
        return x

    return function


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        (thrice(before=F.relu), ("relu-before-conv",)),
        (thrice(), ("no-relu-between", "last-relu-missing")),
        (thrice(after=lambda x, _: F.relu(x), padding=0), ("no-padding",)),
        (thrice(after=lambda x, _: F.relu(x), padding=2), ("padding-of-conv2",)),
        (
            thrice(after=lambda x, number: F.relu(x) if number == 5 else lrn(F.relu(x), 5e-4)),
            ("lrn-between",),
        ),
        (
            thrice(after=lambda x, number: F.relu(x) if number == 5 else lrn(F.relu(x), 1e-4)),
            ("lrn-between",),
        ),
        (
            thrice(
                after=lambda x, number: F.relu(x) if number == 5 else F.max_pool2d(F.relu(x), 3, 2)
            ),
            ("pools-between",),
        ),
        (
            thrice(
                after=lambda x, number: F.max_pool2d(F.relu(x), 3, 2) if number == 5 else F.relu(x)
            ),
            ("pool5-included",),
        ),
    ],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_mistakes_that_are_written_in_torch_are_named(written, ids, seed: int) -> None:
    probes = probes_of(LESSON.exercise("middle_layers"), seed)
    replies = [calling.answer(written, call.packed(), "x.py") for call in probes.calls()]
    record = judge(probes, Answers(replies), Path("x.py"))
    assert record.diagnosis is not None, record.trouble
    assert record.diagnosis.ids == ids
