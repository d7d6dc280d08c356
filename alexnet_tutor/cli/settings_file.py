"""``settings.toml`` in ``TUTOR_HOME``: a person's own defaults, a table per command."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alexnet_tutor import resources
from alexnet_tutor.errors import TutorError


def path() -> Path:
    """Where the settings file lies, whether or not there is one."""
    return resources.home() / "settings.toml"


def defaults(commands: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The file as typer's map of defaults: ``{"train": {"epochs": 3}}``.

    ``[train]`` with ``epochs = 3`` is ``tutor train --epochs 3`` wherever no flag and no environment
    variable says otherwise.

    Raises:
        TutorError: the file is not TOML, or names a command or an option that does not exist.
    """
    file = path()
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise TutorError(
            f"{file} cannot be read: {error}.", "Correct the file or delete it."
        ) from error
    return {name: _table(file, commands, name, table) for name, table in tables.items()}


def _table(file: Path, commands: Mapping[str, Any], name: str, table: Any) -> dict[str, Any]:
    if name not in commands or not isinstance(table, dict):
        raise TutorError(
            f"{file} has {name!r}, which is no table of a command.",
            f"Use tables like [train] for: {', '.join(commands)}.",
        )
    # An option's name as a person knows it, --json, and the name its value has in the code, as_json.
    known = {
        word.lstrip("-"): parameter
        for parameter in commands[name].params
        for word in parameter.opts
        if word.startswith("--") and parameter.name != "help"
    }
    for key in table:
        if key.replace("_", "-") not in known:
            raise TutorError(
                f"{file}: tutor {name} has no option {key!r}.",
                f"It has: {', '.join(sorted(known))}.",
            )
    given = [(known[key.replace("_", "-")], value) for key, value in table.items()]
    return {
        parameter.name: [value] if parameter.multiple and isinstance(value, str) else value
        for parameter, value in given
    }
