"""Lesson 4: local response normalisation, its exercises and the inputs they are tried on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from alexnet_tutor.course.exercise import Arguments, Array, Case, Exercise, Lesson, Stand
from alexnet_tutor.course.lessons.l04_lrn import figures, mistakes, oracle
from alexnet_tutor.randomness import seed_of

_HAND = np.array([100.0, 300.0, 200.0]).reshape(1, 3, 1, 1)
_LOUD = 100.0  # on N(0, 1) most wrong LRNs differ from the right one by less than 0.001
_PAPER = {"k": 2.0, "alpha": 1e-4, "beta": 0.75}


def _cases(seed: int, *, constants: bool, name: str = "a") -> Iterator[Case]:
    """From one pixel of three maps to batches of nine maps."""
    rng = np.random.default_rng(seed_of(seed, "lrn", name))

    def case(shape: tuple[int, ...], n: int, how: Arguments, **extra: object) -> Case:
        values = np.round(rng.standard_normal(shape) * _LOUD) if shape else _HAND
        return Case({name: values, "n": n, **(how if constants else {})}, **extra)  # type: ignore[arg-type]

    other = {"k": 1.5, "alpha": 4e-4, "beta": 0.6}
    if name == "z":  # a little below 0 is below 0
        yield Case({"z": np.array([-0.5, 300.0, -0.25]).reshape(1, 3, 1, 1), "n": 3, **_PAPER})
    yield case((), 3, _PAPER)
    yield case((1, 2, 1, 1), 5, _PAPER)
    yield case((1, 7, 1, 1), 5, _PAPER)
    yield case((1, 4, 2, 3), 3, other)
    yield case((1, 3, 2, 2), 1, other)
    yield case((1, 5, 1, 2), 3, _PAPER, gradient=(name,))
    yield case((2, 6, 3, 2), 5, other, strided=True)
    yield case((2, 9, 2, 3), 5, _PAPER, dtype="float64")
    for _ in range(4):
        shape = tuple(int(size) for size in rng.integers((1, 2, 1, 1), (3, 10, 5, 5)))
        how = {
            "k": rng.uniform(1.2, 3),
            "alpha": rng.uniform(1e-4, 5e-4),
            "beta": rng.uniform(0.6, 0.9),
        }
        yield case(shape, int(rng.choice([3, 5, 7])), {key: float(v) for key, v in how.items()})


def _window(arguments: Arguments, map_number: int, name: str) -> tuple[int, int]:
    half = arguments["n"] // 2
    return max(0, map_number - half), min(arguments[name].shape[1] - 1, map_number + half)


def _squares(values: Array) -> str:
    return " + ".join(f"{value:.6g}²" if value >= 0 else f"({value:.6g})²" for value in values)


def _sum_by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    batch, i, row, column = index
    low, high = _window(arguments, i, "a")
    seen = arguments["a"][batch, low : high + 1, row, column]
    return (
        f"map {i} of {arguments['a'].shape[1]}, n = {arguments['n']}: maps {low} to {high}",
        f"{_squares(seen)} = {float((seen**2).sum()):.6g}",
    )


def _lrn_by_hand(
    arguments: Arguments, index: tuple[int, ...], name: str, relu: bool
) -> Sequence[str]:
    batch, i, row, column = index
    low, high = _window(arguments, i, name)
    values = np.maximum(arguments[name], 0) if relu else arguments[name]
    seen, own = values[batch, low : high + 1, row, column], float(values[index])
    k, alpha, beta = (arguments[key] for key in ("k", "alpha", "beta"))
    inner = k + alpha * float((seen**2).sum())
    first = f"map {i} of {values.shape[1]}, n = {arguments['n']}: maps {low} to {high}"
    return (
        first + (", after ReLU" if relu else ""),
        f"k + α · Σ a² = {k:.6g} + {alpha:.6g} · ({_squares(seen)}) = {inner:.6g}",
        f"a / (k + α · Σ a²)^β = {own:.6g} / {inner:.6g}^{beta:.6g} = {own / inner**beta:.6g}",
    )


def _same_shape(arguments: Arguments, name: str) -> str:
    batch, maps, height, width = arguments[name].shape
    return (
        f"each of the {batch}·{maps}·{height}·{width} values is scaled where it stands: "
        "normalising moves, adds and drops none"
    )


_SUM = Exercise(
    name="sum_of_squares",
    task="The sum of the squares over the window of maps; one line is missing.",
    oracle=oracle.sum_of_squares,
    cases=partial(_cases, constants=False),
    mistakes=mistakes.SUM,
    hints=(
        "Look at the lesson's map 1: its window holds 100, 300 and 200, and its sum is 140,000. What was done to each, and then to all three?",
        "`a[:, low : high + 1]` are the maps of the window: (N, window, H, W). What you want is (N, H, W): one axis has to go, and it is not a spatial one.",
        "Square first, then sum over axis 1: `total = (a[:, low : high + 1] ** 2).sum(dim=…)`.",
    ),
    arithmetic=_sum_by_hand,
    why_shape=partial(_same_shape, name="a"),
    rows=1,
    columns=3,
)
_LRN = Exercise(
    name="lrn",
    task="Local response normalisation, from its formula.",
    oracle=oracle.lrn,
    cases=partial(_cases, constants=True),
    mistakes=mistakes.LRN,
    hints=(
        "Read the formula from the inside out: window, squares, sum, α, k, β, division. Print each for the lesson's three values 100, 300, 200 and compare with the numbers there.",
        "`sum_of_squares` has the shape of `a`, so everything after it is arithmetic on whole tensors: no loop is needed.",
        "`(k + alpha * sum_of_squares(a, n))` is the bracket. Raise it to `beta`, then divide `a` by it.",
    ),
    arithmetic=partial(_lrn_by_hand, name="a", relu=False),
    why_shape=partial(_same_shape, name="a"),
    rows=1,
    columns=3,
)
_COMPOSED = Exercise(
    name="relu_lrn",
    task="What lrn1 gives when conv1 gives z: two layers in the paper's order.",
    oracle=oracle.relu_lrn,
    cases=partial(_cases, constants=True, name="z"),
    mistakes=mistakes.COMPOSED,
    hints=(
        "Section 3.3 says where the normalisation stands: before or after the nonlinearity?",
        "A map at −300 has not answered at all. Should it turn its neighbours down?",
        "`relu` is `torch.relu(z)`, or `z.clamp(min=0)`. Hand its result, and nothing else, to your `lrn`.",
    ),
    arithmetic=partial(_lrn_by_hand, name="z", relu=True),
    why_shape=partial(_same_shape, name="z"),
    rows=1,
    columns=3,
)
LESSON = Lesson(
    number=4,
    name="lrn",
    title="Local response normalisation",
    exercises=(_SUM, _LRN, _COMPOSED),
    without=(
        "torch.nn.functional.local_response_norm",
        "torch.nn.LocalResponseNorm",
        "torch.nn.CrossMapLRN2d",
    ),
    figures=figures.FIGURES,
    stands=(
        Stand(
            "lrn",
            ("lrn1", "lrn2"),
            lambda layer, x: {
                "a": x,
                "n": layer.size,
                "k": layer.k,
                "alpha": layer.alpha,
                "beta": layer.beta,
            },
        ),
    ),
)
