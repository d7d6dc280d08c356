"""Seen from the side with the toe to the left: sandal, sneaker, ankle boot."""

from __future__ import annotations

from alexnet_tutor.data.canvas import Canvas, Point
from alexnet_tutor.data.wardrobe.cut import a_tone


def sandal(canvas: Canvas) -> None:
    """A bare sole, flat, wedged or on a heel, and straps with nothing between them."""
    rng, between = canvas.rng, canvas.rng.uniform
    tone, kind = a_tone(canvas), rng.choice(["flat", "wedge", "heel"], p=[0.5, 0.2, 0.3])
    rise = {"flat": between(0, 0.03), "wedge": between(0.1, 0.22), "heel": between(0.24, 0.4)}[kind]
    ground = between(0.64, 0.74) if rise < 0.2 else between(0.84, 0.92)
    canvas.cloth(folds=0.05, patterned=0.1)
    thick = between(0.035, 0.075)
    ball, heel = ground - thick, ground - thick - rise
    arch = ball - rise * between(0.5, 0.7)
    under: list[Point] = [(0.95, ground), (0.04, ground)]
    if kind == "heel":
        under = [(0.9, heel + 0.08), (0.64, arch + 0.05), (0.32, ground), (0.04, ground)]
        post = between(0.02, 0.07)
        foot = [(0.93, ground), (0.93 - post * 0.7, ground)]
        canvas.shape([(0.95 - post, heel), (0.95, heel), *foot], tone * 0.8)
    bed: list[Point] = [(0.04, ball), (0.32, ball), (0.66, arch), (0.95, heel)]
    canvas.shape([*bed, *under], tone * between(0.6, 1.0))
    canvas.line(bed, min(1, tone * 1.2), 0.014)
    _straps(canvas, tone, ball, arch, heel)


def _straps(canvas: Canvas, tone: float, ball: float, arch: float, heel: float) -> None:
    """Over the toes one broad band or a few narrow ones; around the ankle, behind it, or none."""
    rng, between = canvas.rng, canvas.rng.uniform
    wide, high = between(0.022, 0.055), between(0.1, 0.2)
    if rng.random() < 0.35:
        band = [(0.14, ball), (0.24, ball - high), (0.42, ball - high * 1.1), (0.5, ball - 0.02)]
        canvas.shape(band, tone, round_off=True)
    else:
        for _ in range(int(rng.integers(1, 4))):
            left = between(0.1, 0.32)
            path = [(left, ball), (left + 0.12, ball - high), (left + between(0.2, 0.32), ball)]
            canvas.line(path, tone, wide, bend=True)
    ankle, kind = heel - between(0.14, 0.38), rng.random()
    if kind < 0.5:  # a ring around the ankle, held from below
        front = between(0.6, 0.7)
        ring = [(0.92, heel), (0.9, ankle), (0.76, ankle - 0.03), (front, ankle + 0.05)]
        canvas.line(ring, tone, wide)
        canvas.line([(front, ankle + 0.05), (front - 0.06, arch + 0.02)], tone * 0.9, wide)
    elif kind < 0.7:  # along the instep
        canvas.line([(0.36, ball - high), (0.62, ankle), (0.9, ankle)], tone, wide, bend=True)
        canvas.line([(0.9, ankle), (0.92, heel)], tone, wide)
    elif kind < 0.85:  # behind the heel
        path = [(0.42, ball - high * 0.8), (0.7, heel - 0.14), (0.93, heel - 0.1), (0.94, heel)]
        canvas.line(path, tone, wide, bend=True)


def sneaker(canvas: Canvas) -> None:
    """Low and closed, a thick sole without a heel, laces on the slope."""
    rng, between = canvas.rng, canvas.rng.uniform
    tone, ground, tall = a_tone(canvas), between(0.66, 0.74), between(0.24, 0.34)
    if rng.random() < 0.15:  # up to the ankle
        tall += between(0.06, 0.2)
    canvas.cloth(folds=0.05, patterned=0.12)
    canvas.shape(_sneaker_outline(canvas, ground, tall), tone, round_off=True)
    edge = ground - between(0.05, 0.085)
    sole = [(0.02, edge), (0.97, edge), (0.97, ground), (0.05, ground)]
    canvas.shape(sole, rng.choice([1.0, tone * 0.5, 0.75]))
    canvas.line([(0.03, edge), (0.97, edge)], tone * 0.45, 0.014)
    for i in range(int(rng.integers(2, 5))):  # laces
        x, y = 0.28 + 0.075 * i, ground - tall * (0.56 + 0.1 * i)
        canvas.line([(x, y), (x + 0.06, y + 0.07)], rng.choice([1.0, tone * 0.4]), 0.018)
    mark, lean, top = rng.choice([1.0, tone * 0.45]), between(-0.1, 0.1), ground - tall
    if rng.random() < 0.65:  # the maker's stripes
        for x in (0.5, 0.575, 0.65)[: int(rng.integers(1, 4))]:
            canvas.line([(x, edge), (x + lean, top + 0.1)], mark, 0.026)
    if rng.random() < 0.5:  # the counter behind the heel
        canvas.line([(0.83, top + 0.03), (0.8, edge)], tone * 0.55, 0.016)


