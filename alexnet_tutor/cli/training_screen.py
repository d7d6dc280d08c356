"""A training run as a person follows it: a bar where there is a terminal, a line per epoch anywhere."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tqdm import tqdm

from alexnet_tutor.cli import output
from alexnet_tutor.records import (
    EpochRecord,
    NoticeRecord,
    ProgressRecord,
    RunEndRecord,
    RunRecord,
    SavedRecord,
)
from alexnet_tutor.show.terminal import numbers

Record = RunRecord | NoticeRecord | ProgressRecord | EpochRecord | SavedRecord | RunEndRecord


def follow(records: Iterable[Record]) -> RunEndRecord:
    """Show a run's records as they come; draw its curves after each epoch; give the last one."""
    run: RunRecord | None = None
    bar: tqdm[Any] | None = None
    end: RunEndRecord | None = None
    try:
        for record in records:
            match record:
                case RunRecord():
                    run = record
                    output.line(_opening(record))
                case NoticeRecord():
                    output.note(f"Note: {record.text}")
                case ProgressRecord():
                    bar = _advance(bar, record)
                case EpochRecord():
                    _close(bar)
                    bar = None
                    output.line(_epoch(record, run))
                    if run is not None:
                        _draw(Path(run.folder))
                case SavedRecord():
                    pass
                case RunEndRecord():
                    end = record
    finally:
        _close(bar)
    assert end is not None
    output.line(_closing(end))
    return end


def _opening(run: RunRecord) -> str:
    held = f", {run.held_out:,} held out" if run.held_out else ""
    where = f"{run.precision} on {run.device}"
    text = f"{run.data}: {run.learnt:,} pictures to learn from{held}; {where}; run in {run.folder}"
    if run.epoch or run.step:
        text += f"\nResuming after epoch {run.epoch}, step {run.step} of {run.steps}."
    return text


def _advance(bar: tqdm[Any] | None, now: ProgressRecord) -> tqdm[Any]:
    if bar is None:
        bar = tqdm(
            total=now.steps,
            desc=f"epoch {now.epoch}/{now.epochs}",
            unit="step",
            leave=False,
            disable=not output.stderr_is_terminal(),
            bar_format="{desc} {percentage:3.0f}%|{bar}| {postfix}",
            dynamic_ncols=True,
        )
    bar.n = now.step
    bar.set_postfix_str(
        f"loss {numbers.loss(now.loss)}, {numbers.percent(now.accuracy)}, "
        f"{now.images_per_second:.0f} images/s, {numbers.duration(now.seconds_left)} left"
    )
    return bar


def _close(bar: tqdm[Any] | None) -> None:
    if bar is not None:
        bar.close()


def _epoch(row: EpochRecord, run: RunRecord | None) -> str:
    words = [
        f"epoch {row.epoch}/{run.epochs if run else '?'}: loss {numbers.loss(row.train_loss)}",
        f"accuracy {numbers.percent(row.train_accuracy)}",
    ]
    if row.validation_accuracy is not None:
        words.append(f"held out {numbers.percent(row.validation_accuracy)}")
    words += [f"{row.images_per_second:,.0f} images/s", numbers.duration(row.seconds)]
    return ", ".join(words)


def _draw(folder: Path) -> None:
    """The curves so far, beside the table they are drawn from."""
    from alexnet_tutor.show import plots  # noqa: PLC0415  matplotlib, once an epoch is done
    from alexnet_tutor.training.metrics import read_history  # noqa: PLC0415

    plots.save(plots.loss_curves({folder.name: read_history(folder)}), folder / "curves.png")


def _closing(end: RunEndRecord) -> str:
    folder = shlex.quote(end.folder)
    if not end.finished:
        where = f"epoch {end.epoch}" + (f", step {end.step} of the next" if end.step else "")
        return f"Stopped after {where}. All of it is saved in {end.folder}.\nGo on: tutor train --run {folder} --resume"
    if not end.worked:
        done = numbers.counted(end.epochs, "epoch")
        return f"This run is finished: {done}.\nNext: tutor evaluate --run {folder}"
    best = f" The best was epoch {end.best_epoch}." if end.best_epoch else ""
    done = numbers.counted(end.epochs, "epoch")
    return f"Finished: {done}.{best}\nNext: tutor evaluate --run {folder}"
