"""Figures of lesson 9, from the trace of the learner's own picture."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.course.lessons.l09_dropout import oracle
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.records import TraceRecord


def draws(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """relu6's units in a square, and what two draws of dropout would make of them in training."""
    units = trace.layer("relu6").values.astype(np.float64)  # (1, F)
    rng = np.random.default_rng(seed_of(0, "dropout", "figure"))
    first, second = (oracle.dropout(units, rng.random(units.shape), 0.5, True) for _ in range(2))
    named = {"relu6": units, "one draw": first, "another": second}
    return [
        (f"{name}, sum {values.sum():.1f}", _square(values[0])) for name, values in named.items()
    ]


def _square(values: Array) -> Array:
    """(F,) -> (side, side), line by line; units that fill no line are left out."""
    side = isqrt(len(values))
    return values[: side * side].reshape(side, side)


FIGURES = {"draws": draws}
