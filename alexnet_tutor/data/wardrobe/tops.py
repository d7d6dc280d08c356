"""Worn above the waist: T-shirt, pullover, coat, shirt."""

from __future__ import annotations

from alexnet_tutor.data.canvas import Canvas
from alexnet_tutor.data.wardrobe.cut import Cut, cut_top, draw_body, draw_neckline


def t_shirt(canvas: Canvas) -> None:
    """Short sleeves that stick out, or none; a round or pointed neck, nothing to open."""
    rng = canvas.rng
    cut = cut_top(canvas, sleeve=(0.12, 0.3), spread=(0.4, 0.85))
    canvas.cloth(folds=0.06, patterned=0.4)
    if rng.random() < 0.15:
        _strap_top(canvas, cut)
        return
    draw_body(canvas, cut)
    draw_neckline(canvas, cut, rng.uniform(0.05, 0.17), pointed=rng.random() < 0.25)
    if rng.random() < 0.5:
        seam = cut.bottom - 0.03
        canvas.line([(0.5 - cut.hem, seam), (0.5 + cut.hem, seam)], cut.tone * 0.8, 0.012)


def _strap_top(canvas: Canvas, cut: Cut) -> None:
    wide, top = canvas.rng.uniform(0.045, 0.07), cut.top - 0.02
    canvas.both_sides([(cut.neck, 0.28), (cut.chest, 0.33), (cut.hem, cut.bottom)], cut.tone)
    for side in (-1, 1):
        strap = [(cut.neck, top), (cut.neck + wide, top), (cut.chest, 0.34), (cut.neck, 0.34)]
        canvas.shape([(0.5 + side * x, y) for x, y in strap], cut.tone)


def pullover(canvas: Canvas) -> None:
    """Long sleeves that hang beside the trunk, ribs at hem and cuffs, nothing to open."""
    rng = canvas.rng
    cut = cut_top(canvas, sleeve=(0.62, 0.8), spread=(0.17, 0.36))
    canvas.cloth(folds=0.06, patterned=0.35)
    draw_body(canvas, cut)
    rib = cut.bottom - 0.06
    canvas.line([(0.5 - cut.hem, rib), (0.5 + cut.hem, rib)], cut.tone * 0.7, 0.014)
    kind = rng.random()
    if kind < 0.2:  # a roll neck
        roll = [(cut.neck * 0.9, 0.01), (cut.neck, 0.1), (0.0, 0.12)]
        canvas.both_sides(roll, cut.tone * 0.85)
    elif kind < 0.35:  # a hood
        hood = [(0.03, 0.0), (0.12, 0.04), (0.14, 0.12), (0.03, 0.2)]
        canvas.both_sides(hood, cut.tone * 0.8)
        canvas.both_sides([(0.03, 0.03), (0.07, 0.08), (0.02, 0.13)], cut.tone * 0.4)
    else:
        draw_neckline(canvas, cut, rng.uniform(0.03, 0.13), pointed=rng.random() < 0.3)
    if rng.random() < 0.12:  # a zip at the throat
        canvas.line([(0.5, 0.08), (0.5, rng.uniform(0.25, 0.45))], cut.tone * 0.5, 0.016)


def coat(canvas: Canvas) -> None:
    """Long sleeves, open down the middle, with lapels or a collar, and pockets."""
    rng, between = canvas.rng, canvas.rng.uniform
    cut = cut_top(canvas, sleeve=(0.68, 0.84), spread=(0.16, 0.3))
    canvas.cloth(folds=0.08, patterned=0.12)
    draw_body(canvas, cut)
    opening, gap = cut.tone * between(0.2, 0.75), between(0.024, 0.038)
    canvas.line([(0.5, 0.1), (0.5, cut.bottom)], opening, gap)
    if rng.random() < 0.35:  # a hood, or a collar that stands
        canvas.both_sides([(0.04, 0.0), (0.12, 0.03), (0.13, 0.13), (0, 0.17)], cut.tone * 0.8)
        canvas.both_sides([(0.03, 0.03), (0.06, 0.07), (0, 0.15)], cut.tone * 0.3)
    else:
        _lapels(canvas, cut, between(0.18, 0.42))
    if rng.random() < 0.7:
        place = between(0.62, 0.72)
        for side in (-1, 1):
            pocket = [(0.5 + side * 0.07, place), (0.5 + side * 0.15, place - 0.02)]
            canvas.line(pocket, cut.tone * 0.45, 0.02)
    if rng.random() < 0.5:
        _buttons(canvas, cut, int(rng.integers(2, 5)), 0.45)


