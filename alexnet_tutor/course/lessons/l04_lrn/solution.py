"""The sum runs over maps, so one loop over maps is enough: all pixels go along at once.

A window at the first or last map is cut off: the paper's max(0, …) and min(N − 1, …). Nothing is
padded, and the sum is not divided by how many maps it has: α alone sets its weight.

`lrn` is the formula read from the inside out. `relu_lrn` normalises after the ReLU, as section 3.3
says: a map that did not answer must not turn the others down.
"""

import torch
from torch import Tensor


def sum_of_squares(a: Tensor, n: int) -> Tensor:
    channels = a.shape[1]
    sums = []
    for i in range(channels):
        low, high = max(0, i - n // 2), min(channels - 1, i + n // 2)
        total = (a[:, low : high + 1] ** 2).sum(dim=1)  # (N, H, W)
        sums.append(total)
    return torch.stack(sums, dim=1)  # (N, C, H, W)


def lrn(a: Tensor, n: int, k: float, alpha: float, beta: float) -> Tensor:
    return a / (k + alpha * sum_of_squares(a, n)) ** beta


def relu_lrn(z: Tensor, n: int, k: float, alpha: float, beta: float) -> Tensor:
    return lrn(torch.relu(z), n, k, alpha, beta)
