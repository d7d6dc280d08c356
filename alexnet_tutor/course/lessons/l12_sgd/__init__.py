"""Lesson 12: stochastic gradient descent, its exercises and the inputs they are tried on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from alexnet_tutor.course.exercise import Case, Exercise, Lesson
from alexnet_tutor.course.lessons.l12_sgd import (
    by_hand,
    figures,
    mistakes,
    mistakes_rates,
    oracle,
)
from alexnet_tutor.randomness import seed_of

# Decays far above the paper's: with 0.0005 a handful of steps shows no mistake in it. No gradients are
# asked of these functions: an optimiser's step may stand under no_grad.
_HAND = {"weight": np.array([10.0]), "momentum": 0.9, "decay": 0.5}
_HAND_GRADIENTS, _HAND_RATES = np.array([[4.0], [-2.0], [3.0]]), [0.1, 0.1, 0.01]


def _descents(seed: int) -> Iterator[Case]:
    """From one weight and two steps to batches of steps whose rates fall and climb."""
    rng = np.random.default_rng(seed_of(seed, "sgd"))

    def case(
        weights: int, rates: list[float], momentum: float, decay: float, **extra: object
    ) -> Case:
        signs = rng.choice([-1.0, 1.0], weights)
        arguments = {
            "weight": rng.integers(2, 10, weights) * signs,
            "gradients": rng.integers(-9, 10, (len(rates), weights)).astype(np.float64),
            "rates": rates,
            "momentum": momentum,
            "decay": decay,
        }
        return Case(arguments, **extra)  # type: ignore[arg-type]

    for steps in (2, 3):
        yield Case(
            {
                "weight": _HAND["weight"],
                "gradients": _HAND_GRADIENTS[:steps],
                "rates": _HAND_RATES[:steps],
                "momentum": _HAND["momentum"],
                "decay": _HAND["decay"],
            }
        )
    yield case(2, [0.2, 0.2, 0.02], 0.9, 0.25)
    yield case(3, [0.02, 0.2, 0.2, 0.2], 0.8, 0.5)
    yield case(2, [0.1, 0.1, 0.1, 0.01, 0.01], 0.9, 0.0)
    yield case(4, [0.1, 0.2, 0.3, 0.2, 0.1], 0.6, 0.4, strided=True)
    yield case(3, [0.3, 0.3, 0.3, 0.03, 0.03, 0.003], 0.9, 0.3, dtype="float64")
    for _ in range(3):
        steps, drop = int(rng.integers(4, 8)), int(rng.integers(1, 4))
        high, factor = float(rng.uniform(0.05, 0.3)), float(rng.choice([0.1, 0.2, 0.5]))
        rates = [high] * drop + [high * factor] * (steps - drop)
        momentum, decay = float(rng.choice([0.7, 0.8, 0.9])), float(rng.uniform(0.1, 0.8))
        yield case(int(rng.integers(2, 6)), rates, momentum, decay)


def _epochs(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "step_rate"))
    known = [(epoch, 8.0, 3, 0.5) for epoch in (0, 1, 2, 3, 4, 6, 10)]
    known += [(epoch, 0.01, 50, 0.1) for epoch in (0, 24, 26, 49, 50, 51, 99, 100, 150)]
    for _ in range(6):
        epoch, every = int(rng.integers(0, 60)), int(rng.integers(2, 20))
        known.append((epoch, float(rng.uniform(0.01, 0.5)), every, float(rng.choice([0.1, 0.2]))))
    for numbers in known:
        yield Case(dict(zip(("epoch", "base", "every", "factor"), numbers, strict=True)))


def _cycles(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "onecycle_rate"))
    known = [(step, 11, 2, 1.0) for step in (0, 1, 2, 3, 6, 9, 10)]
    for _ in range(6):
        steps = int(rng.integers(8, 60))
        peak, highest = int(rng.integers(1, steps // 3)), float(rng.uniform(0.01, 0.5))
        known += [(step, steps, peak, highest) for step in (int(rng.integers(steps)), steps - 1)]
    for numbers in known:
        yield Case(dict(zip(("step", "steps", "peak", "highest"), numbers, strict=True)))


_EXERCISE_OF_STEPS = partial(Exercise, cases=_descents, why_shape=by_hand.why_steps)

LESSON = Lesson(
    number=12,
    name="sgd",
    title="SGD: many small steps downhill, and then your own AlexNet",
    exercises=(
        _EXERCISE_OF_STEPS(
            name="paper_steps",
            task="The paper's update rule over many steps; one line is missing.",
            oracle=oracle.paper_steps,
            mistakes=mistakes.PAPER,
            hints=(
                "The line has three terms: what is kept of the old velocity, the decay, the gradient. Work out the lesson's first step with them.",
                "momentum belongs to the old velocity alone. decay and gradient are both multiplied by the rate, and both are subtracted.",
                "`momentum * velocity - decay * rate * weight - …`: one term is left.",
            ),
            arithmetic=by_hand.paper,
        ),
        _EXERCISE_OF_STEPS(
            name="torch_steps",
            task="PyTorch's rule over the same steps, from its two lines.",
            oracle=oracle.torch_steps,
            mistakes=mistakes.TORCH,
            hints=(
                "Copy the loop of paper_steps. Both of its lines change.",
                "The rate leaves the first line and goes into the second; the minus goes with it.",
                "First `velocity = momentum * velocity + (gradient + decay * weight)`, then the weight loses `rate` times that.",
            ),
            arithmetic=by_hand.torch,
        ),
        Exercise(
            name="step_rate",
            task="The learning rate of an epoch, multiplied by a factor every so many epochs.",
            oracle=oracle.step_rate,
            cases=_epochs,
            mistakes=mistakes_rates.STEP,
            hints=(
                "Write the rates of epochs 0 to 6 in a row, with a change every 3. In which epochs is a new number?",
                "The number of changes so far is how often `every` fits wholly into `epoch`.",
                "`epoch // every` changes, and each multiplies by `factor`: a power.",
            ),
            arithmetic=by_hand.step_rate,
            why_shape=by_hand.why_number,
        ),
        Exercise(
            name="onecycle_rate",
            task="The learning rate of a step in a run that is one cycle.",
            oracle=oracle.onecycle_rate,
            cases=_cycles,
            mistakes=mistakes_rates.ONECYCLE,
            hints=(
                "Draw it: three points, step 0, step peak, step steps − 1, and two straight lines between them.",
                "On a line from a to b that is n steps long, step k has a + (b − a) · k / n.",
                "Up to the peak: a = highest / 25, b = highest, n = peak. After it: b = highest / 250000, n = steps − 1 − peak, and k counts from the peak.",
            ),
            arithmetic=by_hand.onecycle,
            why_shape=by_hand.why_number,
        ),
    ),
    without=(
        "torch.optim.SGD",
        "torch.optim.sgd.SGD",
        "torch.optim.sgd.sgd",
        "torch.optim.lr_scheduler.StepLR",
        "torch.optim.lr_scheduler.OneCycleLR",
    ),
    figures=figures.FIGURES,
)
