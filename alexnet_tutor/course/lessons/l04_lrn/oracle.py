"""The right answers of lesson 4, one value at a time in float64."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array


def sum_of_squares(a: Array, n: int) -> Array:
    """Σ a_j² over the n maps around each map: (N, C, H, W) -> (N, C, H, W)."""
    out = np.zeros_like(a)
    maps = a.shape[1]
    for batch, i, row, column in np.ndindex(a.shape):
        for j in range(max(0, i - n // 2), min(maps - 1, i + n // 2) + 1):
            out[batch, i, row, column] += a[batch, j, row, column] ** 2
    return out


def lrn(a: Array, n: int, k: float, alpha: float, beta: float) -> Array:
    """Section 3.3's formula: (N, C, H, W) -> (N, C, H, W)."""
    out = np.empty_like(a)
    sums = sum_of_squares(a, n)
    for index in np.ndindex(a.shape):
        out[index] = a[index] / (k + alpha * sums[index]) ** beta
    return out


def relu_lrn(z: Array, n: int, k: float, alpha: float, beta: float) -> Array:
    """LRN of the positive part: (N, C, H, W) -> (N, C, H, W)."""
    return lrn(np.where(z > 0, z, 0.0), n, k, alpha, beta)
