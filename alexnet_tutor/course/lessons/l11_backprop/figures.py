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
    how = (spec.stride, spec.padding)
    pixels = wrong_conv_input_grad(kernel[[number]], grad, *picture.shape[1:], *how)
    weights = wrong_conv_weight_grad(picture[None], grad, spec.kernel, *how)
    top, left = (place * spec.stride - spec.padding - _ROUND for place in (i, j))
    side = spec.kernel + 2 * _ROUND
    crop = np.s_[max(0, top) : top + side, max(0, left) : left + side]
    return (
        ("a part of your picture", picture.mean(axis=0)[crop]),
        ("A, the same part", pixels[0].mean(axis=0)[crop]),
        (f"B, {spec.kernel}×{spec.kernel}", weights[0].mean(axis=0)),
    )


def three_of_fc8(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """What fc8 got, and two units' weight gradients, if the truth were the second best class."""
    names = [layer.name for layer in trace.layers]
    row = trace.layers[names.index("fc8") - 1].values[0].astype(np.float64)
    probabilities = trace.layers[-1].values[0].astype(np.float64)
    first, truth = (int(place) for place in np.argsort(-probabilities, kind="stable")[:2])
    factors = {first: probabilities[first], truth: probabilities[truth] - 1}
    side = isqrt(len(row))
    square = row[: side * side].reshape(side, side)
    labels = (trace.top[0].label, f"{trace.top[1].label}, the label")
    return (
        (f"what fc8 got, as {side}×{side}", square),
        *(
            (f"{label}: times {factor:.2g}", square * factor)
            for label, factor in zip(labels, factors.values(), strict=True)
        ),
    )


def two_ways_back(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """The gradient of the strongest map's positive answers, with the stride forgotten and right."""
    spec, kernel, maps, picture = _conv1(trace)
    number = int(maps.max(axis=(1, 2)).argmax())
    grad = (maps[None, [number]] > 0).astype(np.float64)
    size = picture.shape[1:]
    given = (kernel[[number]], grad, *size, spec.stride, spec.padding)
    wrong = wrong_conv_input_grad(*given, step="one")[0].mean(axis=0)
    right = wrong_conv_input_grad(*given)[0].mean(axis=0)
    arrives = f"what arrives, {maps.shape[1]}×{maps.shape[2]}"
    return ((arrives, grad[0, 0]), ("A", wrong), ("B", right))


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
