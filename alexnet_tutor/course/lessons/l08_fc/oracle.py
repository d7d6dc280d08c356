"""The right answers of lesson 8, one value at a time in float64."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array


def place(channel: int, row: int, column: int, channels: int, height: int, width: int) -> int:
    """How many values are read before this one."""
    order = np.ndindex(channels, height, width)  # the last index runs fastest
    return next(number for number, at in enumerate(order) if at == (channel, row, column))


def flatten(x: Array) -> Array:
    """(N, C, H, W) -> (N, C·H·W)."""
    batch, channels, height, width = x.shape
    out = np.empty((batch, channels * height * width))
    for n in range(batch):
        for number, at in enumerate(np.ndindex(channels, height, width)):
            out[n, number] = x[(n, *at)]
    return out


def linear(x: Array, weight: Array, bias: Array) -> Array:
    """(N, F), (K, F), (K,) -> (N, K)."""
    out = np.empty((len(x), len(weight)))
    for n, k in np.ndindex(out.shape):
        out[n, k] = bias[k]
        for i in range(x.shape[1]):
            out[n, k] += x[n, i] * weight[k, i]
    return out


def fc_as_conv(x: Array, weight: Array, bias: Array, height: int, width: int) -> Array:
    """The layer on each window: (N, C, H, W), (K, C·h·w), (K,) -> (N, K, H − h + 1, W − w + 1)."""
    rows, columns = x.shape[2] - height + 1, x.shape[3] - width + 1
    out = np.empty((len(x), len(weight), rows, columns))
    for i, j in np.ndindex(rows, columns):
        window = x[:, :, i : i + height, j : j + width]
        out[:, :, i, j] = linear(flatten(window), weight, bias)
    return out
