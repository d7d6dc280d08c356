"""How a run was set up, as its folder tells it, and whether it may go on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import torch

from alexnet_tutor import __version__, machine
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.training.checkpoint import write_json, writing
from alexnet_tutor.training.recipes import Origin, Settings
from alexnet_tutor.training.run_folder import RunFolder

_GROWS = {"step", "plateau"}  # schedules whose rates do not depend on how many epochs there will be


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What ``settings.json`` tells of a run.

    Attributes:
        settings: as asked for.
        origins: where each came from.
        device, precision: what ``auto`` came to.
        fingerprint: of the pictures learnt from and held out.
        versions: kit, torch and number of threads: with others, the last bits may differ.
        data_dir: the folder FashionMNIST was read from, absolute; ``None`` for other data, and where
            that folder is gone.
        lessons: those whose functions, a learner's, compute their layers.
        course: the folder that these lie in, absolute.
    """

    settings: Settings
    origins: Mapping[str, Origin]
    device: str
    precision: str
    fingerprint: str
    versions: Mapping[str, str]
    data_dir: Path | None = None
    lessons: tuple[int, ...] = ()
    course: Path | None = None


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
        TutorError: it cannot be written (exit code 2 before there is a run, then 1).
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
        "data_dir": str(facts.data_dir) if facts.data_dir else None,
        "machine": machine.describe(),
        **more,
    }
    if facts.lessons:
        told["mine"] = {"lessons": list(facts.lessons), "course": str(facts.course)}
    with folder.opening():
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
        data_dir = Path(told["data_dir"]) if told.get("data_dir") else None
        mine = told.get("mine")
        return RunFacts(
            settings=Settings(**{name: of["value"] for name, of in told["settings"].items()}),
            origins={name: of["origin"] for name, of in told["settings"].items()},
            device=str(told["device"]),
            precision=str(told["precision"]),
            fingerprint=str(told["fingerprint"]),
            versions={str(name): str(value) for name, value in told["versions"].items()},
            data_dir=data_dir if data_dir and data_dir.is_dir() else None,
            lessons=tuple(map(int, mine["lessons"])) if mine else (),
            course=Path(mine["course"]) if mine else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, TutorError) as error:
        raise TutorError(
            f"{path} makes no sense: {error}.",
            "Start a new run in another folder.",
            ExitCode.BAD_CHECKPOINT,
        ) from error


def agreed(recorded: RunFacts, asked: Settings, origins: Mapping[str, Origin]) -> Settings:
    """The settings a resumed run goes on with: its own, and perhaps more epochs.

    Only what is asked for by flag or by a recipe can contradict them. More epochs are no contradiction where the
    schedule's rates do not depend on their number.

    Raises:
        TutorError: something was asked for that is not so in the run; all differences are listed.
    """
    resolved: dict[str, Any] = {"device": recorded.device, "precision": recorded.precision}
    own = replace(recorded.settings, **resolved)
    flagged = {
        entry.name: getattr(asked, entry.name)
        for entry in fields(Settings)
        if origins.get(entry.name) in {"flag", "recipe"} and getattr(asked, entry.name) != "auto"
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


def lengthen(
    folder: RunFolder, recorded: RunFacts, epochs: int, origins: Mapping[str, Origin]
) -> RunFacts:
    """The facts of a run that is given more epochs, once its old final weights are out of the way.

    They are kept as ``final-10.safetensors``, after the epochs they had.

    Raises:
        TutorError: they cannot be moved (exit code 1).
    """
    if folder.final.is_file():
        with writing(folder.final):
            folder.final.replace(folder.path / f"final-{recorded.settings.epochs}.safetensors")
    return replace(
        recorded,
        settings=replace(recorded.settings, epochs=epochs),
        origins={**recorded.origins, "epochs": origins.get("epochs", "flag")},
    )
