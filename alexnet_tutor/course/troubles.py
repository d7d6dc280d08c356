"""From what a process told to a trouble with a name, a sentence and a line."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from alexnet_tutor.records import Trouble


def at_line(file: Path, name: str, said: str, line: int | None) -> Trouble:
    """A trouble with the text of its line."""
    source = ""
    with suppress(OSError, IndexError):
        if line is not None:
            source = file.read_text(encoding="utf-8", errors="replace").splitlines()[line - 1]
    return Trouble(name, said, line, source.strip())


def of_loading(file: Path, message: Mapping[str, Any]) -> Trouble:
    """Why a file could not be loaded, from the error that loading it raised."""
    kind, text = str(message.get("type")), str(message.get("text"))
    line = message.get("line") if isinstance(message.get("line"), int) else None
    if kind in {"SyntaxError", "IndentationError", "TabError"}:
        return at_line(file, "syntax", f"is not Python: {text}", line)
    if kind in {"ImportError", "ModuleNotFoundError"}:
        return at_line(file, "import", f"imports what is not there: {text}", line)
    if kind in {"SystemExit", "KeyboardInterrupt"}:
        return at_line(file, "exit", f"ends the program while it is loaded ({kind})", line)
    if message.get("memory"):
        return at_line(file, "memory", "asks for far too much memory while it is loaded", line)
    return at_line(file, "import", f"raises {_error(kind, text)} while it is loaded", line)


def of_call(file: Path, message: Mapping[str, Any]) -> Trouble:
    """Why a call gave no value, from the error that it raised."""
    kind, text = str(message.get("type")), str(message.get("text"))
    line = message.get("line") if isinstance(message.get("line"), int) else None
    if kind in {"SystemExit", "KeyboardInterrupt"}:
        return at_line(file, "exit", f"ends the program ({kind})", line)
    if message.get("memory"):
        return at_line(file, "memory", "asks for far too much memory", line)
    return at_line(file, "error", f"raises {_error(kind, text)}", line)


def _error(kind: str, text: str) -> str:
    first = text.strip().splitlines()[0] if text.strip() else ""
    return f"{kind}: {first}" if first else kind
