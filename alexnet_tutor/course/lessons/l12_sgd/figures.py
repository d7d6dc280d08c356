"""Figures of lesson 12: the pixels of the learner's own picture are what shall be learnt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.records import TraceRecord

HIGH, LOW, STEPS = 0.1, 0.01, 60
CHANCE = 0.5  # standard deviation of what a batch adds to each gradient
SLOW, BEFORE, AFTER = 0.02, 10, 20  # the rate of the second figure; steps before and after its drop
_MOMENTUM = 0.9
_SIDE = 28  # pixels that a terminal can show one by one


def noise(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """What noisy gradients have made of the picture: at a high rate, for longer, at a low rate."""
    target = shrunk(trace)
    rates = {
        f"{STEPS} steps": [HIGH] * STEPS,
        f"{2 * STEPS} steps": [HIGH] * 2 * STEPS,
        f"{STEPS} + {STEPS} steps": [HIGH] * STEPS + [LOW] * STEPS,
    }
    found = {name: descended(target, each, chance=CHANCE) for name, each in rates.items()}
    return tuple(
        (f"{name}, off by {np.sqrt(((weights - target) ** 2).mean()):.2f}", weights)
        for name, weights in found.items()
    )


def two_rules(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """What is too much or missing at a drop of the rate, and later by both rules; not told which."""
    target = shrunk(trace)
    before, after = [SLOW] * BEFORE, [SLOW / 10] * AFTER
    return (
        ("at the drop", descended(target, before) - target),
        ("A, later", descended(target, before + after, rule="paper") - target),
        ("B, later", descended(target, before + after) - target),
    )


def descended(
    target: Array, rates: Sequence[float], *, chance: float = 0.0, rule: str = "torch"
) -> Array:
    """As many weights as pixels, 0 at first, after a step per rate on Σ (w − pixel)² / 2.

    Args:
        chance: standard deviation of what is added to each gradient, w − pixel.
        rule: ``torch`` or ``paper``.
    """
    rng = np.random.default_rng(seed_of(12, "noise"))
    weight, velocity = np.zeros_like(target), np.zeros_like(target)
    for rate in rates:
        gradient = weight - target + chance * rng.standard_normal(target.shape)
        if rule == "paper":
            velocity = _MOMENTUM * velocity - rate * gradient
            weight = weight + velocity
        else:
            velocity = _MOMENTUM * velocity + gradient
            weight = weight - rate * velocity
    return weight


def shrunk(trace: TraceRecord) -> Array:
    """The picture in about 28×28 pixels, each the mean of a square: (C, H, W) -> (H', W')."""
    grey = trace.pixels.mean(axis=0).astype(np.float64)
    side = max(1, min(grey.shape) // _SIDE)
    rows, columns = (size // side for size in grey.shape)
    squares = grey[: rows * side, : columns * side].reshape(rows, side, columns, side)
    return np.asarray(squares.mean(axis=(1, 3)))


FIGURES = {"noise": noise, "two-rules": two_rules}
