"""The right answers of lesson 7, by going through cells, windows and weights one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.course.lessons.l02_conv1.oracle import output_size
from alexnet_tutor.course.lessons.l06_conv2.oracle import grouped_conv

Layers = Sequence[tuple[int, int, int]]  # (kernel, stride, padding), the picture's side first


def span(layers: Layers, place: int) -> tuple[int, int]:
    """The first and the last pixel that the value at ``place`` depends on."""
    cells = {place}
    for kernel, stride, padding in reversed(layers):
        cells = {cell * stride - padding + at for cell in cells for at in range(kernel)}
    return min(cells), max(cells)


def receptive_field(layers: Layers) -> tuple[int, int]:
    """(size, stride): from the spans of two neighbours."""
    (first, last), (following, _) = span(layers, 0), span(layers, 1)
    return last - first + 1, following - first


def macs(
    in_channels: int, out_channels: int, height: int, width: int, kernel: int, stride: int,
    padding: int, groups: int,
) -> int:  # fmt: skip
    """Products of one map, for each map: a weight of each channel in its group, at each window."""
    of_in, of_out = in_channels // groups, out_channels // groups
    windows = output_size(height, kernel, stride, padding) * output_size(
        width, kernel, stride, padding
    )
    count = 0
    for k in range(out_channels):
        mine = [c for c in range(in_channels) if c // of_in == k // of_out]
        count += len(mine) * kernel * kernel * windows
    return count


def in_steps(
    x: Array, weight3: Array, bias3: Array, weight4: Array, bias4: Array, weight5: Array,
    bias5: Array, groups: Sequence[int],
) -> Iterator[tuple[Array, Array]]:  # fmt: skip
    """Of conv3, conv4 and conv5: (before its ReLU, after it), each (N, K, H, W)."""
    for weight, bias, of in zip(
        (weight3, weight4, weight5), (bias3, bias4, bias5), groups, strict=True
    ):
        summed = grouped_conv(x, weight, bias, 1, of)
        x = np.array([max(0.0, value) for value in summed.ravel()]).reshape(summed.shape)
        yield summed, x


def middle_layers(
    x: Array, weight3: Array, bias3: Array, weight4: Array, bias4: Array, weight5: Array,
    bias5: Array, groups: Sequence[int],
) -> Array:  # fmt: skip
    """(N, C, H, W) -> (N, K, H, W)."""
    *_, (_, out) = in_steps(x, weight3, bias3, weight4, bias4, weight5, bias5, groups)
    return out
