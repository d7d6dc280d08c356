"""The right answers of lesson 1, one value at a time in float64."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array


def to_tensor(picture: Array, white: int) -> Array:
    """Channels first, 0 to 1: (H, W, C) -> (C, H, W)."""
    height, width, channels = picture.shape
    out = np.empty((channels, height, width))
    for c, y, x in np.ndindex(out.shape):
        out[c, y, x] = float(picture[y, x, c]) / white
    return out


def source_place(i: int, before: int, after: int) -> float:
    """The middle of new pixel i's two edges, measured from the middle of old pixel 0."""
    left, right = i * before / after, (i + 1) * before / after
    return (left + right) / 2 - 0.5


def enlarge(x: Array, size: int) -> Array:
    """Each old pixel counts by how near it is, 1 at its centre, 0 a pixel away."""
    batch, channels, height, width = x.shape
    out = np.empty((batch, channels, size, size))
    for i, j in np.ndindex(size, size):
        shares = np.outer(_nearness(i, height, size), _nearness(j, width, size))  # (H, W)
        for n, c in np.ndindex(batch, channels):
            out[n, c, i, j] = (shares * x[n, c]).sum()
    return out


def _nearness(i: int, before: int, after: int) -> Array:
    at = min(max(source_place(i, before, after), 0.0), before - 1.0)
    return np.array([max(0.0, 1 - abs(at - pixel)) for pixel in range(before)])


def normalise(x: Array, mean: Array, std: Array) -> Array:
    """(N, C, H, W), (C,), (C,) -> (N, C, H, W)."""
    out = np.empty_like(x)
    for n, c, row, column in np.ndindex(x.shape):
        out[n, c, row, column] = (x[n, c, row, column] - mean[c]) / std[c]
    return out
