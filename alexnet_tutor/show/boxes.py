"""What a value sees, drawn on the picture: its box, and those of the values on its strongest path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.records import Box, TraceRecord, UnitRecord
from alexnet_tutor.show import numbers, plots, tiles

Pixels = NDArray[np.uint8]

_SCALE, _LINE = 4, 3  # dots to a pixel of the picture, and of a box's border
_PADDING, _STRIPE = 96, 120  # greys of what lies beyond the picture
_COLOURS = {
    "vermillion": plots.VERMILLION,
    "sky blue": plots.SKY,
    "orange": plots.ORANGE,
    "green": plots.GREEN,
    "purple": plots.PURPLE,
    "blue": plots.BLUE,
}


def save(record: UnitRecord, trace: TraceRecord, folder: Path) -> Path:
    """Write ``conv5_37_6_6.png``; its title names each box by colour, the largest first.

    Raises:
        ValueError: picture or maps are not square, so that no box is known.
    """
    if record.box is None:
        raise ValueError("there is no box to draw: picture or maps are not square")
    name = trace.image.path if trace.image else ""
    about = [f"{record.place} of {Path(name).name}" if name else str(record.place)]
    about.append("What it sees, and what the values on its strongest path see. Striped: padding.")
    drawn, colours = ground(trace.pixels, record.box), list(_COLOURS.items())
    for order, (place, box) in enumerate(path(record)):
        word, colour = colours[order % len(colours)]
        outline(drawn, _moved(box, record.box), colour)
        about.append(f"{word}: {place}, {numbers.box(box)}")
    file = folder / f"{record.place.layer}_{'_'.join(map(str, record.place.index))}.png"
    plots.save(plots.sheet(drawn[None], "\n".join(about)), file)
    return file


def path(record: UnitRecord) -> Iterator[tuple[str, Box]]:
    """The value and those on its strongest path, each with its box, where that is not the last one's."""
    assert record.box is not None
    yield str(record.place), record.box
    last, below = record.clipped, record.producers
    while below:
        strongest = below[0]
        if strongest.clipped is not None and strongest.clipped != last:
            last = strongest.clipped
            yield str(strongest.place), last
        below = strongest.producers


def ground(pixels: NDArray[np.float32], box: Box) -> Pixels:
    """(C, H, W) -> (H', W', 3): the picture enlarged, on padding where ``box`` reaches beyond it."""
    height, width = pixels.shape[1:]
    top, left, bottom, last = _canvas(pixels.shape, box)
    rows, columns = np.mgrid[: (bottom - top + 1) * _SCALE, : (last - left + 1) * _SCALE]
    striped = np.where((rows + columns) // (2 * _SCALE) % 2 == 0, _PADDING, _STRIPE)
    canvas = np.repeat(striped[..., None], 3, axis=-1).astype(np.uint8)
    shades = np.rint(pixels.clip(0, 1) * 255).astype(np.uint8)
    shades = np.repeat(shades, 3, axis=0) if len(shades) == 1 else shades
    large = tiles.channels_last(shades).repeat(_SCALE, axis=0).repeat(_SCALE, axis=1)
    down, across = -top * _SCALE, -left * _SCALE
    canvas[down : down + height * _SCALE, across : across + width * _SCALE] = large
    return canvas


def outline(canvas: Pixels, box: Box, colour: str) -> None:
    """Draw the border of ``box`` within it, in pixels of the canvas' own picture."""
    shade = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    top, left, bottom, last = box
    part = canvas[top * _SCALE : (bottom + 1) * _SCALE, left * _SCALE : (last + 1) * _SCALE]
    for edge in (part[:_LINE], part[-_LINE:], part[:, :_LINE], part[:, -_LINE:]):
        edge[...] = shade


def _canvas(shape: tuple[int, ...], box: Box) -> Box:
    """The smallest box that holds the picture and ``box``."""
    _, height, width = shape
    top, left, bottom, last = box
    return min(0, top), min(0, left), max(height - 1, bottom), max(width - 1, last)


def _moved(box: Box, outermost: Box) -> Box:
    """``box`` counted from the corner of the canvas."""
    down, across = -min(0, outermost[0]), -min(0, outermost[1])
    top, left, bottom, last = box
    return top + down, left + across, bottom + down, last + across
