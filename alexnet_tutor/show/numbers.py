"""One way to write each quantity, the same in every command."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

NATS = "nats (natural-log units)"  # what a loss is counted in, where a screen first names it
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def integer(value: int) -> str:
    """``447,897,600``."""
    return f"{value:,}"


def shape(sizes: Sequence[int]) -> str:
    """``96×56×56``, or ``4,096`` after flatten: one picture's, without the batch."""
    if len(sizes) == 1:
        return integer(sizes[0])
    return "×".join(str(size) for size in sizes)


def activation(value: float) -> str:
    """A layer's value to three digits: ``12.3``, ``0.041``; ``0`` is exactly zero, ``0.000`` only small."""
    if value == 0 or not isfinite(value):
        return f"{value:.0f}".replace("-0", "0")
    size = abs(value)
    decimals = 0 if size >= 99.95 else 1 if size >= 9.995 else 2 if size >= 0.9995 else 3
    return f"{value:,.{decimals}f}"


def percent_number(share: float) -> str:
    """A share of 0 to 1 in percent, for a column headed ``%``; 0.0 and 100.0 only when it is so."""
    if not isfinite(share):
        return "–"
    if 0 < share < 0.0005:
        return "<0.1"
    if 0.9995 <= share < 1:
        return ">99.9"
    return f"{share * 100:.1f}"


def percent(share: float) -> str:
    """``93.1%``, of a share or probability from 0 to 1."""
    return f"{percent_number(share)}%"


def loss(value: float | None) -> str:
    """A cross-entropy in nats, three decimals; ``–`` where it was not measured."""
    return "–" if value is None else f"{value:.3f}"


def rate(value: float) -> str:
    """A learning rate: ``0.01``."""
    return f"{value:.3g}"


def size_in_bytes(count: int) -> str:
    """``816 B``, ``16.4 kB``, ``233 MB``: powers of 1000."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 999.5 or unit == "TB":
            break
        value /= 1000
    return f"{value:.1f} {unit}" if unit != "B" and value < 99.95 else f"{value:.0f} {unit}"


def duration(seconds: float) -> str:
    """``0.42 s``, ``12.3 s``, ``3 min 05 s``, ``1 h 02 min``, ``2 d 03 h``."""
    if not isfinite(seconds):
        return "–"
    if seconds < 59.95:
        return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE:02d} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02d} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR:02d} h"


def speed(pictures_per_second: float) -> str:
    """Pictures a second, for a column: ``8.4``, ``1,250``."""
    return f"{pictures_per_second:,.{1 if pictures_per_second < 99.95 else 0}f}"


def interval(low: float, high: float) -> str:
    """``-0.31 to 4.2``: the ends of a range of activations."""
    return f"{activation(low)} to {activation(high)}"


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """``1 map``, ``1,204 maps``."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def span(axis: str, first: int, last: int) -> str:
    """``rows 62 to 224``, or ``row 62`` where it is one."""
    return f"{axis} {first}" if first == last else f"{axis}s {first} to {last}"


def box(corners: tuple[int, int, int, int]) -> str:
    """``rows 62 to 224, columns 110 to 208``, of [top, left, bottom, right]."""
    top, left, bottom, last = corners
    return f"{span('row', top, bottom)}, {span('column', left, last)}"
