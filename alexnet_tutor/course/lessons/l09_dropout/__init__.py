"""Lesson 9: dropout, its exercises and the inputs they are tried on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from alexnet_tutor.course.exercise import Arguments, Array, Case, Exercise, Lesson, Stand
from alexnet_tutor.course.lessons.l09_dropout import figures, mistakes, oracle
from alexnet_tutor.randomness import seed_of

_VALUES = np.array([[2.0, 6, 4, 8]])
_UNIFORM = np.array([[0.7, 0.2, 0.5, 0.9]])


def _cases(seed: int, *, name: str = "x") -> Iterator[Case]:
    """From one picture of four units to batches, in training and in prediction."""
    rng = np.random.default_rng(seed_of(seed, "dropout", name))

    def case(values: Array, uniform: Array, p: float, training: bool, **extra: object) -> Case:
        arguments = {name: values, "uniform": uniform, "p": p, "training": training}
        return Case(arguments, **extra)  # type: ignore[arg-type]

    def drawn(pictures: int, units: int, p: float, training: bool, **extra: object) -> Case:
        uniform = rng.random((pictures, units))
        if p in (0.25, 0.5, 0.75):  # these both precisions hold exactly
            uniform[rng.integers(pictures), rng.integers(units)] = p
        return case(rng.standard_normal((pictures, units)) * 3, uniform, p, training, **extra)

    yield case(_VALUES, _UNIFORM, 0.5, True)
    yield case(_VALUES, _UNIFORM, 0.5, False)
    yield case(_VALUES, _UNIFORM, 0.75, True)
    yield case(_VALUES, _UNIFORM, 0.75, False)
    yield case(_VALUES[:, :2], np.array([[0.1, 0.3]]), 0.25, True)
    yield case(
        _VALUES.repeat(2, axis=0), rng.permutation(np.arange(8) / 8).reshape(2, 4), 0.5, True
    )
    grads = {"gradient": (name,)} if name == "x" else {"dtype": "float64"}
    yield drawn(3, 5, 0.75, True, **grads)
    yield drawn(2, 3, 0.25, False, **grads)
    yield drawn(4, 6, 0.25, True, strided=True)
    yield drawn(3, 8, 0.1, True, dtype="float64")
    yield drawn(3, 8, 0.9, False)
    for training in (True, True, False):
        pictures, units = (int(size) for size in rng.integers((2, 4), (6, 12)))
        yield drawn(pictures, units, float(rng.choice([0.2, 0.3, 0.6, 0.8])), training)


def _draw(arguments: Arguments, index: tuple[int, ...]) -> tuple[bool, str]:
    """Whether the value at ``index`` passes, and why."""
    number, p = float(arguments["uniform"][index]), arguments["p"]
    if not arguments["training"]:
        return True, "a prediction: nothing is dropped"
    kept = number >= p
    told = f"{number:.6g} ≥ {p:g}: kept" if kept else f"{number:.6g} < {p:g}: dropped"
    return kept, f"training, uniform number {told}"


def _by_hand(
    arguments: Arguments, index: tuple[int, ...], name: str, told: str, paper: bool = False
) -> Sequence[str]:
    kept, why = _draw(arguments, index)
    value, p = float(arguments[name][index]), arguments["p"]
    if not kept:
        return (why, f"{told} · 0 = {value:.6g} · 0 = 0")
    if arguments["training"] == paper:  # the mode that does not scale
        return (why, f"{told} as it is = {value:.6g}")
    if paper:
        return (why, f"{told} · (1 − p) = {value:.6g} · {1 - p:.6g} = {value * (1 - p):.6g}")
    return (why, f"{told} / (1 − p) = {value:.6g} / {1 - p:.6g} = {value / (1 - p):.6g}")


def _same_shape(arguments: Arguments, name: str) -> str:
    pictures, units = arguments[name].shape
    return f"each of the {pictures}·{units} values is kept or dropped where it stands"


_PAPER = Exercise(
    name="dropout_paper",
    task="Dropout as in the paper, which scales in a prediction; one line is missing.",
    oracle=oracle.dropout_paper,
    cases=_cases,
    mistakes=mistakes.PAPER,
    hints=(
        "Look at the lesson's four values: what did training give for the 8 on average, and what does a prediction give?",
        "A value is kept with probability 1 − p and is 0 otherwise. What is that on average?",
        "`x * (1 - p)`: the same for every value, and no draw in it.",
    ),
    arithmetic=partial(_by_hand, name="x", told="x", paper=True),
    why_shape=partial(_same_shape, name="x"),
)
_MODERN = Exercise(
    name="dropout",
    task="Dropout as programs have it today: scaled in training, absent from a prediction.",
    oracle=oracle.dropout,
    cases=_cases,
    mistakes=mistakes.MODERN,
    hints=(
        "Two modes: begin with the one in which nothing happens.",
        "In training a value survives with probability 1 − p, and on average x must leave. What must a survivor be multiplied by?",
        "`x * (uniform >= p) / (1 - p)` in training, `x` in a prediction.",
    ),
    arithmetic=partial(_by_hand, name="x", told="x"),
    why_shape=partial(_same_shape, name="x"),
)
_BACKWARD = Exercise(
    name="dropout_backward",
    task="The gradient that flows back through the inverted form.",
    oracle=oracle.dropout_backward,
    cases=partial(_cases, name="upstream"),
    mistakes=mistakes.BACKWARD,
    hints=(
        "Take one unit. By how much does its output change if its input grows by 0.01: when it was dropped, when it survived, in a prediction?",
        "With the mask held still each value is multiplied by a constant. The derivative is that constant.",
        "The constants are 0, 1/(1 − p) and, in a prediction, 1. Multiply `upstream` by them.",
    ),
    arithmetic=partial(_by_hand, name="upstream", told="∂L/∂output"),
    why_shape=partial(_same_shape, name="upstream"),
)
LESSON = Lesson(
    number=9,
    name="dropout",
    title="Dropout",
    exercises=(_PAPER, _MODERN, _BACKWARD),
    without=(
        "torch.dropout",
        "torch.native_dropout",
        "torch.nn.functional.dropout",
        "torch.nn.Dropout",
    ),
    figures=figures.FIGURES,
    stands=(
        Stand(
            "dropout",
            ("drop6", "drop7"),
            lambda layer, x: {
                "x": x,
                "uniform": layer.uniform(x) if layer.training else x.new_full(x.shape, 0.5),
                "p": layer.p,
                "training": layer.training,
            },
        ),
    ),
)
