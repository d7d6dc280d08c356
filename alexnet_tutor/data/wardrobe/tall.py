"""As tall as the picture: trousers and dresses."""

from __future__ import annotations

from alexnet_tutor.data.canvas import Canvas, Point
from alexnet_tutor.data.wardrobe.cut import Cut, a_tone, draw_sleeve


def trouser(canvas: Canvas) -> None:
    """Two legs, narrow and as tall as the picture, parted from the crotch down."""
    rng, between = canvas.rng, canvas.rng.uniform
    tone, waist, hip = a_tone(canvas), between(0.12, 0.16), between(0.15, 0.2)
    crotch, inner, leg = between(0.3, 0.42), between(0.0, 0.06), between(0.075, 0.125)
    bottom = 0.97 if rng.random() < 0.9 else between(0.55, 0.7)
    canvas.cloth(folds=0.1, patterned=0.15)
    for side in (-1, 1):
        length, knee = bottom + rng.normal(0, 0.006), inner + leg + (hip - inner - leg) * 0.35
        outside = [(-0.005, 0.05), (waist, 0.04), (hip, 0.24), (knee, 0.6), (inner + leg, length)]
        inside = [(inner, length), (inner * 0.5 + 0.006, crotch + 0.12), (-0.005, crotch)]
        points = [(0.5 + side * x, y) for x, y in outside + inside]
        canvas.shape(points, tone * (1 if side > 0 else 0.93))
    canvas.line([(0.5, 0.1), (0.5, crotch)], tone * 0.6, 0.012)
    canvas.line([(0.5 - waist, 0.095), (0.5 + waist, 0.095)], tone * 0.65, 0.014)
    if rng.random() < 0.5:
        for side in (-1, 1):
            canvas.line([(0.5 + side * 0.07, 0.1), (0.5 + side * hip, 0.19)], tone * 0.65, 0.012)


def dress(canvas: Canvas) -> None:
    """Narrow at the waist, wider at the hem, as tall as the picture."""
    rng, between = canvas.rng, canvas.rng.uniform
    chest, line = between(0.115, 0.16), between(0.34, 0.46)
    cut = Cut(
        tone=a_tone(canvas),
        neck=chest * 0.5,
        shoulder=chest * 0.95,
        chest=chest,
        waist=chest * between(0.72, 0.95),
        hem=between(0.13, 0.3),
        bottom=0.97,
        sleeve=rng.choice([0.0, 0.1, 0.18, 0.5], p=[0.45, 0.2, 0.2, 0.15]),
        cuff=0.07,
        spread=between(0.25, 0.5),
    )
    canvas.cloth(folds=0.14, patterned=0.3)
    _dress_body(canvas, cut, line)
    depth = between(0.06, 0.16)
    canvas.both_sides([(cut.neck, 0.03), (cut.neck * 0.7, 0.04 + depth), (0, 0.05 + depth)], 0.0)
    if rng.random() < 0.55:
        belt = [(0.5 - cut.waist, line), (0.5 + cut.waist, line)]
        canvas.line(belt, cut.tone * between(0.3, 0.7), 0.025)


def _dress_body(canvas: Canvas, cut: Cut, line: float) -> None:
    """Sleeves or straps, a bodice down to the waist at ``line``, and a skirt."""
    if cut.sleeve:
        for side in (-1, 1):
            draw_sleeve(canvas, cut, side, cut.tone * 0.92)
    swing = cut.waist + (cut.hem - cut.waist) * canvas.rng.uniform(0.4, 0.65)
    half: list[Point] = [
        (cut.neck, 0.04),
        (cut.shoulder if cut.sleeve else cut.neck + 0.045, 0.06),
        (cut.chest, 0.22),
        (cut.waist, line),
        (swing, (line + cut.bottom) / 2),
        (cut.hem, cut.bottom),
    ]
    canvas.both_sides(half, cut.tone)
