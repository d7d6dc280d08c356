"""Figures of lesson 1, from the learner's own picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.images import load_image
from alexnet_tutor.records import FASHION_PREPARATION, PAPER_PREPARATION, Preparation, TraceRecord

_PIECE = 7  # pixels of 28: few enough to be seen one by one


def sheets(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """The picture in colour, a sheet per channel."""
    return tuple(zip(("red", "green", "blue"), _colours(trace), strict=True))


def reshaped(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """The red sheet, and what stands in its place where the file's order was only reshaped."""
    pixels = _colours(trace)
    in_file_order = np.ascontiguousarray(pixels.transpose(1, 2, 0))  # (H, W, 3)
    return (("one program's red", pixels[0]), ("another's", in_file_order.reshape(pixels.shape)[0]))


def enlarged(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """The liveliest piece of the picture at 28×28, and the same piece of what it becomes."""
    how = _preparation(trace)
    coarse = _pixels(trace, replace(how, image_size=how.source_size or _PIECE))[0]
    small = np.lib.stride_tricks.sliding_window_view(coarse, (_PIECE, _PIECE))
    liveliest = small.std(axis=(2, 3)).argmax()
    row, column = (int(at) for at in np.unravel_index(liveliest, small.shape[:2]))
    large = trace.pixels[0].astype(np.float64)
    scale = len(large) / len(coarse)
    top, bottom, left, right = (
        round(at * scale) for at in (row, row + _PIECE, column, column + _PIECE)
    )
    piece = large[top:bottom, left:right]
    return (
        (f"{_PIECE}×{_PIECE} pixels of {len(coarse)}×{len(coarse)}", small[row, column]),
        (f"the same, {len(piece)}×{piece.shape[1]} of {len(large)}×{len(large)}", piece),
    )


def entering(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """The pixels before normalising, and what enters conv1."""
    how, pixels = _preparation(trace), trace.pixels[0].astype(np.float64)
    return (("pixels, 0 to 1", pixels), ("what enters conv1", (pixels - how.mean[0]) / how.std[0]))


def _preparation(trace: TraceRecord) -> Preparation:
    return trace.facts.preparation if trace.facts else FASHION_PREPARATION


def _colours(trace: TraceRecord) -> NDArray[np.float64]:
    """(3, H, W), 0 to 1, light as it is in the file."""
    return _pixels(trace, PAPER_PREPARATION)


def _pixels(trace: TraceRecord, preparation: Preparation) -> NDArray[np.float64]:
    assert trace.image is not None
    return load_image(trace.image.path, preparation).pixels.numpy().astype(np.float64)


FIGURES = {"sheets": sheets, "reshaped": reshaped, "enlarged": enlarged, "entering": entering}
