"""Figures of lesson 9, from the trace of the learner's own picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.course.lessons.l09_dropout import oracle
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.records import TraceRecord

_SIDE = 13  # of the square that is drawn


def draws(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """relu6's strongest units in a square, and what two draws of dropout would make of them in training.

    The sums in the titles are over all units of the layer.
    """
    units = trace.layer("relu6").values.astype(np.float64)  # (1, F)
    strongest = np.argsort(-units[0], kind="stable")[: _SIDE**2]
    rng = np.random.default_rng(seed_of(0, "dropout", "figure"))
    first, second = (oracle.dropout(units, rng.random(units.shape), 0.5, True) for _ in range(2))
    named = {"relu6": units, "one draw": first, "another": second}
    return [
        (f"{name}, sum {values.sum():.1f}", _square(values[0, strongest]))
        for name, values in named.items()
    ]


def _square(values: Array) -> Array:
    """Line by line, with zeros where there are too few: (F,) -> (13, 13)."""
    return np.pad(values, (0, _SIDE**2 - len(values))).reshape(_SIDE, _SIDE)


FIGURES = {"draws": draws}
