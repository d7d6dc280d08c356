"""The folder of a run: what lies where, and that one run and one process at a time are in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from alexnet_tutor import machine
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.training.checkpoint import complete, place_of, writing
from alexnet_tutor.training.metrics import METRICS
from alexnet_tutor.training.recipes import Settings


@dataclass(frozen=True, slots=True)
class RunFolder:
    """What lies where in the folder of a run."""

    path: Path

    @property
    def settings(self) -> Path:
        """How the run was set up, each value with its origin."""
        return self.path / "settings.json"

    @property
    def metrics(self) -> Path:
        """A row per finished epoch."""
        return self.path / METRICS

    @property
    def curves(self) -> Path:
        """Where whoever draws the curves puts them."""
        return self.path / "curves.png"

    @property
    def checkpoints(self) -> Path:
        """The last two checkpoints."""
        return self.path / "checkpoints"

    @property
    def best(self) -> Path:
        """The weights that did best on the pictures held out."""
        return self.path / "best.safetensors"

    @property
    def final(self) -> Path:
        """The weights after the last epoch."""
        return self.path / "final.safetensors"

    def holds_a_run(self) -> bool:
        """Whether a run has written here."""
        written = (self.settings, self.metrics, self.checkpoints, self.best, self.final)
        return any(path.exists() for path in written)

    def is_finished(self, epochs: int) -> bool:
        """Whether ``epochs`` epochs are done and the final weights written."""
        places = [place_of(path) for path in complete(self.checkpoints)[:1]]
        return self.final.is_file() and any(place and place[0] >= epochs for place in places)

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Turn the system's refusal into a TutorError: bad input (2) before a run lies here, then 1."""
        if self.settings.is_file():
            with writing(self.path):
                yield
            return
        try:
            yield
        except OSError as error:
            raise _unusable(self.path, error) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from training in this folder; made if need be.

        Raises:
            TutorError: another one is at it (exit code 4), or the folder cannot be made or written.
        """
        with self.opening():
            self.path.mkdir(parents=True, exist_ok=True)
            (self.path / ".lock").touch()
        with machine.sole_user(self.path / ".lock") as alone:
            if not alone:
                raise TutorError(
                    f"Another process is training in {self.path}.",
                    "Wait for it, or choose another folder with --run.",
                    ExitCode.BUSY,
                )
            for path in (self.settings, self.metrics, self.best, self.final):
                machine.sweep_temporaries(path)
            yield


def require_free(folder: RunFolder) -> None:
    """Do nothing where a run can begin in ``folder``: it is new, or empty but for hidden files.

    Raises:
        TutorError: a run or something else lies in it already, or it is no folder.
    """
    try:
        if folder.holds_a_run():
            raise TutorError(
                f"{folder.path} holds a run already.",
                "Go on with it: --resume. Or choose another folder with --run.",
            )
        names = [path.name for path in folder.path.iterdir()]
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unusable(folder.path, error) from error
    if any(not name.startswith(".") for name in names):
        raise TutorError(
            f"{folder.path} is not empty, and what it holds is no run.",
            "Choose another --run: a new folder.",
        )


def _unusable(path: Path, error: OSError) -> TutorError:
    return TutorError(
        f"A run cannot be kept in {path}: {error.strerror or error}.", "Choose another --run."
    )


def default_run(settings: Settings, root: Path, today: date) -> Path:
    """``root/fashion-mnist-2026-11-25-1``: the data, the day, the first free number."""
    source = settings.data.removeprefix("folder:").replace("\\", "/").rstrip("/")
    word = re.sub(r"[^A-Za-z0-9]+", "-", source.rpartition("/")[2]).strip("-") or "run"
    number = 1
    while (path := root / f"{word}-{today.isoformat()}-{number}").exists():
        number += 1
    return path
