"""Lesson 11: backpropagation by hand, its exercises and the inputs they are tried on.

No case asks for the gradients of a learner's function: autograd is what the lesson writes, and is
switched off.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from alexnet_tutor.course.exercise import Array, Case, Exercise, Lesson
from alexnet_tutor.course.lessons.l02_conv1.oracle import output_size
from alexnet_tutor.course.lessons.l11_backprop import (
    by_hand,
    figures,
    mistakes,
    mistakes_conv,
    mistakes_lrn,
    oracle,
)
from alexnet_tutor.randomness import seed_of

_LOUD = 100.0  # on N(0, 1) LRN is hardly more than a factor, and most wrong ways back look right
_PAPER = {"k": 2.0, "alpha": 1e-4, "beta": 0.75}
# x, kernels, side of a kernel, stride, padding
_WHOLE = (
    ((1, 1, 2, 2), 1, 2, 1, 0), ((1, 1, 2, 3), 1, 2, 1, 0), ((1, 1, 3, 5), 1, 3, 2, 1),
    ((2, 2, 4, 4), 2, 2, 1, 1), ((1, 2, 6, 5), 3, 3, 2, 0),
)  # fmt: skip


def _biases(seed: int) -> Iterator[Case]:
    rng = np.random.default_rng(seed_of(seed, "conv_bias_grad"))
    for whole in ((1, 2, 1, 2), (2, 1, 1, 1), (2, 2, 2, 2), (3, 2, 2, 3)):
        yield Case({"grad": _whole(rng, whole)})
    yield Case({"grad": rng.normal(size=(2, 4, 3, 5))}, strided=True)
    yield Case({"grad": rng.normal(size=(3, 3, 4, 4))}, dtype="float64")
    for _ in range(2):
        shape = tuple(int(size) for size in rng.integers((1, 1, 1, 1), (4, 6, 6, 6)))
        yield Case({"grad": rng.normal(size=shape)})


def _whole(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Whole numbers from −4 to 8 without 0."""
    drawn = rng.integers(-4, 8, shape).astype(np.float64)
    return np.where(drawn >= 0, drawn + 1, drawn)


def _two_layers(seed: int) -> Iterator[Case]:
    """fc6, relu6 and fc7 in small. fc7 is square, so no shape tells which way its weights lie."""
    rng = np.random.default_rng(seed_of(seed, "fc6_weight_grad"))

    def case(batch: int, numbers: int, units: int, **extra: object) -> Case:
        def draw(*shape: int) -> Array:
            return rng.normal(size=shape) if extra else _whole(rng, shape)

        z = draw(batch, units)
        z.flat[2::5] = 0  # a bend of the ReLU
        arguments = {"x": draw(batch, numbers), "z": z}
        return Case(
            arguments | {"weight": draw(units, units), "grad": draw(batch, units)},
            **extra,  # type: ignore[arg-type]
        )

    yield Case({name: np.array([[value]]) for name, value in zip(
        ("x", "z", "weight", "grad"), (2.0, 6.0, 5.0, 10.0), strict=True
    )})  # fmt: skip
    yield case(1, 1, 2)
    yield case(2, 2, 2)
    yield case(2, 3, 3)
    yield case(3, 2, 4)
    yield case(3, 5, 4, strided=True)
    yield case(4, 3, 6, dtype="float64")
    for _ in range(2):
        batch, numbers, units = (int(size) for size in rng.integers((1, 2, 3), (5, 7, 8)))
        yield case(batch, numbers, units, dtype="float32")


Numbers = tuple[tuple[int, ...], int, int, int, int]


def _sizes(rng: np.random.Generator) -> Iterator[Numbers]:
    """Convolutions of reals: the shape of x, kernels, side, stride, padding."""
    yield (2, 3, 7, 6), 4, 3, 2, 1
    yield (2, 3, 15, 13), 2, 5, 4, 2
    yield (1, 1, 6, 7), 3, 1, 2, 0
    for _ in range(3):
        side = int(rng.integers(2, 5))
        shape = tuple(int(size) for size in rng.integers((1, 2, side, side), (3, 4, 9, 9)))
        stride, padding = int(rng.integers(1, 4)), int(rng.integers(0, side))
        yield shape, int(rng.integers(1, 4)), side, stride, padding


