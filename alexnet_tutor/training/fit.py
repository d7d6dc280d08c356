"""A whole training run, from its settings to its final weights: what ``tutor train`` and notebooks call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from alexnet_tutor import resources
from alexnet_tutor.data.dataset import Progress
from alexnet_tutor.errors import TutorError
from alexnet_tutor.machine import StopRequest
from alexnet_tutor.records import (
    NoticeRecord,
    RunEndRecord,
    RunRecord,
    SavedRecord,
    TrainingRecord,
    best_epoch,
)
from alexnet_tutor.training.checkpoint import load_newest, save_checkpoint, writing
from alexnet_tutor.training.devices import arithmetic
from alexnet_tutor.training.job import Job, prepare
from alexnet_tutor.training.loop import REFRESH_SECONDS, SAVE_EVERY_SECONDS, Loop, Position
from alexnet_tutor.training.metrics import read_history, write_metrics
from alexnet_tutor.training.recipes import Origin, Settings, origins_of
from alexnet_tutor.training.run import (
    RunFacts,
    agreed,
    lengthen,
    read_run,
    versions,
    write_settings,
)
from alexnet_tutor.training.run_folder import RunFolder, refuse_second_run
from alexnet_tutor.training.step import Learner
from alexnet_tutor.weights.store import save_weights


def fit(
    run: Path,
    settings: Settings,
    *,
    origins: Mapping[str, Origin] | None = None,
    data_dir: Path | None = None,
    resume: bool = False,
    stop: StopRequest | None = None,
    loading: Progress | None = None,
    save_every_seconds: float = SAVE_EVERY_SECONDS,
    refresh_seconds: float = REFRESH_SECONDS,
) -> Iterator[TrainingRecord]:
    """Train in the folder ``run``, or go on there, yielding what happens; the last is a RunEndRecord.

    Nothing happens before the first record is asked for. The files of the folder are those of
    :class:`~alexnet_tutor.training.run_folder.RunFolder`; ``metrics.csv`` has an epoch's row before its
    EpochRecord is yielded. Only ``curves.png`` is not made here but by who listens: ``tutor train``
    draws it after each epoch, ``tutor plot`` from any run.

    Args:
        run: the run's folder, made if need be.
        settings: what to do; a resumed run keeps its own.
        origins: where each setting came from, by name. On ``resume`` those from a ``flag`` must be as
            in the run. By default what differs from the default counts as a flag.
        data_dir: where datasets are kept; by default where ``tutor`` keeps them: ``TUTOR_DATA``, else
            below ``TUTOR_HOME``, else the system's own place.
        resume: go on with the run in the folder, rather than refuse because there is one.
        stop: once set, the run saves after the step under way, and ends. It is marked as heeded when
            the first step is near; before it, there is nothing to save.
        loading: told how far the loading of data has come.
        save_every_seconds: between checkpoints within an epoch.
        refresh_seconds: between ProgressRecords.

    Raises:
        TutorError: bad input (exit code 2), no usable checkpoint (3), another process trains there
            (4), the loss diverged or the disk is full (1; earlier checkpoints are kept).
    """
    folder = RunFolder(run)
    origins = origins_of(settings) if origins is None else origins
    recorded = read_run(run) if resume else None
    if recorded is None:
        refuse_second_run(folder)
    else:
        settings = agreed(recorded, settings, origins)
        if folder.is_finished(settings.epochs):
            yield _end(folder, settings.epochs, Position(epoch=settings.epochs), worked=False)
            return
    stop = StopRequest() if stop is None else stop
    with arithmetic(deterministic=settings.deterministic):
        job = prepare(settings, data_dir or resources.default_data_dir(), loading)
        with folder.locked():
            if recorded is None:
                _begin(folder, job, origins)
            else:
                yield from _take_up(folder, job, recorded, origins)
            yield from _train(folder, job, stop, save_every_seconds, refresh_seconds)


def _begin(folder: RunFolder, job: Job, origins: Mapping[str, Origin]) -> None:
    refuse_second_run(folder)  # another process may have begun one while the data was loading
    facts = RunFacts(
        settings=job.settings,
        origins=dict(origins),
        device=job.device.type,
        precision=job.precision,
        fingerprint=job.fingerprint,
        versions=versions(),
    )
    write_settings(folder, facts, job.description())


def _take_up(
    folder: RunFolder, job: Job, recorded: RunFacts, origins: Mapping[str, Origin]
) -> Iterator[NoticeRecord]:
    """Check that the run can go on here; write down more epochs, if there are to be more."""
    if job.fingerprint != recorded.fingerprint:
        raise TutorError(
            f"The pictures of {job.settings.data} are not those the run in {folder.path} began with.",
            "Put the old ones back (--data-dir), or start another run with another --run.",
        )
    for name, now in versions().items():
        if recorded.versions.get(name) != now:
            yield NoticeRecord(
                f"The run began with {name} {recorded.versions.get(name)} and goes on with {now}: "
                "the last bits of the weights may differ."
            )
    if job.settings.epochs != recorded.settings.epochs:
        longer = lengthen(folder, recorded, job.settings.epochs, origins)
        write_settings(folder, longer, job.description())


def _train(
    folder: RunFolder, job: Job, stop: StopRequest, save_every_seconds: float, refresh: float
) -> Iterator[TrainingRecord]:
    learner, batches = job.learner(), job.batches()
    loaded = load_newest(folder.checkpoints, learner)
    start = Position()
    if loaded is not None:
        yield from map(NoticeRecord, loaded.notices)
        start = loaded.position
    if start.history or folder.metrics.is_file():
        _write_table(folder, start)  # rows of epochs that will be learnt again go
    yield _run_record(folder, job, start, batches.steps_per_epoch)
    loop = Loop(
        learner,
        batches,
        job.held_out_batches(),
        job.settings,
        save=lambda position: _save(folder, job, learner, position),
        stop=stop,
        kept=str(loaded.folder) if loaded else None,
        save_every_seconds=save_every_seconds,
        refresh_seconds=refresh,
    )
    stop.heeded = True
    position = yield from loop.run(start)
    if position.epoch == job.settings.epochs and not folder.final.is_file():
        _write_weights(folder.final, job, learner, position)
    yield _end(folder, job.settings.epochs, position, worked=True)


def _save(folder: RunFolder, job: Job, learner: Learner, position: Position) -> SavedRecord:
    """Put a position on disk.

    What a checkpoint implies is written before it: after a kill in between, the run that is resumed
    writes it again, with the same bytes.
    """
    ends_epoch = position.step == 0
    is_best = ends_epoch and best_epoch(position.history).epoch == position.epoch
    if is_best:
        _write_weights(folder.best, job, learner, position)
    if ends_epoch and position.epoch == job.settings.epochs:
        _write_weights(folder.final, job, learner, position)
    if ends_epoch:
        _write_table(folder, position)
    facts = job.facts_after(position.history[-1] if position.history else None)
    checkpoint = save_checkpoint(folder.checkpoints, learner, position, facts)
    return SavedRecord(str(checkpoint), position.epoch, position.step, is_best)


def _write_weights(path: Path, job: Job, learner: Learner, position: Position) -> None:
    with writing(path):
        save_weights(path, learner.network, job.facts_after(position.history[-1]))


def _write_table(folder: RunFolder, position: Position) -> None:
    with writing(folder.metrics):
        write_metrics(folder.metrics, position.history)


def _run_record(folder: RunFolder, job: Job, start: Position, steps: int) -> RunRecord:
    return RunRecord(
        folder=str(folder.path),
        data=job.settings.data,
        device=job.device.type,
        precision=job.precision,
        learnt=len(job.learnt),
        held_out=len(job.held_out) if job.held_out else 0,
        batch_size=job.settings.batch_size,
        epochs=job.settings.epochs,
        steps=steps,
        epoch=start.epoch,
        step=start.step,
    )


def _end(folder: RunFolder, epochs: int, position: Position, *, worked: bool) -> RunEndRecord:
    history = read_history(folder.path) if folder.metrics.is_file() else []
    return RunEndRecord(
        folder=str(folder.path),
        finished=position.epoch >= epochs,
        worked=worked,
        epoch=position.epoch,
        step=position.step,
        epochs=epochs,
        best_epoch=best_epoch(history).epoch if history else None,
        best=str(folder.best) if folder.best.is_file() else None,
        final=str(folder.final) if folder.final.is_file() else None,
    )
