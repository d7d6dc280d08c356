"""Lesson 9: its numbers are the formula's, its two forms are one network, torch's mistakes get names."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
from course.here import judged_here

from alexnet_tutor import resources
from alexnet_tutor.architecture import FASHION, PAPER
from alexnet_tutor.course import lessons, workspace
from alexnet_tutor.course.check import probes_of
from alexnet_tutor.course.lessons.l09_dropout import oracle
from alexnet_tutor.course.lessons.l09_dropout.figures import draws
from alexnet_tutor.geometry import walk
from alexnet_tutor.network import AlexNet
from alexnet_tutor.tracing import trace

LESSON = lessons.lesson(9)
PAGE = (resources.lessons() / LESSON.folder / "lesson.md").read_text(encoding="utf-8")
VALUES, UNIFORM = np.array([[2.0, 6, 4, 8]]), np.array([[0.7, 0.2, 0.5, 0.9]])


def written(values: np.ndarray) -> str:
    return ", ".join(f"{value:g}" for value in values.ravel()).replace("-", "−")


def test_the_worked_numbers_of_stub_and_page_are_the_formula_s() -> None:
    told = workspace.stub(LESSON).read_text(encoding="utf-8")
    for form in (oracle.dropout_paper, oracle.dropout):
        assert f"training: {written(form(VALUES, UNIFORM, 0.5, True))}." in " ".join(told.split())
        assert f"{written(form(VALUES, UNIFORM, 0.5, True))}." in PAGE
        assert written(form(VALUES, UNIFORM, 0.5, False)) in PAGE
    assert f"prediction: {written(oracle.dropout_paper(VALUES, UNIFORM, 0.5, False))}." in told
    assert f"p = 0.75: {written(oracle.dropout(VALUES, UNIFORM, 0.75, True))}." in told
    upstream = np.array([[1.0, 1, -1, 3]])
    assert (
        f"training: {written(oracle.dropout_backward(upstream, UNIFORM, 0.5, True))}."
        in " ".join(told.split())
    )


def test_the_numbers_on_the_page_are_counted() -> None:
    assert f"a number of {len(str(2**4096)):,} digits" in PAGE
    layers = {place.spec.name: place.params for place in walk(PAPER)}
    shares = {name: 100 * params / sum(layers.values()) for name, params in layers.items()}
    assert f"fc6 holds {shares['fc6']:.1f}%" in PAGE
    assert f"fc7 another {shares['fc7']:.1f}%" in PAGE
    convolutions = sum(share for name, share in shares.items() if name.startswith("conv"))
    assert f"hold {convolutions:.2f}%" in PAGE


def test_the_thinned_networks_on_the_page_average_to_half_of_the_whole() -> None:
    x, weights = np.array([4.0, 2]), np.array([1.0, -3])
    sums = [float((x * mask * weights).sum()) for mask in product((0, 1), repeat=2)]
    rows = [
        f"| {mask[0]} {mask[1]} | {total:g} |".replace("-", "−")
        for mask, total in zip(product((0, 1), repeat=2), sums, strict=True)
    ]
    assert all(row in PAGE for row in rows)
    assert np.mean(sums) == (x * weights).sum() / 2 == -1
    assert np.maximum(sums, 0).mean() == 1


@pytest.mark.parametrize("training", [True, False])
def test_the_two_forms_are_one_network_with_the_next_weights_halved(training: bool) -> None:
    rng = np.random.default_rng(3)
    x, uniform, weights = rng.random((3, 6)), rng.random((3, 6)), rng.standard_normal((6, 2))
    paper = oracle.dropout_paper(x, uniform, 0.5, training) @ weights
    inverted = oracle.dropout(x, uniform, 0.5, training) @ (weights / 2)
    np.testing.assert_allclose(paper, inverted)


@pytest.mark.parametrize("p", [0.25, 0.5, 0.9])
def test_on_average_training_gives_what_a_prediction_gives(p: float) -> None:
    uniform = np.random.default_rng(4).random((1, 40_000))
    for form in (oracle.dropout_paper, oracle.dropout):
        trained, used = (form(np.ones_like(uniform), uniform, p, way) for way in (True, False))
        error = trained.std() / 200  # of a mean of 40,000 draws
        assert abs(trained.mean() - used.mean()) < 5 * error


@pytest.mark.parametrize("exercise", LESSON.exercises, ids=lambda one: one.name)
def test_the_arithmetic_by_hand_ends_in_the_expected_value(exercise) -> None:
    probes = probes_of(exercise, 0)
    for case, right in zip(probes.cases, probes.expected, strict=True):
        for index in np.ndindex(right.shape):
            line = exercise.arithmetic(case.arguments, index)[-1]
            assert float(line.rpartition("= ")[2]) == pytest.approx(right[index], rel=1e-5)


def test_the_figure_s_draws_keep_or_double_each_unit() -> None:
    small = FASHION.scaled(1 / 16)
    picture = torch.randn(1, *small.input_shape, generator=torch.Generator().manual_seed(0))
    (title, before), *after = draws(trace(AlexNet(small), picture))
    assert before.shape == (13, 13)
    assert (np.diff(before.ravel()) <= 0).all()
    full = float(title.removeprefix("relu6, sum "))
    for name, values in after:
        kept = values != 0
        np.testing.assert_allclose(values[kept], 2 * before[kept])
        assert 0 < kept.sum() < (before != 0).sum()
        assert float(name.rpartition(" ")[2]) == pytest.approx(full, rel=0.5)
    assert not np.array_equal(after[0][1], after[1][1])


WRITTEN = {
    "prediction-times-p unscaled-in-training mask-forgotten": """
def dropout_paper(x, uniform, p, training):
    if training:
        return x * (uniform >= p)
    return x * p

def dropout(x, uniform, p, training):
    return torch.where(uniform >= p, x, 0.0) if training else x

def dropout_backward(upstream, uniform, p, training):
    return upstream / (1 - p) if training else upstream
""",
    "prediction-unscaled divided-by-p+scaled-up-in-prediction active-in-prediction": """
def dropout_paper(x, uniform, p, training):
    return x * (uniform >= p) if training else x

def dropout(x, uniform, p, training):
    if training:
        return x * (uniform >= p) / p
    return x / (1 - p)

def dropout_backward(upstream, uniform, p, training):
    return upstream * (uniform >= p).to(upstream.dtype) / (1 - p)
""",
}


@pytest.mark.parametrize("names", WRITTEN)
def test_mistakes_in_torch_s_float32_get_their_names(names: str) -> None:
    records = judged_here(LESSON, "import torch\n" + WRITTEN[names]).values()
    found = [one.diagnosis.ids if one.diagnosis else one.trouble for one in records]
    assert found == [tuple(name.split("+")) for name in names.split()]


def test_the_oracle_is_torch_s_own_with_torch_s_mask() -> None:
    x = torch.randn(4, 50, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    with torch.random.fork_rng():
        theirs = torch.nn.functional.dropout(x, 0.25, training=True)
    uniform = np.where(theirs.numpy() != 0, 1.0, 0.0)
    np.testing.assert_allclose(oracle.dropout(x.numpy(), uniform, 0.25, True), theirs)