def _convolutions(seed: int, name: str) -> Iterator[tuple[Array, Array, Array, Numbers]]:
    """x, weight and grad, from one window of whole numbers to batches of strided ones."""
    rng = np.random.default_rng(seed_of(seed, name))
    for whole, sizes in ((True, _WHOLE), (False, _sizes(rng))):
        for numbers in sizes:
            shape, kernels, side, stride, padding = numbers
            out = (output_size(size, side, stride, padding) for size in shape[2:])
            shapes = (shape, (kernels, shape[1], side, side), (shape[0], kernels, *out))
            x, weight, grad = (
                _whole(rng, one) if whole else rng.normal(size=one) for one in shapes
            )
            yield x, weight, grad, numbers


def _how(number: int) -> dict[str, object]:
    """One case is of views, one of float64."""
    return {5: {"strided": True}, 6: {"dtype": "float64"}}.get(number, {})  # type: ignore[return-value]


def _weights(seed: int) -> Iterator[Case]:
    for number, (x, _, grad, numbers) in enumerate(_convolutions(seed, "conv_weight_grad")):
        _, _, side, stride, padding = numbers
        arguments = {"x": x, "grad": grad, "kernel": side, "stride": stride, "padding": padding}
        yield Case(arguments, **_how(number))  # type: ignore[arg-type]


def _pixels(seed: int) -> Iterator[Case]:
    for number, (x, weight, grad, numbers) in enumerate(_convolutions(seed, "conv_input_grad")):
        arguments = {"weight": weight, "grad": grad, "height": x.shape[2], "width": x.shape[3]}
        arguments |= {"stride": numbers[3], "padding": numbers[4]}
        yield Case(arguments, **_how(number))  # type: ignore[arg-type]


def _responses(seed: int) -> Iterator[Case]:
    """From one pixel of three maps to batches of nine maps."""
    rng = np.random.default_rng(seed_of(seed, "lrn_backward"))

    def case(shape: tuple[int, ...], n: int, how: dict[str, float], **extra: object) -> Case:
        a = np.round(rng.standard_normal(shape) * _LOUD)
        grad = np.round(rng.standard_normal(shape) * 20)
        return Case({"a": a, "grad": grad, "n": n, **how}, **extra)  # type: ignore[arg-type]

    other = {"k": 1.5, "alpha": 4e-4, "beta": 0.6}
    hand = {"a": np.array([100.0, 300, 200]), "grad": np.array([0.0, 128, 0])}
    yield Case({key: v.reshape(1, 3, 1, 1) for key, v in hand.items()} | {"n": 3} | _PAPER)
    yield case((1, 2, 1, 1), 5, _PAPER)
    yield case((1, 7, 1, 1), 5, _PAPER)
    yield case((1, 4, 2, 3), 3, other)
    yield case((1, 3, 2, 2), 1, other)
    yield case((2, 6, 3, 2), 5, other, strided=True)
    yield case((2, 9, 2, 2), 5, _PAPER, dtype="float64")
    for _ in range(3):
        shape = tuple(int(size) for size in rng.integers((1, 2, 1, 1), (3, 9, 4, 4)))
        low, high = np.array([(1.2, 3), (1e-4, 5e-4), (0.6, 0.9)]).T
        drawn = zip(("k", "alpha", "beta"), rng.uniform(low, high), strict=True)
        yield case(shape, int(rng.choice([3, 5, 7])), {key: float(v) for key, v in drawn})


