"""How tops are cut: a trunk, two sleeves, an opening for the head.

Shirts, coats and pullovers share the cut, as they do in a real wardrobe, and that is why a network
confuses them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

from alexnet_tutor.data.canvas import Canvas, Point


def a_tone(canvas: Canvas) -> float:
    """How light the cloth is, 0.2 to 1; light ones are the more common, as in the real set."""
    return 0.2 + 0.8 * canvas.rng.beta(2.6, 1.3)


@dataclass(frozen=True, slots=True)
class Cut:
    """How a top is cut. Widths are from the middle; ``spread`` is the sleeves' angle in radians."""

    tone: float
    neck: float
    shoulder: float
    chest: float
    waist: float
    hem: float
    bottom: float
    sleeve: float
    cuff: float
    spread: float
    top: float = 0.06
    slope: float = 0.05
    armpit: float = 0.3


def cut_top(canvas: Canvas, *, sleeve: tuple[float, float], spread: tuple[float, float]) -> Cut:
    """A top of ordinary proportions, with sleeves of a length and an angle between two bounds."""
    between = canvas.rng.uniform
    chest = between(0.19, 0.25)
    return Cut(
        tone=a_tone(canvas),
        neck=between(0.07, 0.11),
        shoulder=chest + between(-0.01, 0.03),
        chest=chest,
        waist=chest * between(0.86, 1.03),
        hem=chest * between(0.95, 1.15),
        bottom=between(0.88, 0.97),
        sleeve=between(*sleeve),
        cuff=between(0.08, 0.115),
        spread=between(*spread),
    )


def draw_body(canvas: Canvas, cut: Cut) -> None:
    """Sleeves first, then the trunk over them, with a seam where they meet."""
    under = cut.tone * canvas.rng.uniform(0.78, 1.02)
    if cut.sleeve > 0:
        for side in (-1, 1):
            draw_sleeve(canvas, cut, side, under)
    half = [
        (cut.neck, cut.top),
        (cut.shoulder, cut.top + cut.slope),
        (cut.chest, cut.armpit),
        (cut.waist, 0.6),
        (cut.hem, cut.bottom),
    ]
    canvas.both_sides(half, cut.tone)
    if cut.sleeve > 0:
        for side in (-1, 1):
            seam = [(0.5 + side * x, y) for x, y in half[1:4]]
            canvas.line(seam, cut.tone * 0.62, 0.014)


def draw_sleeve(canvas: Canvas, cut: Cut, side: int, tone: float) -> None:
    """From the shoulder, out and down by ``sleeve``; below the elbow it hangs straighter."""
    elbow = min(cut.sleeve, 0.4)
    below, wide = cut.sleeve - elbow, cut.cuff
    top = (cut.shoulder - 0.03, cut.top + cut.slope - 0.01)
    out = (cut.shoulder + elbow * sin(cut.spread), top[1] + elbow * cos(cut.spread))
    end = (out[0] + below * 0.06, out[1] + below)
    inward = (-wide * cos(cut.spread), wide * sin(cut.spread))
    points: list[Point] = [top, (cut.shoulder + 0.025, top[1] + 0.035), out]
    if below > 0:
        points += [end, (end[0] - wide * 0.9, end[1] + 0.01)]
    points += [(out[0] + inward[0], out[1] + inward[1]), (cut.chest - 0.03, cut.armpit)]
    canvas.shape([(0.5 + side * x, y) for x, y in points], tone)


def draw_neckline(canvas: Canvas, cut: Cut, depth: float, *, pointed: bool = False) -> None:
    """The opening for the head: its far side is seen, darker, and an edge runs around it."""
    middle = [(0.5, cut.top + depth)]
    if not pointed:
        middle = [(0.5 + s * cut.neck * 0.6, cut.top + depth * 0.85) for s in (-1, 1)]
    edge = [(0.5 - cut.neck, cut.top - 0.01), *middle, (0.5 + cut.neck, cut.top - 0.01)]
    canvas.shape(edge, cut.tone * canvas.rng.choice([0.0, 0.35]))
    canvas.line(edge, cut.tone * 0.75, 0.018, bend=not pointed)
