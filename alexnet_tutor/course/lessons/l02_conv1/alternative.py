"""The same, written differently: every window cut out and laid beside the kernels as a long row."""

import math

import torch
from torch import Tensor


def output_size(size: int, kernel: int, stride: int, padding: int) -> int:
    return math.floor((size + 2 * padding - kernel) / stride) + 1


def overhang(size: int, kernel: int, stride: int) -> int:
    windows = math.ceil((size - kernel) / stride) + 1
    return (windows - 1) * stride + kernel - size


def conv2d(x: Tensor, weight: Tensor, bias: Tensor, stride: int, padding: int) -> Tensor:
    padded = torch.nn.functional.pad(x, (padding, padding, padding, padding))
    windows = padded.unfold(2, weight.shape[2], stride).unfold(3, weight.shape[3], stride)
    batch, _, high, wide = windows.shape[:4]
    rows = windows.permute(0, 2, 3, 1, 4, 5).reshape(batch, high * wide, -1)  # (N, H'W', CRS)
    products = rows @ weight.flatten(1).T  # (N, H'W', K)
    return (products + bias).transpose(1, 2).reshape(batch, -1, high, wide)
