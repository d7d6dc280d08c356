"""The same without a loop over layers: sums of what each layer adds, in steps of the layer below it.

The three layers as the paper ran them: each tower for itself, in a frame that is made first.
"""

from itertools import accumulate
from operator import mul

import torch
import torch.nn.functional as F
from torch import Tensor


def steps(layers: list[tuple[int, int, int]]) -> list[int]:
    """Pixels between neighbours: of the picture, then after each layer."""
    return list(accumulate((stride for _, stride, _ in layers), mul, initial=1))


def receptive_field(layers: list[tuple[int, int, int]]) -> tuple[int, int]:
    apart = steps(layers)
    grown = sum((kernel - 1) * step for (kernel, _, _), step in zip(layers, apart, strict=False))
    return 1 + grown, apart[-1]


def span(layers: list[tuple[int, int, int]], place: int) -> tuple[int, int]:
    apart = steps(layers)
    shift = sum(padding * step for (_, _, padding), step in zip(layers, apart, strict=False))
    first = place * apart[-1] - shift
    return first, first + receptive_field(layers)[0] - 1


def macs(
    in_channels: int,
    out_channels: int,
    height: int,
    width: int,
    kernel: int,
    stride: int,
    padding: int,
    groups: int,
) -> int:
    starts = [range(0, side + 2 * padding - kernel + 1, stride) for side in (height, width)]
    places = len(starts[0]) * len(starts[1])
    one_tower = (out_channels // groups) * (in_channels // groups) * kernel**2
    return groups * one_tower * places


def layer(x: Tensor, weight: Tensor, bias: Tensor, towers: int) -> Tensor:
    """One of the three and its ReLU: (N, C, H, W) -> (N, K, H, W)."""
    framed = F.pad(x, (1, 1, 1, 1))
    parts = zip(framed.chunk(towers, 1), weight.chunk(towers), bias.chunk(towers), strict=True)
    return torch.cat([F.conv2d(*own) for own in parts], 1).clamp(min=0)


def middle_layers(
    x: Tensor,
    weight3: Tensor,
    bias3: Tensor,
    weight4: Tensor,
    bias4: Tensor,
    weight5: Tensor,
    bias5: Tensor,
    groups: list[int],
) -> Tensor:
    kernels, biases = (weight3, weight4, weight5), (bias3, bias4, bias5)
    for weight, bias, towers in zip(kernels, biases, groups, strict=True):
        x = layer(x, weight, bias, towers)
    return x
