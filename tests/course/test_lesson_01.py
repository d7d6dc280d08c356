"""Lesson 1: its numbers are those of the formulas, of the kit's own code and of the sample."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_tutor import resources
from alexnet_tutor.course.check import probes_of
from alexnet_tutor.course.lessons import lesson
from alexnet_tutor.course.lessons.l01_pixels import oracle, wrong
from alexnet_tutor.images import enlarge, load_image, normalise
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import FASHION_PREPARATION, PAPER_PREPARATION
from alexnet_tutor.tracing import trace

LESSON = lesson(1)
PAGE = (resources.lessons() / "01-pixels" / "lesson.md").read_text(encoding="utf-8")
TWO = np.array([0.0, 100.0]).reshape(1, 1, 1, 2)


def test_the_puzzle_s_three_programs_make_its_three_rows() -> None:
    for how, told in (
        ("centres", "makes 0, 25, 75, 100"),
        ("corners", "makes\n0, 33, 67, 100"),
        ("edges", "makes 0, 50, 100, 100"),
    ):
        row = wrong.wrong_enlarge(TWO, 4, places=how)[0, 0, 0]
        assert ", ".join(f"{value:.0f}" for value in row) in told
        assert told in PAGE
    np.testing.assert_array_equal(oracle.enlarge(TWO, 4)[0, 0, 0], [0, 25, 75, 100])
    assert [oracle.source_place(i, 2, 4) for i in range(4)] == [-0.25, 0.25, 0.75, 1.25]


def test_the_page_s_numbers_are_computed_ones() -> None:
    picture = np.array([[[255, 0, 51], [102, 204, 153]]], np.uint8)
    np.testing.assert_allclose(
        oracle.to_tensor(picture, 255)[:, 0], [[1, 0.4], [0, 0.8], [0.2, 0.6]]
    )
    moved = (oracle.source_place(0, 28, 227) - 0) / (28 / 227)
    assert f"= {-moved:.2f} pixels" in PAGE
    assert f"227 / 28 = {227 / 28:.2f}" in PAGE
    (mean,), (std,) = FASHION_PREPARATION.mean, FASHION_PREPARATION.std
    assert f"the mean {mean:g} and the standard deviation {std:g}" in PAGE
    assert f"= −{mean / std:.3f}" in PAGE
    assert f"= {(1 - mean) / std:.3f}" in PAGE


def test_the_kit_enlarges_and_normalises_as_the_lesson_says() -> None:
    x = np.random.default_rng(3).random((1, 2, 28, 28))
    theirs = enlarge(torch.from_numpy(x), 61).numpy()
    np.testing.assert_allclose(theirs, oracle.enlarge(x, 61), atol=1e-12)
    mean, std = (np.array(values) for values in (PAPER_PREPARATION.mean, PAPER_PREPARATION.std))
    x = np.random.default_rng(4).random((2, 3, 4, 5))
    np.testing.assert_allclose(
        normalise(torch.from_numpy(x), PAPER_PREPARATION), oracle.normalise(x, mean, std)
    )


@pytest.mark.parametrize("name", [exercise.name for exercise in LESSON.exercises])
def test_the_arithmetic_ends_in_the_expected_value(name: str) -> None:
    probes = probes_of(LESSON.exercise(name), 0)
    for case, right in zip(probes.cases, probes.expected, strict=True):
        for index in [(0,) * right.ndim, tuple(size - 1 for size in right.shape)]:
            lines = LESSON.exercise(name).arithmetic(case.arguments, index)
            told = float(lines[-1].rpartition("= ")[2].replace("−", "-"))
            assert told == pytest.approx(right[index], rel=1e-4, abs=1e-4)


def test_the_figures_are_the_file_s_own_pixels() -> None:
    """Red is the file's red; what enters conv1 is what the network was given."""
    picture = load_image(resources.sample(), FASHION_PREPARATION)
    record = trace(AlexNet(init="kaiming"), picture)
    shown = {name: dict(figure(record)) for name, figure in LESSON.figures.items()}
    corner = Image.open(resources.sample()).convert("RGB").getpixel((0, 0))
    sheets = shown["sheets"]
    assert [round(255 * sheets[name][0, 0]) for name in ("red", "green", "blue")] == list(corner)
    right, other = shown["reshaped"].values()
    np.testing.assert_array_equal(right, sheets["red"])
    np.testing.assert_allclose(other[0, :3] * 255, corner, rtol=1e-6)
    np.testing.assert_allclose(
        shown["entering"]["what enters conv1"], picture.tensor[0, 0], atol=1e-5
    )
    small, large = shown["enlarged"].values()
    assert small.shape == (7, 7)
    middle = len(large) // 2  # within half a new pixel of the middle of small's middle pixel
    assert large[middle, middle] == pytest.approx(small[3, 3], abs=0.1)
    assert small.std() > 0.1, "a lively piece"
