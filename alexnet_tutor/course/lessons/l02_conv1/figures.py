"""Figures of lesson 2, from the trace of the learner's own picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.records import TraceRecord


def window(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """The picture, the kernel with the strongest answer, and its map."""
    maps = trace.layer("conv1").maps
    assert maps is not None
    loudest = int(maps.max(axis=(1, 2)).argmax())
    assert trace.conv1_kernels is not None
    return (
        ("your picture", trace.pixels.mean(axis=0).astype(np.float64)),
        (
            f"kernel {loudest} of conv1",
            trace.conv1_kernels[loudest].mean(axis=0).astype(np.float64),
        ),
        (f"its map, {maps.shape[1]}×{maps.shape[2]}", maps[loudest].astype(np.float64)),
    )


FIGURES = {"window": window}
