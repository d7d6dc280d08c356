"""Dropout as in training: the same value under a mask, and what that does to the prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alexnet_tutor.records import Walked
from alexnet_tutor.show import numbers
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.terminal.theme import LOUD_MARK
from alexnet_tutor.show.terminal.view import clean

if TYPE_CHECKING:
    from alexnet_tutor.show.walk.stand import Stand

OWN = "With --mine nothing is dropped: layers are compared as for a prediction."
NONE = "This network has no dropout."
OFF = "Nothing is dropped, as for every prediction. d drops, as in training."
BACK = "Evaluation again: nothing is dropped."


def drop(stand: Stand) -> None:
    """The next mask: its seed is the number of presses."""
    whole = stand.walked.evaluation
    if not any(stop.kind == "dropout" for stop in whole.stops):
        stand.said = NONE
        return
    if whole.mine is not None:
        stand.said = OWN
        return
    stand.masks += 1
    stand.change(whole.dropped(stand.masks))
    with_mask, without = _exactly(stand.walked), _exactly(whole)
    stand.said = f"Mask {stand.masks}: {with_mask}; nothing dropped: {without}. D ends it."


def restore(stand: Stand) -> None:
    """Back to evaluation."""
    if stand.walked.dropout is None:
        stand.said = OFF
        return
    stand.change(stand.walked.evaluation)
    stand.said = BACK


def both(walked: Walked) -> str:
    """The prediction; while values are dropped the one for evaluation first, that of the mask beside it."""
    if walked.dropout is None:
        return answer(walked)
    masked = f", mask {walked.dropout}"
    if not walked.trained:
        return f"{answer(walked)}{masked}"
    return f"{answer(walked.evaluation)}{masked}: {answer(walked)}"


def _exactly(walked: Walked) -> str:
    """As softmax writes it: a mask may change only late digits."""
    if not walked.top:
        return "no class"
    return f"{clean(walked.top[0].label)} {number(walked.top[0].probability)}"


def answer(walked: Walked) -> str:
    """The top class and its probability, where that means anything."""
    if not walked.trained:
        return f"{LOUD_MARK} UNTRAINED: the weights are random"
    if not walked.top:
        return "followed"
    best = walked.top[0]
    return f"{clean(best.label)} {numbers.percent(best.probability)}"
