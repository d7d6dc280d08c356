"""Bags: the one kind that nobody wears."""

from __future__ import annotations

from alexnet_tutor.data.canvas import Canvas, Point
from alexnet_tutor.data.wardrobe.cut import a_tone


def bag(canvas: Canvas) -> None:
    """A box, a sack or a half moon, mostly with a handle or a strap, a flap and a clasp."""
    rng, between = canvas.rng, canvas.rng.uniform
    tone = a_tone(canvas)
    handle = rng.choice(["arch", "strap", "none"], p=[0.55, 0.3, 0.15])
    top = between(0.34, 0.5) if handle == "arch" else between(0.22, 0.34)
    bottom = between(0.86, 0.95) if handle == "arch" else between(0.74, 0.86)
    above, below = between(0.28, 0.45), between(0.33, 0.46)
    canvas.cloth(folds=0.05, patterned=0.25)
    if handle == "arch":
        _handle(canvas, tone * 0.8, top)
    elif handle == "strap":
        low = between(0.45, 0.75)
        for side in (-1, 1):
            strap = [(above - 0.03, top + 0.02), (0.47, (top + low) / 2), (below, low)]
            canvas.line([(0.5 + side * x, y) for x, y in strap], tone * 0.75, 0.028, bend=True)
    half = [(above, top), (below, bottom - 0.06), (below - 0.03, bottom), (0.0, bottom)]
    if rng.random() < 0.3:  # a half moon
        half[:1] = [(above * 0.5, top), (above, top + 0.12)]
    canvas.both_sides(half, tone)
    if rng.random() < 0.6:
        _flap(canvas, tone, above, top, top + (bottom - top) * between(0.3, 0.6))
    else:
        seam = top + between(0.04, 0.1)
        canvas.line([(0.5 - above, seam), (0.5 + above, seam)], tone * 0.6, 0.018)


def _handle(canvas: Canvas, tone: float, top: float) -> None:
    reach, high = canvas.rng.uniform(0.12, 0.24), canvas.rng.uniform(0.05, 0.18)
    left: list[Point] = [(0.5 - reach, top + 0.03), (0.5 - reach * 0.8, high + 0.08)]
    right = [(1 - x, y) for x, y in reversed(left)]
    canvas.line([*left, (0.5, high), *right], tone, canvas.rng.uniform(0.022, 0.045), bend=True)


def _flap(canvas: Canvas, tone: float, reach: float, top: float, low: float) -> None:
    """The edge of the flap, down to ``low``, and a clasp that shines or is dark."""
    left: list[Point] = [(0.5 - reach, top + 0.03), (0.5 - reach * 0.7, low)]
    canvas.line([*left, *[(1 - x, y) for x, y in reversed(left)]], tone * 0.55, 0.018)
    clasp = [(0.47, low - 0.03), (0.53, low - 0.03), (0.53, low + 0.03), (0.47, low + 0.03)]
    canvas.shape(clasp, canvas.rng.choice([1.0, 0.2]))
