"""What each layer did to one picture, in numbers: computed from what went in and what came out.

The layer itself is asked too, since a record does not have them: pooling for its windows, LRN for its
constants, a fully connected layer for the weights of one unit. Such a fact is told only where it gives
the very values that were recorded.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from alexnet_tutor.errors import TutorError
from alexnet_tutor.layers import MaxPool
from alexnet_tutor.records import LayerRecord
from alexnet_tutor.records.unit import ROUNDING
from alexnet_tutor.records.why import (
    ConvFacts,
    DropoutFacts,
    FlattenFacts,
    LayerFacts,
    LinearFacts,
    LrnFacts,
    Peak,
    PoolFacts,
    ReluFacts,
    SoftmaxFacts,
    WhyRecord,
)
from alexnet_tutor.tracing.arithmetic import lrn_numbers, work_out
from alexnet_tutor.tracing.kinds import cells, keeps_places
from alexnet_tutor.tracing.work import Array, Task, Worked

_TINY = 1e-30


def why(layer: LayerRecord, x: NDArray[np.float32], module: nn.Module, placed: bool) -> WhyRecord:
    """The facts of one layer.

    Args:
        layer: its record.
        x: what entered it, with the batch dimension.
        module: the layer itself.
        placed: the record's receptive field is known to be true of it.
    """
    if min(layer.values.ndim, x.ndim) < 2 or len(layer.values) != 1 or len(x) != 1:
        return WhyRecord(broken=0)
    out = layer.values[0].astype(np.float64)
    broken = int(out.size - np.isfinite(out).sum())
    if broken or not out.size:
        return WhyRecord(broken)
    peak = _peak(layer, out, placed)
    facts = None
    if np.isfinite(x).all():
        facts = _facts(layer, x[0].astype(np.float64), out, module, peak)
    if isinstance(facts, LrnFacts) and facts.index is not None and placed:
        facts = replace(facts, box=layer.box_at(*facts.index[1:]))
    return WhyRecord(broken, peak, facts)


def sees_as_told(layer: LayerRecord, x: NDArray[np.float32], module: nn.Module) -> bool:
    """Whether a layer's values see the windows of ``x`` that the kit takes them to see.

    Of the kinds that have an arithmetic the highest value is worked out by hand: a layer of another
    making, or a learner's own code in its place, may compute something else.
    """
    height, width = layer.output_shape[2:] if len(layer.output_shape) == 4 else (0, 0)
    if height != width or height == 0 or not np.isfinite(layer.values).all():
        return False
    index = tuple(
        int(at) for at in np.unravel_index(layer.values[0].argmax(), layer.values.shape[1:])
    )
    known = keeps_places(module)
    if known is not None:
        return known
    worked = _by_hand(layer, x[0].astype(np.float64), module, index)
    return worked is not None


def _by_hand(
    layer: LayerRecord, x: Array, module: nn.Module, index: tuple[int, ...]
) -> Worked | None:
    """One value worked out; ``None`` where the layer has no arithmetic, or another."""
    task = Task(module, layer.kind, index, layer.output_shape[1:], "", x)
    try:
        worked = work_out(task)
    except TutorError:
        return None
    value = float(layer.values[0][index])
    return worked if abs(worked.by_hand - value) <= ROUNDING * worked.size + _TINY else None


def _peak(layer: LayerRecord, out: Array, placed: bool) -> Peak:
    index = tuple(int(at) for at in np.unravel_index(int(out.argmax()), out.shape))
    value = float(out[index])
    same = out == value
    count, maps = int(same.sum()), int(same.reshape(len(out), -1).any(axis=1).sum())
    box = layer.box_at(*index[1:]) if placed and count == 1 and out.ndim == 3 else None
    return Peak(index, value, count, maps, box)


def _facts(
    layer: LayerRecord, x: Array, out: Array, module: nn.Module, peak: Peak
) -> LayerFacts | None:
    match layer.kind:
        case "conv" if out.ndim == 3:
            return ConvFacts(negative=float((out < 0).mean()))
        case "linear" if out.ndim == 1:
            return _linear(layer, x, out, module, peak)
        case "relu":
            return _relu(out)
        case "lrn" if x.ndim == 3:
            return _lrn(x, out, module)
        case "pool" if x.ndim == 3:
            return _pool(x, out, module)
        case "flatten" if np.array_equal(x.reshape(-1), out):
            return FlattenFacts(tuple(int(at) for at in np.unravel_index(peak.index[0], x.shape)))
        case "dropout":
            return _dropout(x, out)
        case "softmax":
            return _softmax(x, out)
    return None


def _linear(layer: LayerRecord, x: Array, out: Array, module: nn.Module, peak: Peak) -> LinearFacts:
    worked = _by_hand(layer, x, module, peak.index) if peak.count == 1 else None
    term = worked.terms[0] if worked and worked.terms[0].product else None
    return LinearFacts(
        positive=int((out > 0).sum()),
        input=term.at.index[0] if term and term.at else None,
        product=term.product if term else None,
    )


def _relu(out: Array) -> ReluFacts:
    above = np.sort(out[out > 0])[::-1]
    so_far = above.cumsum()
    half = int(np.searchsorted(so_far, so_far[-1] / 2)) + 1 if above.size else 0
    broad = int(((out > 0).mean(axis=(1, 2)) > 0.5).sum()) if out.ndim == 3 else 0
    return ReluFacts(positive=above.size, half=half, broad=broad)


def _lrn(x: Array, out: Array, module: Any) -> LrnFacts | None:
    size, k, alpha, beta = lrn_numbers(module)
    squares, total, maps = x * x, np.zeros_like(x), len(x)
    for number in range(size):
        offset = number - size // 2  # map i meets map i + offset, where there is one
        first, end = max(0, -offset), min(maps, maps - offset)
        if first < end:
            total[first:end] += squares[first + offset : end + offset]
    divisors = (k + alpha * total) ** beta
    if not np.allclose(out * divisors, x, rtol=1e-4, atol=1e-6 * float(np.abs(x).max())):
        return None
    facts = LrnFacts(k, beta, quiet=float(k**beta))
    if not x.any():
        return facts
    divided = np.where(x != 0, divisors, -np.inf)
    index = tuple(int(at) for at in np.unravel_index(int(divided.argmax()), x.shape))
    return replace(
        facts,
        largest=float(divisors[index]),
        index=index,
        before=float(x[index]),
        after=float(out[index]),
    )


def _pool(x: Array, out: Array, module: nn.Module) -> PoolFacts | None:
    if not isinstance(module, MaxPool | nn.MaxPool2d | nn.AdaptiveMaxPool2d):
        return None
    (maps, height, width), after = x.shape, out.shape[1:]
    down, across = (
        [
            cells(module, axis, place, (x.shape[axis + 1], after[axis]))
            for place in range(after[axis])
        ]
        for axis in (0, 1)
    )
    best, winner = np.full(out.shape, -np.inf), np.zeros(out.shape, dtype=np.int64)
    for rows in _nth(down):
        for columns in _nth(across):
            inside = ((rows >= 0) & (rows < height))[:, None] & (columns >= 0) & (columns < width)
            cell = rows.clip(0, height - 1)[:, None] * width + columns.clip(0, width - 1)
            candidate = np.where(inside, x.reshape(maps, -1)[:, cell], -np.inf)
            better = candidate > best
            best, winner = np.where(better, candidate, best), np.where(better, cell, winner)
    if not np.array_equal(best, out):
        return None
    won = np.zeros((maps, height * width), dtype=np.bool_)
    won[np.arange(maps)[:, None], winner.reshape(maps, -1)] = True
    lost = x.reshape(maps, -1)[~won]
    return PoolFacts(
        lost=float((~won).mean()),
        lost_sum=float(lost.sum() / x.sum()) if x.min() >= 0 and x.any() else None,
        zeros_before=float((x == 0).mean()),
    )


def _nth(windows: list[list[int]]) -> list[NDArray[np.int64]]:
    """The first cell of every window, the second, …; −1 where a window has none."""
    longest = max(map(len, windows))
    return [
        np.array([window[n] if n < len(window) else -1 for window in windows])
        for n in range(longest)
    ]


def _dropout(x: Array, out: Array) -> DropoutFacts | None:
    if x.shape != out.shape:
        return None
    there, kept = x != 0, out != 0
    if (kept & ~there).any():
        return None
    factors = out[kept] / x[kept]
    factor = float(np.median(factors)) if factors.size else 1.0
    if not np.allclose(factors, factor, rtol=1e-5):
        return None
    return DropoutFacts(int(there.sum()), int((there & ~kept).sum()), factor)


def _softmax(x: Array, out: Array) -> SoftmaxFacts | None:
    powers = np.exp(x - x.max())
    if x.ndim != 1 or len(x) < 2 or not np.allclose(powers / powers.sum(), out, atol=1e-5):
        return None
    first, second = (int(k) for k in np.argsort(-x, kind="stable")[:2])
    return SoftmaxFacts(first, second, margin=float(x[first] - x[second]))
