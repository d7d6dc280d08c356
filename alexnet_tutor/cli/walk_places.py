"""Where the learner left off: kept in TUTOR_HOME, by picture and weights."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexnet_tutor import machine, resources
from alexnet_tutor.cli import output
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import Place

if TYPE_CHECKING:
    from alexnet_tutor.tracing.unit import Pass

_KEPT = 200  # pictures whose place is remembered


def key(image: Path, weights: Path | None, preset: str, invert: bool | None) -> str:
    """Picture and weights, as they are told apart."""
    drawing = hashlib.sha256(image.read_bytes()).hexdigest()[:16]
    return f"{drawing} {weights.resolve() if weights else preset} {invert}"


def _file() -> Path:
    return resources.home() / "walk.json"


def _kept() -> dict[str, str]:
    """Where the learner left off, by picture and weights; nothing where the file is none of ours."""
    try:
        kept: Any = json.loads(_file().read_text(encoding="utf-8"))
        return {str(key): str(place) for key, place in kept.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def left_off(followed: Pass, key: str) -> Place | None:
    """Where the learner left off; ``None`` where nothing is kept, or the network has no such value."""
    try:
        return followed.place(_kept()[key])
    except (KeyError, TutorError):
        return None


def keep(key: str, place: Place) -> None:
    """Remember where the learner left.

    Raises:
        TutorError: TUTOR_HOME cannot be written.
    """
    kept = _kept()
    kept.pop(key, None)
    kept[key] = str(place)
    last = dict(list(kept.items())[-_KEPT:])
    text = json.dumps(last, indent=1) + "\n"
    with output.writing(_file(), "TUTOR_HOME"):
        machine.write_text(_file(), text)
