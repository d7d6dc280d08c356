"""Lesson 5: overlapping max pooling. Your code; `tutor check 5` tests it.

Shapes are (N, C, H, W): pictures, maps, rows, columns.
"""

import torch  # noqa: F401  you will want it
from torch import Tensor


def coverage(size: int, window: int, stride: int) -> list[int]:
    """How many windows look at each cell of one side of a map.

    Args:
        size: cells of that side.
        window: cells of a window's side.
        stride: cells from one window's first cell to the next one's.

    Returns:
        A whole number for each cell. Only windows that lie wholly inside count. For 6, 3, 2:
        [1, 1, 2, 1, 1, 0].
    """
    starts = ...  # TODO: the first cell of each window, as a list or a range
    return [sum(start <= cell < start + window for start in starts) for cell in range(size)]


def max_pool(x: Tensor, window: int, stride: int, padding: int) -> Tensor:
    """Max pooling, section 3.4 of the paper, in square windows that may overlap.

    Args:
        x: (N, C, H, W), positive and negative.
        window: rows and columns of a window; the paper's z, 3.
        stride: cells from window to window, down and across; the paper's s, 2.
        padding: rings of empty cells round each map, fewer than window. They never win.

    Returns:
        (N, C, H', W'). For x = [[−3, −5], [−8, −6]], window 3, stride 2, padding 1: [[−3]].
    """
    raise NotImplementedError("TODO: one value from each window")


def pool_backward(x: Tensor, grad: Tensor, window: int, stride: int) -> Tensor:
    """The gradient on its way back through the pooling, without padding.

    Args:
        x: (N, C, H, W), what was pooled.
        grad: (N, C, H', W'), ∂L/∂out: how the loss changes with each value that came out.
        window: rows and columns of a window.
        stride: cells from window to window, down and across.

    Returns:
        (N, C, H, W), ∂L/∂x. Where cells of a window are equal, the first in reading order has won,
        as in PyTorch's layer. For x = [[7, 2, 5], [1, 7, 0], [3, 4, 6]], window 3, stride 2 and
        grad = [[10]]: 10 at the first 7, else 0.
    """
    raise NotImplementedError("TODO: who gets what")
