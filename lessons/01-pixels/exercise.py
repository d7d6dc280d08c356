"""Lesson 1: pixels. Your code; `tutor check 1` tests it.

Shapes: (H, W, C) is rows, columns, channels, as a picture file lists them; (C, H, W) is channels,
rows, columns, as a network wants them; (N, C, H, W) is N such pictures.
"""

import torch  # noqa: F401  you will want it
from torch import Tensor


def to_tensor(picture: Tensor, white: int) -> Tensor:
    """A decoded picture file as a network takes it.

    Args:
        picture: (H, W, C), whole numbers from 0 to white.
        white: the number that means white: 255 where a file has 8 bits per number, 15 where it has 4.

    Returns:
        (C, H, W), float32, 0 to 1. For one row of two pixels, (255, 0, 51) and (102, 204, 153), and
        white = 255: red 1, 0.4; green 0, 0.8; blue 0.2, 0.6.
    """
    values = picture.float()  # 32 bits each: a byte holds no fractions
    return ...  # TODO: 0 to 1, and channels first


def source_place(i: int, before: int, after: int) -> float:
    """Where the centre of an enlarged picture's pixel lies in the small picture.

    Args:
        i: number of the pixel along one side of the enlarged picture, from 0.
        before: pixels along that side of the small picture.
        after: pixels along that side of the enlarged one.

    Returns:
        A place in pixels of the small picture: 0 is the centre of its first pixel, before − 1 that of
        its last. It may lie a little outside. For i = 0 and 1 from 2 to 4 pixels: −0.25, 0.25.
    """
    raise NotImplementedError("TODO: a pixel is a square, and its place is the square's centre")


def enlarge(x: Tensor, size: int) -> Tensor:
    """Bilinear enlarging: in either direction a mixture of the two nearest pixels.

    Args:
        x: (N, C, H, W).
        size: rows and columns wanted, at least as many as x has.

    Returns:
        (N, C, size, size). Outside the centres of the first and last pixel their value goes on. For
        the rows [0, 100] and [0, 100] and size = 4: four rows of 0, 25, 75, 100.
    """
    raise NotImplementedError("TODO: one row of pixels first, then rows and columns")


def normalise(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """Pixels brought round zero, channel by channel.

    Args:
        x: (N, C, H, W), 0 to 1.
        mean: (C,), of the training pictures' pixels.
        std: (C,), their standard deviation.

    Returns:
        (N, C, H, W). For a black and a white pixel, mean 0.286 and std 0.353: −0.810, 2.023.
    """
    raise NotImplementedError("TODO: each channel with its own two numbers")
