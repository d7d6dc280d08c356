"""Lesson 8: flatten and the fully connected layers, its exercises and their inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from alexnet_tutor.course.exercise import Arguments, Array, Case, Exercise, Lesson, Stand
from alexnet_tutor.course.lessons.l08_fc import figures, mistakes, mistakes_layer, oracle
from alexnet_tutor.randomness import seed_of


def _places(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "place"))
    names = ("channel", "row", "column", "channels", "height", "width")
    known = [(0, 0, 0, 2, 2, 3), (0, 0, 2, 2, 2, 3), (0, 1, 0, 2, 2, 3), (1, 0, 1, 2, 2, 3)]
    known += [(1, 1, 2, 3, 2, 3), (37, 0, 5, 256, 6, 6), (255, 5, 5, 256, 6, 6)]
    for _ in range(8):
        sizes = tuple(int(size) for size in rng.integers(2, 8, 3))
        known.append((*(int(rng.integers(size)) for size in sizes), *sizes))  # type: ignore[arg-type]
    for numbers in known:
        yield Case(dict(zip(names, numbers, strict=True)))


def _maps(seed: int) -> Iterator[Case]:
    """From one picture of small whole numbers, in order, to batches."""
    rng = np.random.default_rng(seed_of(seed, "flatten"))

    def case(shape: tuple[int, ...], **extra: object) -> Case:
        return Case({"x": rng.integers(1, 100, shape).astype(np.float64)}, **extra)  # type: ignore[arg-type]

    yield Case({"x": np.arange(1.0, 13).reshape(1, 2, 2, 3)})
    yield case((2, 2, 1, 3))
    yield case((2, 3, 2, 2), gradient=("x",))
    yield case((3, 2, 2, 4), strided=True)
    yield case((2, 4, 3, 2), dtype="float64")
    for _ in range(3):
        yield case(tuple(int(size) for size in rng.integers(2, 5, 4)))


def _layers(seed: int) -> Iterator[Case]:
    """As many units as inputs, as in fc7: only values tell whether the weights were turned."""
    rng = np.random.default_rng(seed_of(seed, "linear"))

    def case(batch: int, features: int, whole: bool = False, **extra: object) -> Case:
        def draw(*shape: int) -> Array:
            return rng.integers(1, 9, shape).astype(np.float64) if whole else rng.normal(size=shape)

        arguments = {"x": draw(batch, features), "weight": draw(features, features)}
        return Case(arguments | {"bias": draw(features) + 1.5}, **extra)  # type: ignore[arg-type]

    two = {"x": np.array([[1.0, 2]]), "weight": np.array([[3.0, 10], [0, 1]])}
    yield Case(two | {"bias": np.array([5.0, -1])})
    yield case(1, 3, whole=True)
    yield case(2, 3, gradient=("x", "weight", "bias"))
    yield case(3, 5, strided=True)
    yield case(2, 6, dtype="float64")
    for _ in range(3):
        yield case(int(rng.integers(1, 4)), int(rng.integers(3, 9)))


def _windows(seed: int) -> Iterator[Case]:
    """Maps of the layer's own size, then larger ones."""
    rng = np.random.default_rng(seed_of(seed, "fc_as_conv"))

    def case(
        shape: tuple[int, ...], units: int, height: int, width: int, whole: bool = False,
        **extra: object,
    ) -> Case:  # fmt: skip
        def draw(*sizes: int) -> Array:
            return rng.integers(1, 9, sizes).astype(np.float64) if whole else rng.normal(size=sizes)

        arguments = {"x": draw(*shape), "weight": draw(units, shape[1] * height * width)}
        arguments |= {"bias": draw(units) + 1.5, "height": height, "width": width}  # type: ignore[dict-item]
        return Case(arguments, **extra)  # type: ignore[arg-type]

    row = {"x": np.array([1.0, 2, 3]).reshape(1, 1, 1, 3), "weight": np.array([[1.0, 10]])}
    yield Case(row | {"bias": np.zeros(1), "height": 1, "width": 2})
    yield case((1, 2, 2, 3), 2, 2, 3, whole=True)
    yield case((1, 2, 3, 3), 2, 2, 3, whole=True)
    yield case((1, 2, 3, 4), 2, 2, 3, gradient=("x", "weight", "bias"))
    yield case((2, 3, 4, 6), 2, 3, 2, strided=True)
    yield case((2, 2, 5, 4), 3, 2, 3, dtype="float64")
    for _ in range(3):
        height, width = (int(side) for side in rng.integers(1, 4, 2))
        more = rng.integers(0, 4, 2)
        shape = (int(rng.integers(1, 3)), 3, height + int(more[0]), width + int(more[1]))
        yield case(shape, int(rng.integers(1, 4)), height, width)


def _place_by_hand(arguments: Arguments, _: tuple[int, ...]) -> Sequence[str]:
    channel, row, column = (arguments[name] for name in ("channel", "row", "column"))
    height, width = arguments["height"], arguments["width"]
    maps, rows = channel * height * width, row * width
    return (
        f"maps before: {channel}, of {height}·{width} values = {maps}",
        f"rows before in its map: {row}, of {width} values = {rows}",
        f"columns before in its row: {column}",
        f"{maps} + {rows} + {column} = {maps + rows + column}",
    )


