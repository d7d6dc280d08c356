"""A few numbers as a picture: in the cells themselves where they fit, else beside it a row at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from alexnet_tutor.records import KernelRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.show.closing import closing, decimals_for
from alexnet_tutor.show.walk.lines import beside
from alexnet_tutor.show.walk.maps import Line, Look, colours_of, draw, lie, lightness

Cursor = tuple[int, int]
Floats = NDArray[np.float64]
PADDED = "pad"
_GAP = 3
_DIGITS = (2, 1)  # after the first of the largest number: as many as there is room for
_LIGHT = 0.5
_HERE = Style(bold=True, reverse=True)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Numbers (R, S) as they are written, the ends of their colours, and what they are.

    Attributes:
        caption: where the numbers are written out.
    """

    caption: str
    values: Floats
    texts: tuple[tuple[str, ...], ...]
    ends: tuple[float, float]

    @property
    def cell(self) -> int:
        """Columns of a number, with the mark before it."""
        return 1 + max(len(text) for row in self.texts for text in row)

    @property
    def width(self) -> int:
        """Of all its columns."""
        return max(self.cell * len(self.texts[0]), len(self.caption))

    def lines(self, cursor: Cursor, look: Look) -> list[Line]:
        """Caption and numbers on their colours; the one under the cursor is marked."""
        return [[Segment(self.caption)], *(self._row(row, cursor, look) for row in self.rows)]

    @property
    def rows(self) -> range:
        """Numbers of its rows."""
        return range(len(self.texts))

    def _row(self, row: int, cursor: Cursor, look: Look) -> Line:
        colours = colours_of(self.values[row], self.ends).tolist()
        line: Line = []
        for column, (text, colour) in enumerate(zip(self.texts[row], colours, strict=True)):
            here = (row, column) == cursor
            style = _HERE if here else _on(colour) if look.colour else Style.null()
            line.append(Segment(f"{'>' if here else ' '}{text:>{self.cell - 1}}", style))
        return line


Grids = tuple[Grid, Grid, Grid]


def grids(kernel: KernelRecord, unit: int, digits: int) -> Grids:
    """The patch, the kernel of map ``unit`` and their products, which add up as they are written."""
    products = kernel.products
    written, total = closing(products.reshape(-1).tolist(), float(products.sum()), None, digits)
    columns = products.shape[1]
    summed = [
        tuple(text if value else "0" for text, value in zip(texts, values, strict=True))
        for texts, values in zip(_rows(written, columns), products.tolist(), strict=True)
    ]
    patch = [
        tuple(text if there else PADDED for text, there in zip(texts, inside, strict=True))
        for texts, inside in zip(
            _written(kernel.patch, digits), kernel.inside.tolist(), strict=True
        )
    ]
    return (
        Grid(
            f"{kernel.before}:{kernel.channel}",
            kernel.patch,
            tuple(patch),
            (min(0.0, float(kernel.patch.min())), float(kernel.patch.max())),
        ),
        Grid(
            f"× kernel {unit}",
            kernel.weight,
            tuple(_written(kernel.weight, digits)),
            _round_zero(kernel.weight),
        ),
        Grid(f"= products, {total}", products, tuple(summed), _round_zero(products)),
    )


def widest(kernel: KernelRecord, unit: int, width: int, *, stacked: bool) -> Grids | None:
    """The three with as many digits as fit in ``width``; ``None`` where they do not."""
    for digits in _DIGITS:
        found = grids(kernel, unit, digits)
        widths = [grid.width for grid in found]
        if (max(widths) if stacked else sum(widths) + 2 * _GAP) <= width:
            return found
    return None


def fitting(kernel: KernelRecord, unit: int, width: int) -> Grids:
    """The three with as many digits as let a row stand in ``width``, with the fewest if none do."""
    for digits in _DIGITS:
        found = grids(kernel, unit, digits)
        if max(grid.cell for grid in found) * kernel.weight.shape[1] <= width:
            break
    return found


def side_by_side(found: Sequence[Grid], cursor: Cursor, look: Look) -> list[Line]:
    """One next to the other."""
    return beside([(grid.lines(cursor, look), grid.width) for grid in found], _GAP)


def pictures(
    found: Sequence[Grid], cursor: Cursor, size: tuple[int, int], look: Look
) -> list[Line]:
    """Without the numbers, each in a third of ``size``, (width, lines)."""
    cells = (size[0] - 2 * _GAP) // 3
    drawn = []
    for sign, grid in zip(("in", "×", "="), found, strict=True):
        shape = grid.values.shape
        place = lie((shape[0], shape[1]), (cells, size[1] - 1), cursor, look)
        ends = numbers.interval(float(grid.values.min()), float(grid.values.max()))
        long = f"{grid.caption.split(',')[0]}: {ends}"
        caption = long if len(long) <= cells else f"{sign} {ends}"
        drawn.append(
            [[Segment(caption)], *draw(grid.values, place, look, ends=grid.ends, cursor=cursor)]
        )
    return beside([(own, cells) for own in drawn], _GAP)


def row_of(found: Sequence[Grid], cursor: Cursor, width: int) -> list[Line]:
    """The cursor's row of all three, number under number; those around the cursor where not all fit."""
    row, column = cursor
    cell = max(grid.cell for grid in found)
    count = found[0].values.shape[1]
    fit = min(count, (width - 1) // cell)
    first = min(max(0, column - fit // 2), count - fit)
    lines: list[Line] = []
    for sign, grid in zip(" ×=", found, strict=True):
        line = [Segment(sign)]
        for at in range(first, first + fit):
            here = at == column
            text = f"{'>' if here else ' '}{grid.texts[row][at]:>{cell - 1}}"
            line.append(Segment(text, _HERE if here else Style.null()))
        lines.append(line)
    return lines


def _written(values: Floats, digits: int) -> list[tuple[str, ...]]:
    """All with the same decimals; ``0`` is exactly zero."""
    decimals = decimals_for(values.reshape(-1).tolist(), digits)
    return [
        tuple(f"{value:.{decimals}f}" if value else "0" for value in row) for row in values.tolist()
    ]


def _rows(texts: Sequence[str], columns: int) -> list[Sequence[str]]:
    return [texts[n : n + columns] for n in range(0, len(texts), columns)]


def _round_zero(values: Floats) -> tuple[float, float]:
    """Ends that have zero in the middle, so that a sign has its colour."""
    far = float(np.nan_to_num(np.abs(values)).max()) or 1.0
    return -far, far


def _on(colour: int) -> Style:
    """Black letters on a light colour, white ones on a dark one."""
    letters = 16 if lightness(colour) > _LIGHT else 231
    return Style.from_color(Color.from_ansi(letters), Color.from_ansi(colour))
