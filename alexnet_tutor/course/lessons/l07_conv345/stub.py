"""Lesson 7: conv3 to conv5. Your code; `tutor check 7` tests it.

In the first two functions `layers` is a list of (kernel, stride, padding), the layer next to the picture
first. Convolutions and pools alike: both lay a window on what comes in. All is told along one axis, rows
or columns. In the last one (N, C, H, W) is pictures, channels, rows, columns.
"""

import torch.nn.functional as F  # noqa: F401  you will want it
from torch import Tensor


def receptive_field(layers: list[tuple[int, int, int]]) -> tuple[int, int]:
    """How far one value of the last layer sees, and how far apart two neighbours' views are.

    Args:
        layers: (kernel, stride, padding) of each.

    Returns:
        (size, stride), both in pixels of the picture. The size is that of the whole window, whether or
        not all of it lies on the picture. For [(3, 2, 0), (3, 1, 0)]: (7, 2).
    """
    size, apart = 1, 1  # a pixel sees itself, and the next one is 1 further
    for kernel, stride, _ in layers:  # noqa: B007  you will want the kernel
        size = ...  # TODO: how far a value of this layer sees
        apart = apart * stride
    return size, apart


def span(layers: list[tuple[int, int, int]], place: int) -> tuple[int, int]:
    """Where one value of the last layer looks.

    Args:
        layers: (kernel, stride, padding) of each.
        place: which value, counted from 0.

    Returns:
        (first, last) pixel of its view. Pixels outside the picture count on: −1 is the one before
        pixel 0. For [(3, 2, 0), (3, 1, 0)] and place 1: (2, 8).
    """
    raise NotImplementedError("TODO: from the value back to the pixels")


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
    """Multiply-accumulates of a convolution for one picture.

    Args:
        in_channels: maps that come in.
        out_channels: maps that go out.
        height: rows of a map that comes in.
        width: columns of a map that comes in.
        kernel: side of a kernel.
        stride: cells from window to window.
        padding: zeros at each end. A product with such a zero counts as well.
        groups: how many groups share the channels and the kernels.

    Returns:
        How many products are added up. For 2, 4, 5, 5, 3, 1, 1, 1: 1800.
    """
    raise NotImplementedError("TODO: how often is each weight used?")


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
    """conv3, conv4 and conv5 in a row, with what stands between them.

    Each layer has a stride of 1 and keeps the height and the width. `F.conv2d(x, weight, bias)` is what
    you wrote in lessons 2 and 6; it takes `padding` and `groups` as well, by these names.

    Args:
        x: (N, C, H, W), what comes in. In the network pool2 gives it; here it may be negative.
        weight3: (K, C/G, 3, 3), conv3's kernels, G the first of `groups`.
        bias3: (K,).
        weight4: (K, K/G, 3, 3), conv4's, G the second.
        bias4: (K,).
        weight5: (L, K/G, 3, 3), conv5's, G the third.
        bias5: (L,).
        groups: of conv3, conv4 and conv5: [1, 1, 1] in this kit's network, [1, 2, 2] in the paper's.

    Returns:
        (N, L, H, W), what pool5 takes in. For a map of the one value 2, kernels with 3, −1 and 2 in the
        middle, biases 1, 5 and 4, and no groups, [1, 1, 1]: 4.
    """
    raise NotImplementedError("TODO: three layers, each on what the one before gave")
