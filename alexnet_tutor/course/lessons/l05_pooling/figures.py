"""Figures of lesson 5, from the trace of the learner's own picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.records import TraceRecord

_WINDOW, _STRIDE = 3, 2  # the paper's z and s


def winners(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """lrn1's strongest map, what pool1 keeps of it, and how often each cell is kept."""
    number, before, after = _strongest(trace)
    kept = np.zeros_like(before)
    for i, j in np.ndindex(after.shape):
        top, left = i * _STRIDE, j * _STRIDE
        seen = before[top : top + _WINDOW, left : left + _WINDOW]
        row, column = np.unravel_index(int(seen.argmax()), seen.shape)
        kept[top + int(row), left + int(column)] += 1
    return (
        (f"lrn1, map {number}, {_size(before)}", before),
        (f"pool1, map {number}, {_size(after)}", after),
        ("how often kept", kept),
    )


def two_poolings(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """The same map pooled by the mean and by the largest value; which is which is not said."""
    _, before, after = _strongest(trace)
    windows = np.lib.stride_tricks.sliding_window_view(before, (_WINDOW, _WINDOW))
    means = windows[::_STRIDE, ::_STRIDE].mean(axis=(-2, -1))
    return (("A", means), ("B", after))


def _strongest(trace: TraceRecord) -> tuple[int, Array, Array]:
    before, after = trace.layer("lrn1").maps, trace.layer("pool1").maps
    assert before is not None
    assert after is not None
    number = int(before.max(axis=(1, 2)).argmax())
    return number, before[number].astype(np.float64), after[number].astype(np.float64)


def _size(values: Array) -> str:
    return f"{values.shape[0]}×{values.shape[1]}"


FIGURES = {"winners": winners, "two-poolings": two_poolings}
