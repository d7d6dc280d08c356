"""Lesson 7: conv3 to conv5, its exercises and the inputs they are tried on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from alexnet_tutor.course.exercise import Arguments, Case, Exercise, Lesson, Stand
from alexnet_tutor.course.lessons.l02_conv1.oracle import output_size
from alexnet_tutor.course.lessons.l07_conv345 import (
    figures,
    middle,
    mistakes,
    mistakes_of_macs,
    mistakes_of_middle,
    oracle,
)
from alexnet_tutor.randomness import seed_of

Window = tuple[int, int, int]
_PAPER: list[Window] = [
    (11, 4, 0),
    (3, 2, 0),
    (5, 1, 2),
    (3, 2, 0),
    (3, 1, 1),
    (3, 1, 1),
    (3, 1, 1),
    (3, 2, 0),
]  # fmt: skip  conv1 to pool5
_SMALL: list[list[Window]] = [
    [(3, 2, 0), (3, 1, 0)],
    [(2, 3, 1)],
    [(3, 1, 1), (3, 1, 1)],
    [(2, 2, 0), (5, 1, 2)],
    [(4, 1, 1), (3, 2, 1), (2, 1, 0)],
]
_MACS = (
    "in_channels", "out_channels", "height", "width", "kernel", "stride", "padding", "groups"
)  # fmt: skip


def _stacks(seed: int, name: str) -> Iterator[list[Window]]:
    """From two layers to the paper's eight."""
    rng = np.random.default_rng(seed_of(seed, name))
    yield from _SMALL
    for _ in range(5):
        rows = rng.integers((1, 1, 0), (7, 4, 3), (int(rng.integers(2, 5)), 3))
        yield [(int(kernel), int(stride), int(padding)) for kernel, stride, padding in rows]
    for count in (1, 2, 3, 7, 8):
        yield _PAPER[:count]


def _fields(seed: int) -> Iterator[Case]:
    for layers in _stacks(seed, "receptive_field"):
        yield Case({"layers": layers})


def _spans(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "place"))
    yield Case({"layers": _SMALL[0], "place": 1})
    for layers in _stacks(seed, "span"):
        yield Case({"layers": layers, "place": 0})
        yield Case({"layers": layers, "place": int(rng.integers(1, 7))})


def _costs(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "macs"))
    known = [(1, 1, 3, 3, 2, 1, 0, 1), (2, 4, 5, 5, 3, 1, 1, 1), (2, 2, 4, 6, 3, 2, 1, 2)]
    known += [(6, 3, 7, 5, 3, 2, 0, 3), (1, 96, 227, 227, 11, 4, 2, 1)]
    known += [(96, 256, 27, 27, 5, 1, 2, groups) for groups in (1, 2)]
    known += [(384, 256, 13, 13, 3, 1, 1, groups) for groups in (1, 2)]
    for _ in range(8):
        of_in, of_out, groups, kernel, stride, padding = (
            int(n) for n in rng.integers((1, 1, 1, 1, 1, 0), (5, 5, 4, 5, 4, 3))
        )
        height, width = (int(size) for size in rng.integers(kernel + 1, 12, 2))
        sizes = (height, width, kernel, stride, padding, groups)
        known.append((groups * of_in, groups * of_out, *sizes))
    for numbers in sorted(known, key=lambda case: case[0] * case[1] * case[2]):
        yield Case(dict(zip(_MACS, numbers, strict=True)))


def _field_by_hand(arguments: Arguments, _: tuple[int, ...]) -> Sequence[str]:
    size, apart = 1, 1
    lines = ["a pixel: size 1, neighbours 1 apart"]
    for number, (kernel, stride, _) in enumerate(arguments["layers"], start=1):
        grown, further = size + (kernel - 1) * apart, apart * stride
        lines.append(
            f"layer {number}: size {size} + ({kernel} − 1)·{apart} = {grown}, "
            f"neighbours {apart}·{stride} = {further} apart"
        )
        size, apart = grown, further
    return lines


def _span_by_hand(arguments: Arguments, _: tuple[int, ...]) -> Sequence[str]:
    layers = arguments["layers"]
    first = last = arguments["place"]
    lines = [f"value {first} of layer {len(layers)}"]
    for number, (kernel, stride, padding) in reversed(list(enumerate(layers))):
        what = f"values of layer {number}" if number else "pixels"
        start, end = first * stride - padding, last * stride - padding + kernel - 1
        lines.append(
            f"needs {what} {first}·{stride} − {padding} = {start} "
            f"to {last}·{stride} − {padding} + {kernel} − 1 = {end}"
        )
        first, last = start, end
    return lines


