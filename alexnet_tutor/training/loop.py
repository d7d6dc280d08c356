"""The training loop: a generator of records. It never prints; bars, tables and plots listen to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import NoReturn

from torch import Tensor

from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.machine import StopRequest
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.records import EpochRecord, JudgingRecord, ProgressRecord, SavedRecord
from alexnet_tutor.training.recipes import Settings
from alexnet_tutor.training.schedules import learning_rate
from alexnet_tutor.training.score import BatchSource, score
from alexnet_tutor.training.step import Learner, Tally

REFRESH_SECONDS = 0.5
SAVE_EVERY_SECONDS = 600.0

LoopRecord = ProgressRecord | JudgingRecord | EpochRecord | SavedRecord
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a run stands: with the weights and the momentum, all that is needed to go on.

    Attributes:
        epoch: finished epochs.
        step: finished steps of the next one; all of them where only its judgement is missing.
        tally: sums over those steps.
        seconds: spent on those steps.
        history: the finished epochs.
    """

    epoch: int = 0
    step: int = 0
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0
    history: tuple[EpochRecord, ...] = ()


@dataclass(slots=True)
class Timer:
    """Says, at most every so many seconds, that it is time."""

    seconds: float
    clock: Clock
    since: float

    def due(self) -> bool:
        """Whether it is time; if so, the wait begins anew."""
        now = self.clock()
        if now - self.since < self.seconds:
            return False
        self.since = now
        return True


@dataclass(slots=True)
class Loop:
    """One run's way through its epochs.

    Args:
        learner: what learns.
        batches: what it learns from.
        held_out: what it is judged by after each epoch, ``None`` for nothing.
        settings: epochs, rate, schedule and seed are read here.
        save: puts a position and the learner's weights on disk: after each epoch, every
            ``save_every_seconds`` within one, and when stopped.
        stop: ends the run after the step under way, once set.
        kept: the newest checkpoint on disk, named if the loss diverges.
        refresh_seconds: how often numbers are read from the device.
    """

    learner: Learner
    batches: BatchSource
    held_out: BatchSource | None
    settings: Settings
    save: Callable[[Position], SavedRecord]
    stop: StopRequest
    kept: str | None = None
    save_every_seconds: float = SAVE_EVERY_SECONDS
    refresh_seconds: float = REFRESH_SECONDS
    clock: Clock = time.perf_counter
    _begun: float = 0.0
    _worked: int = 0  # steps done by this call

    def run(self, start: Position) -> Generator[LoopRecord, None, Position]:
        """Go on from ``start`` until the last epoch or ``stop``; returns where that is.

        When a SavedRecord is seen, its checkpoint is on disk.

        Raises:
            TutorError: the loss or a weight is no longer finite, or a checkpoint cannot be written
                (exit code 1). Earlier checkpoints are kept.
        """
        self._begun, self._worked = self.clock(), 0
        position = start
        while position.epoch < self.settings.epochs:
            position = yield from self._steps(position)
            row = None if self.stop else (yield from self._judge(position))
            if row is None:
                yield self._saved(position)
                return position
            position = Position(epoch=row.epoch, history=(*position.history, row))
            saved = self._saved(position)
            yield row
            yield saved
        return position

    def _steps(self, start: Position) -> Generator[LoopRecord, None, Position]:
        """The rest of an epoch; returns where it stands at its end or at ``stop``."""
        self.learner.start(start.tally)
        self.learner.network.train()
        begun = self.clock()
        reading = Timer(self.refresh_seconds, self.clock, since=begun - self.refresh_seconds)
        saving = Timer(self.save_every_seconds, self.clock, since=begun)
        here, steps = start, self.batches.steps_per_epoch
        for step, (pictures, targets) in enumerate(self._rest(start), start=start.step + 1):
            self._learn(replace(start, step=step - 1), pictures, targets)
            stopping, save_due = bool(self.stop), saving.due() and step < steps
            if reading.due() or stopping or save_due or step == steps:
                tally = self._tally(start.epoch, step)
                seconds = start.seconds + self.clock() - begun
                here = replace(start, step=step, tally=tally, seconds=seconds)
                yield self._progress(here, start)
            if stopping:
                break
            if save_due:
                yield self._saved(here)
        return here

    def _rest(self, start: Position) -> Iterator[tuple[Tensor, Tensor]]:
        if start.step >= self.batches.steps_per_epoch:
            return iter(())
        return self.batches.epoch(start.epoch, start=start.step)

    def _learn(self, position: Position, pictures: Tensor, targets: Tensor) -> None:
        masks = seed_of(self.settings.seed, "dropout", position.epoch, position.step)
        self.learner.network.reseed_dropout(masks)
        self.learner.learn(pictures, targets, rate=self._rate(position))
        self._worked += 1

    def _rate(self, position: Position) -> float:
        return learning_rate(
            self.settings.schedule,
            self.settings.lr,
            epoch=position.epoch,
            step=position.step,
            steps_per_epoch=self.batches.steps_per_epoch,
            epochs=self.settings.epochs,
            history=position.history,
        )

    def _tally(self, epoch: int, steps: int) -> Tally:
        tally = self.learner.tally()
        if tally.steps < steps:
            self._diverged(f"The loss in epoch {epoch + 1}, step {int(tally.steps) + 1}")
        return tally

    def _judge(self, position: Position) -> Generator[LoopRecord, None, EpochRecord | None]:
        """The row of a finished epoch, or ``None`` when ``stop`` came before its judgement did."""
        begun, judged = self.clock(), None
        if self.held_out is not None:
            network, bf16 = self.learner.network, self.learner.bf16
            judged = yield from score(network, self.held_out, bf16=bf16, stop=self.stop)
            if judged is None:
                return None
            if not isfinite(judged.loss):
                self._diverged(f"The validation loss after epoch {position.epoch + 1}")
        return EpochRecord(
            epoch=position.epoch + 1,
            steps=position.step,
            train_loss=position.tally.mean_loss,
            train_accuracy=position.tally.accuracy,
            validation_loss=judged.loss if judged else None,
            validation_accuracy=judged.accuracy if judged else None,
            learning_rate=self._rate(replace(position, step=position.step - 1)),
            seconds=position.seconds + self.clock() - begun,
            images_per_second=position.tally.seen / max(position.seconds, 1e-9),
        )

    def _saved(self, position: Position) -> SavedRecord:
        if not self.learner.is_finite():
            self._diverged(f"A weight in epoch {position.epoch + 1}, step {position.step}")
        saved = self.save(position)
        self.kept = saved.folder
        return saved

    def _diverged(self, what: str) -> NoReturn:
        kept = (
            f"The last good checkpoint is kept: {self.kept}." if self.kept else "Nothing was saved."
        )
        raise TutorError(
            f"{what} is no longer a finite number. {kept}",
            "Start a new run with a lower --lr, or with --precision fp32.",
            ExitCode.FAILED,
        )

    def _progress(self, here: Position, start: Position) -> ProgressRecord:
        steps, epochs = self.batches.steps_per_epoch, self.settings.epochs
        left = (epochs - here.epoch) * steps - here.step
        seen, seconds = here.tally.seen - start.tally.seen, here.seconds - start.seconds
        return ProgressRecord(
            epoch=here.epoch + 1,
            epochs=epochs,
            step=here.step,
            steps=steps,
            loss=here.tally.mean_loss,
            accuracy=here.tally.accuracy,
            learning_rate=self._rate(replace(here, step=here.step - 1)),
            images_per_second=seen / max(seconds, 1e-9),
            seconds_left=left * (self.clock() - self._begun) / self._worked,
        )
