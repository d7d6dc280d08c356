"""Lesson 4: local response normalisation. Your code; `tutor check 4` tests it.

Shapes are (N, C, H, W): pictures, maps, rows, columns.
"""

import torch
from torch import Tensor


def sum_of_squares(a: Tensor, n: int) -> Tensor:
    """What the neighbours of each map amount to, at every pixel.

    Args:
        a: (N, C, H, W).
        n: how many maps the window has, odd: the map itself and n // 2 on either side of it, fewer
            where the maps end.

    Returns:
        (N, C, H, W). For one pixel with the maps 100, 300, 200 and n = 3: 100000, 140000, 130000.
    """
    channels = a.shape[1]
    sums = []
    for i in range(channels):
        low, high = max(0, i - n // 2), min(channels - 1, i + n // 2)
        total = ...  # TODO: what maps low to high amount to, (N, H, W)
        sums.append(total)
    return torch.stack(sums, dim=1)  # (N, C, H, W)


def lrn(a: Tensor, n: int, k: float, alpha: float, beta: float) -> Tensor:
    """Local response normalisation, section 3.3 of the paper.

    Args:
        a: (N, C, H, W).
        n: how many maps the window has, odd.
        k: the paper's k, 2.
        alpha: the paper's α, 0.0001.
        beta: the paper's β, 0.75.

    Returns:
        (N, C, H, W). For one pixel with the maps 100, 300, 200, n = 3 and the paper's numbers:
        15.51, 37.5, 26.24.
    """
    raise NotImplementedError("TODO: the formula")


def relu_lrn(z: Tensor, n: int, k: float, alpha: float, beta: float) -> Tensor:
    """What leaves lrn1 when conv1 gives z: the two layers after conv1, in the paper's order.

    Args:
        z: (N, C, H, W), positive and negative.
        n: how many maps the window has, odd.
        k: the paper's k, 2.
        alpha: the paper's α, 0.0001.
        beta: the paper's β, 0.75.

    Returns:
        (N, C, H, W). For one pixel with the maps 100 and −300, n = 3 and the paper's numbers:
        43.87, 0.
    """
    raise NotImplementedError("TODO: two layers")
