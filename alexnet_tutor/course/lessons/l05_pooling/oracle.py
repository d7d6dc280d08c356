"""The right answers of lesson 5, one value at a time in float64."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array


def firsts(size: int, window: int, stride: int) -> list[int]:
    """The first cell of each window that lies wholly inside ``size`` cells."""
    return [first for first in range(0, size, stride) if first + window <= size]


def coverage(size: int, window: int, stride: int) -> list[int]:
    """How many windows each cell lies in."""
    seen = [0] * size
    for first in firsts(size, window, stride):
        for cell in range(first, first + window):
            seen[cell] += 1
    return seen


def max_pool(x: Array, window: int, stride: int, padding: int) -> Array:
    """The largest cell of each window: (N, C, H, W) -> (N, C, H', W')."""
    batch, maps, height, width = x.shape
    rows = firsts(height + 2 * padding, window, stride)
    columns = firsts(width + 2 * padding, window, stride)
    out = np.full((batch, maps, len(rows), len(columns)), -np.inf)
    for n, c, i, j in np.ndindex(out.shape):
        for r, s in np.ndindex(window, window):
            y, z = rows[i] + r - padding, columns[j] + s - padding
            if 0 <= y < height and 0 <= z < width:
                out[n, c, i, j] = max(out[n, c, i, j], x[n, c, y, z])
    return out


def winner(x: Array, window: int, first: tuple[int, int, int, int]) -> tuple[int, int]:
    """(row, column) of the largest cell of the window from ``first`` on, the first of equals."""
    n, c, top, left = first
    best = (top, left)
    for r, s in np.ndindex(window, window):
        if x[n, c, top + r, left + s] > x[n, c, best[0], best[1]]:
            best = (top + r, left + s)
    return best


def pool_backward(x: Array, grad: Array, window: int, stride: int) -> Array:
    """∂L/∂x from ∂L/∂out: (N, C, H, W), (N, C, H', W') -> (N, C, H, W)."""
    out = np.zeros_like(x)
    for n, c, i, j in np.ndindex(grad.shape):
        row, column = winner(x, window, (n, c, i * stride, j * stride))
        out[n, c, row, column] += grad[n, c, i, j]
    return out
