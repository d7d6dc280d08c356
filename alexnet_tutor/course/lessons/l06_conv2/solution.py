"""The count: a kernel is as deep as its own group, C/G channels. There are still K kernels, and each
still has one bias. So groups divide the weights and leave the biases alone.

The frame is a fresh tensor of zeros, p longer at each of the four ends. The picture goes into its
middle, and x itself stays as it was.

The layer is three facts. Map k belongs to group k // (K/G), because a group's kernels stand side by
side. That group's channels begin at group · C/G. And a map is the *sum* of its channels' answers: the
bias starts the sum, so it is in it once.
"""

import torch
from torch import Tensor


def slide(x: Tensor, kernel: Tensor) -> Tensor:
    windows = x.unfold(1, kernel.shape[0], 1).unfold(2, kernel.shape[1], 1)  # (N, H', W', R, S)
    return (windows * kernel).sum(dim=(3, 4))


def parameters(in_channels: int, out_channels: int, kernel: int, groups: int) -> int:
    seen = in_channels // groups
    return out_channels * (seen * kernel * kernel + 1)


def padded(x: Tensor, padding: int) -> Tensor:
    batch, channels, height, width = x.shape
    framed = x.new_zeros(batch, channels, height + 2 * padding, width + 2 * padding)
    framed[:, :, padding : padding + height, padding : padding + width] = x
    return framed


def grouped_conv(x: Tensor, weight: Tensor, bias: Tensor, padding: int, groups: int) -> Tensor:
    kernels, seen = weight.shape[:2]
    framed = padded(x, padding)
    maps = []
    for k in range(kernels):
        group = k // (kernels // groups)
        total = bias[k]
        for c in range(seen):
            total = total + slide(framed[:, group * seen + c], weight[k, c])  # (N, H', W')
        maps.append(total)
    return torch.stack(maps, dim=1)  # (N, K, H', W')
