"""Lesson 6: conv2. Your code; `tutor check 6` tests it.

Shapes: (N, C, H, W) is pictures, channels, rows, columns; (K, C/G, R, S) is kernels, the channels that
one kernel sees, rows, columns of a kernel. G is the number of groups; it divides C and K.
"""

import torch  # noqa: F401  you will want it
from torch import Tensor


def slide(x: Tensor, kernel: Tensor) -> Tensor:
    """Lesson 2's window over one channel, ready for use: (N, H, W), (R, S) -> (N, H', W').

    Stride 1, no padding, no bias.
    """
    windows = x.unfold(1, kernel.shape[0], 1).unfold(2, kernel.shape[1], 1)  # (N, H', W', R, S)
    return (windows * kernel).sum(dim=(3, 4))


def parameters(in_channels: int, out_channels: int, kernel: int, groups: int) -> int:
    """Weights and biases of a convolution with groups.

    Args:
        in_channels: channels that come in.
        out_channels: maps that go out, one per kernel.
        kernel: side of a kernel.
        groups: how many towers share the channels and the kernels.

    Returns:
        How many numbers training has to find. For 4, 4, 1, 2: 12.
    """
    seen = ...  # TODO: how many channels one kernel sees
    return out_channels * (seen * kernel * kernel + 1)


def padded(x: Tensor, padding: int) -> Tensor:
    """The maps in a frame of zeros.

    Args:
        x: (N, C, H, W).
        padding: rows above and below, columns left and right.

    Returns:
        (N, C, H + 2·padding, W + 2·padding). For the one value 7 and a padding of 1:
        [[0, 0, 0], [0, 7, 0], [0, 0, 0]].
    """
    raise NotImplementedError("TODO: a larger tensor of zeros, and x in its middle")


def grouped_conv(x: Tensor, weight: Tensor, bias: Tensor, padding: int, groups: int) -> Tensor:
    """What conv2, conv4 and conv5 of the paper compute: stride 1, padding, groups.

    Args:
        x: (N, C, H, W).
        weight: (K, C/G, R, S): the first K/G kernels are the first group's, and so on.
        bias: (K,).
        padding: rows and columns of zeros on every side.
        groups: G. The first C/G channels are the first group's, and so on.

    Returns:
        (N, K, H + 2·padding − R + 1, W + 2·padding − S + 1). For one pixel with the channels 1, 2, 3, 4,
        kernels of 1×1 with the weights 1 10, 1 100, 1 10, 1 100, biases of 0 and two groups:
        21, 201, 43, 403.
    """
    raise NotImplementedError("TODO: which channels does map k add up?")
