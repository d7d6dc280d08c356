"""How a right value of lesson 5 comes about, line by line, and why an output has its shape."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Arguments, Array
from alexnet_tutor.course.lessons.l05_pooling import oracle

_FEW = 25  # cells of a window that are written out


def coverage(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """The windows' first cells, and those whose windows contain the cell."""
    size, window, stride = (arguments[name] for name in ("size", "window", "stride"))
    (cell,) = index
    firsts = oracle.firsts(size, window, stride)
    seeing = [first for first in firsts if first <= cell < first + window]
    whose = f"those from {_listed(seeing)} on" if seeing else "none"
    return (
        f"windows of {window} cells begin at {_listed(firsts)}; one at {firsts[-1] + stride} "
        f"would end at cell {firsts[-1] + stride + window - 1} of 0 to {size - 1}",
        f"cell {cell} lies in {whose}: {len(seeing)}",
    )


def pool(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """The window, its rows of cells, the largest."""
    n, c, i, j = index
    window, stride, padding = (arguments[name] for name in ("window", "stride", "padding"))
    top, left = i * stride, j * stride
    ring = ((padding, padding), (padding, padding))
    padded = np.pad(arguments["x"][n, c], ring, constant_values=-np.inf)
    seen = padded[top : top + window, left : left + window]
    return (
        _place(top - padding, left - padding, window)
        + (" (outside the map: −∞)" if np.isinf(seen).any() else ""),
        *_rows(seen, top - padding),
        f"the largest is {seen.max():.6g}",
    )


def backward(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """Every window that contains the cell, who won there, and what the cell gets from it."""
    n, c, row, column = index
    x, grad = arguments["x"], arguments["grad"]
    window, stride = arguments["window"], arguments["stride"]
    lines, total = [], 0.0
    for i, j in np.ndindex(grad.shape[2:]):
        top, left = i * stride, j * stride
        if not (top <= row < top + window and left <= column < left + window):
            continue
        won = oracle.winner(x, window, (n, c, top, left))
        seen = x[n, c, top : top + window, left : left + window]
        equal = int((seen == seen.max()).sum())
        first = f", the first of {equal} equal ones" if equal > 1 else ""
        got = float(grad[n, c, i, j]) if won == (row, column) else 0.0
        total += got
        lines += [f"window ({i}, {j}), {_place(top, left, window)}", *_rows(seen, top)]
        lines.append(
            f"row {won[0]}, column {won[1]} won with {seen.max():.6g}{first}: "
            f"this cell gets {got:.6g}"
        )
    if not lines:
        return (f"no window contains row {row}, column {column}: the cell gets 0",)
    return (*lines, f"row {row}, column {column} gets {total:.6g} in all")


def why_coverage(arguments: Arguments) -> str:
    """One count per cell."""
    return f"there is one count for each of the {arguments['size']} cells"


def why_pool(arguments: Arguments) -> str:
    """Each map by itself, and the number of windows down and across."""
    x, window, stride, padding = (
        arguments[name] for name in ("x", "window", "stride", "padding")
    )  # fmt: skip
    rules = [
        f"⌊({size} + 2·{padding} − {window}) / {stride}⌋ + 1 = "
        f"{len(oracle.firsts(size + 2 * padding, window, stride))}"
        for size in x.shape[2:]
    ]
    return (
        f"each of the {x.shape[1]} maps is pooled by itself, into {rules[0]} rows "
        f"and {rules[1]} columns"
    )


def why_backward(_: Arguments) -> str:
    """One gradient per cell of x."""
    return "every cell of x has a gradient of its own, most of them 0"


def _place(top: int, left: int, window: int) -> str:
    return f"rows {top} to {top + window - 1}, columns {left} to {left + window - 1}"


def _rows(seen: Array, top: int) -> Sequence[str]:
    if seen.size > _FEW:
        return ()
    return tuple(
        f"row {top + number}: " + "  ".join("−∞" if np.isinf(v) else f"{v:.4g}" for v in row)
        for number, row in enumerate(seen)
    )


def _listed(values: Sequence[int]) -> str:
    return ", ".join(map(str, values))
