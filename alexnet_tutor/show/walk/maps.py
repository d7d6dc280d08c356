"""Maps as cells of a terminal: a value at least half a cell, a cursor on one, a frame around a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from alexnet_tutor.records import Box
from alexnet_tutor.show.terminal.picture import ASCII_SHADES, LEVELS, SHADES, resample

Line = list[Segment]
Floats = NDArray[np.floating]
# Of the 256 colours that most terminals have.
_FIRST_GREY, _MARK, _OTHER = 232, 46, 201
# cividis, dark blue over grey to yellow, each step lighter: as few as there are near it.
CIVIDIS = (17, 18, 24, 60, 242, 243, 245, 247, 144, 179, 185, 221, 227)
_BLUES = (16, 17, 18, 19, 20, 26, 27, 33, 39, 75, 111, 117, 153)
_GREYS = tuple(range(_FIRST_GREY, _FIRST_GREY + LEVELS))
_REDS = (16, 52, 88, 124, 130, 166, 172, 208, 214, 220, 221, 222, 229)
_FRAME_SIGN, _CURSOR_SIGN, _OTHER_SIGN = "<>", "[]", "{}"
NOTHING, FRAME, CURSOR, OTHER = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Look:
    """How the terminal draws: in 256 colours or in shades, with Unicode or without."""

    colour: bool = True
    ascii_only: bool = False


@dataclass(frozen=True, slots=True)
class Lie:
    """How a map lies in its pane.

    Attributes:
        scale: dots along the side of a value.
        top, left: the first row and column in sight.
        height, width: rows and columns in sight.
    """

    scale: int
    top: int
    left: int
    height: int
    width: int

    def value_at(self, x: int, y: int, look: Look) -> tuple[int, int] | None:
        """(row, column) of the value in a cell of the pane; ``None`` beside the map."""
        across, down = (x, 2 * y) if look.colour else (x // 2, y)
        row, column = down // self.scale, across // self.scale
        if not (0 <= row < self.height and 0 <= column < self.width):
            return None
        return self.top + row, self.left + column


def dots(cells: int, lines: int, look: Look) -> tuple[int, int]:
    """(rows, columns) of dots in a pane: square ones, two to a cell, or half a dot to a cell."""
    return (2 * lines, cells) if look.colour else (lines, cells // 2)


def lie(shape: tuple[int, int], pane: tuple[int, int], focus: tuple[int, int], look: Look) -> Lie:
    """As large as it fits, whole dots to a value; what does not fit is a window round ``focus``.

    Args:
        shape: of the map, (H, W).
        pane: (cells, lines).
        focus: (row, column).
        look: how the terminal draws.
    """
    down, across = dots(*pane, look)
    height, width = shape
    scale = max(1, min(down // height, across // width))
    seen = min(height, max(1, down // scale)), min(width, max(1, across // scale))
    top, left = (
        min(max(0, at - part // 2), side - part)
        for at, part, side in zip(focus, seen, shape, strict=True)
    )
    return Lie(scale, top, left, *seen)


def draw(
    values: Floats,
    place: Lie,
    look: Look,
    *,
    ends: tuple[float, float],
    cursor: tuple[int, int] | None = None,
    box: Box | None = None,
    other: tuple[int, int] | None = None,
) -> list[Line]:
    """A map (H, W); ``cursor`` and ``other`` are values, ``box`` is framed just outside where there is room."""
    part = values[place.top : place.top + place.height, place.left : place.left + place.width]
    large = part.astype(np.float64).repeat(place.scale, axis=0).repeat(place.scale, axis=1)
    marks = np.zeros(large.shape, dtype=int)
    if box is not None:
        top, left, bottom, last = (at * place.scale for at in _within(box, place))
        frame(marks, (top - 1, left - 1, bottom + place.scale, last + place.scale))
    for at, sign in ((other, OTHER), (cursor, CURSOR)):
        if at is not None:
            row, column = (
                (a - b) * place.scale for a, b in zip(at, (place.top, place.left), strict=True)
            )
            if row >= 0 and column >= 0:
                marks[row : row + place.scale, column : column + place.scale] = sign
    return dotted(large, marks, ends, look)


def shrunk(
    pixels: Floats,
    pane: tuple[int, int],
    look: Look,
    box: Box | None = None,
    ends: tuple[float, float] = (0.0, 1.0),
    grey: bool = False,
) -> list[Line]:
    """The whole of a picture (C, H, W), as large as it fits, ``box`` framed on it; a photograph in grey."""
    height, width = pixels.shape[1:]
    down, across = dots(*pane, look)
    share = min(down / height, across / width)
    size = max(1, round(height * share)), max(1, round(width * share))
    finite = np.nan_to_num(pixels.mean(axis=0, dtype=np.float64), posinf=ends[1], neginf=ends[0])
    small = resample(finite[None], *size)[0]
    marks = np.zeros(size, dtype=int)
    if box is not None:
        top, left, bottom, last = box
        frame(
            marks,
            (int(top * share), int(left * share), int(bottom * share), int(last * share)),
        )
    return dotted(small, marks, ends, look, grey)


def frame(marks: NDArray[np.int_], box: Box) -> None:
    """Mark the border of ``box``, kept within the picture."""
    height, width = marks.shape
    top, bottom = (min(max(at, 0), height - 1) for at in (box[0], box[2]))
    left, last = (min(max(at, 0), width - 1) for at in (box[1], box[3]))
    marks[[top, bottom], left : last + 1] = FRAME
    marks[top : bottom + 1, [left, last]] = FRAME


def _within(box: Box, place: Lie) -> Box:
    top, left, bottom, last = box
    return top - place.top, left - place.left, bottom - place.top, last - place.left


def dotted(
    values: Floats,
    marks: NDArray[np.int_],
    ends: tuple[float, float],
    look: Look,
    grey: bool = False,
) -> list[Line]:
    """Dots (H, W) and what marks them, as lines of cells."""
    if not look.colour:
        return _shades(values, marks, ends, look)
    return _half_blocks(colours_of(values, ends, grey=grey), marks)


def colours_of(
    values: Floats, ends: tuple[float, float], *, grey: bool = False
) -> NDArray[np.int_]:
    """A colour per value: from a low end below 0 on black is 0, blue below it and red to yellow above."""
    low, high = ends
    colours: NDArray[np.int_]
    if low < 0:
        far = max(-low, high)
        steps = np.rint(np.nan_to_num(values / far).clip(-1, 1) * (len(_REDS) - 1)).astype(int)
        colours = np.where(steps >= 0, np.take(_REDS, abs(steps)), np.take(_BLUES, abs(steps)))
        return colours
    ramp = _GREYS if grey else CIVIDIS
    share = np.nan_to_num((values - low) / ((high - low) or 1.0)).clip(0, 1)
    colours = np.take(ramp, np.rint(share * (len(ramp) - 1)).astype(int))
    return colours


def lightness(colour: int) -> float:
    """Of one of the 256: 0 is black, 1 white."""
    if colour >= _FIRST_GREY:
        return (8 + 10 * (colour - _FIRST_GREY)) / 255
    red, green, blue = (
        (55 + 40 * part if part else 0) / 255
        for part in ((colour - 16) // 36, (colour - 16) // 6 % 6, (colour - 16) % 6)
    )
    return 0.3 * red + 0.59 * green + 0.11 * blue


def _half_blocks(colours: NDArray[np.int_], marks: NDArray[np.int_]) -> list[Line]:
    colours = np.select([marks == OTHER, marks != NOTHING], [_OTHER, _MARK], colours)
    if len(colours) % 2:
        colours = np.vstack([colours, np.full((1, colours.shape[1]), -1)])
    pairs = zip(colours[::2].tolist(), colours[1::2].tolist(), strict=True)
    return [_joined([_cell(*pair) for pair in zip(*rows, strict=True)]) for rows in pairs]


def _joined(cells: Sequence[Segment]) -> Line:
    """Neighbours of one style share one escape sequence: light over a slow line."""
    return [Segment(cell.text * len(list(same)), cell.style) for cell, same in groupby(cells)]


@lru_cache(maxsize=4096)
def _cell(top: int, below: int) -> Segment:
    """Two dots, one above the other; of one colour they take one escape code, not two."""
    if top == below:
        return Segment(" ", Style.from_color(None, Color.from_ansi(top)))
    under = None if below < 0 else Color.from_ansi(below)
    return Segment("▀", Style.from_color(Color.from_ansi(top), under))


def _shades(
    values: Floats, marks: NDArray[np.int_], ends: tuple[float, float], look: Look
) -> list[Line]:
    low, high = ends
    ramp = ASCII_SHADES if look.ascii_only else SHADES
    share = np.nan_to_num((values - low) / ((high - low) or 1.0)).clip(0, 1)
    steps = np.rint(share * (len(ramp) - 1)).astype(int)
    signs = {FRAME: _FRAME_SIGN, CURSOR: _CURSOR_SIGN, OTHER: _OTHER_SIGN}
    return [
        [
            Segment(signs.get(mark, 2 * ramp[step]), _BOLD if mark else Style.null())
            for step, mark in zip(row, marked, strict=True)
        ]
        for row, marked in zip(steps.tolist(), marks.tolist(), strict=True)
    ]


_BOLD = Style(bold=True)
