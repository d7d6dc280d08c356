"""``--mine`` on the screen: which layers are the learner's, and where they differ from the kit's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.records import Prediction, StandInRecord
from alexnet_tutor.records.course import ROUNDING
from alexnet_tutor.show import numbers
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.terminal.theme import RIGHT, RIGHT_MARK, WRONG, WRONG_MARK
from alexnet_tutor.show.terminal.view import clean
from alexnet_tutor.show.walk.stand import Stand


def of(stand: Stand, layer: str) -> StandInRecord | None:
    """How the learner's layer compares; ``None`` where the layer is the kit's own."""
    mine = stand.walked.mine
    return None if mine is None else mine.of(layer)


def named(stand: Stand, layer: str) -> str:
    """A layer's name in the strip: marked where it is the learner's."""
    one = of(stand, layer)
    return clean(layer) + ("" if one is None else RIGHT_MARK if one.equal else WRONG_MARK)


def judged(stand: Stand) -> tuple[str, str] | None:
    """(what the value under the cursor is beside the kit's, its style); ``None`` in a layer of the kit's."""
    mine, one = stand.walked.mine, of(stand, stand.place.layer)
    if mine is None or one is None:
        return None
    kits = float(mine.kits[one.last][stand.place.index])
    if _differ(np.array(stand.record.value), np.array(kits), one):
        return f"{WRONG_MARK} the kit's {number(kits)}", WRONG
    return f"{RIGHT_MARK} the kit's too", RIGHT


def line(stand: Stand) -> str | None:
    """How much of this map differs; in a layer of the kit's, what came of it. ``None`` without ``--mine``."""
    mine = stand.walked.mine
    if mine is None:
        return None
    one = mine.of(stand.place.layer)
    if one is not None:
        return _counted(stand, one, mine.kits[one.last])
    first = next((each for each in mine.stand_ins if not each.equal), None)
    if first is None:
        layers = ", ".join(each.layer for each in mine.stand_ins)
        return f"Yours are the kit's but for rounding: {layers}."
    said = f"First to differ: {first.layer}."
    if stand.walked.top and mine.top:
        said += f" Yours: {_said(stand.walked.top[0])}; the kit's: {_said(mine.top[0])}."
    return said


def _counted(stand: Stand, one: StandInRecord, kits: NDArray[np.float32]) -> str:
    if one.equal:
        return f"Your {one.exercise} gives what the kit's layer gives, but for rounding."
    right = kits[stand.map] if kits.ndim == 3 else kits
    differ = _differ(stand.walked.map(one.last, stand.map), right, one)
    where = "of this map" if kits.ndim == 3 else "of this layer"
    count = f"{numbers.integer(int(differ.sum()))} of {numbers.counted(differ.size, 'value')}"
    most = ",".join(map(str, one.index[1:]))
    return f"Your {one.exercise} differs in {count} {where}; most of all at {most}."


def _differ(
    yours: NDArray[np.floating], kits: NDArray[np.floating], one: StandInRecord
) -> NDArray[np.bool_]:
    """Where rounding does not explain the difference, nor is there a number to compare."""
    away = np.abs(yours.astype(np.float64) - kits)
    differ: NDArray[np.bool_] = np.logical_not(away <= ROUNDING * one.largest)
    return differ


def _said(prediction: Prediction) -> str:
    return f"{clean(prediction.label)} {numbers.percent(prediction.probability)}"