LESSON = Lesson(
    number=11,
    name="backprop",
    title="Backpropagation: who contributed, and by how much",
    exercises=(
        Exercise(
            name="conv_bias_grad",
            task="The gradient of a convolution's biases; one line is missing.",
            oracle=oracle.conv_bias_grad,
            cases=_biases,
            mistakes=mistakes.BIAS,
            hints=(
                "If the bias of kernel k grows by 0.001, which of the outputs grow, and by how much each?",
                "All values of map k grow by 0.001, at every place, in every picture. No other map does.",
                "`grad[:, k]` is what arrives at map k, (N, H', W'). Add all of it up.",
            ),
            arithmetic=by_hand.bias,
            why_shape=by_hand.why_bias,
        ),
        Exercise(
            name="fc6_weight_grad",
            task="The chain: back through fc7, through the ReLU, to fc6's weights.",
            oracle=oracle.fc6_weight_grad,
            cases=_two_layers,
            mistakes=mistakes.FC6,
            hints=(
                "Go from the end to the beginning: from what fc7 gave to what it got, to what fc6 gave, to fc6's weights. Write the shape beside each step.",
                "fc7 got (N, M) numbers. Number m went into output k with the factor weight[k, m]: add up grad[n, k] · weight[k, m] over k. The ReLU then multiplies by its slope at z.",
                "Two steps are `grad @ weight` and `* (z > 0)`. In the last, weight (m, f) was multiplied with x[n, f] in each picture: sum over n of what arrived at (n, m) times x[n, f].",
            ),
            arithmetic=by_hand.fc6,
            why_shape=by_hand.why_fc6,
        ),
        Exercise(
            name="conv_weight_grad",
            task="The gradient of a convolution's weights, with stride and padding.",
            oracle=oracle.conv_weight_grad,
            cases=_weights,
            mistakes=mistakes_conv.WEIGHT,
            hints=(
                "Begin with one window: which pixel was the weight in row r, column s of the kernel multiplied with? Then add up over all windows.",
                "Pad x as on the way there. In window (i, j), row r, column s lies on the padded pixel in row i·stride + r, column j·stride + s.",
                "For each r and s: `met = padded[:, :, r : r + high * stride : stride, …]` is (N, C, H', W'), as many pixels as windows. `torch.einsum('nkij,ncij->kc', grad, met)` is the answer at [:, :, r, s].",
            ),
            arithmetic=by_hand.weight,
            why_shape=by_hand.why_weight,
        ),
        Exercise(
            name="conv_input_grad",
            task="The gradient of what went into a convolution: windows overlap, strides leave gaps.",
            oracle=oracle.conv_input_grad,
            cases=_pixels,
            mistakes=mistakes_conv.INPUT,
            hints=(
                "Do not ask which windows a pixel lies in. Let each window hand out: its gradient times its kernel, added where the window lies.",
                "Begin with zeros in the size of the padded picture, (N, C, height + 2·padding, width + 2·padding). At the end cut the padding off.",
                "Window (i, j) adds `torch.einsum('nk,kcrs->ncrs', grad[:, :, i, j], weight)` to the rows from i·stride and the columns from j·stride on, with `+=`.",
            ),
            arithmetic=by_hand.pixel,
            why_shape=by_hand.why_pixel,
        ),
        Exercise(
            name="lrn_backward",
            task="The way back through local response normalisation.",
            oracle=oracle.lrn_backward,
            cases=_responses,
            mistakes=mistakes_lrn.LRN,
            hints=(
                "Work through the page's 100, 300, 200. In how many outputs does the 300 stand, and in which part of the fraction?",
                "Two terms: its own numerator, grad / bracket^β; and less, by its part in the brackets of all maps that see it. For the second, first make a tensor of grad · a / bracket^(β + 1) and sum that over the window.",
                "`grad * s**-beta - 2 * alpha * beta * a * over_window(grad * a * s ** (-beta - 1))` with s = k + alpha * over_window(a**2). over_window is your sum of lesson 4 without the square.",
            ),
            arithmetic=by_hand.lrn,
            why_shape=by_hand.why_lrn,
            rows=1,
            columns=3,
        ),
    ),
    without=(
        "torch.autograd.grad",
        "torch.autograd.backward",
        "torch.nn.grad.conv2d_input",
        "torch.nn.grad.conv2d_weight",
        "torch.conv_transpose2d",
        "torch.nn.functional.conv_transpose2d",
        "torch.nn.ConvTranspose2d",
        "torch.nn.functional.fold",
        "torch.nn.Fold",
    ),
    figures=figures.FIGURES,
)
