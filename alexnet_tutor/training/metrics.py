"""A run's figures as a table on disk: ``metrics.csv``, a row per finished epoch."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, fields
from io import StringIO
from math import isfinite
from pathlib import Path

from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.machine import write_text
from alexnet_tutor.records import EpochRecord

METRICS = "metrics.csv"
_COLUMNS = tuple(entry.name for entry in fields(EpochRecord))
_WHOLE = {"epoch", "steps"}
_OPTIONAL = {"validation_loss", "validation_accuracy"}


def write_metrics(path: Path, history: Sequence[EpochRecord]) -> None:
    """Write every row anew, atomically; floats at full precision, an absent figure as an empty cell.

    Raises:
        OSError: it cannot be written.
    """
    text = StringIO(newline="")
    table = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(asdict(row) for row in history)
    write_text(path, text.getvalue())


def read_history(run: Path) -> list[EpochRecord]:
    """The finished epochs of the run in folder ``run``, oldest first.

    Raises:
        TutorError: no run is there (exit code 2), or its table makes no sense (exit code 3).
    """
    path = run / METRICS
    if not path.is_file():
        raise TutorError(
            f"There is no {METRICS} in {run}.",
            "Name the folder of a run that has finished an epoch.",
        )
    try:
        with path.open(encoding="utf-8", newline="") as file:
            table = csv.DictReader(file, strict=True)
            if tuple(table.fieldnames or ()) != _COLUMNS:
                raise ValueError("its columns are not those of a run")
            history = [_row(cells) for cells in table]
        if [row.epoch for row in history] != list(range(1, len(history) + 1)):
            raise ValueError("the epochs are not 1, 2, 3 …")
    except (OSError, ValueError, csv.Error) as error:
        raise TutorError(
            f"{path} makes no sense: {error}.",
            "Resume the run, which writes it anew from the checkpoint, or name another.",
            ExitCode.BAD_CHECKPOINT,
        ) from error
    return history


def _row(cells: dict[str, str]) -> EpochRecord:
    if tuple(cells) != _COLUMNS or None in cells.values():
        raise ValueError("a row has too many cells or too few")
    numbers = {name: _number(name, text) for name, text in cells.items()}
    return EpochRecord(**numbers)  # type: ignore[arg-type]


def _number(name: str, text: str) -> float | None:
    if name in _OPTIONAL and not text:
        return None
    if name in _WHOLE:
        return int(text)
    if not isfinite(value := float(text)):
        raise ValueError(f"{name} is {text}")
    return value
