"""Arrays as pictures in the terminal: half blocks where there is colour, shades or ASCII where not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.theme import DIM

Floats = NDArray[np.floating] | NDArray[np.uint8]
CELLS = 26  # 13×13 maps come out twice as large, and three such pictures fill 80 columns
LEVELS = 24  # the terminal's own greys
SHADES = " ░▒▓█"
ASCII_SHADES = " .:-=+*#%@"
_FIRST_GREY = 232
# Twelve steps away from black each, lighter and lighter, from the 256 that most terminals have.
_BLUES = (16, 17, 18, 19, 20, 26, 27, 33, 39, 75, 111, 117, 153)
_REDS = (16, 52, 88, 124, 130, 166, 172, 208, 214, 220, 221, 222, 229)
_GAP = 1

Line = list[Segment]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An array to be looked at.

    Attributes:
        pixels: (H, W) or (1, H, W) in grey, (3, H, W) in colour.
        low, high: what the ends of the scale stand for.
        caption: lines under the picture, the first one its name.
        signed: zero is the middle of the scale, in colour: blue below, red to yellow above.
        cells: width in the terminal.
    """

    pixels: Floats
    low: float
    high: float
    caption: tuple[str, ...] = ()
    signed: bool = False
    cells: int = CELLS

    def lines(self, console: Console, options: ConsoleOptions) -> list[Line]:
        """The picture and its caption, every line ``cells`` wide."""
        screen = Screen.of(console, options)
        if screen.colour:
            drawn = _half_blocks(self._scaled(rows_per_cell=2), self.signed)
        else:
            ramp = ASCII_SHADES if screen.ascii_only else SHADES
            drawn = _shades(self._scaled(rows_per_cell=1), ramp)
        return [*drawn, *self._caption_lines(console)]

    def _scaled(self, rows_per_cell: int) -> NDArray[np.float64]:
        """(C, rows, cells), 0 at the low end of the scale and 1 at the high end."""
        pixels = np.atleast_3d(self.pixels.T).T.astype(np.float64)
        height, width = pixels.shape[-2:]
        rows = max(1, round(self.cells * height / width * rows_per_cell / 2))
        low, high = self.low, self.high
        if self.signed and rows_per_cell == 2:
            high = max(abs(low), abs(high))
            low = -high
        scaled = (resample(pixels, rows, self.cells) - low) / ((high - low) or 1.0)
        return np.clip(np.nan_to_num(scaled), 0.0, 1.0)

    def _caption_lines(self, console: Console) -> Iterator[Line]:
        for number, text in enumerate(self.caption):
            for line in Text(text).wrap(console, self.cells):
                line.rstrip()
                style = Style.parse("" if number == 0 else DIM)
                words = [Segment(line.plain, style)]
                yield Segment.adjust_line_length(words, self.cells, Style.null())


@dataclass(frozen=True, slots=True)
class PictureRow:
    """Pictures side by side, as many as the screen is wide; what does not fit goes below.

    Attributes:
        groups: each stays together: a map and its kernel, say.
        per_row: at most so many groups in a row.
    """

    groups: Sequence[Sequence[Picture]]
    per_row: int = 6

    @classmethod
    def of(cls, pictures: Sequence[Picture], per_row: int = 6) -> PictureRow:
        """Pictures that each stand for themselves."""
        return cls([[picture] for picture in pictures], per_row)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widest = max((_width(group) for group in self.groups), default=1)
        for start, end in rows(len(self.groups), widest, options.max_width, self.per_row):
            pictures = [picture for group in self.groups[start:end] for picture in group]
            yield from _beside(console, options, pictures)
            if end < len(self.groups):
                yield Segment.line()


