"""Figures of lesson 11: gradients computed from the trace of the learner's own picture."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

import numpy as np

from alexnet_tutor.architecture import FASHION, ConvSpec
from alexnet_tutor.course.exercise import Array
from alexnet_tutor.course.lessons.l11_backprop.wrong import (
    wrong_conv_input_grad,
    wrong_conv_weight_grad,
)
from alexnet_tutor.records import TraceRecord

_ROUND = 10  # pixels shown on every side of a window


def one_answer(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """The gradients of conv1's strongest answer: with respect to the picture, and to its kernel."""
    spec, kernel, maps, picture = _conv1(trace)
    grad = np.zeros((1, 1, *maps.shape[1:]))
    number, i, j = (int(place) for place in np.unravel_index(int(maps.argmax()), maps.shape))
    grad[0, 0, i, j] = 1
    pixels = _to_the_picture(kernel[[number]], grad, picture, spec)
    weights = wrong_conv_weight_grad(picture[None], grad, spec.kernel, spec.stride, spec.padding)[
        0
    ].mean(axis=0)
    top, left = (place * spec.stride - spec.padding - _ROUND for place in (i, j))
    side = spec.kernel + 2 * _ROUND
    crop = np.s_[max(0, top) : top + side, max(0, left) : left + side]
    return (
        ("a part of your picture", picture.mean(axis=0)[crop]),
        ("A, the same part", pixels[crop]),
        (f"B, {spec.kernel}×{spec.kernel}", weights),
    )


def three_of_fc8(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """What fc8 got, and two units' weight gradients, if the truth were the second best class."""
    names = [layer.name for layer in trace.layers]
    row = trace.layers[names.index("fc8") - 1].values[0].astype(np.float64)
    probabilities = trace.layers[-1].values[0].astype(np.float64)
    first, truth = (int(place) for place in np.argsort(-probabilities, kind="stable")[:2])
    factors = (probabilities[first], probabilities[truth] - 1)
    side = isqrt(len(row))
    square = row[: side * side].reshape(side, side)
    return (
        (f"what fc8 got, as {side}×{side}", square),
        *(
            (f"{best.label} × {factor:.3f}", square * factor)
            for best, factor in zip(trace.top[:2], factors, strict=True)
        ),
    )


def two_ways_back(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """The gradient of the strongest map's positive answers, with the stride forgotten and right."""
    spec, kernel, maps, picture = _conv1(trace)
    number = int(maps.max(axis=(1, 2)).argmax())
    grad = (maps[None, [number]] > 0).astype(np.float64)
    wrong = _to_the_picture(kernel[[number]], grad, picture, spec, step="one")
    right = _to_the_picture(kernel[[number]], grad, picture, spec)
    arrives = f"what arrives, {maps.shape[1]}×{maps.shape[2]}"
    return ((arrives, grad[0, 0]), ("A", np.abs(wrong)), ("B", np.abs(right)))


def _to_the_picture(
    kernel: Array, grad: Array, picture: Array, spec: ConvSpec, step: str = "stride"
) -> Array:
    """The gradient of the picture, the mean of its channels: (H, W)."""
    _, height, width = picture.shape
    by_pixel = wrong_conv_input_grad(
        kernel, grad, height, width, spec.stride, spec.padding, step=step
    )
    return np.asarray(by_pixel[0].mean(axis=0))


def _conv1(trace: TraceRecord) -> tuple[ConvSpec, Array, Array, Array]:
    """conv1's numbers, its kernels, its maps, and the picture as conv1 gets it."""
    spec = (trace.facts.architecture if trace.facts else FASHION).layer("conv1")
    maps, kernels = trace.layer("conv1").maps, trace.conv1_kernels
    assert isinstance(spec, ConvSpec)
    assert maps is not None
    assert kernels is not None
    picture = trace.pixels.astype(np.float64)
    if trace.facts is not None:
        how = trace.facts.preparation
        mean, deviation = (np.array(values)[:, None, None] for values in (how.mean, how.std))
        picture = (picture - mean) / deviation
    return spec, kernels.astype(np.float64), maps.astype(np.float64), picture


FIGURES = {
    "one-answer": one_answer,
    "three-of-fc8": three_of_fc8,
    "two-ways-back": two_ways_back,
}
