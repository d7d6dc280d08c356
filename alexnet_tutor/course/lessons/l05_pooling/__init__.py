"""Lesson 5: overlapping max pooling, its exercises and the inputs they are tried on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from alexnet_tutor.course.exercise import Arguments, Array, Case, Exercise, Lesson, Stand
from alexnet_tutor.course.lessons.l05_pooling import (
    by_hand,
    figures,
    mistakes,
    mistakes_back,
    oracle,
)
from alexnet_tutor.randomness import seed_of

_SIZES = (
    (5, 3, 1), (6, 3, 2), (7, 3, 2), (8, 3, 2), (6, 2, 2), (7, 2, 3), (9, 4, 2), (13, 3, 2),
)  # fmt: skip


def _coverages(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "coverage"))
    drawn = [
        (int(rng.integers(window, 20)), window, int(rng.integers(1, 5)))
        for window in (2, 3, 3, 4, 5, 6)
    ]
    for numbers in (*_SIZES, *drawn):
        yield Case(dict(zip(("size", "window", "stride"), numbers, strict=True)))


def _pools(seed: int) -> Iterator[Case]:
    """From one window of whole numbers to batches of strided maps; more than half are negative."""
    rng = np.random.default_rng(seed_of(seed, "max_pool"))

    def case(values: Array, window: int, stride: int, padding: int, **extra: object) -> Case:
        arguments = {"x": values, "window": window, "stride": stride, "padding": padding}
        return Case(arguments, **extra)  # type: ignore[arg-type]

    def whole(*shape: int) -> Array:
        return rng.integers(-9, 5, shape).astype(np.float64)

    def real(*shape: int) -> Array:
        return rng.normal(-1, 1, shape)

    yield case(-rng.integers(2, 9, (1, 1, 3, 3)).astype(np.float64), 3, 2, 1)
    yield case(whole(1, 1, 3, 3), 3, 2, 0)
    yield case(whole(1, 1, 3, 5), 3, 2, 0)
    yield case(whole(1, 1, 4, 4), 3, 2, 0)
    yield case(whole(1, 2, 4, 5), 2, 2, 1)
    yield case(_apart(rng, 1, 2, 5, 4), 3, 2, 0, gradient=("x",))
    yield case(real(2, 3, 7, 6), 3, 2, 1, strided=True)
    yield case(real(2, 2, 9, 8), 2, 3, 0, dtype="float64")
    yield case(real(1, 2, 5, 7), 3, 1, 1)
    for _ in range(3):
        window, stride = int(rng.integers(2, 5)), int(rng.integers(1, 4))
        shape = tuple(int(size) for size in rng.integers((1, 2, 4, 4), (3, 4, 10, 10)))
        yield case(real(*shape), window, stride, int(rng.integers(0, window // 2 + 1)))


def _apart(rng: np.random.Generator, *shape: int) -> Array:
    """Whole numbers that all differ, so that every window has one winner and a slope."""
    size = int(np.prod(shape))
    return rng.permutation(np.arange(size) - 0.7 * size).round().reshape(shape)


def _backwards(seed: int) -> Iterator[Case]:
    """Whole numbers with ties first, then reals."""
    rng = np.random.default_rng(seed_of(seed, "pool_backward"))

    def case(shape: tuple[int, ...], window: int, stride: int, **extra: object) -> Case:
        batch, maps, *sides = shape
        out = (batch, maps, *(len(oracle.firsts(size, window, stride)) for size in sides))
        whole = "dtype" not in extra and "strided" not in extra
        x = rng.integers(-4, 3, shape).astype(np.float64) if whole else rng.normal(size=shape)
        grad = rng.integers(1, 10, out).astype(np.float64) if whole else rng.normal(size=out)
        return Case({"x": x, "grad": grad, "window": window, "stride": stride}, **extra)  # type: ignore[arg-type]

    tied = np.array([[7.0, 2, 5], [1, 7, 0], [3, 4, 6]]).reshape(1, 1, 3, 3)
    yield Case({"x": tied, "grad": np.full((1, 1, 1, 1), 10.0), "window": 3, "stride": 2})
    yield case((1, 1, 3, 5), 3, 2)
    yield case((1, 1, 5, 4), 3, 2)
    yield case((1, 2, 4, 4), 2, 2)
    yield case((1, 2, 5, 5), 3, 1)
    yield case((2, 3, 7, 6), 3, 2, strided=True)
    yield case((2, 2, 8, 9), 2, 3, dtype="float64")
    for _ in range(3):
        window, stride = int(rng.integers(2, 5)), int(rng.integers(1, 4))
        shape = tuple(int(size) for size in rng.integers((1, 2, 4, 4), (3, 4, 9, 9)))
        yield case(shape, window, stride)


def _layer(layer: Any, x: Any) -> Arguments | None:
    """What lays the windows as the layer does on x; ``None`` where they differ in size, as in some grids."""
    windows = layer.windows(x.shape[-1])
    window = windows[0][1]
    stride = windows[1][0] if len(windows) > 1 else layer.stride
    if not stride or windows != [(i * stride, i * stride + window) for i in range(len(windows))]:
        return None
    return {"x": x, "window": window, "stride": stride, "padding": 0}


LESSON = Lesson(
    number=5,
    name="pooling",
    title="Pooling: the strongest answer nearby",
    exercises=(
        Exercise(
            name="coverage",
            task="How many windows look at each cell of a side; one line is missing.",
            oracle=oracle.coverage,
            cases=_coverages,
            mistakes=mistakes.COVERAGE,
            hints=(
                "Draw a strip of 7 cells and slide a window of 3 along it in steps of 2. Write down the cells it begins with.",
                "The first cells are 0, stride, 2·stride, … and the last of them leaves room for a whole window: it is at most size − window.",
                "`range(first, end, step)` does not contain `end`: the end is one more than the last possible first cell.",
            ),
            arithmetic=by_hand.coverage,
            why_shape=by_hand.why_coverage,
        ),
        Exercise(
            name="max_pool",
            task="Max pooling with window, stride and padding, from its formula.",
            oracle=oracle.max_pool,
            cases=_pools,
            mistakes=mistakes.POOL,
            hints=(
                "Begin with one window, its largest value, no padding. Then let the window move. Then put the ring round the map.",
                "Window (i, j) is `padded[:, :, i * stride : i * stride + window, j * stride : j * stride + window]`, of shape (N, C, window, window). Two axes have to go.",
                "`window.amax(dim=(2, 3))` is out[:, :, i, j]. The ring holds −∞, and there are `(height + 2 * padding - window) // stride + 1` rows of windows.",
            ),
            arithmetic=by_hand.pool,
            why_shape=by_hand.why_pool,
        ),
        Exercise(
            name="pool_backward",
            task="The gradient on its way back: to each window's winner, and to no other cell.",
            oracle=oracle.pool_backward,
            cases=_backwards,
            mistakes=mistakes_back.BACKWARD,
            hints=(
                "Begin with a result of zeros in the shape of x. Each value of grad has to be added at one cell of it: which?",
                "Window (i, j) of one map, read as a row: `x[n, c, top : top + window, left : left + window].flatten().argmax()` is the winner's place in it, the first of equals.",
                "`place // window` and `place % window` are its row and column within the window. Add `top = i * stride` and `left = j * stride`, then `+=` the gradient there.",
            ),
            arithmetic=by_hand.backward,
            why_shape=by_hand.why_backward,
        ),
    ),
    without=(
        "torch.max_pool1d",
        "torch.max_pool2d",
        "torch.max_pool3d",
        "torch.nn.functional.max_pool1d",
        "torch.nn.functional.max_pool2d",
        "torch.nn.functional.max_pool2d_with_indices",
        "torch.nn.functional.adaptive_max_pool2d",
        "torch.nn.MaxPool2d",
        "torch.nn.AdaptiveMaxPool2d",
    ),
    figures=figures.FIGURES,
    stands=(
        Stand(
            "max_pool",
            ("pool1", "pool2", "pool5"),
            _layer,
        ),
    ),
)
