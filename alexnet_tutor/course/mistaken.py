"""What known mistakes make of a layer of a network: the lessons' wrong functions on its real input.

They run in this process: they are the kit's own, NumPy alone, and see copies of what they are given.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.course import lessons
from alexnet_tutor.course.exercise import Arguments, Exercise, Mistake
from alexnet_tutor.records import Mistaken, Place

if TYPE_CHECKING:
    from alexnet_tutor.tracing.unit import Pass

Floats = NDArray[np.floating]

MOST = 3
SECONDS = 2.0  # for all of a layer's mistakes together
_STEPS = 24  # a map is drawn in so many greys: what differs by less than a step is not seen
# The exercise whose mistakes are mistakes of this kind of layer; of one with groups _TOWERS.
_BANKS: Mapping[str, tuple[int, str]] = {
    "conv": (2, "conv2d"),
    "relu": (3, "relu"),
    "lrn": (4, "lrn"),
    "pool": (5, "max_pool"),
    "flatten": (8, "flatten"),
    "linear": (8, "linear"),
    "dropout": (9, "dropout"),
    "softmax": (10, "softmax"),
}
_TOWERS = (6, "grouped_conv")


def mistaken(
    whole: Pass, place: Place, right: Floats | None = None, seconds: float = SECONDS
) -> tuple[Mistaken, ...]:
    """The map that a value stands in as known mistakes make it, in the bank's order.

    Only mistakes that run on this layer and whose map looks different are taken, at most three: if
    one changes the shape, two maps and that one.

    Args:
        whole: a pass through the kit's AlexNet.
        place: of the value.
        right: what the layer should give, (C, H, W) or (features,); ``None``: what it gave.
        seconds: after which no further mistake is begun.
    """
    at = whole.layers.index(place.layer)
    bank = _bank(whole, place.layer) if at else None
    if bank is None:
        return ()
    lesson, exercise = bank
    before = whole.values(whole.layers[at - 1])
    arguments = _arguments(whole, place.layer, lesson, exercise.name, before)
    if arguments is None:
        return ()
    right = whole.values(place.layer) if right is None else right
    channel = place.index[0] if right.ndim == 3 else None
    alone = exercise.name == "conv2d"  # there a map depends on its own kernel, and on no other
    if alone:
        arguments = {**arguments, **_kernel(arguments, place.index[0])}
    maps: list[Mistaken] = []
    shapes: list[Mistaken] = []
    end = monotonic() + seconds
    for mistake in exercise.mistakes:
        if monotonic() > end or (len(maps) >= MOST and shapes):
            break
        out = _run(mistake, arguments)
        if out is None:
            continue
        if alone and out.shape[:2] == (1, 1):
            out = np.broadcast_to(out, (1, len(right), *out.shape[2:]))
        one = _judged(lesson, mistake, out, right, channel)
        if one.values is None:
            shapes.append(one)
        elif _is_seen(one, right if channel is None else right[channel], maps):
            maps.append(one)
    return (*maps[: MOST - bool(shapes)], *shapes)[:MOST]


def _bank(whole: Pass, layer: str) -> tuple[int, Exercise] | None:
    """(lesson, exercise); ``None`` where the course knows no mistakes of such a layer."""
    module: Any = whole.module(layer)
    number, name = _BANKS.get(module.kind, (0, ""))
    if module.kind == "conv" and module.groups != 1:
        # Lesson 6's layers have no stride, as the paper's layers with groups.
        number, name = _TOWERS if module.stride == 1 else (0, "")
    return (number, lessons.lesson(number).exercise(name)) if number else None


def _arguments(
    whole: Pass, layer: str, lesson: int, exercise: str, before: Floats
) -> Arguments | None:
    """The layer's real input and weights as the exercise calls them, arrays; ``None`` where it cannot."""
    import torch

    from alexnet_tutor.layers import Dropout  # noqa: PLC0415
    from alexnet_tutor.layers.modes import evaluating  # noqa: PLC0415
    from alexnet_tutor.tracing.record import dropping  # noqa: PLC0415

    x = torch.from_numpy(before)[None]
    stands = [one for one in lessons.lesson(lesson).stands if one.exercise == exercise]
    if not stands:
        return {"logits": before[None]}
    module, seed = whole.module(layer), whole.dropout_seed
    mode: AbstractContextManager[None] = nullcontext()
    if isinstance(module, Dropout) and seed is not None:
        mode = dropping(module, seed)
    with evaluating(whole.network), mode:
        given = stands[0].arguments(module, x)
    if given is None:
        return None
    arguments = {name: _plain(value) for name, value in given.items()}
    if not arguments.get("training", True):  # for a mistake that drops in a prediction too
        arguments["uniform"] = np.random.default_rng(0).random(before[None].shape)
    return arguments


def _plain(value: Any) -> Any:
    return value.detach().cpu().numpy() if hasattr(value, "detach") else value


def _kernel(arguments: Arguments, number: int) -> dict[str, Floats]:
    return {name: arguments[name][number : number + 1] for name in ("weight", "bias")}


def _run(mistake: Mistake, arguments: Arguments) -> Floats | None:
    """What the wrong function gives; ``None`` where it does not run on these shapes."""
    try:
        with np.errstate(all="ignore"):
            return np.asarray(mistake.wrong(**arguments))
    except (ArithmeticError, IndexError, MemoryError, TypeError, ValueError):
        return None


def _judged(
    lesson: int, mistake: Mistake, out: Floats, right: Floats, channel: int | None
) -> Mistaken:
    values = difference = None
    if out.shape == (1, *right.shape):
        values = out[0] if channel is None else out[0, channel]
        wanted = right if channel is None else right[channel]
        with np.errstate(invalid="ignore"):  # infinity less itself
            away = np.abs(values.astype(np.float64) - wanted)
        away[np.isnan(away)] = np.inf
        away[values == wanted] = 0
        difference = float(away.max())
    return Mistaken(lesson, mistake.id, mistake.said, out.shape, values, difference)


def _is_seen(one: Mistaken, right: Floats, others: list[Mistaken]) -> bool:
    """Whether its map looks like neither the right one nor another's."""
    span = max(0.0, float(right.max())) - min(0.0, float(right.min()))
    assert one.values is not None
    assert one.difference is not None
    return one.difference > span / _STEPS and not any(
        np.array_equal(one.values, other.values, equal_nan=True)
        for other in others
        if other.values is not None
    )
