"""The view grows by kernel − 1 steps, not by kernel: the first cell's view is there already. A step is
as wide as neighbouring cells of the layer *below* lie apart, so it is taken before this layer's own
stride is multiplied in. Padding moves a view and adds nothing to it.

The span goes the other way, from the value to the pixels. A range of cells needs the cells from the
first one's window start to the last one's window end; then those cells ask the layer below.

The MACs: each place of each map needs one product per weight of its kernel. So the count is weights
times places, and the places are those of the map that goes out.

The three layers are three times the same step, convolution and then ReLU, each on what the one before
gave. A frame of 1 around a window of 3 keeps the size, and each layer needs a frame of its own: beyond
the edge conv4 must meet zeros, not what conv3 makes of zeros. pool5 is no part of the row.
"""

import torch.nn.functional as F
from torch import Tensor


def receptive_field(layers: list[tuple[int, int, int]]) -> tuple[int, int]:
    size, apart = 1, 1
    for kernel, stride, _ in layers:
        size = size + (kernel - 1) * apart
        apart = apart * stride
    return size, apart


def span(layers: list[tuple[int, int, int]], place: int) -> tuple[int, int]:
    first = last = place
    for kernel, stride, padding in reversed(layers):
        first = first * stride - padding
        last = last * stride - padding + kernel - 1
    return first, last


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
    rows = (height + 2 * padding - kernel) // stride + 1
    columns = (width + 2 * padding - kernel) // stride + 1
    weights = out_channels * (in_channels // groups) * kernel * kernel
    return weights * rows * columns


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
    x = F.relu(F.conv2d(x, weight3, bias3, padding=1, groups=groups[0]))  # (N, K, H, W)
    x = F.relu(F.conv2d(x, weight4, bias4, padding=1, groups=groups[1]))  # (N, K, H, W)
    return F.relu(F.conv2d(x, weight5, bias5, padding=1, groups=groups[2]))  # (N, L, H, W)