def _lapels(canvas: Canvas, cut: Cut, fall: float) -> None:
    """Folded back from the neck down to ``fall``."""
    canvas.both_sides([(cut.neck, cut.top - 0.01), (0, fall * 0.8)], cut.tone * 0.3)
    for side in (-1, 1):
        lapel = [(cut.neck, 0.03), (cut.neck + 0.055, fall * 0.6), (0.008, fall + 0.06)]
        points = [(0.5 + side * x, y) for x, y in lapel]
        canvas.shape(points, min(1, cut.tone * 1.1))
        canvas.line(points, cut.tone * 0.5, 0.014)


def shirt(canvas: Canvas) -> None:
    """A collar, buttons down the middle, long or short sleeves; checked or striped more often."""
    rng, between = canvas.rng, canvas.rng.uniform
    if rng.random() < 0.35:
        cut = cut_top(canvas, sleeve=(0.16, 0.3), spread=(0.35, 0.7))
    else:
        cut = cut_top(canvas, sleeve=(0.64, 0.8), spread=(0.16, 0.34))
    canvas.cloth(folds=0.07, patterned=0.55)
    draw_body(canvas, cut)
    if rng.random() < 0.5:  # a rounded tail
        tail = [(cut.hem, cut.bottom - 0.005), (cut.hem * 0.55, cut.bottom + 0.03), (0, cut.bottom)]
        canvas.both_sides(tail, cut.tone)
    if rng.random() < 0.85:
        down = cut.bottom if rng.random() < 0.8 else 0.4
        canvas.line([(0.5, 0.1), (0.5, down)], cut.tone * 0.72, 0.014)
        canvas.line([(0.525, 0.1), (0.525, down)], min(1, cut.tone * 1.15), 0.014)
        _buttons(canvas, cut, int(rng.integers(4, 8)), 0.14)
        _collar(canvas, cut, between(0.03, 0.09))
    else:
        draw_neckline(canvas, cut, between(0.05, 0.2), pointed=True)
    if rng.random() < 0.4:
        pocket = [(0.57, 0.32), (0.57, 0.42), (0.66, 0.42), (0.66, 0.32), (0.57, 0.32)]
        canvas.line(pocket, cut.tone * 0.65, 0.012)


def _collar(canvas: Canvas, cut: Cut, size: float) -> None:
    """Two points of cloth folded down from the neck."""
    light = min(1.0, cut.tone * 1.15)
    canvas.shape([(0.5 - cut.neck, cut.top), (0.5, 0.1), (0.5 + cut.neck, cut.top)], cut.tone * 0.4)
    for side in (-1, 1):
        flap = [
            (0.5 + side * cut.neck * 0.9, cut.top - 0.03),
            (0.5 + side * (cut.neck + 0.02), cut.top + 0.03),
            (0.5 + side * cut.neck * 0.75, cut.top + 0.05 + size),
            (0.5, cut.top + 0.05 + size * 0.4),
        ]
        canvas.shape(flap, light)
        canvas.line(flap[1:], cut.tone * 0.55, 0.012)


def _buttons(canvas: Canvas, cut: Cut, count: int, first: float) -> None:
    step = (cut.bottom - first - 0.04) / count
    for i in range(count):
        canvas.dot((0.512, first + step * (i + 0.5)), cut.tone * 0.4, 0.011)