def _flat_by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    n, number = index
    _, channels, height, width = arguments["x"].shape
    channel, rest = divmod(number, height * width)
    row, column = divmod(rest, width)
    return (
        f"place {number} = {channel}·{height}·{width} + {row}·{width} + {column}",
        f"picture {n}, map {channel} of {channels}, row {row}, column {column} "
        f"= {arguments['x'][n, channel, row, column]:.6g}",
    )


def _products(values: Array, weights: Array) -> str:
    if len(values) > 9:
        return f"{len(values)} products"
    return " + ".join(f"{v:.3g}·{w:.3g}" for v, w in zip(values, weights, strict=True))


def _unit_by_hand(values: Array, weights: Array, bias: float) -> list[str]:
    total = float(values @ weights)
    return [
        f"{_products(values, weights)} = {total:.6g}",
        f"sum + bias = {total:.6g} + {bias:.6g} = {total + bias:.6g}",
    ]


def _linear_by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    n, k = index
    x, weight, bias = (arguments[name] for name in ("x", "weight", "bias"))
    return (f"unit {k}: row {k} of the weights", *_unit_by_hand(x[n], weight[k], float(bias[k])))


def _conv_by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    n, k, i, j = index
    x, weight, bias = (arguments[name] for name in ("x", "weight", "bias"))
    bottom, right = i + arguments["height"], j + arguments["width"]
    window = x[n, :, i:bottom, j:right].ravel()
    return (
        f"window: rows {i} to {bottom - 1}, columns {j} to {right - 1}, "
        f"{len(window)} values in the order of flatten",
        *_unit_by_hand(window, weight[k], float(bias[k])),
    )


def _why_row(arguments: Arguments) -> str:
    batch, channels, height, width = arguments["x"].shape
    return f"each of the {batch} pictures becomes a row of {channels}·{height}·{width} numbers"


def _why_units(arguments: Arguments) -> str:
    batch, units = len(arguments["x"]), len(arguments["weight"])
    return f"each of the {batch} pictures gets a number from each of the {units} units"


def _why_windows(arguments: Arguments) -> str:
    _, _, high, wide = arguments["x"].shape
    height, width, units = arguments["height"], arguments["width"], len(arguments["weight"])
    return (
        f"each of the {units} units is a kernel of {height}×{width}, and on {high}×{wide} it fits at "
        f"{high} − {height} + 1 = {high - height + 1} by {wide} − {width} + 1 = {wide - width + 1} places"
    )


_PLACE = Exercise(
    name="place",
    task="A value's place in the flattened row; one line is missing.",
    oracle=oracle.place,
    cases=_places,
    mistakes=mistakes.PLACE,
    hints=(
        "Write two maps of two rows and three columns and number their values in the order in which you read a page.",
        "`maps_before` counts whole maps. Within its own map, which values stand before the value at (row, column)?",
        "Whole rows, `row * width` values, and then `column` more.",
    ),
    arithmetic=_place_by_hand,
)
_FLATTEN = Exercise(
    name="flatten",
    task="Maps as a row, a row for each picture.",
    oracle=oracle.flatten,
    cases=_maps,
    mistakes=mistakes.FLATTEN,
    hints=(
        "Four axes become two. Which one of the four survives?",
        "`reshape` keeps the order in memory, and in (N, C, H, W) that is the order of `place` already.",
        "The first axis is `x.shape[0]`. For the second, −1 lets `reshape` count.",
    ),
    arithmetic=_flat_by_hand,
    why_shape=_why_row,
)
_LINEAR = Exercise(
    name="linear",
    task="A fully connected layer, from its formula.",
    oracle=oracle.linear,
    cases=_layers,
    mistakes=mistakes_layer.LINEAR,
    hints=(
        "Begin with one picture and one unit: multiply number by number, sum, add the bias. Compare with the lesson's 36.",
        "For all pictures and units at once it is a matrix product. (N, F) and (K, F) share F: which of the two has to be turned?",
        "`x @ weight.T` is (N, K). `bias` is (K,) and spreads over the pictures by itself.",
    ),
    arithmetic=_linear_by_hand,
    why_shape=_why_units,
)
_AS_CONV = Exercise(
    name="fc_as_conv",
    task="The same layer as a convolution whose kernels are as large as its maps.",
    oracle=oracle.fc_as_conv,
    cases=_windows,
    mistakes=mistakes_layer.AS_CONV,
    hints=(
        "Where x is height × width there is one window, and the answer is `linear(flatten(x), weight, bias)`. What if x is one column wider?",
        "A row of `weight` has a number for each (channel, row, column) of a window, in the order of `place`. Which shape does a convolution's kernel have?",
        "`kernels = weight.reshape(weight.shape[0], x.shape[1], height, width)`; the rest is `torch.conv2d`.",
    ),
    arithmetic=_conv_by_hand,
    why_shape=_why_windows,
)
LESSON = Lesson(
    number=8,
    name="fc",
    title="fc6 to fc8: every number to every unit",
    exercises=(_PLACE, _FLATTEN, _LINEAR, _AS_CONV),
    without=("torch.nn.functional.linear", "torch.nn.Linear"),
    figures=figures.FIGURES,
    stands=(
        Stand("flatten", ("flatten",), lambda _, x: {"x": x}),
        Stand(
            "linear",
            ("fc6", "fc7", "fc8"),
            lambda layer, x: {"x": x, "weight": layer.weight, "bias": layer.bias},
        ),
    ),
)
