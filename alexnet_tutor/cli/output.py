"""The only place that prints."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from tqdm import tqdm

from alexnet_tutor.errors import TutorError


def console() -> Console:
    """Standard output at its true width; plain text where it is no terminal or ``NO_COLOR`` is set."""
    return Console(highlight=False, markup=False, emoji=False)


def show(*renderables: RenderableType) -> None:
    """Print what a command found."""
    screen = console()
    for renderable in renderables:
        screen.print(renderable, crop=False)  # views fit the width; code may be wider


def show_json(value: Any) -> None:
    """Print one JSON value and nothing else. What is not a finite number has no JSON: null."""
    text = json.dumps(_finite(value), indent=2, ensure_ascii=not _is_unicode(), allow_nan=False)
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """Say something about the command itself, on standard error: never mixed into results."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201  the one place that may


def line(text: str) -> None:
    """Print one plain line at once: progress where there is no terminal."""
    print(text, flush=True)  # noqa: T201


def asked(prompt: str) -> str:
    """What a person types after ``prompt``.

    Raises:
        KeyboardInterrupt: they leave.
    """
    try:
        return input(prompt).strip()
    except (EOFError, KeyboardInterrupt):
        note("")  # ends the line that waits for an answer
        raise KeyboardInterrupt from None


def fail(error: TutorError) -> None:
    """Tell an error: what was wrong and what to do, on one line of standard error."""
    if os.environ.get("TUTOR_DEBUG"):
        traceback.print_exception(error)
    note(f"Error: {' '.join(str(error).split())}")


def stderr_is_terminal() -> bool:
    """Whether a person sees progress as it is made."""
    return sys.stderr.isatty()


@contextmanager
def waiting(*, quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error for a wait of more than a second: call it with (what, done, total).

    Silent with ``quiet`` and where no one watches.
    """
    hidden = quiet or not stderr_is_terminal()
    bars: dict[str, tqdm[Any]] = {}

    def report(what: str, done: int, total: int) -> None:
        if hidden:
            return
        if what not in bars:
            _close(bars)
            bars[what] = tqdm(desc=what, total=total, unit_scale=True, leave=False, delay=1.0)
        bars[what].update(done - bars[what].n)

    try:
        yield report
    finally:
        _close(bars)


def _close(bars: dict[str, tqdm[Any]]) -> None:
    for bar in bars.values():
        bar.close()
    bars.clear()


@contextmanager
def writing(path: Path, option: str) -> Iterator[None]:
    """Turn a disk that refuses to be written into one line that names the option to change."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise TutorError(
            f"{path} cannot be written: {reason}.", f"Choose another {option}."
        ) from error


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().startswith("utf")
