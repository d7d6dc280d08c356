"""The row goes map by map, in a map row by row, in a row column by column. So before a value stand
whole maps, whole rows, and single columns: three products, and nothing else.

`x.reshape(N, -1)` keeps the order in memory, which is that very order, and leaves the pictures apart.
`x.flatten(1)` is the same; `x.flatten()` would make a single row of the whole batch.

`weight` has a row per unit. A matrix product pairs rows of the first factor with columns of the
second, so the weights are turned. Where K is F nothing but the numbers tells whether they were.

Read as maps again, a unit's row of weights is a kernel as large as what the layer was made for. Laid
on maps of that size it fits once, which is the fully connected layer; larger maps have more places.
"""

import torch
from torch import Tensor


def place(channel: int, row: int, column: int, channels: int, height: int, width: int) -> int:
    maps_before = channel * height * width
    return maps_before + row * width + column


def flatten(x: Tensor) -> Tensor:
    return x.reshape(x.shape[0], -1)


def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return x @ weight.T + bias


def fc_as_conv(x: Tensor, weight: Tensor, bias: Tensor, height: int, width: int) -> Tensor:
    kernels = weight.reshape(weight.shape[0], x.shape[1], height, width)  # (K, C, height, width)
    return torch.conv2d(x, kernels, bias)
