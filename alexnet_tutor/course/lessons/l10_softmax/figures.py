"""Figures of lesson 10, from the trace of the learner's own picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.course.lessons.l10_softmax import oracle
from alexnet_tutor.records import TraceRecord

_MOST = 20  # classes that are drawn
_WIDTH = 260  # columns of the longest bar


def scores(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """Per class: the logit above the lowest one, the probability, the loss if it were the true one."""
    logits = trace.layer("fc8").values[0].astype(np.float64)
    return (
        ("logit above the lowest", bars(logits - logits.min())),
        (f"probability, most: {trace.top[0].label}", bars(oracle.softmax(logits[None])[0])),
        ("loss if it is the true one", bars(oracle.log_sum(logits) - logits)),
    )


def bars(values: Array) -> Array:
    """A bar per value, lying one below the other: (K,), none negative -> (20·K, 260)."""
    values = values[:_MOST]
    high = float(values.max())
    lengths = np.rint(values / (high or 1.0) * _WIDTH)
    drawn = np.where(np.arange(_WIDTH) < lengths[:, None], high, 0.0)
    return drawn.repeat(20, axis=0)


FIGURES = {"scores": scores}
