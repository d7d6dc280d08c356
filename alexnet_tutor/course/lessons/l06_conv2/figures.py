"""Figures of lesson 6, from the trace of the learner's own picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.course.lessons.l06_conv2.oracle import padded
from alexnet_tutor.records import TraceRecord

_KERNEL, _PADDING = 5, 2  # conv2's


def towers(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """The strongest answer at each place among the first half of pool1's maps, and the second."""
    maps = trace.layer("pool1").maps
    after = trace.layer("relu2").maps
    assert maps is not None
    assert after is not None
    half, loudest = len(maps) // 2, int(after.max(axis=(1, 2)).argmax())
    return (
        (f"pool1, maps 0 to {half - 1}", maps[:half].max(axis=0).astype(np.float64)),
        (f"pool1, maps {half} to {len(maps) - 1}", maps[half:].max(axis=0).astype(np.float64)),
        (f"relu2, map {loudest}", after[loudest].astype(np.float64)),
    )


def frame(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """How many of conv2's 25 weights meet a value at each place, without and with padding."""
    height, width = trace.layer("pool1").output_shape[2:]
    ones = padded(np.ones((1, 1, height, width)), _PADDING)
    windows = np.lib.stride_tricks.sliding_window_view(ones[0, 0], (_KERNEL, _KERNEL))
    met = windows.sum(axis=(2, 3))
    maps = trace.layer("conv2").maps
    assert maps is not None
    strength = np.abs(maps).mean(axis=0).astype(np.float64)
    return (
        ("weights that meet a map", met),
        ("conv2, mean |value|", strength),
    )


FIGURES = {"towers": towers, "frame": frame}