def _macs_by_hand(arguments: Arguments, _: tuple[int, ...]) -> Sequence[str]:
    channels, maps, height, width, kernel, stride, padding, groups = (
        arguments[name] for name in _MACS
    )
    rows, columns = (output_size(size, kernel, stride, padding) for size in (height, width))
    seen = channels // groups
    one = seen * kernel * kernel
    return (
        f"places = rows out · columns out = {rows}·{columns} = {rows * columns:,}",
        f"products for one value = channels seen · kernel² = {seen}·{kernel}² = {one:,}",
        f"maps · places · products = {maps}·{rows * columns:,}·{one:,} = {maps * rows * columns * one:,}",
    )


def _from_network(layers: Sequence[Any], x: Any) -> Arguments:
    """conv3 to relu5 and what enters conv3, as ``middle_layers`` wants them."""
    convolutions = layers[::2]
    given = {"x": x, "groups": [layer.groups for layer in convolutions]}
    for number, layer in enumerate(convolutions, start=3):
        given |= {f"weight{number}": layer.weight, f"bias{number}": layer.bias}
    return given


def _a_pair(_: Arguments, what: str) -> str:
    return f"it is a pair of numbers, {what}"


LESSON = Lesson(
    number=7,
    name="conv3-5",
    title="conv3 to conv5: small windows, a wide view",
    exercises=(
        Exercise(
            name="receptive_field",
            task="How far one value sees through a stack of layers; one line is missing.",
            oracle=oracle.receptive_field,
            cases=_fields,
            mistakes=mistakes.FIELD,
            hints=(
                "Draw the lesson's strip: three windows of 3 pixels, 2 apart. From where to where do the three reach together?",
                "The first of the `kernel` cells sees `size` pixels. Each further one begins `apart` pixels later. How many further ones are there?",
                "The view grows by `(kernel - 1) * apart`.",
            ),
            arithmetic=_field_by_hand,
            why_shape=lambda arguments: _a_pair(arguments, "size and stride"),
        ),
        Exercise(
            name="span",
            task="The first and the last pixel that one value sees.",
            oracle=oracle.span,
            cases=_spans,
            mistakes=mistakes.SPAN,
            hints=(
                "Begin at the value and go down: which cells of the layer below are in its window? Write down the first and the last.",
                "Window i starts at cell i · stride − padding and has `kernel` cells. A range of windows goes from the first one's start to the last one's end.",
                "Over `reversed(layers)`: `first = first * stride - padding` and `last = last * stride - padding + kernel - 1`.",
            ),
            arithmetic=_span_by_hand,
            why_shape=lambda arguments: _a_pair(arguments, "the first pixel and the last"),
        ),
        Exercise(
            name="macs",
            task="How many products a convolution adds up.",
            oracle=oracle.macs,
            cases=_costs,
            mistakes=mistakes_of_macs.MACS,
            hints=(
                "How many products does one value of one map take? How many values does a map have, and how many maps are there?",
                "One value takes a product per weight of its kernel: the channels of its group times kernel times kernel. The values are counted with lesson 2's formula.",
                "`out_channels * rows * columns * (in_channels // groups) * kernel * kernel`, with `rows = (height + 2 * padding - kernel) // stride + 1`.",
            ),
            arithmetic=_macs_by_hand,
        ),
        Exercise(
            name="middle_layers",
            task="conv3, conv4 and conv5 in a row, with what stands between them.",
            oracle=oracle.middle_layers,
            cases=middle.cases,
            mistakes=mistakes_of_middle.MIDDLE,
            hints=(
                "Begin with conv3 alone: one call of `F.conv2d`. Which of its arguments keeps the map's height and width?",
                "The page's table of one value has six lines. Each is one step of your function, and each takes what the line before gave.",
                "Three times `F.relu(F.conv2d(x, weight, bias, padding=1, groups=…))`, with each layer's own weight, bias and number of groups.",
            ),
            arithmetic=middle.by_hand,
            why_shape=middle.why_shape,
        ),
    ),
    figures=figures.FIGURES,
    stands=(
        Stand(
            "middle_layers",
            ("conv3", "relu3", "conv4", "relu4", "conv5", "relu5"),
            _from_network,
            in_a_row=True,
        ),
    ),
    layers=("conv3", "conv4", "conv5"),
)
