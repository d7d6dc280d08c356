"""A square of black paper to draw garments on: light shapes, thin lines, then the cloth's texture.

Places on it are numbers from 0 to 1, x to the right and y downwards, so that the same drawing comes
out at any size. Shapes are painted several times finer than the picture and averaged down, which is
what makes their edges soft.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Point: TypeAlias = tuple[float, float]
Floats: TypeAlias = NDArray[np.float64]

_CURVE_STEPS = 6
_COARSE = 64  # up to this size edges need finer paper, and pictures have the grain of a scan
_GRAIN = 0.03


class Canvas:
    """A drawing under way, turned, moved and scaled a little by ``rng`` as a whole.

    Args:
        size: side of the finished picture in pixels.
        rng: where every random choice of the drawing comes from.
    """

    def __init__(self, size: int, rng: np.random.Generator) -> None:
        self.size = size
        self.rng = rng
        self._finer = 4 if size <= _COARSE else 2
        self._side = size * self._finer
        self._picture = Image.new("L", (self._side, self._side))
        self._pen = ImageDraw.Draw(self._picture)
        angle, scale = rng.normal(0, 0.03), rng.uniform(0.88, 1.02)
        cos, sin = scale * np.cos(angle), scale * np.sin(angle)
        self._turn = np.array([[cos, sin], [-sin, cos]]) * self._side
        self._centre = (0.5 + rng.normal(0, 0.018, size=2)) * self._side
        self._cloth: Floats = np.ones((1, 1))

    def _place(self, points: Sequence[Point] | Floats) -> list[float]:
        placed = (np.asarray(points) - 0.5) @ self._turn + self._centre
        return placed.ravel().tolist()  # type: ignore[no-any-return]  # numpy's stub says Any

    def shape(self, points: Sequence[Point], tone: float, *, round_off: bool = False) -> None:
        """Fill a closed outline with ``tone``, 0 black to 1 white; ``round_off`` curves its sides."""
        outline = curve(points, closed=True) if round_off else points
        self._pen.polygon(self._place(outline), fill=_grey(tone))

    def both_sides(self, half: Sequence[Point], tone: float) -> None:
        """Fill an outline given by its right half, top to bottom: (distance from the middle, y)."""
        right = [(0.5 + x, y) for x, y in half]
        left = [(0.5 - x, y) for x, y in reversed(half)]
        self.shape(right + left, tone)

    def line(
        self, points: Sequence[Point], tone: float, width: float, *, bend: bool = False
    ) -> None:
        """Draw a line ``width`` thick (1 is the whole picture); ``bend`` makes it a smooth curve."""
        path = curve(points, closed=False) if bend else points
        pixels = max(1, round(width * self._side))
        self._pen.line(self._place(path), fill=_grey(tone), width=pixels, joint="curve")

    def dot(self, place: Point, tone: float, radius: float) -> None:
        """A filled circle."""
        x, y = self._place([place])
        reach = max(0.5, radius * self._side)
        self._pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=_grey(tone))

    def cloth(self, *, folds: float, patterned: float) -> None:
        """Choose the texture of the garment: it multiplies what is drawn, and black stays black.

        Args:
            folds: how strongly light and shade run along the folds, 0 none.
            patterned: probability of a pattern: stripes, checks, flowers or a print on the chest.
        """
        self._cloth = _shading(self.size, self.rng, folds)
        if self.rng.random() < patterned:
            self._cloth = self._cloth * _pattern(self.size, self.rng)

    def finish(self) -> NDArray[np.uint8]:
        """The picture, uint8 (size, size)."""
        drawn = np.asarray(self._picture.reduce(self._finer), dtype=np.float64)
        woven = drawn * self._cloth
        if self.size <= _COARSE:
            woven *= self.rng.normal(1, _GRAIN, size=woven.shape)
        return np.clip(np.rint(woven), 0, 255).astype(np.uint8)


def _grey(tone: float) -> int:
    return min(255, max(0, round(255 * tone)))


@lru_cache(maxsize=1)
def _spline() -> Floats:
    """Catmull-Rom weights (steps, 4): how a curve passes from its second point to its third."""
    t = np.arange(_CURVE_STEPS) / _CURVE_STEPS
    powers = np.stack([np.ones_like(t), t, t**2, t**3], axis=1)
    weights = [[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]]
    return powers @ (np.array(weights) / 2)


def curve(points: Sequence[Point], *, closed: bool) -> Floats:
    """A smooth line (M, 2) through every one of ``points``; one given twice stays a corner."""
    given = np.asarray(points, dtype=np.float64)
    ends = (given[-1:], given[:2]) if closed else (given[:1], given[-1:])
    padded = np.concatenate([ends[0], given, ends[1]])
    last = len(padded) - 3
    windows = np.stack([padded[i : i + last] for i in range(4)], axis=1)  # (segments, 4, 2)
    windows = windows[(windows[:, 1] != windows[:, 2]).any(axis=1)]  # none from a corner to itself
    bent: Floats = (_spline() @ windows).reshape(-1, 2)
    return bent if closed else np.concatenate([bent, given[-1:]])


@lru_cache(maxsize=4)
def _grid(size: int) -> tuple[Floats, Floats]:
    """The pixels' centres, 0 to 1: x (1, size) and y (size, 1)."""
    centres = (np.arange(size) + 0.5) / size
    return centres[None, :], centres[:, None]


def _shading(size: int, rng: np.random.Generator, folds: float) -> Floats:
    """Light from one side and soft folds that lean: (size, size) around 1."""
    x, y = _grid(size)
    light, down, depth, lean, start = rng.random(5)
    slope = 0.16 * (light - 0.5) * (x - 0.5) - 0.2 * (down - 0.3) * (y - 0.5)
    waves = np.sin((8 + 14 * light) * x + (10 * lean - 5) * y + 6.3 * start)
    shade: Floats = 1 + slope + folds * depth * waves
    return shade


def _pattern(size: int, rng: np.random.Generator) -> Floats:
    """Stripes across or along, checks, flowers or a print on the chest: (size, size), 0.2 to 1.3."""
    x, y = _grid(size)
    kind = rng.integers(5)
    wide, start = rng.uniform(5, 12), rng.random()
    dark = rng.uniform(0.35, 0.8)
    across = (wide * y + start) % 1 < rng.uniform(0.3, 0.6)
    if kind == 0:
        return np.where(across, dark, 1.0) * np.ones_like(x)
    along = (wide * x + start) % 1 < rng.uniform(0.3, 0.6)
    if kind == 1:
        return np.where(along, dark, 1.0) * np.ones_like(y)
    if kind == 2:
        return np.where(across, dark**0.7, 1.0) * np.where(along, dark**0.7, 1.0)
    if kind == 3:
        flowers = Image.fromarray(rng.uniform(dark, 1.25, size=(16, 16)).astype(np.float32))
        return np.asarray(flowers.resize((size, size), Image.Resampling.BICUBIC), np.float64)
    reach = rng.uniform(0.07, 0.15, size=2)
    top = rng.uniform(0.28, 0.48)
    inside = (np.abs(x - 0.5) < reach[0]) & (np.abs(y - top) < reach[1])
    return np.where(inside, rng.choice([dark * 0.6, 1.3]), 1.0)
