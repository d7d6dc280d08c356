"""Checkpoints: a position, the weights and the momentum on disk, whole or not at all. No pickle.

A checkpoint is a folder ``epoch-003-step-00120``: three finished epochs and 120 steps of the fourth.
It is written in ``.new`` and takes its name when all of it is on disk. Its manifest with the SHA-256 of
each file is written last and removed first: a folder without one is no checkpoint.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file

from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.machine import flush_folder, sha256_of, write_text
from alexnet_tutor.records import EpochRecord, ModelFacts
from alexnet_tutor.training.loop import Position
from alexnet_tutor.training.step import Learner, Tally
from alexnet_tutor.weights.store import load_weights, save_tensors, save_weights

KEEP = 2
WEIGHTS, OPTIMISER, STATE = "weights.safetensors", "optimiser.safetensors", "state.json"
MANIFEST = "manifest.json"
_FILES = (WEIGHTS, OPTIMISER, STATE)
_NAME = re.compile(r"epoch-(\d+)-step-(\d+)")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A checkpoint that was taken over, and a sentence for each newer one that could not be."""

    position: Position
    folder: Path
    notices: tuple[str, ...]


def save_checkpoint(root: Path, learner: Learner, position: Position, facts: ModelFacts) -> Path:
    """Write a checkpoint under ``root``, then remove all but the last two; returns its folder.

    One at the same place gives way when its successor is whole.

    Raises:
        TutorError: the disk is full or cannot be written (exit code 1); the earlier ones are kept.
    """
    folder, new = root / f"epoch-{position.epoch:03d}-step-{position.step:05d}", root / ".new"
    try:
        with writing(folder):
            shutil.rmtree(new, ignore_errors=True)  # what a killed process left
            new.mkdir(parents=True)
            save_weights(new / WEIGHTS, learner.network, facts)
            save_tensors(new / OPTIMISER, learner.momentum())
            write_json(new / STATE, to_state(position))
            write_json(new / MANIFEST, _manifest(new))
            _discard(folder)
            new.rename(folder)
            flush_folder(root)
    except TutorError:
        shutil.rmtree(new, ignore_errors=True)
        raise
    _sweep(root, keep=folder)
    return folder


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn the system's refusal to write into a TutorError (exit code 1)."""
    try:
        yield
    except OSError as error:
        raise TutorError(
            f"{path} could not be written: {error.strerror or error}.",
            "Free some space or check the folder, then go on with --resume: what was saved before is kept.",
            ExitCode.FAILED,
        ) from error


def complete(root: Path) -> list[Path]:
    """The checkpoints under ``root`` whose manifest was written, newest first."""
    found = {
        place: path
        for path in root.glob("epoch-*-step-*")
        if (place := place_of(path)) and (path / MANIFEST).is_file()
    }
    return [found[place] for place in sorted(found, reverse=True)]


def load_newest(root: Path, learner: Learner) -> Loaded | None:
    """Let ``learner`` take over the newest sound checkpoint; ``None`` where there is none at all.

    Raises:
        TutorError: there are some, but each is damaged (exit code 3).
    """
    notices: list[str] = []
    for folder in complete(root):
        try:
            return Loaded(_load(folder, learner), folder, tuple(notices))
        except (OSError, ValueError, SafetensorError, TutorError) as error:
            reason = error.what if isinstance(error, TutorError) else str(error)
            notices.append(f"The checkpoint {folder} is damaged ({reason}): it is passed over.")
    if not notices:
        return None
    raise TutorError(
        f"No checkpoint under {root} is usable. {notices[0]}",
        "Start a new run in another folder.",
        ExitCode.BAD_CHECKPOINT,
    )


def _load(folder: Path, learner: Learner) -> Position:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if manifest != _manifest(folder):
        raise ValueError("its files are not what was written")
    position = from_state(json.loads((folder / STATE).read_text(encoding="utf-8")))
    network, facts = load_weights(folder / WEIGHTS)
    if facts.architecture != learner.network.architecture:
        raise ValueError("it belongs to another network")
    learner.restore(network.state_dict(), load_file(folder / OPTIMISER))
    return position


def _manifest(folder: Path) -> dict[str, Any]:
    """SHA-256 and length of every file."""
    paths = [folder / name for name in _FILES]
    return {
        "files": {
            path.name: {"sha256": sha256_of(path), "bytes": path.stat().st_size} for path in paths
        }
    }


def to_state(position: Position) -> dict[str, Any]:
    """A position as JSON values; the sums to the last bit, as hexadecimal floats."""
    return {
        "epoch": position.epoch,
        "step": position.step,
        "sums": [value.hex() for value in astuple(position.tally)],
        "seconds": position.seconds,
        "history": [asdict(row) for row in position.history],
    }


def from_state(state: Mapping[str, Any]) -> Position:
    """The inverse of :func:`to_state`.

    Raises:
        ValueError: ``state`` is not a position.
    """
    try:
        return Position(
            epoch=int(state["epoch"]),
            step=int(state["step"]),
            tally=Tally(*map(float.fromhex, state["sums"])),
            seconds=float(state["seconds"]),
            history=tuple(EpochRecord(**row) for row in state["history"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{STATE} makes no sense: {error}") from error


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write ``value`` as JSON, atomically."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_text(path, text)


def _sweep(root: Path, keep: Path) -> None:
    """Remove all but ``keep`` and the complete one before it; what is newer was damaged."""
    here = place_of(keep)
    older = [path for path in complete(root) if here and (place_of(path) or here) < here]
    for path in root.glob("epoch-*-step-*"):
        if place_of(path) and path not in {keep, *older[: KEEP - 1]}:
            _discard(path)


def _discard(folder: Path) -> None:
    """Remove a checkpoint, its manifest first: what is left at any moment is whole or none."""
    if folder.is_dir():
        (folder / MANIFEST).unlink(missing_ok=True)
        flush_folder(folder)
        shutil.rmtree(folder, ignore_errors=True)


def place_of(path: Path) -> tuple[int, int] | None:
    """(finished epochs, steps of the next one) from a checkpoint's name, ``None`` for another folder."""
    match = _NAME.fullmatch(path.name)
    return (int(match[1]), int(match[2])) if match and path.is_dir() else None
