"""Lesson 8: its numbers are those of the geometry, of the formulas and of the kit's own layers."""

from __future__ import annotations

import sys
import textwrap

import numpy as np
import pytest
import torch

from alexnet_tutor import resources
from alexnet_tutor.architecture import PRESETS, FlattenSpec, LinearSpec
from alexnet_tutor.course.check import probes_of
from alexnet_tutor.course.lessons import lesson
from alexnet_tutor.course.lessons.l08_fc import oracle, solution
from alexnet_tutor.geometry import macs, parameters, walk
from alexnet_tutor.images import load_image
from alexnet_tutor.layers import Flatten, Linear
from alexnet_tutor.network import AlexNet
from alexnet_tutor.tracing import trace

LESSON = lesson(8)
PAGE = (resources.lessons() / "08-fc" / "lesson.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PRESETS)
def test_the_table_s_shares_are_the_geometry_s(name: str) -> None:
    architecture = PRESETS[name]
    fully = [layer for layer in walk(architecture) if layer.spec.kind == "linear"]
    counts = (
        ("parameters", sum(layer.params for layer in fully), parameters(architecture)),
        ("MACs", sum(layer.macs for layer in fully), macs(architecture)),
    )
    for what, theirs, whole in counts:
        assert f"| {what}, {name} | {theirs:,} | {whole:,} | {theirs / whole:.1%} |" in PAGE


def test_the_page_s_other_counts_are_the_geometry_s() -> None:
    paper = {layer.spec.name: layer for layer in walk(PRESETS["paper"])}
    whole, fc6 = parameters(PRESETS["paper"]), paper["fc6"]
    assert f"{fc6.params:,} parameters and does {fc6.macs:,} MACs" in PAGE
    assert f"4,096 · 9,217 = {fc6.params:,}" in PAGE
    for name in ("conv3", "conv4"):
        count = paper[name].params
        assert f"{name} has {count:,}" in PAGE
        assert f"{100 * count / whole:.2f}%" in PAGE
    shares = [paper[f"conv{n}"].params / whole for n in range(1, 6)]
    assert sum(share <= 0.01 for share in shares) == 3
    assert sum(shares) < 0.05
    assert paper["conv1"].output_shape[1] ** 2 == 3025


def test_the_worked_numbers_are_the_formula_s() -> None:
    assert oracle.place(37, 0, 5, 256, 6, 6) == 1337
    assert oracle.place(1, 0, 1, 2, 2, 3) == 7
    assert oracle.place(1, 0, 0, 256, 6, 6) == 36
    row, weights = np.array([[1.0, 2, 3]]), np.array([[1.0, 0, 10], [2, 1, 0]])
    assert oracle.linear(row, weights, np.array([5.0, -1])).tolist() == [[36, 3]]
    stub_s = oracle.linear(np.array([[1.0, 2]]), np.array([[3.0, 10], [0, 1]]), np.array([5.0, -1]))
    assert stub_s.tolist() == [[28, 1]]
    strip = np.array([1.0, 2, 3]).reshape(1, 1, 1, 3)
    moved = oracle.fc_as_conv(strip, np.array([[1.0, 10]]), np.zeros(1), 1, 2)
    assert moved.ravel().tolist() == [21, 32]


def test_the_kit_s_layers_are_the_lesson_s() -> None:
    """And on maps of its own size the convolution is the layer."""
    rng = np.random.default_rng(2)
    x, weight, bias = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(7, 60)), rng.normal(size=7)
    flat = Flatten(FlattenSpec("flatten"))(torch.from_numpy(x))
    np.testing.assert_array_equal(flat, oracle.flatten(x))
    layer = Linear(LinearSpec("fc6", 7), 60).double()
    layer.load_state_dict({"weight": torch.from_numpy(weight), "bias": torch.from_numpy(bias)})
    theirs = layer(flat).detach()
    np.testing.assert_allclose(theirs, oracle.linear(oracle.flatten(x), weight, bias))
    np.testing.assert_allclose(theirs, oracle.fc_as_conv(x, weight, bias, 4, 5)[:, :, 0, 0])


@pytest.mark.parametrize("name", [exercise.name for exercise in LESSON.exercises])
def test_the_arithmetic_ends_in_the_expected_value(name: str) -> None:
    probes = probes_of(LESSON.exercise(name), 0)
    for case, right in zip(probes.cases, probes.expected, strict=True):
        for index in [(0,) * right.ndim, tuple(size - 1 for size in right.shape)]:
            lines = LESSON.exercise(name).arithmetic(case.arguments, index)
            told = float(lines[-1].rpartition("= ")[2])
            assert told == pytest.approx(right[index], rel=1e-4, abs=1e-4)


def test_the_figures_show_a_map_its_places_and_another_order() -> None:
    record = trace(AlexNet(), load_image(resources.sample()))
    shown = {name: figure(record) for name, figure in LESSON.figures.items()}
    (title, loudest), (places, row), (_, units) = shown["row"]
    number = int(title.split("map ")[1].split(",")[0])
    np.testing.assert_array_equal(row.ravel(), loudest.ravel())
    assert f"places {36 * number} to {36 * number + 35} " in places
    assert units.size == 4096
    maps = record.layer("pool5").maps
    (_, one), (_, other) = shown["order"]
    np.testing.assert_array_equal(one, maps[number])
    spot, channel = divmod(36 * number, 256)
    assert other[0, 0] == maps[channel, spot // 6, spot % 6]
    assert not np.array_equal(one, other)


def test_the_page_s_program_runs_and_its_wrong_layers_change_the_answer(
    capsys, monkeypatch
) -> None:
    """As a learner has written it, with the solution for exercise.py."""
    part = PAGE[PAGE.index("## Back in the network") : PAGE.index("## Read on")]
    lines = [line for line in part.splitlines() if line.startswith("    ")]
    monkeypatch.setitem(sys.modules, "exercise", solution)
    exec(textwrap.dedent("\n".join(lines)), {})
    right, spot_by_spot, not_turned = capsys.readouterr().out.splitlines()
    assert "Ankle boot" in right
    assert "Ankle boot" not in spot_by_spot
    assert "Ankle boot" not in not_turned
