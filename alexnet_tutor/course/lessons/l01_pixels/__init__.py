"""Lesson 1: pixels, its exercises and the inputs they are tried on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from alexnet_tutor.course.exercise import Arguments, Array, Case, Exercise, Lesson
from alexnet_tutor.course.lessons.l01_pixels import figures, mistakes, mistakes_enlarging, oracle
from alexnet_tutor.randomness import seed_of

_HAND = np.array([[[255, 0, 51], [102, 204, 153]]], np.uint8)  # the lesson's two pixels


def _pictures(seed: int) -> Iterator[Case]:
    """Files of 4 and 8 bits; some without a white pixel."""
    rng = np.random.default_rng(seed_of(seed, "to_tensor"))

    def case(shape: tuple[int, ...], white: int, highest: int, **extra: object) -> Case:
        values = rng.integers(0, highest + 1, shape, np.uint8)
        return Case({"picture": values, "white": white}, **extra)  # type: ignore[arg-type]

    yield Case({"picture": _HAND, "white": 255})
    yield case((2, 1, 3), 15, 9)
    yield case((3, 2, 3), 15, 15)
    yield case((2, 4, 3), 255, 120)
    yield case((4, 3, 1), 15, 15)
    yield case((3, 5, 3), 255, 255, strided=True)
    for _ in range(3):
        height, width = (int(side) for side in rng.integers(2, 8, 2))
        yield case((height, width, 3), int(rng.choice([15, 255])), 15)


def _places(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "source_place"))
    known = [(0, 2, 4), (1, 2, 4), (2, 2, 4), (3, 2, 4), (1, 3, 4), (2, 5, 5), (4, 3, 5)]
    known += [(0, 28, 227), (1, 28, 227), (113, 28, 227), (226, 28, 227)]
    for _ in range(8):
        before, after = int(rng.integers(2, 30)), int(rng.integers(30, 300))
        known.append((int(rng.integers(after)), before, after))
    for numbers in known:
        yield Case(dict(zip(("i", "before", "after"), numbers, strict=True)))


def _enlargings(seed: int) -> Iterator[Case]:
    """From one row of two pixels to batches that are not square."""
    rng = np.random.default_rng(seed_of(seed, "enlarge"))

    def case(shape: tuple[int, ...], size: int, **extra: object) -> Case:
        values = rng.integers(0, 256, shape).astype(np.float64)
        return Case({"x": values, "size": size}, **extra)  # type: ignore[arg-type]

    yield Case({"x": np.array([0.0, 100.0]).reshape(1, 1, 1, 2), "size": 4})
    yield case((1, 1, 2, 2), 3)
    yield case((1, 1, 2, 3), 5, gradient=("x",))
    yield case((1, 2, 3, 4), 4)
    yield case((2, 1, 4, 3), 9, strided=True)
    yield case((1, 3, 5, 4), 11, dtype="float64")
    for _ in range(3):
        shape = tuple(int(side) for side in rng.integers((1, 1, 2, 2), (3, 3, 6, 6)))
        yield case(shape, int(rng.integers(6, 14)))


def _normalisings(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "normalise"))

    def case(shape: tuple[int, ...], **extra: object) -> Case:
        channels = shape[1]
        arguments = {"x": rng.random(shape)}
        arguments |= {"mean": rng.uniform(0.2, 0.6, channels), "std": rng.uniform(0.2, 0.4, channels)}  # fmt: skip
        return Case(arguments, **extra)  # type: ignore[arg-type]

    black_and_white = np.array([0.0, 1.0]).reshape(1, 1, 1, 2)
    yield Case({"x": black_and_white, "mean": np.array([0.286]), "std": np.array([0.353])})
    yield case((1, 2, 1, 3))
    yield case((1, 3, 2, 2), gradient=("x", "mean", "std"))
    yield case((2, 3, 2, 4), strided=True)
    yield case((3, 3, 3, 2), dtype="float64")
    for _ in range(3):
        batch, height, width = (int(side) for side in rng.integers((1, 2, 2), (4, 6, 6)))
        yield case((batch, 3, height, width))


def _tensor_by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    c, y, x = index
    value, white = int(arguments["picture"][y, x, c]), arguments["white"]
    return (
        f"channel {c}, row {y}, column {x} is picture[{y}, {x}, {c}] = {value}",
        f"{value} / {white} = {value / white:.6g}",
    )


def _place_by_hand(arguments: Arguments, _: tuple[int, ...]) -> Sequence[str]:
    i, before, after = (arguments[name] for name in ("i", "before", "after"))
    centre = (i + 0.5) * before / after
    return (
        f"centre of new pixel {i} = {i} + 0.5 new pixels from the edge",
        f"in old pixels: {i + 0.5:g} · {before} / {after} = {centre:.7g}",
        f"from the centre of old pixel 0: {centre:.7g} − 0.5 = {centre - 0.5:.7g}",
    )


def _between(i: int, before: int, after: int) -> tuple[int, int, float, str]:
    """The two old pixels that new pixel i lies between, the second one's share, and a line on it."""
    place = oracle.source_place(i, before, after)
    inside = min(max(place, 0.0), before - 1.0)
    first = int(inside)
    second, share = min(first + 1, before - 1), inside - first
    rule = f"({i} + 0.5)·{before}/{after} − 0.5 = {place:.5g}"
    if place != inside:
        return first, second, share, f"{rule}, outside: {first} alone"
    return first, second, share, f"{rule}: {1 - share:.5g} of {first}, {share:.5g} of {second}"


