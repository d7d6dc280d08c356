"""Lesson 6: conv2, its exercises and the inputs they are tried on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from alexnet_tutor.course.exercise import Arguments, Array, Case, Exercise, Lesson, Stand
from alexnet_tutor.course.lessons.l06_conv2 import figures, mistakes, mistakes_of_groups, oracle
from alexnet_tutor.randomness import seed_of


def _counts(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "parameters"))
    known = [(2, 2, 1, 2), (4, 4, 1, 2), (4, 2, 3, 1), (6, 3, 2, 3), (2, 6, 3, 2), (96, 256, 5, 1)]
    known += [(96, 256, 5, 2), (256, 384, 3, 1), (384, 384, 3, 2), (384, 256, 3, 2)]
    for _ in range(8):
        groups, of_in, of_out, kernel = (int(n) for n in rng.integers((1, 1, 1, 1), (5, 7, 7, 6)))
        known.append((groups * of_in, groups * of_out, kernel, groups))
    names = ("in_channels", "out_channels", "kernel", "groups")
    for numbers in sorted(known):
        yield Case(dict(zip(names, numbers, strict=True)))


def _frames(seed: int) -> Iterator[Case]:
    """From one value to batches."""
    rng = np.random.default_rng(seed_of(seed, "padded"))

    def draw(*shape: int) -> Array:
        return rng.integers(1, 9, shape).astype(np.float64)

    yield Case({"x": np.full((1, 1, 1, 1), 7.0), "padding": 1})
    yield Case({"x": draw(1, 1, 2, 2), "padding": 1})
    yield Case({"x": draw(1, 2, 2, 3), "padding": 2})
    yield Case({"x": draw(1, 1, 3, 2), "padding": 0})
    yield Case({"x": draw(2, 3, 4, 3), "padding": 1}, strided=True)
    yield Case({"x": rng.normal(size=(2, 2, 3, 5)), "padding": 3}, dtype="float64")
    yield Case({"x": rng.normal(size=(1, 2, 2, 2)), "padding": 1}, gradient=("x",))
    for _ in range(3):
        shape = rng.integers((1, 1, 2, 2), (3, 4, 7, 7))
        yield Case({"x": draw(*map(int, shape)), "padding": int(rng.integers(1, 4))})


_PIXEL = {
    "x": np.arange(1.0, 5).reshape(1, 4, 1, 1),
    "weight": np.array([1.0, 10, 1, 100, 1, 10, 1, 100]).reshape(4, 2, 1, 1),
    "bias": np.zeros(4),
    "padding": 0,
    "groups": 2,
}


def _layers(seed: int) -> Iterator[Case]:
    """From the docstring's one pixel to batches of padded groups."""
    rng = np.random.default_rng(seed_of(seed, "grouped_conv"))

    def case(
        groups: int,
        of_in: int,
        of_out: int,
        side: int | tuple[int, int],
        shape: tuple[int, int, int],
        padding: int,
        whole: bool = False,
        **extra: object,
    ) -> Case:
        def draw(*sizes: int) -> Array:
            return rng.integers(1, 9, sizes).astype(np.float64) if whole else rng.normal(size=sizes)

        batch, height, width = shape
        rows, columns = (side, side) if isinstance(side, int) else side
        arguments = {
            "x": draw(batch, groups * of_in, height, width),
            "weight": draw(groups * of_out, of_in, rows, columns),
            "bias": draw(groups * of_out) + 5,
            "padding": padding,
            "groups": groups,
        }
        return Case(arguments, **extra)  # type: ignore[arg-type]

    yield Case(_PIXEL)
    yield case(2, 1, 1, 1, (1, 1, 1), 0, whole=True)
    yield case(2, 2, 2, 1, (1, 1, 2), 0, whole=True)
    yield case(1, 3, 2, 2, (1, 3, 2), 1, whole=True)
    yield case(2, 2, 2, 3, (1, 3, 4), 1, whole=True)
    yield case(2, 1, 2, (3, 2), (1, 3, 4), 1)
    yield case(2, 2, 2, 2, (1, 2, 2), 1, gradient=("x", "weight", "bias"))
    yield case(3, 2, 2, 3, (2, 4, 3), 1, strided=True)
    yield case(2, 3, 2, 5, (2, 5, 6), 2, dtype="float64")
    for _ in range(3):
        groups, of_in, of_out, side = (int(n) for n in rng.integers((2, 2, 2, 1), (4, 4, 4, 4)))
        height, width = (int(size) for size in rng.integers((side, side), (6, 6)))
        padding = int(rng.integers(0, side))
        yield case(groups, of_in, of_out, side, (1, height, width), padding)


def _count_by_hand(arguments: Arguments, _: tuple[int, ...]) -> Sequence[str]:
    names = ("in_channels", "out_channels", "kernel", "groups")
    channels, maps, side, groups = (arguments[name] for name in names)
    seen = channels // groups
    weights = seen * side * side
    return (
        f"a kernel sees {channels} / {groups} = {seen} of the {channels} channels",
        f"its weights = {seen}·{side}·{side} = {weights:,}, and one bias: {weights + 1:,}",
        f"{maps} kernels: {maps}·{weights + 1:,} = {maps * (weights + 1):,}",
    )


