"""Figures of lesson 4, from the trace of the learner's own picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.records import TraceRecord


def competition(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """conv1's strongest map after ReLU, after LRN, and the divisor between the two."""
    before, after = trace.layer("relu1").maps, trace.layer("lrn1").maps
    assert before is not None
    assert after is not None
    loudest = int(before.max(axis=(1, 2)).argmax())
    own, normalised = before[loudest].astype(np.float64), after[loudest].astype(np.float64)
    divisor = np.divide(own, normalised, out=np.zeros_like(own), where=normalised > 0)
    return (
        (f"relu1, map {loudest}", own),
        (f"lrn1, map {loudest}", normalised),
        ("what it was divided by", divisor),
    )


FIGURES = {"competition": competition}
