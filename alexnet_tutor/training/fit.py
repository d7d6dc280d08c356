"""A whole training run, from its settings to its final weights: what ``tutor train`` and notebooks call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from alexnet_tutor import resources
from alexnet_tutor.data.dataset import Progress
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.machine import StopRequest
from alexnet_tutor.records import (
    NoticeRecord,
    RunEndRecord,
    RunRecord,
    SavedRecord,
    TrainingRecord,
    best_epoch,
)
from alexnet_tutor.training.checkpoint import complete, load_newest, save_checkpoint, writing
from alexnet_tutor.training.devices import arithmetic
from alexnet_tutor.training.job import Job, prepare
from alexnet_tutor.training.loop import REFRESH_SECONDS, SAVE_EVERY_SECONDS, Loop, Position
from alexnet_tutor.training.memory import require_memory
from alexnet_tutor.training.metrics import read_history, write_metrics
from alexnet_tutor.training.recipes import Origin, Settings, located, origins_of
from alexnet_tutor.training.run import (
    RunFacts,
    agreed,
    lengthen,
    read_run,
    versions,
    write_settings,
)
from alexnet_tutor.training.run_folder import RunFolder, require_free
from alexnet_tutor.training.stand_ins import KITS, StandIns, proof, require_same
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
    stand_ins: StandIns = KITS,
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
        origins: where each setting came from, by name. On ``resume`` those from a ``flag`` or a
            ``recipe`` must be as in the run. By default what differs from the default counts as a flag.
        data_dir: where datasets are kept; by default, on ``resume``, where the run found them, else
            where ``tutor`` keeps them: ``TUTOR_DATA``, else below ``TUTOR_HOME``, else the system's
            own place.
        resume: go on with the run in the folder, rather than refuse because there is one.
        stop: once set, the run saves after the step under way, and ends. It is marked as heeded when
            the first step is near; before it, there is nothing to save.
        loading: told how far the loading of data has come.
        stand_ins: functions that compute layers in the kit's place, once three steps with them have had
            the kit's losses; a resumed run needs those it began with.
        save_every_seconds: between checkpoints within an epoch.
        refresh_seconds: between ProgressRecords.

    Raises:
        TutorError: bad input or too little memory (exit code 2), no usable checkpoint (3), another process trains there
            (4), the loss diverged, the disk is full or a stand-in is not equal (1; earlier checkpoints
            are kept).
    """
    folder = RunFolder(run)
    origins = origins_of(settings) if origins is None else origins
    settings = located(settings)
    recorded = read_run(run) if resume else None
    if recorded is None:
        require_free(folder)
    else:
        data_dir = data_dir or recorded.data_dir
        settings = agreed(recorded, settings, origins)
        require_same(recorded, stand_ins)
        if folder.is_finished(settings.epochs):
            yield _end(folder, settings.epochs, Position(epoch=settings.epochs), worked=False)
            return
    stop = StopRequest() if stop is None else stop
    enter = stand_ins.load()
    with arithmetic(deterministic=settings.deterministic):
        data_dir = (data_dir or resources.default_data_dir()).absolute()
        job = replace(prepare(settings, data_dir, loading), enter=enter)
        require_memory(job, resumed=recorded is not None)
        if enter:
            yield NoticeRecord(proof(job, stand_ins))
        kept = data_dir if settings.data == "fashion-mnist" else None
        with folder.locked():
            if recorded is None:
                _begin(folder, job, origins, kept, stand_ins)
            else:
                yield from _take_up(folder, job, recorded, origins, kept, stand_ins)
            yield from _train(folder, job, stop, save_every_seconds, refresh_seconds)


def _begin(
    folder: RunFolder,
    job: Job,
    origins: Mapping[str, Origin],
    data_dir: Path | None,
    stand_ins: StandIns,
) -> None:
    require_free(folder)  # another process may have begun one while the data was loading
    facts = RunFacts(
        settings=job.settings,
        origins=dict(origins),
        device=job.device.type,
        precision=job.precision,
        fingerprint=job.fingerprint,
        versions=versions(),
        data_dir=data_dir,
        lessons=stand_ins.lessons,
        course=stand_ins.course,
    )
    write_settings(folder, facts, job.description())


def _take_up(
    folder: RunFolder,
    job: Job,
    recorded: RunFacts,
    origins: Mapping[str, Origin],
    data_dir: Path | None,
    stand_ins: StandIns,
) -> Iterator[NoticeRecord]:
    """Check that the run can go on here; write down more epochs or other folders, if given."""
    if not complete(folder.checkpoints):
        _require_nothing_learnt(folder)
        yield NoticeRecord("Nothing was saved yet: the run begins anew, with its own settings.")
    if job.fingerprint != recorded.fingerprint:
        raise TutorError(
            f"The pictures of {job.settings.data} are not those the run in {folder.path} began with.",
            "Put the old ones back, or start another run with another --run."
            if job.settings.data.startswith("folder:")
            else "This kit has others now: start another run with another --run.",
        )
    for name, now in versions().items():
        if recorded.versions.get(name) != now:
            yield NoticeRecord(
                f"The run began with {name} {recorded.versions.get(name)} and goes on with {now}: "
                "the last bits of the weights may differ."
            )
    facts = replace(recorded, data_dir=data_dir, course=stand_ins.course)
    if job.settings.epochs != recorded.settings.epochs:
        facts = lengthen(folder, facts, job.settings.epochs, origins)
    if facts != recorded:
        write_settings(folder, facts, job.description())


def _require_nothing_learnt(folder: RunFolder) -> None:
    """A checkpoint comes before whatever else an epoch leaves: such things without one tell of a loss."""
    left = [path.name for path in (folder.metrics, folder.best, folder.final) if path.exists()]
    if left:
        raise TutorError(
            f"The run in {folder.path} has {', '.join(left)} but no checkpoint to go on from.",
            f"Put {folder.checkpoints.name}/ back, or start another run with another --run.",
            ExitCode.BAD_CHECKPOINT,
        )


def _train(
    folder: RunFolder, job: Job, stop: StopRequest, save_every_seconds: float, refresh: float
) -> Iterator[TrainingRecord]:
    learner, batches = job.learner(), job.batches()
    loaded = load_newest(folder.checkpoints, learner)
    start = Position()
    if loaded is not None:
        yield from map(NoticeRecord, loaded.notices)
        start = loaded.position
    if start.history:
        _write_table(folder, start)  # rows of epochs that will be learnt again go
    if _is_best(start):
        _write_weights(folder.best, job, learner, start)  # a kill may have come before them
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

    What a checkpoint implies is written after it: after a kill in between, the run that is resumed
    writes it from the checkpoint.
    """
    facts = job.facts_after(position.history[-1] if position.history else None)
    checkpoint = save_checkpoint(folder.checkpoints, learner, position, facts)
    if position.step == 0:
        _write_table(folder, position)
    if _is_best(position):
        _write_weights(folder.best, job, learner, position)
    if position.epoch == job.settings.epochs:
        _write_weights(folder.final, job, learner, position)
    return SavedRecord(str(checkpoint), position.epoch, position.step, _is_best(position))


def _is_best(position: Position) -> bool:
    """Whether an epoch has just ended here, the best so far."""
    ended = position.step == 0 and position.epoch > 0
    return ended and best_epoch(position.history).epoch == position.epoch


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