def _mixture(one: float, other: float, share: float) -> tuple[float, str]:
    value = (1 - share) * one + share * other
    return value, f"{1 - share:.6g} · {one:.6g} + {share:.6g} · {other:.6g} = {value:.6g}"


def _enlarging_by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    n, c, i, j = index
    sheet: Array = arguments["x"][n, c]
    top, bottom, down, rows = _between(i, sheet.shape[0], arguments["size"])
    left, right, across, columns = _between(j, sheet.shape[1], arguments["size"])
    upper, above = _mixture(sheet[top, left], sheet[top, right], across)
    lower, below = _mixture(sheet[bottom, left], sheet[bottom, right], across)
    lines = [f"row {i}: place {rows}", f"column {j}: place {columns}", f"in row {top}: {above}"]
    if down:
        lines += [f"in row {bottom}: {below}", f"the two rows: {_mixture(upper, lower, down)[1]}"]
    return lines


def _normalising_by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    value, c = float(arguments["x"][index]), index[1]
    mean, std = float(arguments["mean"][c]), float(arguments["std"][c])
    return (
        f"channel {c}: mean {mean:.6g}, std {std:.6g}",
        f"({value:.6g} − {mean:.6g}) / {std:.6g} = {(value - mean) / std:.6g}",
    )


def _channels_first(arguments: Arguments) -> str:
    height, width, channels = arguments["picture"].shape
    return f"the {channels} channels come first, then {height} rows, then {width} columns"


def _square(arguments: Arguments) -> str:
    return f"every sheet becomes size × size, {arguments['size']} rows of {arguments['size']}"


def _same_shape(_: Arguments) -> str:
    return "every value is moved and scaled where it stands: none is added, none dropped"


_TO_TENSOR = Exercise(
    name="to_tensor",
    task="A picture file's numbers as sheets from 0 to 1; one line is missing.",
    oracle=oracle.to_tensor,
    cases=_pictures,
    mistakes=mistakes.TO_TENSOR,
    hints=(
        "Two things are to be done: a new scale for the values, a new order for the axes. Do one, print the shape and the largest value, then do the other.",
        "`white` must become 1 and black stay 0: one division. Old axis 2, the channels, must become axis 0.",
        "`values.permute(2, 0, 1)` has the axes in their new order; divide it by `white`.",
    ),
    arithmetic=_tensor_by_hand,
    why_shape=_channels_first,
)
_PLACE = Exercise(
    name="source_place",
    task="Where an enlarged picture's pixel looks in the small one.",
    oracle=oracle.source_place,
    cases=_places,
    mistakes=mistakes.PLACE,
    hints=(
        "Draw two squares in a row and, below them, four squares half as wide. Mark the centre of each.",
        "Measure from the left edge: the centre of new pixel i is i + 0.5 new pixels away. How many old pixels is that?",
        "One new pixel is `before / after` old ones wide. And the centre of old pixel 0 is not at 0 on your ruler but at 0.5.",
    ),
    arithmetic=_place_by_hand,
)
_ENLARGE = Exercise(
    name="enlarge",
    task="Bilinear enlarging: a mixture of two rows, and of two columns.",
    oracle=oracle.enlarge,
    cases=_enlargings,
    mistakes=mistakes_enlarging.ENLARGE,
    hints=(
        "Begin with the row 0, 100 and size 4. `source_place` gives −0.25, 0.25, 0.75, 1.25: which pixels, and how much of each?",
        "Clamp each place to 0 … before − 1. Its floor is the first neighbour, one more (at most before − 1) the second, its fraction the second one's share.",
        "`new_rows = (1 - share) * x[:, :, first] + share * x[:, :, second]`, with `share` of shape (size, 1). Then the same for columns, on `transpose(2, 3)`.",
    ),
    arithmetic=_enlarging_by_hand,
    why_shape=_square,
)
_NORMALISE = Exercise(
    name="normalise",
    task="Pixels round zero, each channel with its own mean and deviation.",
    oracle=oracle.normalise,
    cases=_normalisings,
    mistakes=mistakes_enlarging.NORMALISE,
    hints=(
        "What must a pixel become that is as bright as the mean? And one that is a deviation brighter?",
        "`mean` is (C,) and x is (N, C, H, W). PyTorch lays (C,) along the last axis, the columns. It needs two more axes behind it.",
        "`mean[:, None, None]` is (C, 1, 1). Subtract it, then divide by `std[:, None, None]`.",
    ),
    arithmetic=_normalising_by_hand,
    why_shape=_same_shape,
)
LESSON = Lesson(
    number=1,
    name="pixels",
    title="Pixels: from a picture file to a tensor",
    exercises=(_TO_TENSOR, _PLACE, _ENLARGE, _NORMALISE),
    without=(
        "torch.nn.functional.interpolate",
        "torch.nn.functional.upsample",
        "torch.nn.functional.upsample_bilinear",
        "torch.nn.functional.grid_sample",
        "torch.nn.Upsample",
        "torch.nn.UpsamplingBilinear2d",
    ),
    figures=figures.FIGURES,
    layers=("input",),
)
