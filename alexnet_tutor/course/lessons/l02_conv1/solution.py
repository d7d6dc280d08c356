"""The size: from the first window's start to the last one's lie size + 2·padding − kernel pixels.
Whole strides fit into them `//` times, and the first window is one more: hence the + 1.

The overhang is what is missing to the next whole stride. Python's `%` with a negative number gives
it at once: −213 % 4 = 3. At 224 pixels three rows hang over, at 227 none: that is the puzzle's
answer.

The convolution goes over kernel positions, not over windows: position (r, s) meets one pixel of
every window, and those pixels are a slice with the stride as its step. 121 slices serve 11×11.
"""

import torch
from torch import Tensor


def output_size(size: int, kernel: int, stride: int, padding: int) -> int:
    room = size + 2 * padding - kernel
    return room // stride + 1


def overhang(size: int, kernel: int, stride: int) -> int:
    return -(size - kernel) % stride


def conv2d(x: Tensor, weight: Tensor, bias: Tensor, stride: int, padding: int) -> Tensor:
    batch, channels, height, width = x.shape
    kernels, _, rows, columns = weight.shape
    padded = x.new_zeros(batch, channels, height + 2 * padding, width + 2 * padding)
    padded[:, :, padding : padding + height, padding : padding + width] = x
    high = output_size(height, rows, stride, padding)
    wide = output_size(width, columns, stride, padding)
    total = bias[:, None, None].expand(batch, kernels, high, wide)
    for r in range(rows):
        for s in range(columns):
            end_r, end_s = r + (high - 1) * stride + 1, s + (wide - 1) * stride + 1
            seen = padded[:, :, r:end_r:stride, s:end_s:stride]  # (N, C, H', W')
            total = total + torch.einsum("nchw,kc->nkhw", seen, weight[:, :, r, s])
    return total
