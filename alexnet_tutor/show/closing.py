"""Sums that close as they are printed: whoever adds the printed numbers gets the printed total."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor, isfinite, log10

DIGITS = 4
_MOST_DECIMALS = 15
_TINY = 1e-6


def closing(
    parts: Sequence[float], total: float, absorbs: int | None = None, digits: int = DIGITS
) -> tuple[list[str], str]:
    """(the parts with their signs, the total), rounded so that they add up.

    Args:
        parts: what is added.
        total: their sum.
        absorbs: the part that takes what rounding the others leaves, ``total`` less the others as
            printed; without it the last digits of those that were rounded most do.
        digits: after the first of the largest number.
    """
    if not all(map(isfinite, (*parts, total))):
        return [f"{part:+.5g}" for part in parts], f"{total:.5g}"
    decimals = decimals_for([*parts, total], digits)
    exact = [Fraction(part) * 10**decimals for part in parts]
    whole, sum_ = [round(part) for part in exact], round(Fraction(total) * 10**decimals)
    gap = sum_ - sum(whole)
    if absorbs is not None:
        whole[absorbs] += gap
    else:
        step = 1 if gap > 0 else -1
        order = sorted(range(len(whole)), key=lambda n: step * (whole[n] - exact[n]))
        for n in range(abs(gap)):
            whole[order[n % len(order)]] += step
    return [_written(part, decimals, "+") for part in whole], _written(sum_, decimals)


def decimals_for(values: Sequence[float], digits: int = DIGITS) -> int:
    """As many decimals as show so many digits after the first of the largest of ``values``."""
    largest = max((abs(value) for value in values if isfinite(value)), default=0.0)
    if largest == 0:
        return digits
    return min(_MOST_DECIMALS, max(0, digits - floor(log10(largest))))


def number(value: float) -> str:
    """``0.83124``: five digits, as the factors of a product are written; ``0`` is exactly zero."""
    if value == 0:
        return "0"
    if not isfinite(value) or abs(value) < _TINY:
        return f"{value:.5g}"
    return f"{value:,.{decimals_for([value])}f}"


def _written(units: int, decimals: int, plus: str = "") -> str:
    """``units`` · 10^−decimals."""
    before, after = divmod(abs(units), 10**decimals)
    sign = "-" if units < 0 else plus if units else ""
    return f"{sign}{before:,}.{after:0{decimals}d}" if decimals else f"{sign}{before:,}"
