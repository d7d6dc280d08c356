"""What lesson 6 says in numbers is what the kit computes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from alexnet_tutor import resources
from alexnet_tutor.architecture import PAPER, ConvSpec
from alexnet_tutor.course import lessons, workspace
from alexnet_tutor.course.check import probes_of
from alexnet_tutor.course.lessons.l06_conv2 import oracle
from alexnet_tutor.geometry import parameters, walk

LESSON = lessons.lesson(6)
PAGE = (resources.lessons() / LESSON.folder / "lesson.md").read_text(encoding="utf-8")
ONE_TOWER = replace(
    PAPER,
    layers=tuple(
        replace(spec, groups=1) if isinstance(spec, ConvSpec) else spec for spec in PAPER.layers
    ),
)


def test_the_worked_pixel_is_the_formula_s() -> None:
    pixel = np.arange(1.0, 5).reshape(1, 4, 1, 1)
    weight = np.array([1.0, 10, 1, 100, 1, 10, 1, 100]).reshape(4, 2, 1, 1)
    out = oracle.grouped_conv(pixel, weight, np.zeros(4), 0, 2).ravel()
    assert ", ".join(f"{value:.0f}" for value in out) in workspace.stub(LESSON).read_text("utf-8")
    for k, value in enumerate(out):
        row = next(line for line in PAGE.splitlines() if line.startswith(f"    kernel {k} "))
        assert row.endswith(f"= {value:3.0f}")


def test_its_table_of_parameters_is_what_geometry_counts() -> None:
    one = {layer.spec.name: layer for layer in walk(ONE_TOWER)}
    for layer in walk(PAPER):
        if layer.spec.name in ("conv2", "conv4", "conv5"):
            row = f"| {layer.spec.name} | {layer.params:,} | {one[layer.spec.name].params:,} |"
            assert row in PAGE
            assert isinstance(layer.spec, ConvSpec)
            shape = (layer.input_shape[0], layer.output_shape[0], layer.spec.kernel)
            assert oracle.parameters(*shape, 2) == layer.params
            assert oracle.parameters(*shape, 1) == one[layer.spec.name].params
    assert f"| all layers | {parameters(PAPER):,} | {parameters(ONE_TOWER):,} |" in PAGE


def test_a_corner_window_meets_9_of_25_and_200_windows_touch_the_frame() -> None:
    ones, kernel = np.ones((1, 1, 27, 27)), np.ones((1, 1, 5, 5))
    met = oracle.grouped_conv(ones, kernel, np.zeros(1), 2, 1)[0, 0]
    assert (met.shape, met[0, 0], met[13, 13]) == ((27, 27), 9, 25)
    assert (met < 25).sum() == 200


def test_the_oracle_is_torch_s_convolution_with_groups() -> None:
    for case in probes_of(LESSON.exercise("grouped_conv"), 0).cases:
        x, weight, bias = (torch.from_numpy(case.arguments[n]) for n in ("x", "weight", "bias"))
        padding, groups = case.arguments["padding"], case.arguments["groups"]
        right = torch.conv2d(x, weight, bias, 1, padding, groups=groups)
        ours = torch.from_numpy(oracle.grouped_conv(**case.arguments))
        torch.testing.assert_close(ours, right, rtol=1e-9, atol=1e-9)
