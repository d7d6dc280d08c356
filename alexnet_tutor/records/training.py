"""A run: what it may be asked to do, as it goes, and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Init = Literal["kaiming", "paper", "torch"]
Lrn = Literal["paper", "torch"]
Augment = Literal["none", "flip", "paper"]


@dataclass(frozen=True, slots=True)
class ProgressRecord:
    """Where a training run stands, read from the device. Loss and accuracy are means over the epoch so far."""

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    accuracy: float
    learning_rate: float
    images_per_second: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class JudgingRecord:
    """How far the judging of the pictures held out has come, in batches."""

    step: int
    steps: int


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """One finished epoch: a row of metrics.csv. Training figures are means over the epoch, while it learnt."""

    epoch: int
    steps: int
    train_loss: float
    train_accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    learning_rate: float
    seconds: float
    images_per_second: float


@dataclass(frozen=True, slots=True)
class SavedRecord:
    """A checkpoint that is safely on disk. ``step`` counts steps of the epoch under way."""

    folder: str
    epoch: int
    step: int
    best: bool


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """Something a person should know though nothing failed, in a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A training run that is about to learn: where, on what, from which position.

    Attributes:
        device, precision: what ``auto`` came to: ``cpu``, ``fp32`` …
        learnt, held_out: pictures learnt from, and pictures set aside to choose by.
        steps: of one epoch.
        epoch, step: finished epochs, and finished steps of the next one; 0 and 0 at the beginning.
    """

    folder: str
    data: str
    device: str
    precision: str
    learnt: int
    held_out: int
    batch_size: int
    epochs: int
    steps: int
    epoch: int
    step: int

    @property
    def resumed(self) -> bool:
        """Whether the run goes on from a checkpoint."""
        return (self.epoch, self.step) != (0, 0)


@dataclass(frozen=True, slots=True)
class RunEndRecord:
    """How a run ended.

    Attributes:
        finished: all epochs are done and ``final`` is on disk; else it was interrupted and resumes.
        worked: whether this call did any step; ``False`` when a finished run is resumed.
        epoch, step: finished epochs, and finished steps of the epoch under way.
        best_epoch: whose weights are in ``best``; ``None`` before the first epoch ends.
        best, final: files of weights, ``None`` where not written yet. A run that is given more epochs
            has no ``final`` until the last of them.
    """

    folder: str
    finished: bool
    worked: bool
    epoch: int
    step: int
    epochs: int
    best_epoch: int | None
    best: str | None
    final: str | None


TrainingRecord = (
    RunRecord
    | NoticeRecord
    | ProgressRecord
    | JudgingRecord
    | EpochRecord
    | SavedRecord
    | RunEndRecord
)


def best_epoch(history: Sequence[EpochRecord]) -> EpochRecord:
    """Whose weights are best: highest validation accuracy, then lowest validation loss, then earliest.

    Where nothing is held out, lowest training loss. ``history`` is not empty.
    """
    return min(history, key=_rank)


def _rank(row: EpochRecord) -> tuple[float, float]:
    if row.validation_accuracy is None or row.validation_loss is None:
        return (row.train_loss, 0.0)
    return (-row.validation_accuracy, row.validation_loss)
