"""The inputs that the three layers in a row are tried on, and one of their values by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from alexnet_tutor.course.exercise import Arguments, Array, Case
from alexnet_tutor.course.lessons.l06_conv2.oracle import group_of, padded
from alexnet_tutor.course.lessons.l07_conv345 import oracle
from alexnet_tutor.randomness import seed_of

_LEARNT = ("x", "weight3", "bias4", "weight5")


def cases(seed: int) -> Iterator[Case]:
    """From one map of 7×7 to batches with towers.

    7×7 is the least that three windows of 3 still fit into without a frame. The values stay below 1 or
    so: there LRN divides by the same number whether or not its α is divided by n.
    """
    rng = np.random.default_rng(seed_of(seed, "middle_layers"))

    def case(
        groups: tuple[int, int, int],
        maps: tuple[int, int, int],
        shape: tuple[int, int, int],
        tenths: bool = False,
        **extra: Any,
    ) -> Case:
        def draw(spread: float, step: float, *sizes: int) -> Array:
            few = rng.integers(-2, 3, sizes).astype(np.float64)
            return few * step if tenths else rng.normal(size=sizes) * spread

        channels, middle, last = maps
        sizes = (channels, middle, middle, last)
        arguments: dict[str, Any] = {"x": draw(0.3, 0.1, shape[0], channels, *shape[1:])}
        for number, group in enumerate(groups):
            kernels, seen = sizes[number + 1], sizes[number] // group
            spread = (2 / (9 * seen)) ** 0.5
            arguments[f"weight{number + 3}"] = draw(spread, 0.25, kernels, seen, 3, 3)
            arguments[f"bias{number + 3}"] = abs(draw(0.1, 0.1, kernels)) + 0.1
        return Case({**arguments, "groups": list(groups)}, **extra)

    yield case((1, 1, 1), (1, 1, 1), (1, 7, 7), tenths=True)
    yield case((1, 2, 2), (1, 2, 2), (1, 7, 7), tenths=True)
    yield case((1, 1, 2), (2, 2, 4), (1, 7, 8), tenths=True)
    yield case((1, 1, 1), (1, 1, 1), (1, 7, 7), gradient=_LEARNT)
    yield case((1, 2, 2), (3, 4, 2), (2, 7, 8), strided=True)
    yield case((2, 1, 2), (4, 2, 6), (1, 8, 7), dtype="float64")
    for _ in range(2):
        first, second, third = (int(group) for group in rng.integers(1, 3, 3))
        height, width = (int(size) for size in rng.integers(7, 10, 2))
        yield case((first, second, third), (2, 4, 2), (1, height, width))


def by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """The way to one value: what the layers below say at its place, then conv5's sum."""
    n, k, i, j = index
    steps = list(oracle.in_steps(**arguments))
    lines = [
        f"conv{layer} at row {i}, column {j}, map by map: {_written(before[n, :, i, j])}; "
        f"relu{layer}: {_written(after[n, :, i, j])}"
        for layer, (before, after) in zip((3, 4), steps, strict=False)
    ]
    weight, groups = arguments["weight5"], arguments["groups"][2]
    seen = weight.shape[1]
    first = group_of(k, len(weight), groups) * seen
    framed = padded(steps[1][1], 1)
    for c in range(seen):
        met = framed[n, first + c, i : i + 3, j : j + 3]
        pairs = zip(met.ravel(), weight[k, c].ravel(), strict=True)
        products = " + ".join(f"{a:.3g}·{w:.3g}" for a, w in pairs)
        part = float((met * weight[k, c]).sum())
        lines.append(f"conv5, map {first + c} of relu4: {products} = {part:.6g}")
    before, after = (float(of[n, k, i, j]) for of in steps[2])
    bias = float(arguments["bias5"][k])
    lines.append(f"sum + bias = {before - bias:.6g} + {bias:.6g} = {before:.6g}")
    return [*lines, f"relu5: max(0, {before:.6g}) = {after:.6g}"]


def _written(values: Array) -> str:
    return ", ".join(f"{value:.3g}" for value in values)


def why_shape(arguments: Arguments) -> str:
    """One sentence."""
    height, width = arguments["x"].shape[2:]
    return (
        f"there is one map per kernel of conv5, {len(arguments['weight5'])}, and each of the three layers "
        f"keeps {height}×{width}: {height} + 2·1 − 3 + 1 = {height}"
    )
