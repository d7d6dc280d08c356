"""Figures of lesson 3, from the trace of the learner's own picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.records import TraceRecord


def passes(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """conv1's strongest map, what ReLU makes of it, and what tanh would."""
    number, given = _strongest(trace)
    return (
        (f"conv1, map {number}", given),
        ("after ReLU", np.maximum(given, 0)),
        ("after tanh", np.tanh(given)),
    )


def slopes(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """How much of the gradient passes at each place of that map; for tanh also at three times it."""
    _, given = _strongest(trace)
    found = {
        "ReLU": (given > 0).astype(np.float64),
        "tanh": 1 - np.tanh(given) ** 2,
        "tanh at 3·z": 1 - np.tanh(3 * given) ** 2,
    }
    return tuple((f"{name}, mean {slope.mean():.2f}", slope) for name, slope in found.items())


def two_rectifiers(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """The map through an absolute value and through a ReLU; which is which is not said."""
    _, given = _strongest(trace)
    return (("A", np.abs(given)), ("B", np.maximum(given, 0)))


def _strongest(trace: TraceRecord) -> tuple[int, Array]:
    maps = trace.layer("conv1").maps
    assert maps is not None
    number = int(maps.max(axis=(1, 2)).argmax())
    return number, maps[number].astype(np.float64)


FIGURES = {"passes": passes, "slopes": slopes, "two-rectifiers": two_rectifiers}
