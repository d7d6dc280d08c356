"""Which of the walk's notes were shown: kept in TUTOR_HOME, so that each is shown once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from alexnet_tutor import machine, resources
from alexnet_tutor.cli import output


def known() -> set[str]:
    """Their names; none where the file is none of ours."""
    try:
        kept: Any = json.loads(_file().read_text(encoding="utf-8"))
        return {name for name in kept if isinstance(name, str)} if isinstance(kept, list) else set()
    except (OSError, ValueError):
        return set()


def keep(shown: Iterable[str]) -> None:
    """Remember these too.

    Raises:
        TutorError: TUTOR_HOME cannot be written.
    """
    before = known()
    if before.issuperset(shown):
        return
    text = json.dumps(sorted(before.union(shown)), indent=1) + "\n"
    with output.writing(_file(), "TUTOR_HOME"):
        machine.write_text(_file(), text)


def _file() -> Path:
    return resources.home() / "walk-notes.json"