def _frame_by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    n, c, i, j = index
    x, padding = arguments["x"], arguments["padding"]
    y, z = i - padding, j - padding
    height, width = x.shape[2:]
    place = f"row {i} − {padding} = {y}, column {j} − {padding} = {z} of a map of {height}×{width}"
    if 0 <= y < height and 0 <= z < width:
        return (place, f"inside: {x[n, c, y, z]:.6g}")
    return (place, "outside: 0")


def _layer_by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    n, k, i, j = index
    x, weight, bias = (arguments[name] for name in ("x", "weight", "bias"))
    padding, groups = arguments["padding"], arguments["groups"]
    kernels, seen, rows, columns = weight.shape
    group = oracle.group_of(k, kernels, groups)
    first = group * seen
    lines = [
        f"map {k} of {kernels}, {kernels // groups} to a group: group {group}, channels {first} to {first + seen - 1}"
    ]
    if padding:
        top, left = i - padding, j - padding
        lines.append(
            f"window: rows {top} to {top + rows - 1}, columns {left} to {left + columns - 1} (outside: 0)"
        )
    framed = oracle.padded(x, padding)[n]
    total = 0.0
    for c in range(seen):
        met = framed[first + c, i : i + rows, j : j + columns]
        part = float((met * weight[k, c]).sum())
        total += part
        pairs = zip(met.ravel(), weight[k, c].ravel(), strict=True)
        products = " + ".join(f"{a:.3g}·{w:.3g}" for a, w in pairs)
        short = products if rows * columns <= 9 else f"{rows * columns} products"
        lines.append(f"channel {first + c}: {short} = {part:.6g}")
    lines.append(f"sum + bias = {total:.6g} + {bias[k]:.6g} = {total + bias[k]:.6g}")
    return lines


def _why_frame(arguments: Arguments) -> str:
    batch, channels, height, width = arguments["x"].shape
    p = arguments["padding"]
    return (
        f"{p} rows go above and {p} below, {height} + 2·{p} = {height + 2 * p}, columns likewise, "
        f"{width} + 2·{p} = {width + 2 * p}; the {batch}·{channels} maps stay as many"
    )


def _why_layer(arguments: Arguments) -> str:
    (height, width), (kernels, _, rows, columns) = (
        arguments["x"].shape[2:],
        arguments["weight"].shape,
    )
    p = arguments["padding"]
    return (
        f"there is one map per kernel, {kernels}, of {height} + 2·{p} − {rows} + 1 = "
        f"{height + 2 * p - rows + 1} rows and {width} + 2·{p} − {columns} + 1 = "
        f"{width + 2 * p - columns + 1} columns"
    )


LESSON = Lesson(
    number=6,
    name="conv2",
    title="conv2: many maps in, two towers",
    exercises=(
        Exercise(
            name="parameters",
            task="Weights and biases of a layer with groups; one line is missing.",
            oracle=oracle.parameters,
            cases=_counts,
            mistakes=mistakes.COUNT,
            hints=(
                "Read the docstring's example: 4 channels, 4 kernels of 1×1, 2 groups, 12 parameters. How many has one kernel?",
                "3 to a kernel: one is the bias, so 2 are weights. Which 2 of the 4 channels do they lie on?",
                "The groups share the channels out evenly: `in_channels // groups` for each.",
            ),
            arithmetic=_count_by_hand,
        ),
        Exercise(
            name="padded",
            task="The maps in a frame of zeros.",
            oracle=oracle.padded,
            cases=_frames,
            mistakes=mistakes.FRAME,
            hints=(
                "How large is the result? Make a tensor of that size first, all zeros, of x's own type.",
                "`x.new_zeros(…)` gives zeros of x's type. Row 0 of x belongs into row `padding`.",
                "`framed[:, :, padding : padding + height, padding : padding + width] = x`, then return `framed`.",
            ),
            arithmetic=_frame_by_hand,
            why_shape=_why_frame,
        ),
        Exercise(
            name="grouped_conv",
            task="The layer: padding, the sum over a group's channels, groups one after the other.",
            oracle=oracle.grouped_conv,
            cases=_layers,
            mistakes=mistakes_of_groups.GROUPED,
            hints=(
                "Begin with one map: which group is it in, and which channels are that group's? Write the two numbers down for the docstring's four maps.",
                "Map k is in group `k // (K // groups)`; that group's channels begin at group · C/G. `slide(framed[:, channel], weight[k, c])` is one channel's answer.",
                "For each k: start at `bias[k]`, add `slide(framed[:, first + c], weight[k, c])` for each c, append. At the end `torch.stack(maps, dim=1)`.",
            ),
            arithmetic=_layer_by_hand,
            why_shape=_why_layer,
        ),
    ),
    without=(
        "torch.conv2d",
        "torch.convolution",
        "torch.nn.functional.conv2d",
        "torch.nn.functional.pad",
        "torch.nn.functional.unfold",
        "torch.nn.Conv2d",
        "torch.nn.Unfold",
        "torch.nn.ZeroPad2d",
    ),
    figures=figures.FIGURES,
    stands=(
        Stand(
            "grouped_conv",
            ("conv2",),
            lambda layer, x: {
                "x": x,
                "weight": layer.weight,
                "bias": layer.bias,
                "padding": layer.padding,
                "groups": layer.groups,
            },
        ),
    ),
)
