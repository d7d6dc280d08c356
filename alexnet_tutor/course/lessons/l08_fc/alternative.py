"""The same, written differently: the place as a number whose digits have different bases; maps joined
end to end; a sum over the shared index; the convolution as the plain layer on every window."""

import torch
from torch import Tensor


def place(channel: int, row: int, column: int, channels: int, height: int, width: int) -> int:
    return (channel * height + row) * width + column


def flatten(x: Tensor) -> Tensor:
    maps = [x[:, channel, row] for channel in range(x.shape[1]) for row in range(x.shape[2])]
    return torch.cat(maps, dim=1)


def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.einsum("nf,kf->nk", x, weight) + bias


def fc_as_conv(x: Tensor, weight: Tensor, bias: Tensor, height: int, width: int) -> Tensor:
    windows = x.unfold(2, height, 1).unfold(3, width, 1)  # (N, C, H', W', height, width)
    batch, high, wide = x.shape[0], windows.shape[2], windows.shape[3]
    rows = windows.permute(0, 2, 3, 1, 4, 5).reshape(batch * high * wide, -1)  # a row per window
    return linear(rows, weight, bias).reshape(batch, high, wide, -1).permute(0, 3, 1, 2)
