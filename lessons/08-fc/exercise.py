"""Lesson 8: flatten and the fully connected layers. Your code; `tutor check 8` tests it.

Shapes: (N, C, H, W) is pictures, maps, rows, columns; (N, F) is a row of F numbers per picture.
"""

import torch  # noqa: F401  you will want it
from torch import Tensor


def place(channel: int, row: int, column: int, channels: int, height: int, width: int) -> int:
    """Where a map's value stands in the flattened row.

    Args:
        channel: number of its map, from 0.
        row: its row in the map, from 0.
        column: its column in the map, from 0.
        channels: maps in all.
        height: rows of a map.
        width: columns of a map.

    Returns:
        Its place in the row, from 0. For map 37, row 0, column 5 of 256 maps of 6×6: 1337.
    """
    maps_before = channel * height * width  # values of the maps that stand before this one
    return ...  # TODO: and within the map?


def flatten(x: Tensor) -> Tensor:
    """Maps laid out as a row, a row for each picture.

    Args:
        x: (N, C, H, W).

    Returns:
        (N, C·H·W), in the order of `place`. For the maps [[1, 2, 3]] and [[4, 5, 6]] of one picture:
        1, 2, 3, 4, 5, 6.
    """
    raise NotImplementedError("TODO: which axes become one?")


def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A fully connected layer: each unit takes in every number of the row.

    Args:
        x: (N, F).
        weight: (K, F), a row of weights per unit. Where it is tested K is F, as in fc7.
        bias: (K,).

    Returns:
        (N, K). For x = [1, 2], the weights [3, 10] and [0, 1] and the biases 5 and −1: 28, 1.
    """
    raise NotImplementedError("TODO: one unit first, then all of them")


def fc_as_conv(x: Tensor, weight: Tensor, bias: Tensor, height: int, width: int) -> Tensor:
    """A fully connected layer at every place where its maps fit: a convolution, stride 1, no padding.

    Args:
        x: (N, C, H, W), at least height rows and width columns.
        weight: (K, C·height·width), of a layer that takes in flattened maps of height × width.
        bias: (K,).
        height: rows of the maps that the layer was made for.
        width: columns of those maps.

    Returns:
        (N, K, H − height + 1, W − width + 1). For one map [[1, 2, 3]], one unit with the weights
        [1, 10] and bias 0, height 1 and width 2: 21, 32.
    """
    raise NotImplementedError(
        "TODO: what shape has a kernel? (torch.conv2d may be used: you wrote it.)"
    )
