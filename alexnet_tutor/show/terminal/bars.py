"""Horizontal bars that say their number, and the histogram made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log, log10

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from alexnet_tutor.records import Prediction
from alexnet_tutor.show.numbers import activation, integer, percent
from alexnet_tutor.show.terminal.theme import ACCENT, DIM
from alexnet_tutor.show.terminal.view import clean, cut

_EIGHTHS = " ▏▎▍▌▋▊▉"
_LONGEST, _SHORTEST = 40, 6
BINS = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: ``share`` of the full length, 0 to 1, and its number as text."""

    label: str
    share: float
    number: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars under one another, labels right-aligned where they are numbers."""

    bars: Sequence[Bar]
    labels_right: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        numbers = max((cell_len(bar.number) for bar in self.bars), default=0)
        labels = max((cell_len(bar.label) for bar in self.bars), default=0)
        labels = min(labels, options.max_width - numbers - _SHORTEST - 4)
        length = min(_LONGEST, options.max_width - labels - numbers - 4)
        for bar in self.bars:
            line = Text(no_wrap=True, overflow="crop")
            line.append(_padded(bar.label, labels, self.labels_right))
            line.append("  ")
            line.append(_drawn(bar.share, length, options.ascii_only), bar.style)
            line.append(f"  {bar.number:>{numbers}}")
            yield line


def prediction_bars(top: Sequence[Prediction]) -> Bars:
    """Classes, most probable first; the first one in the accent colour."""
    return Bars(
        [
            Bar(clean(item.label), item.probability, percent(item.probability), _first(rank))
            for rank, item in enumerate(top)
        ]
    )


def histogram(values: NDArray[np.floating], bins: int = BINS) -> Bars:
    """How often each range of values occurs; values that are exactly 0 have a bar of their own."""
    flat = values.reshape(-1)
    flat = flat[np.isfinite(flat)]
    other = flat[flat != 0]
    counted: list[tuple[str, int, str]] = []
    if len(other) < len(flat):
        counted.append(("exactly 0", len(flat) - len(other), DIM))
    if len(other):
        edges = round_edges(float(other.min()), float(other.max()), bins)
        counts = np.histogram(other, np.asarray(edges))[0]
        names = _edge_names(edges)
        pairs = zip(names, names[1:], counts, strict=False)
        counted += [(f"{low} to {high}", int(count), ACCENT) for low, high, count in pairs]
    most = max((count for _, count, _ in counted), default=1)
    width = len(integer(most))
    return Bars(
        [
            Bar(
                name,
                count / most,
                f"{integer(count):>{width}}  {percent(count / len(flat)):>6}",
                style,
            )
            for name, count, style in counted
        ],
        labels_right=True,
    )


def round_edges(low: float, high: float, bins: int = BINS) -> list[float]:
    """Edges at round numbers that cover low to high in about ``bins`` steps of 1, 2 or 5 · 10^k."""
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** floor(log10(span / bins))
    step = min(
        (size * power for size in (1, 2, 5, 10)), key=lambda size: abs(log(span / size / bins))
    )
    first, last = floor(low / step), ceil(high / step)
    first -= first * step > low  # 17 · 0.05 is more than 0.85 in binary
    last += last * step < high
    return [number * step for number in range(first, max(last, first + 1) + 1)]


def unit_bars(
    values: NDArray[np.floating], count: int = 8, names: Sequence[str] | None = None
) -> Bars:
    """The units of a vector with the highest values, by number or name; a value below zero has no bar."""
    flat = values.reshape(-1)
    order = np.argsort(-flat, kind="stable")[:count]
    most = max(float(flat[order[0]]), 1e-30) if len(order) else 1.0
    return Bars(
        [
            Bar(
                clean(names[unit]) if names else f"unit {unit}",
                max(0.0, float(flat[unit]) / most),
                activation(float(flat[unit])),
                _first(rank),
            )
            for rank, unit in enumerate(order.tolist())
        ]
    )


def _edge_names(edges: Sequence[float]) -> list[str]:
    decimals = max(0, -floor(log10(edges[1] - edges[0]) + 1e-9))
    return [f"{round(edge, decimals) + 0.0:,.{decimals}f}" for edge in edges]


def _first(rank: int) -> str:
    return "" if rank else ACCENT


def _padded(label: str, width: int, right: bool) -> str:
    label = cut(label, width)
    space = " " * (width - cell_len(label))
    return space + label if right else label + space


def _drawn(share: float, length: int, ascii_only: bool) -> str:
    eighths = round(min(max(0.0, share), 1.0) * length * 8)
    if share > 0:
        eighths = max(eighths, 1)
    if ascii_only:
        return ("#" * round(eighths / 8)).ljust(length)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(length)
