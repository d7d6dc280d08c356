"""A run's folder: what is where, how it was set up, and whether it may go on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import torch

from alexnet_tutor import __version__, machine
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.training.checkpoint import complete, place_of, write_json, writing
from alexnet_tutor.training.metrics import METRICS
from alexnet_tutor.training.recipes import Origin, Settings

_GROWS = {"step", "plateau"}  # schedules whose rates do not depend on how many epochs there will be


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
    def locked(self) -> Iterator[None]:
        """Keep other processes from training in this folder; made if need be.

        Raises:
            TutorError: another one is at it (exit code 4), or the folder cannot be made (1).
        """
        with writing(self.path):
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


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What ``settings.json`` tells of a run.

    Attributes:
        settings: as asked for.
        origins: where each came from.
        device, precision: what ``auto`` came to.
        fingerprint: of the pictures learnt from and held out.
        versions: kit, torch and number of threads: with others, the last bits may differ.
    """

    settings: Settings
    origins: Mapping[str, Origin]
    device: str
    precision: str
    fingerprint: str
    versions: Mapping[str, str]


def versions() -> dict[str, str]:
    """What besides the settings decides the last bits of a run on one machine."""
    return {
        "kit": __version__,
        "torch": torch.__version__,
        "threads": str(torch.get_num_threads()),
    }


def write_settings(folder: RunFolder, facts: RunFacts, more: Mapping[str, Any]) -> None:
    """Write ``settings.json``; ``more`` is what people may want to know but no resume reads.

    Raises:
        TutorError: it cannot be written (exit code 1).
    """
    told = {
        "settings": {
            name: {"value": value, "origin": facts.origins.get(name, "default")}
            for name, value in facts.settings.to_dict().items()
        },
        "device": facts.device,
        "precision": facts.precision,
        "fingerprint": facts.fingerprint,
        "versions": dict(facts.versions),
        "machine": machine.describe(),
        **more,
    }
    with writing(folder.settings):
        write_json(folder.settings, told)


def read_run(run: Path) -> RunFacts:
    """How the run in folder ``run`` was set up.

    Raises:
        TutorError: there is no run (exit code 2), or its settings make no sense (exit code 3).
    """
    path = RunFolder(run).settings
    if not path.is_file():
        raise TutorError(
            f"There is no run in {run}.", "Check --run, or start one there: leave out --resume."
        )
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return RunFacts(
            settings=Settings(**{name: of["value"] for name, of in told["settings"].items()}),
            origins={name: of["origin"] for name, of in told["settings"].items()},
            device=str(told["device"]),
            precision=str(told["precision"]),
            fingerprint=str(told["fingerprint"]),
            versions={str(name): str(value) for name, value in told["versions"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, TutorError) as error:
        raise TutorError(
            f"{path} makes no sense: {error}.",
            "Start a new run in another folder.",
            ExitCode.BAD_CHECKPOINT,
        ) from error


def refuse_second_run(folder: RunFolder) -> None:
    """Do nothing where ``folder`` is free.

    Raises:
        TutorError: a run lies in it already.
    """
    if folder.holds_a_run():
        raise TutorError(
            f"{folder.path} holds a run already.",
            "Go on with it: --resume. Or choose another folder with --run.",
        )


def agreed(recorded: RunFacts, asked: Settings, origins: Mapping[str, Origin]) -> Settings:
    """The settings a resumed run goes on with: its own, and perhaps more epochs.

    Only what is asked for by flag can contradict them. More epochs are no contradiction where the
    schedule's rates do not depend on their number.

    Raises:
        TutorError: something was asked for that is not so in the run; all differences are listed.
    """
    resolved: dict[str, Any] = {"device": recorded.device, "precision": recorded.precision}
    own = replace(recorded.settings, **resolved)
    flagged = {
        entry.name: getattr(asked, entry.name)
        for entry in fields(Settings)
        if origins.get(entry.name) == "flag" and getattr(asked, entry.name) != "auto"
    }
    epochs = flagged.get("epochs", own.epochs)
    if own.schedule in _GROWS and epochs > own.epochs:
        own = replace(own, epochs=epochs)
    differences = [
        f"{name}: {getattr(own, name)} in the run, {value} now"
        for name, value in flagged.items()
        if value != getattr(own, name)
    ]
    if differences:
        raise TutorError(
            f"The run was begun with other settings: {'; '.join(differences)}.",
            "Resume without these options, or start another run with another --run.",
        )
    return own


def default_run(settings: Settings, root: Path, today: date) -> Path:
    """``root/fashion-mnist-2026-11-25-1``: the data, the day, the first free number."""
    source = settings.data.removeprefix("folder:").replace("\\", "/").rstrip("/")
    word = re.sub(r"[^A-Za-z0-9]+", "-", source.rpartition("/")[2]).strip("-") or "run"
    number = 1
    while (path := root / f"{word}-{today.isoformat()}-{number}").exists():
        number += 1
    return path
