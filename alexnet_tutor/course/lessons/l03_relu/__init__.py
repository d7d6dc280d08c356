"""Lesson 3: ReLU against tanh, its exercises and the inputs they are tried on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from alexnet_tutor.course.exercise import Array, Case, Exercise, Lesson, Stand
from alexnet_tutor.course.lessons.l03_relu import by_hand, figures, mistakes, mistakes_back, oracle
from alexnet_tutor.randomness import seed_of

_SHAPES = ((2, 3), (2, 2, 3), (1, 2, 3, 2))


def _relus(seed: int) -> Iterator[Case]:
    """Negative values lie further out than positive ones, so that a leak shows.

    No gradient is asked for: a change in place would end in torch's error, and is to be told as one.
    """
    rng = np.random.default_rng(seed_of(seed, "relu"))
    yield Case({"x": np.array([-2.0, 0, 3])})
    yield Case({"x": np.array([[-40.0, -3, 2], [0, 5, -0.5]])})
    for shape in _SHAPES:
        yield Case({"x": rng.integers(-60, 8, shape).astype(np.float64)})
    yield Case({"x": rng.normal(-2, 3, (2, 3, 4, 3))}, strided=True)
    yield Case({"x": rng.normal(-2, 3, (2, 4, 3))}, dtype="float64")


def _relu_backwards(seed: int) -> Iterator[Case]:
    """Some x are exactly 0; the gradients are of both signs, and larger where x is negative."""
    rng = np.random.default_rng(seed_of(seed, "relu_backward"))

    def case(x: Array, **extra: object) -> Case:
        grad = rng.integers(1, 10, x.shape) * rng.choice([-1.0, 1.0], x.shape)
        return Case({"x": x, "grad": grad * np.where(x < 0, 8, 1)}, **extra)  # type: ignore[arg-type]

    yield Case({"x": np.array([-2.0, 0, 3]), "grad": np.array([10.0, 20, -30])})
    yield Case({"x": np.array([-5.0, -4, 2, 4]), "grad": np.array([-80.0, 90, 6, -7])})
    for shape in _SHAPES:
        yield case(rng.integers(-3, 4, shape).astype(np.float64))
    yield case(rng.normal(size=(2, 3, 4, 3)).round(1), strided=True)
    yield case(rng.normal(size=(2, 4, 3)), dtype="float64")


def _tanh_backwards(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "tanh_backward"))

    def case(x: Array, **extra: object) -> Case:
        grad = rng.integers(1, 10, x.shape) * rng.choice([-1.0, 1.0], x.shape)
        return Case({"x": x, "grad": grad}, **extra)  # type: ignore[arg-type]

    yield Case({"x": np.array([0, 0.5, 2]), "grad": np.array([10.0, 10, 10])})
    yield Case({"x": np.array([-2.0, -1, 1, 3]), "grad": np.array([1.0, -2, 3, 4])})
    for shape in _SHAPES:
        yield case(rng.integers(-4, 5, shape) / 2)
    yield case(rng.normal(size=(2, 3)), gradient=("x", "grad"))
    yield case(rng.normal(size=(2, 3, 4, 3)), strided=True)
    yield case(rng.normal(size=(2, 4, 3)), dtype="float64")


def _batches(seed: int) -> Iterator[Case]:
    """Maps of every kind: answering all pictures, one, none; at most 0; 0 everywhere."""
    rng = np.random.default_rng(seed_of(seed, "dead_share"))
    yield Case({"z": np.array([[-1.0, 2, 0], [-3, -2, 0]]).reshape(2, 3, 1, 1)})
    yield Case({"z": np.array([-1.0, -1, -1, 2, -1, -2, -3, -4]).reshape(1, 2, 2, 2)})
    yield Case({"z": np.array([[-1.0, -2], [-3, 0.5], [-5, -6]]).reshape(3, 2, 1, 1)})
    for pictures, maps, side in ((2, 5, 2), (3, 5, 2), (4, 7, 3)):
        yield Case({"z": _maps(rng, pictures, maps, side)}, strided=maps == 7)


def _maps(rng: np.random.Generator, pictures: int, maps: int, side: int) -> Array:
    z = -rng.integers(1, 9, (pictures, maps, side, side)).astype(np.float64)
    for number, kind in enumerate(rng.permutation(maps)):
        if kind == 0:
            z[:, number] = np.maximum(z[:, number], -1) + 1  # 0 everywhere
        elif kind == 1:
            z[-1, number, 0, -1] = 3  # answers the last picture, in one place
        elif kind == 2:
            z[:, number, -1, 0] = 40  # answers every picture, and by its mean as well
        elif kind == 3:
            z[0, number, 0, 0] = 0  # its largest value is 0
    return z


LESSON = Lesson(
    number=3,
    name="relu",
    title="ReLU: what is not positive becomes 0",
    exercises=(
        Exercise(
            name="relu",
            task="The function itself; one line is missing.",
            oracle=oracle.relu,
            cases=_relus,
            mistakes=mistakes.RELU,
            hints=(
                "Compute it for −2, 0 and 3 in your head: max(0, x).",
                "Each value is compared with 0, and the larger of the two goes on. x itself must stay as it is.",
                "`x.clamp(min=…)`, or `torch.where(x > 0, …, …)`.",
            ),
            arithmetic=by_hand.relu,
            why_shape=by_hand.why_same,
        ),
        Exercise(
            name="relu_backward",
            task="The gradient on its way back through a ReLU.",
            oracle=oracle.relu_backward,
            cases=_relu_backwards,
            mistakes=mistakes_back.RELU,
            hints=(
                "Move x = 3 by a little, then x = −2. How much does max(0, x) move each time?",
                "What goes back is grad times the slope, and the slope is 1 or 0. x decides which.",
                "`x > 0` is True or False at each place, and times a number that is 1 or 0.",
            ),
            arithmetic=by_hand.relu_backward,
            why_shape=by_hand.why_same,
        ),
        Exercise(
            name="tanh_backward",
            task="The gradient on its way back through a tanh.",
            oracle=oracle.tanh_backward,
            cases=_tanh_backwards,
            mistakes=mistakes_back.TANH,
            hints=(
                "Look at the lesson's two rows of slopes. At which z is tanh's slope 1, and where does it go to 0?",
                "The slope is 1 − y², where y is what comes out: tanh of x.",
                "`y = torch.tanh(x)`, then grad times the slope.",
            ),
            arithmetic=by_hand.tanh_backward,
            why_shape=by_hand.why_same,
        ),
        Exercise(
            name="dead_share",
            task="The share of the maps that let no gradient through on any picture.",
            oracle=oracle.dead_share,
            cases=_batches,
            mistakes=mistakes.DEAD,
            hints=(
                "For one map: which single value of all its values, in all pictures, tells you whether it is dead?",
                "Reduce (N, C, H, W) to (C,): one True or False per map. Then ask what share is True.",
                "`z.amax(dim=(0, 2, 3))` is each map's largest value. It is dead if that is not positive.",
            ),
            arithmetic=by_hand.dead_share,
            why_shape=by_hand.why_number,
        ),
    ),
    without=(
        "torch.relu",
        "torch.relu_",
        "torch.threshold",
        "torch.nn.functional.relu",
        "torch.nn.functional.relu_",
        "torch.nn.functional.threshold",
        "torch.nn.ReLU",
    ),
    figures=figures.FIGURES,
    stands=(Stand("relu", tuple(f"relu{n}" for n in range(1, 8)), lambda _, x: {"x": x}),),
)
