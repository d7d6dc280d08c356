"""Checks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alexnet_tutor.course import troubles
from alexnet_tutor.records import Trouble


def trouble_of(file: Path, reply: Mapping[str, Any]) -> Trouble | None:
    """Why a call gave no value, or ``None`` where it gave one."""
    match reply:
        case {"kind": "error"}:
            return troubles.of_call(file, reply)
        case {"kind": "missing"}:
            return Trouble("missing", "is not in the file")
    return None