def rows(count: int, width: int, room: int, per_row: int = 6) -> list[tuple[int, int]]:
    """[start, end) of each row when ``count`` things of ``width`` go into ``room``, evenly shared."""
    most = max(1, min(per_row, (room + _GAP) // (width + _GAP)))
    number = -(-count // most)
    bounds = [-(-count * row // number) for row in range(number + 1)] if number else [0]
    return list(pairwise(bounds))


def scale_words(screen: Screen, pictures: Iterable[Picture] = ()) -> str:
    """How to read ``pictures`` on this terminal, in a sentence or two."""
    if not screen.colour:
        last = ASCII_SHADES[-1] if screen.ascii_only else SHADES[-1]
        return f"Blank is the low end of each range, {last} the high end."
    signed = {picture.signed for picture in pictures} or {False}
    grey = "Black is the low end of each range, white the high end."
    coloured = "Blue is below zero, black zero, red to yellow above."
    return " ".join([grey] * (False in signed) + [coloured] * (True in signed))


def resample(pixels: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    """(C, H, W) -> (C, height, width): the mean of the area each new pixel covers."""
    down, across = _overlaps(pixels.shape[-2], height), _overlaps(pixels.shape[-1], width)
    resized: NDArray[np.float64] = down @ pixels @ across.T
    return resized


@lru_cache(maxsize=64)
def _overlaps(size: int, new_size: int) -> NDArray[np.float64]:
    """(new_size, size): the share of each old pixel in each new one; rows sum to 1."""
    edges = np.arange(new_size + 1) * (size / new_size)
    old = np.arange(size)
    overlap = np.minimum(edges[1:, None], old + 1) - np.maximum(edges[:-1, None], old)
    clipped = np.clip(overlap, 0.0, None)
    shares: NDArray[np.float64] = clipped / clipped.sum(axis=1, keepdims=True)
    return shares


def _half_blocks(scaled: NDArray[np.float64], signed: bool) -> Iterator[Line]:
    steps = np.rint(scaled * (LEVELS if signed else LEVELS - 1)).astype(int)
    pixels = [[tuple(pixel) for pixel in row] for row in np.moveaxis(steps, 0, -1).tolist()]
    for number in range(0, len(pixels), 2):
        top = pixels[number]
        below = pixels[number + 1] if number + 1 < len(pixels) else [None] * len(top)
        yield _joined([(_cell(*pair, signed)) for pair in zip(top, below, strict=True)])


def _joined(styles: Sequence[Style]) -> Line:
    """Neighbours of one style share one escape sequence: light over a slow line."""
    line: Line = []
    for style in styles:
        if line and line[-1].style == style:
            line[-1] = Segment(line[-1].text + "▀", style)
        else:
            line.append(Segment("▀", style))
    return line


@lru_cache(maxsize=4096)
def _cell(top: tuple[int, ...], below: tuple[int, ...] | None, signed: bool) -> Style:
    return Style.from_color(_colour(top, signed), None if below is None else _colour(below, signed))


def _colour(steps: tuple[int, ...], signed: bool) -> Color:
    if len(steps) > 1:
        red, green, blue = (step * 255 // (LEVELS - 1) for step in steps[:3])
        return Color.from_rgb(red, green, blue)
    if not signed:
        return Color.from_ansi(_FIRST_GREY + steps[0])
    distance = steps[0] - LEVELS // 2  # one step more than in grey: zero has a level of its own
    return Color.from_ansi((_REDS if distance >= 0 else _BLUES)[abs(distance)])


def _shades(scaled: NDArray[np.float64], ramp: str) -> Iterator[Line]:
    steps = np.rint(scaled.mean(axis=0) * (len(ramp) - 1)).astype(int)
    for row in steps.tolist():
        yield [Segment("".join(ramp[step] for step in row), Style.null())]


def _width(pictures: Sequence[Picture]) -> int:
    return sum(picture.cells + _GAP for picture in pictures) - _GAP


def _beside(
    console: Console, options: ConsoleOptions, pictures: Sequence[Picture]
) -> Iterator[Segment]:
    columns = [picture.lines(console, options) for picture in pictures]
    for number in range(max(map(len, columns))):
        for position, (picture, lines) in enumerate(zip(pictures, columns, strict=True)):
            blank = [Segment(" " * picture.cells)]
            yield from [Segment(" " * _GAP)] if position else []
            yield from lines[number] if number < len(lines) else blank
        yield Segment.line()
