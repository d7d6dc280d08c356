"""The right answers of lesson 2, one value at a time in float64."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array


def output_size(size: int, kernel: int, stride: int, padding: int) -> int:
    """How many windows fit: each start that leaves room for a whole kernel is counted."""
    room = size + 2 * padding
    return sum(1 for start in range(0, room, stride) if start + kernel <= room)


def overhang(size: int, kernel: int, stride: int) -> int:
    """How far the last window hangs over where windows go on until every pixel is covered."""
    start = 0
    while start + kernel < size:
        start += stride
    return start + kernel - size


def conv2d(x: Array, weight: Array, bias: Array, stride: int, padding: int) -> Array:
    """(N, C, H, W), (K, C, R, S), (K,) -> (N, K, H', W')."""
    batch, channels, height, width = x.shape
    kernels, _, rows, columns = weight.shape
    size = (
        output_size(height, rows, stride, padding),
        output_size(width, columns, stride, padding),
    )
    out = np.empty((batch, kernels, *size))
    for n, k, i, j in np.ndindex(out.shape):
        total = bias[k]
        for c, r, s in np.ndindex(channels, rows, columns):
            y, z = i * stride + r - padding, j * stride + s - padding
            if 0 <= y < height and 0 <= z < width:
                total += x[n, c, y, z] * weight[k, c, r, s]
        out[n, k, i, j] = total
    return out
