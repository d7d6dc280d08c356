"""Figures of lesson 8, from the trace of the learner's own picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.records import TraceRecord

_LINE = 64  # units of fc6 to a line: 64 lines of 64


def row(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """pool5's strongest map, its places in the row, fc6's answer to the whole row."""
    maps, loudest = _pool5(trace)
    own = maps[loudest].size
    first = loudest * own
    flat = trace.layer("flatten").values[0].astype(np.float64)
    units = trace.layer("fc6").values[0].astype(np.float64)
    high, wide = maps.shape[1:]
    return (
        (f"pool5, map {loudest}, {high}×{wide}", maps[loudest]),
        (f"places {first} to {first + own - 1} of the row", flat[None, first : first + own]),
        (f"fc6, {len(units):,} units, {_LINE} to a line", units.reshape(-1, _LINE)),
    )


def order(trace: TraceRecord) -> Sequence[tuple[str, Array]]:
    """What the weights of one map meet when the row goes map by map, and when spot by spot."""
    maps, loudest = _pool5(trace)
    own = maps[loudest].size
    spot_by_spot = np.ascontiguousarray(maps.transpose(1, 2, 0)).ravel()
    met = spot_by_spot[loudest * own : (loudest + 1) * own].reshape(maps.shape[1:])
    return (("one program", maps[loudest]), ("another", met))


def _pool5(trace: TraceRecord) -> tuple[Array, int]:
    """Its maps (C, H, W), and which has the highest peak."""
    maps = trace.layer("pool5").maps
    assert maps is not None
    return maps.astype(np.float64), trace.layer("pool5").strongest_maps(1)[0]


FIGURES = {"row": row, "order": order}
