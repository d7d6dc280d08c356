"""The right answers of lesson 6, one value at a time in float64."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array


def group_of(k: int, kernels: int, groups: int) -> int:
    """The group that kernel k is in: a group's kernels stand side by side."""
    size = kernels // groups
    return next(g for g in range(groups) if g * size <= k < (g + 1) * size)


def parameters(in_channels: int, out_channels: int, kernel: int, groups: int) -> int:
    """Counts them: one per channel of the kernel's own group and place, and one bias."""
    size = in_channels // groups
    count = 0
    for k in range(out_channels):
        group = group_of(k, out_channels, groups)
        for c in range(in_channels):
            count += kernel * kernel if group * size <= c < (group + 1) * size else 0
        count += 1
    return count


def padded(x: Array, padding: int) -> Array:
    """(N, C, H, W) -> (N, C, H + 2·padding, W + 2·padding)."""
    batch, channels, height, width = x.shape
    out = np.empty((batch, channels, height + 2 * padding, width + 2 * padding))
    for n, c, i, j in np.ndindex(out.shape):
        y, z = i - padding, j - padding
        inside = 0 <= y < height and 0 <= z < width
        out[n, c, i, j] = x[n, c, y, z] if inside else 0
    return out


def grouped_conv(x: Array, weight: Array, bias: Array, padding: int, groups: int) -> Array:
    """(N, C, H, W), (K, C/G, R, S), (K,) -> (N, K, H', W')."""
    batch, _, height, width = x.shape
    kernels, seen, rows, columns = weight.shape
    size = (height + 2 * padding - rows + 1, width + 2 * padding - columns + 1)
    out = np.empty((batch, kernels, *size))
    for n, k, i, j in np.ndindex(out.shape):
        first = group_of(k, kernels, groups) * seen
        total = bias[k]
        for c, r, s in np.ndindex(seen, rows, columns):
            y, z = i + r - padding, j + s - padding
            if 0 <= y < height and 0 <= z < width:
                total += x[n, first + c, y, z] * weight[k, c, r, s]
        out[n, k, i, j] = total
    return out