def _sneaker_outline(canvas: Canvas, ground: float, tall: float) -> list[Point]:
    """From the toe over laces, tongue and collar to the heel, and back along the sole."""
    top, tongue = ground - tall, canvas.rng.uniform(0.54, 0.64)
    toe = [(0.03, ground - 0.05), (0.06, ground - tall * 0.42), (0.22, ground - tall * 0.58)]
    collar = [(tongue - 0.1, ground - tall * 0.86), *_corner(tongue, top - 0.02)]
    heel = [(0.76, top + 0.055), (0.93, top - canvas.rng.uniform(0.0, 0.04)), (0.93, top)]
    sole = [(0.96, ground - 0.08), *_corner(0.95, ground - 0.03), *_corner(0.05, ground - 0.03)]
    return toe + collar + heel + sole


def _corner(x: float, y: float) -> tuple[Point, Point]:
    """A place named twice stays a corner when the outline is rounded off."""
    return (x, y), (x, y)


def ankle_boot(canvas: Canvas) -> None:
    """Closed, with a shaft over the ankle and mostly a heel."""
    rng, between = canvas.rng, canvas.rng.uniform
    tone, ground = a_tone(canvas), between(0.86, 0.93)
    heel = rng.choice([0.06, between(0.1, 0.16), between(0.22, 0.32)], p=[0.4, 0.35, 0.25])
    front, back = between(0.46, 0.56), between(0.88, 0.95)
    step = ground - heel
    top = min(between(0.06, 0.4), step - 0.42)
    canvas.cloth(folds=0.06, patterned=0.06)
    post = back - (between(0.05, 0.1) if heel > 0.2 else between(0.22, 0.32))
    block = [(post, step - 0.06), (back, step - 0.06), (back - 0.01, ground), (post + 0.03, ground)]
    canvas.shape(block, tone * 0.6)
    sole = ground - 0.05
    shaft = [*_corner(front, top), (front - 0.02, step - 0.3)]
    toe = [(0.28, ground - 0.24), (0.08, ground - 0.17), (0.03, sole - 0.03), (0.05, sole)]
    under = [(0.3, sole), (0.42, sole), (0.62, step - 0.02), *_corner(back, step - 0.03)]
    behind = [(back + 0.015, step - 0.16), (back - 0.04, step - 0.36), *_corner(back - 0.01, top)]
    canvas.shape(shaft + toe + under + behind, tone, round_off=True)
    edge = [(0.04, sole), (0.38, sole), (0.62, step), (back, step)]
    canvas.line(edge, tone * 0.45, 0.03)
    _boot_details(canvas, tone, top, front, back)


def _boot_details(canvas: Canvas, tone: float, top: float, front: float, back: float) -> None:
    """An elastic side, a zip, laces or a strap with a buckle."""
    middle, low = (front + back) / 2, 0.62
    kind = canvas.rng.integers(5)
    if kind == 0:
        wide = 0.07
        elastic = [(middle - wide, top + 0.02), (middle + wide, top + 0.02), (middle, low)]
        canvas.shape(elastic, tone * 0.5)
    elif kind == 1:
        canvas.line([(middle + 0.04, top), (middle + 0.06, low)], tone * 0.45, 0.018)
    elif kind == 2:
        for i in range(4):
            y = top + 0.08 + (0.5 - top) * i / 4
            canvas.line([(front, y), (front + 0.1, y - 0.02)], tone * 0.4, 0.02)
    elif kind == 3:
        canvas.line([(front, 0.48), (back - 0.03, 0.42)], tone * 0.5, 0.035)
        canvas.dot((middle, 0.45), 1.0, 0.022)
    canvas.line([(front + 0.015, top + 0.035), (back - 0.03, top + 0.03)], tone * 0.65, 0.018)
