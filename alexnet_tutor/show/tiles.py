"""Many small arrays as one large picture, number for number: an array, not hundreds of axes."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Pixels = NDArray[np.uint8]

_BELOW = np.array(
    [0, 114, 178]
)  # Okabe and Ito's blue and vermillion (a dark orange), white between
_ABOVE = np.array([213, 94, 0])
_WHITE = np.array([255, 255, 255])
_GAP, _GAP_GREY = 2, 170  # between black tiles and between white ones


def drawn(arrays: Floats, signed: bool) -> Pixels:
    """(N, H, W) -> (N, H, W, 3): blue to orange about zero where values have a sign, else grey."""
    return diverging(arrays) if signed else grey(arrays)


def kernels(weights: Floats) -> Pixels:
    """(K, C, R, S) -> (K, R, S, 3): three channels in colour, others as their mean."""
    return colour(weights) if weights.shape[1] == 3 else diverging(weights.mean(axis=1))


def channels_last(pixels: NDArray[Any]) -> NDArray[Any]:
    """(C, H, W) -> (H, W, C), or (H, W) where there is one channel."""
    return pixels[0] if len(pixels) == 1 else np.moveaxis(pixels, 0, -1)


def grey(arrays: Floats) -> Pixels:
    """(N, H, W) -> (N, H, W, 3): each from its own lowest, black, to its own highest, white."""
    low = arrays.min(axis=(1, 2), keepdims=True)
    span = arrays.max(axis=(1, 2), keepdims=True) - low
    scaled = (arrays - low) / np.where(span > 0, span, 1)
    return np.repeat(_bytes(scaled * 255)[..., None], 3, axis=-1)


def diverging(arrays: Floats) -> Pixels:
    """(N, H, W) -> (N, H, W, 3): white at zero, as blue or orange as it is far, each on its own scale."""
    extent = np.abs(arrays).max(axis=(1, 2), keepdims=True)
    scaled = (arrays / np.where(extent > 0, extent, 1))[..., None]
    ends = np.where(scaled < 0, _BELOW, _ABOVE)
    return _bytes(_WHITE + np.abs(scaled) * (ends - _WHITE))


def colour(arrays: Floats) -> Pixels:
    """(N, 3, H, W) -> (N, H, W, 3): each from its own lowest to its own highest."""
    low = arrays.min(axis=(1, 2, 3), keepdims=True)
    span = arrays.max(axis=(1, 2, 3), keepdims=True) - low
    return np.moveaxis(_bytes((arrays - low) / np.where(span > 0, span, 1) * 255), 1, -1)


def columns_for(count: int) -> int:
    """Tiles in a row: half as many rows again as would be square, and no gap at the end if possible."""
    wanted = sqrt(1.5 * count)
    whole = [number for number in range(1, count + 1) if count % number == 0]
    best = min(whole, key=lambda number: abs(number - wanted))
    return best if wanted / 1.5 <= best <= wanted * 1.5 else ceil(wanted)


def tiled(tiles: Pixels, columns: int, room: int) -> tuple[Pixels, int]:
    """((H, W, 3), pitch): tiles row by row, enlarged by a whole number to fill ``room`` pixels.

    ``pitch`` is the height of a row with its gap.
    """
    count, height, width, _ = tiles.shape
    scale = max(1, room // columns // width)
    rows = ceil(count / columns)
    pitch, across = height * scale + _GAP, width * scale + _GAP
    sheet = np.full((rows * pitch - _GAP, columns * across - _GAP, 3), _GAP_GREY, dtype=np.uint8)
    large = tiles.repeat(scale, axis=1).repeat(scale, axis=2)
    for number, tile in enumerate(large):
        top, left = number // columns * pitch, number % columns * across
        sheet[top : top + pitch - _GAP, left : left + across - _GAP] = tile
    return sheet, pitch


def square(values: Floats) -> Floats:
    """(1, side, side or less): a vector line by line, its last line filled up with its lowest value."""
    side = ceil(sqrt(values.size))
    padded = np.full(ceil(values.size / side) * side, values.min(), dtype=np.float64)
    padded[: values.size] = values.reshape(-1)
    return padded.reshape(1, -1, side)


def _bytes(values: Floats) -> Pixels:
    return np.rint(np.nan_to_num(values)).clip(0, 255).astype(np.uint8)
