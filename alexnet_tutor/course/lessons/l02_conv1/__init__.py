"""Lesson 2: conv1, its exercises and the inputs they are tried on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from alexnet_tutor.course.exercise import Arguments, Case, Exercise, Lesson, Stand
from alexnet_tutor.course.lessons.l02_conv1 import figures, mistakes, oracle
from alexnet_tutor.randomness import seed_of


def _sizes(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "output_size"))
    known = [(5, 3, 1, 0), (6, 3, 2, 0), (7, 3, 2, 1), (28, 5, 1, 2), (227, 11, 4, 0)]
    known += [(224, 11, 4, 0), (227, 11, 4, 2), (224, 11, 4, 2), (27, 3, 2, 0), (3, 3, 1, 0)]
    for _ in range(10):
        kernel, stride, padding = (int(rng.integers(*ends)) for ends in ((2, 8), (1, 5), (0, 4)))
        known.append((int(rng.integers(kernel, 40)), kernel, stride, padding))
    for numbers in sorted(known):
        yield Case(dict(zip(("size", "kernel", "stride", "padding"), numbers, strict=True)))


def _overhangs(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "overhang"))
    known = [(5, 3, 2), (6, 3, 2), (224, 11, 4), (227, 11, 4), (225, 11, 4), (9, 4, 3)]
    for _ in range(10):
        kernel, stride = int(rng.integers(2, 8)), int(rng.integers(1, 6))
        known.append((int(rng.integers(kernel, 40)), kernel, stride))
    for numbers in sorted(known):
        yield Case(dict(zip(("size", "kernel", "stride"), numbers, strict=True)))


def _convolutions(seed: int) -> Iterator[Case]:
    """From one window of whole numbers to batches of strided ones."""
    rng = np.random.default_rng(seed_of(seed, "conv2d"))

    def case(
        shape: tuple[int, ...],
        kernels: int,
        side: int | tuple[int, int],
        stride: int,
        padding: int,
        whole: bool = False,
        **extra: object,
    ) -> Case:
        def draw(*sizes: int) -> np.ndarray:
            return rng.integers(1, 9, sizes).astype(np.float64) if whole else rng.normal(size=sizes)

        rows, columns = (side, side) if isinstance(side, int) else side
        arguments = {"x": draw(*shape), "weight": draw(kernels, shape[1], rows, columns)}
        arguments |= {"bias": draw(kernels) + 5, "stride": stride, "padding": padding}  # type: ignore[dict-item]
        return Case(arguments, **extra)  # type: ignore[arg-type]

    yield case((1, 1, 2, 2), 1, 2, 1, 0, whole=True)
    yield case((1, 1, 3, 4), 1, 2, 1, 0, whole=True)
    yield case((1, 2, 4, 5), 2, 3, 2, 1, whole=True)
    yield case((1, 2, 4, 3), 2, 2, 1, 1, gradient=("x", "weight", "bias"))
    yield case((2, 3, 7, 6), 4, 3, 2, 1, strided=True)
    yield case((2, 3, 15, 13), 2, 5, 4, 2, dtype="float64")
    yield case((1, 1, 6, 7), 3, 1, 2, 0)
    yield case((1, 2, 6, 7), 2, (3, 2), 2, 1)
    for _ in range(3):
        side = int(rng.integers(2, 5))
        shape = tuple(int(size) for size in rng.integers((1, 2, side, side), (3, 4, 10, 10)))
        yield case(
            shape,
            int(rng.integers(1, 4)),
            side,
            int(rng.integers(1, 4)),
            int(rng.integers(0, side)),
        )


def _size_by_hand(arguments: Arguments, _: tuple[int, ...]) -> Sequence[str]:
    size, kernel, stride, padding = (arguments[k] for k in ("size", "kernel", "stride", "padding"))
    room = size + 2 * padding - kernel
    return (
        f"room to move = {size} + 2·{padding} − {kernel} = {room}",
        f"⌊{room} / {stride}⌋ + 1 = {room // stride} + 1 = {room // stride + 1}",
    )


def _overhang_by_hand(arguments: Arguments, _: tuple[int, ...]) -> Sequence[str]:
    size, kernel, stride = (arguments[name] for name in ("size", "kernel", "stride"))
    start = oracle.overhang(size, kernel, stride) + size - kernel
    return (
        f"windows start at 0, {stride}, {2 * stride}, … until one reaches pixel {size - 1}",
        f"the last starts at {start} and covers {start} to {start + kernel - 1}: "
        f"{start + kernel} − {size} = {start + kernel - size} beyond the edge",
    )


def _conv_by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    n, k, i, j = index
    x, weight, bias = (arguments[name] for name in ("x", "weight", "bias"))
    stride, padding = arguments["stride"], arguments["padding"]
    rows, columns = weight.shape[2:]
    top, left = i * stride - padding, j * stride - padding
    lines = [
        f"window: rows {top} to {top + rows - 1}, columns {left} to {left + columns - 1}"
        + (" (outside the picture: 0)" if padding else "")
    ]
    total = 0.0
    for c in range(x.shape[1]):
        edge = ((padding, padding), (padding, padding))
        padded = np.pad(x[n, c], edge)
        seen = padded[i * stride : i * stride + rows, j * stride : j * stride + columns]
        part = float((seen * weight[k, c]).sum())
        total += part
        terms = zip(seen.ravel(), weight[k, c].ravel(), strict=True)
        products = " + ".join(f"{a:.3g}·{w:.3g}" for a, w in terms)
        short = products if rows * columns <= 9 else f"{rows * columns} products"
        lines.append(f"channel {c}: {short} = {part:.6g}")
    lines.append(f"sum + bias = {total:.6g} + {bias[k]:.6g} = {total + bias[k]:.6g}")
    return lines


def _why_shape(arguments: Arguments) -> str:
    x, weight = arguments["x"], arguments["weight"]
    stride, padding, side = arguments["stride"], arguments["padding"], weight.shape[2]
    sizes = [oracle.output_size(size, side, stride, padding) for size in x.shape[2:]]
    rule = f"⌊({x.shape[2]} + 2·{padding} − {side}) / {stride}⌋ + 1 = {sizes[0]}"
    across = f"⌊({x.shape[3]} + 2·{padding} − {side}) / {stride}⌋ + 1 = {sizes[1]}"
    return f"there is one map per kernel, {weight.shape[0]}, of {rule} rows and {across} columns"


LESSON = Lesson(
    number=2,
    name="conv1",
    title="conv1: a window slides over the picture",
    exercises=(
        Exercise(
            name="output_size",
            task="How many windows fit along one side; one line is missing.",
            oracle=oracle.output_size,
            cases=_sizes,
            mistakes=mistakes.SIZE,
            hints=(
                "Draw a strip of 7 pixels and slide a window of 3 along it in steps of 2. Count the places.",
                "`room` is how far the first window can move to the right. How many whole strides fit into it?",
                "Whole strides are `room // stride`. The first window needs no stride at all: add it.",
            ),
            arithmetic=_size_by_hand,
        ),
        Exercise(
            name="overhang",
            task="How many pixels of zeros the last window needs if every pixel must be covered.",
            oracle=oracle.overhang,
            cases=_overhangs,
            mistakes=mistakes.OVERHANG,
            hints=(
                "Draw a strip of 6 pixels, a window of 3, steps of 2. Where does the window stand that covers the last pixel?",
                "(size − kernel) / stride is the number of steps. It must be rounded up this time; then compare where the last window ends with `size`.",
                "`steps = ceil((size - kernel) / stride)`, and the last window ends at `steps * stride + kernel`.",
            ),
            arithmetic=_overhang_by_hand,
        ),
        Exercise(
            name="conv2d",
            task="The convolution itself, with stride and padding, from its formula.",
            oracle=oracle.conv2d,
            cases=_convolutions,
            mistakes=mistakes.CONV,
            hints=(
                "Begin with one window: multiply it with one kernel number by number, sum everything, add the bias. Then let the window move.",
                "Pad first, into a fresh tensor of zeros. Then window (i, j) is `padded[:, :, i * stride : i * stride + rows, j * stride : j * stride + columns]`.",
                "For window (i, j) and all kernels at once: `torch.einsum('ncrs,kcrs->nk', window, weight) + bias` is out[:, :, i, j].",
            ),
            arithmetic=_conv_by_hand,
            why_shape=_why_shape,
        ),
    ),
    without=(
        "torch.conv2d",
        "torch.convolution",
        "torch.nn.functional.conv2d",
        "torch.nn.functional.unfold",
        "torch.nn.Conv2d",
        "torch.nn.Unfold",
    ),
    figures=figures.FIGURES,
    stands=(
        Stand(
            "conv2d",
            ("conv1",),
            lambda layer, x: {
                "x": x,
                "weight": layer.weight,
                "bias": layer.bias,
                "stride": layer.stride,
                "padding": layer.padding,
            },
        ),
    ),
)
