"""Three layers in a row that can be wrong in many ways, one switch each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.course.lessons.l04_lrn.oracle import lrn
from alexnet_tutor.course.lessons.l05_pooling.oracle import max_pool
from alexnet_tutor.course.lessons.l06_conv2.wrong import wrong_grouped


def _summed(x: Array, weight: Array, bias: Array, padding: int, groups: int) -> Array:
    if min(x.shape[2:]) + 2 * padding < weight.shape[2]:
        raise ValueError("the kernel is larger than what it is laid on")
    return wrong_grouped(x, weight, bias, padding, groups)


def _between(x: Array, after: str) -> Array:
    if after == "pool":
        if min(x.shape[2:]) < 3:
            raise ValueError("the window is larger than the map")
        return max_pool(x, 3, 2, 0)
    return lrn(x, 5, 2.0, 1e-4, 0.75) if after == "lrn" else x


def wrong_middle(
    x: Array, weight3: Array, bias3: Array, weight4: Array, bias4: Array, weight5: Array,
    bias5: Array, groups: Sequence[int], *, relu: str = "after", between: str = "relu",
    last: str = "relu", add: str = "before", biases: str = "own", pad: str = "each",
    after: str = "nothing", end: str = "relu5", layers: str = "three",
) -> Array:  # fmt: skip
    """Right unless a switch is given: (N, C, H, W) -> (N, K, H, W)."""
    fourth = bias3 if biases == "conv3's again" else bias4
    row = list(zip((weight3, weight4, weight5), (bias3, fourth, bias5), groups, strict=True))
    row = [row[0], row[2]] if layers == "without conv4" else row
    for number, (weight, bias, of) in enumerate(row):
        final = number == len(row) - 1
        edge = {"each": 1, "none": 0, "two": 2, "at once": 0 if number else 3}[pad]
        x = np.maximum(x, 0) if relu == "before" else x
        x = _summed(x, weight, bias if add == "before" else 0 * bias, edge, of)
        if relu == "after" and (last if final else between) == "relu":
            x = np.maximum(x, 0)
        x = x + bias[:, None, None] if add == "after" else x
        x = x if final else _between(x, after)
    return max_pool(x, 3, 2, 0) if end == "pool5" else x
