"""A training run as a person follows it: a bar where there is a terminal, a line per epoch anywhere."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tqdm import tqdm

from alexnet_tutor.cli import output
from alexnet_tutor.records import (
    EpochRecord,
    JudgingRecord,
    NoticeRecord,
    ProgressRecord,
    RunEndRecord,
    RunRecord,
    TrainingRecord,
)
from alexnet_tutor.show import numbers


def follow(records: Iterable[TrainingRecord], loaded: Callable[[], object]) -> RunEndRecord:
    """Show a run's records as they come; draw its curves after each epoch; give the last one.

    ``loaded`` is called before the first line, to clear what the wait for the data has shown.
    """
    run: RunRecord | None = None
    end: RunEndRecord | None = None
    trouble: str | None = None
    with ExitStack() as stack:
        for record in records:
            match record:
                case RunRecord():
                    run = record
                    loaded()
                    output.line(_opening(record))
                    bar = stack.enter_context(_bar(record))
                case NoticeRecord():
                    loaded()
                    output.note(f"Note: {record.text}")
                case ProgressRecord():
                    _advance(bar, record)
                case JudgingRecord():
                    _judge(bar, record)
                case EpochRecord() if run is not None:
                    bar.clear()
                    output.line(_epoch(record, run))
                    if (said := _draw(Path(run.folder))) and not trouble:
                        output.note(trouble := said)
                case RunEndRecord():
                    end = record
                case _:
                    pass
    assert end is not None
    output.line(_closing(end))
    return end


def _opening(run: RunRecord) -> str:
    held = f", {run.held_out:,} for validation" if run.held_out else ""
    lines = [
        f"{run.data}: {numbers.counted(run.learnt, 'picture')} to learn from{held}; {run.precision} on {run.device}",
        f"run: {run.folder}",
    ]
    if run.resumed:
        lines.append(f"Resuming after epoch {run.epoch}, step {run.step} of {run.steps}.")
    return "\n".join(lines)


def _bar(run: RunRecord) -> tqdm[Any]:
    """One bar for all epochs, on standard error, where a person watches."""
    return tqdm(
        desc=f"epoch {run.epoch + 1}/{run.epochs}",
        total=run.steps,
        initial=run.step,
        leave=False,
        disable=not output.stderr_is_terminal(),
        bar_format="{desc} {percentage:3.0f}%|{bar}|\r",  # so that a ^C is echoed where bars clear
        dynamic_ncols=True,
    )


def _advance(bar: tqdm[Any], now: ProgressRecord) -> None:
    if bar.disable:
        return
    bar.n, bar.total = now.step, now.steps
    bar.set_description_str(
        f"epoch {now.epoch}/{now.epochs}: loss {numbers.loss(now.loss)}, "
        f"{numbers.percent(now.accuracy)}, {now.images_per_second:,.0f} pictures/s, "
        f"{numbers.duration(now.seconds_left)} left"
    )


def _judge(bar: tqdm[Any], now: JudgingRecord) -> None:
    if bar.disable:
        return
    bar.n, bar.total = now.step, now.steps
    bar.set_description_str(f"{bar.desc.partition(':')[0]}: validation")


def _epoch(row: EpochRecord, run: RunRecord) -> str:
    words = [
        f"epoch {row.epoch}/{run.epochs}: loss {numbers.loss(row.train_loss)}",
        f"accuracy {numbers.percent(row.train_accuracy)}",
    ]
    if row.validation_accuracy is not None:
        words.append(f"validation accuracy {numbers.percent(row.validation_accuracy)}")
    words.append(numbers.duration(row.seconds))
    return ", ".join(words)


def _draw(folder: Path) -> str | None:
    """Draw the curves so far, beside the table they are drawn from; tells what went wrong, if it did."""
    from alexnet_tutor.show import plots  # noqa: PLC0415  matplotlib, once an epoch is done
    from alexnet_tutor.training.metrics import read_history  # noqa: PLC0415

    try:
        plots.save(plots.loss_curves({folder.name: read_history(folder)}), folder / "curves.png")
    except OSError as error:
        return f"Note: curves.png could not be drawn ({error.strerror or error}). Training goes on."
    return None


def _closing(end: RunEndRecord) -> str:
    folder = shlex.quote(end.folder)
    if not end.finished:
        where = f"in epoch {end.epoch + 1}, after step {end.step}"
        return f"Stopped {where}. All of it is saved.\nGo on: tutor train --run {folder} --resume"
    if not end.worked:
        done = numbers.counted(end.epochs, "epoch")
        return f"This run is finished: {done}.\nNext: tutor evaluate --run {folder}"
    best = f" The best was epoch {end.best_epoch}." if end.best_epoch else ""
    done = numbers.counted(end.epochs, "epoch")
    return f"Finished: {done}.{best}\nNext: tutor evaluate --run {folder}"
