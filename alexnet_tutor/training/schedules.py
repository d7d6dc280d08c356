"""The learning rate of every step, as a pure function: a resumed run needs no state but its history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, inf, pi

from alexnet_tutor.records import EpochRecord
from alexnet_tutor.training.recipes import ScheduleName

STEP_EPOCHS = 50
STEP_FACTOR = 0.1
ONECYCLE_CLIMB = 0.15  # of all steps
ONECYCLE_START = 1 / 25  # of the highest rate
ONECYCLE_END = 1 / 250_000
PLATEAU_FACTOR = 0.1
PLATEAU_PATIENCE = 2
PLATEAU_DROPS = 3


def learning_rate(
    schedule: ScheduleName,
    base: float,
    *,
    epoch: int,
    step: int,
    steps_per_epoch: int,
    epochs: int,
    history: Sequence[EpochRecord] = (),
) -> float:
    """The rate of one step.

    Args:
        schedule: which rule.
        base: the rate it starts from, or climbs to.
        epoch: finished epochs, from 0.
        step: finished steps of this epoch, from 0.
        steps_per_epoch: steps of every epoch.
        epochs: of the whole run.
        history: the finished epochs, for ``plateau``.
    """
    done, total = epoch * steps_per_epoch + step, epochs * steps_per_epoch
    match schedule:
        case "step":
            return base * STEP_FACTOR ** (epoch // STEP_EPOCHS)
        case "onecycle":
            return base * onecycle(done, total)
        case "cosine":
            return base * (1 + cos(pi * done / total)) / 2
        case "plateau":
            return base * PLATEAU_FACTOR ** plateaus(errors(history))


def onecycle(done: int, total: int) -> float:
    """Share of the highest rate: up in a line for 15 % of all steps, down in a line to almost 0."""
    top = max(ONECYCLE_CLIMB * total - 1, 0)
    last = total - 1
    if done < top:
        return ONECYCLE_START + (1 - ONECYCLE_START) * done / top
    if last <= top:
        return 1.0
    return 1 + (ONECYCLE_END - 1) * (done - top) / (last - top)


def errors(history: Iterable[EpochRecord]) -> list[float]:
    """What shall sink, by epoch: the validation error, or the training loss where none is held out."""
    return [
        row.train_loss if row.validation_accuracy is None else 1 - row.validation_accuracy
        for row in history
    ]


def plateaus(values: Iterable[float]) -> int:
    """How often the rate has dropped: the paper's rule (section 5), which its authors applied by eye.

    Two epochs without a new lowest value are forgiven; a third in a row lowers the rate. Three times
    at most, as in the paper.
    """
    lowest, without, drops = inf, 0, 0
    for value in values:
        if value < lowest:
            lowest, without = value, 0
        else:
            without += 1
        if without > PLATEAU_PATIENCE:
            drops, without = drops + 1, 0
    return min(drops, PLATEAU_DROPS)
