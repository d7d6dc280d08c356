"""Lesson 2: conv1. Your code; `tutor check 2` tests it.

Shapes: (N, C, H, W) is pictures, channels, rows, columns; (K, C, R, S) is kernels, channels, rows,
columns of a kernel.
"""

import torch  # noqa: F401  you will want it
from torch import Tensor


def output_size(size: int, kernel: int, stride: int, padding: int) -> int:
    """How many windows fit along one side of a picture.

    Args:
        size: pixels of that side.
        kernel: pixels of a window's side.
        stride: pixels from one window's start to the next one's.
        padding: zeros at each end.

    Returns:
        Windows that lie wholly inside the padded picture. For 7, 3, 2, 0: 3.
    """
    room = size + 2 * padding - kernel
    return ...  # TODO: from the room to the number of windows


def overhang(size: int, kernel: int, stride: int) -> int:
    """How far the last window hangs over, where windows go on until the last pixel is covered.

    Args:
        size: pixels of a side; at least kernel.
        kernel: pixels of a window's side.
        stride: pixels from one window's start to the next one's.

    Returns:
        Pixels beyond the edge, 0 or more. For 6, 3, 2: 1.
    """
    raise NotImplementedError("TODO: where does the last window end?")


def conv2d(x: Tensor, weight: Tensor, bias: Tensor, stride: int, padding: int) -> Tensor:
    """The convolution that conv1 to conv5 compute.

    Args:
        x: (N, C, H, W).
        weight: (K, C, R, S).
        bias: (K,).
        stride: pixels from window to window, down and across.
        padding: rows and columns of zeros on every side.

    Returns:
        (N, K, H', W'). For x = [[1, 2], [3, 4]], a weight of [[1, 0], [0, 10]] and a bias of 5, no
        padding: 1·1 + 4·10 + 5 = 46.
    """
    raise NotImplementedError("TODO: one window first, then all of them")
