"""Expected beside got: two aligned grids, the first wrong value marked."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import Counterexample
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.theme import DIM, RIGHT, RIGHT_MARK, WRONG, WRONG_MARK

_ROWS, _COLUMNS = 9, 4  # as many values of each grid as are shown, the wrong one among them
_CELL = 9


def grids(example: Counterexample, screen: Screen) -> Iterator[RenderableType]:
    """Where in the output, then the grids; beside one another where they fit."""
    if example.index is None:
        return
    expected, where = _cut(example, example.expected)
    got, _ = _cut(example, example.got)
    said = _said(example, expected.shape)
    if said:
        yield Text(said, style=DIM)
    left, right = _lines("expected", expected, where, False), _lines("got", got, where, True)
    width = max(line.cell_len for line in left)
    if 2 * width + 6 <= screen.width:
        for one, other in zip(left, right, strict=True):
            one.append(" " * (width + 4 - one.cell_len))
            yield one + other
    else:
        yield from (*left, *right)


def _cut(
    example: Counterexample, values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """A grid of at most _ROWS × _COLUMNS round the wrong value, and where it is in it."""
    index, rows, columns = example.index, example.rows, example.columns
    assert index is not None
    if columns is None:
        return values.reshape(1, 1), (0, 0)
    plane = values[
        tuple(slice(None) if axis in (rows, columns) else at for axis, at in enumerate(index))
    ]
    if rows is None:
        plane, row, column = plane[None], 0, index[columns]
    else:
        plane = plane if rows < columns else plane.T
        row, column = index[rows], index[columns]
    first_row = _first(row, plane.shape[0], _ROWS)
    first_column = _first(column, plane.shape[1], _COLUMNS)
    part = plane[first_row : first_row + _ROWS, first_column : first_column + _COLUMNS]
    return part, (row - first_row, column - first_column)


def _first(place: int, size: int, shown: int) -> int:
    return max(0, min(place - shown // 2, size - shown))


def _said(example: Counterexample, shown: tuple[int, ...]) -> str:
    """What the grid is a part of: ``output[0, :, 1, :], axis 1 down, axis 3 across``."""
    shape, rows, columns = example.expected.shape, example.rows, example.columns
    if rows is None or columns is None or example.index is None:
        return ""
    places = [":" if axis in (rows, columns) else str(at) for axis, at in enumerate(example.index)]
    part = (
        "" if shown == (shape[rows], shape[columns]) else ", the part round the first wrong value"
    )
    return f"output[{', '.join(places)}], axis {rows} down, axis {columns} across{part}"


def _lines(
    name: str, values: NDArray[np.float64], where: tuple[int, int], wrong: bool
) -> list[Text]:
    lines = [Text(f"{name:<{_CELL + 2}}", style=DIM)]
    for row, numbers in enumerate(values):
        line = Text()
        for column, number in enumerate(numbers):
            here = (row, column) == where
            mark = (WRONG_MARK if wrong else RIGHT_MARK) if here else " "
            cell = f"{mark} {number:.5g}"
            line.append(f"{cell:>{_CELL + 2}}", (WRONG if wrong else RIGHT) if here else "")
        lines.append(line)
    return lines
