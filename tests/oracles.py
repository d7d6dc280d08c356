"""The layers once more, in NumPy float64, one output value at a time: slow, plain, independent."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def conv2d(x: Array, weight: Array, bias: Array, stride: int, padding: int, groups: int) -> Array:
    batch, _, height, width = x.shape
    kernels, channels, rows, columns = weight.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out_height = (height + 2 * padding - rows) // stride + 1
    out_width = (width + 2 * padding - columns) // stride + 1
    out = np.empty((batch, kernels, out_height, out_width))
    for n, k, i, j in np.ndindex(out.shape):
        first = (k // (kernels // groups)) * channels
        window = padded[
            n,
            first : first + channels,
            i * stride : i * stride + rows,
            j * stride : j * stride + columns,
        ]
        out[n, k, i, j] = (window * weight[k]).sum() + bias[k]
    return out


def lrn(x: Array, size: int, k: float, alpha: float, beta: float) -> Array:
    out = np.empty_like(x)
    channels = x.shape[1]
    for n, i, row, column in np.ndindex(x.shape):
        low, high = max(0, i - size // 2), min(channels - 1, i + size // 2)
        squares = sum(float(x[n, j, row, column]) ** 2 for j in range(low, high + 1))
        out[n, i, row, column] = x[n, i, row, column] / (k + alpha * squares) ** beta
    return out


def max_pool(x: Array, kernel: int, stride: int) -> Array:
    batch, channels, height, width = x.shape
    out = np.empty(
        (batch, channels, (height - kernel) // stride + 1, (width - kernel) // stride + 1)
    )
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = max(x[n, c, i * stride + r, j * stride + s] for r, s in square(kernel))
    return out


def linear(x: Array, weight: Array, bias: Array) -> Array:
    out = np.empty((len(x), len(weight)))
    for n, k in np.ndindex(out.shape):
        out[n, k] = sum(float(a) * float(w) for a, w in zip(x[n], weight[k], strict=True)) + bias[k]
    return out


def softmax(z: Array) -> Array:
    shifted = np.exp(z - z.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def square(side: int) -> Iterator[tuple[int, int]]:
    return product(range(side), range(side))
