"""Figures of lesson 7, from the trace of the learner's own picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.architecture import FASHION, Architecture, ConvSpec, PoolSpec
from alexnet_tutor.course.exercise import Array
from alexnet_tutor.records import TraceRecord

_NAMES = ("relu1", "relu3", "relu5")


def views(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """What the strongest value of three layers sees of the picture; the rest is left blank."""
    grey = trace.pixels.mean(axis=0).astype(np.float64)
    return [_view(trace, grey, name) for name in _NAMES]


def _view(trace: TraceRecord, grey: Array, name: str) -> tuple[str, Array]:
    layer = trace.layer(name)
    box = layer.peak_box(layer.strongest_maps(1)[0])
    shown = np.zeros_like(grey)
    if box is not None:
        top, left, bottom, right = box
        inside = (slice(top, bottom + 1), slice(left, right + 1))
        shown[inside] = 0.25 + 0.75 * grey[inside]  # a black pixel that is seen is not blank
    return f"{name} sees {layer.field.size} px", shown


def ways(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """In how many ways each pixel reaches the middle value of three layers, most = 1."""
    architecture = FASHION if trace.facts is None else trace.facts.architecture
    return [_ways(trace, architecture, name) for name in _NAMES]


def _ways(trace: TraceRecord, architecture: Architecture, name: str) -> tuple[str, Array]:
    pixels, cells = trace.pixels.shape[-1], trace.layer(name).output_shape[-1]
    along = ways_along(_windows_to(architecture, name), cells // 2, pixels)
    return f"to {name}'s middle value", np.outer(along, along) / along.max() ** 2


def _windows_to(architecture: Architecture, name: str) -> list[tuple[int, int, int]]:
    names = [spec.name for spec in architecture.layers]
    windows = []
    for spec in architecture.layers[: names.index(name)]:
        if isinstance(spec, ConvSpec):
            windows.append((spec.kernel, spec.stride, spec.padding))
        elif isinstance(spec, PoolSpec):
            windows.append((spec.kernel, spec.stride, 0))
    return windows


def ways_along(layers: Sequence[tuple[int, int, int]], place: int, pixels: int) -> Array:
    """Chains of windows from each pixel of an axis to the value at ``place``: (pixels,)."""
    counts = {place: 1}
    for kernel, stride, padding in reversed(layers):
        below: dict[int, int] = {}
        for cell, count in counts.items():
            for at in range(cell * stride - padding, cell * stride - padding + kernel):
                below[at] = below.get(at, 0) + count
        counts = below
    return np.array([counts.get(pixel, 0) for pixel in range(pixels)], dtype=np.float64)


FIGURES = {"views": views, "ways": ways}
