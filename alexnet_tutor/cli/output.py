"""The only place that prints."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
        screen.print(renderable)


def show_json(value: Any) -> None:
    """Print one JSON value and nothing else."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=not _is_unicode()) + "\n")


def note(text: str) -> None:
    """Say something about the command itself, on standard error: never mixed into results."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201  the one place that may


def line(text: str) -> None:
    """Print one plain line at once: progress where there is no terminal."""
    print(text, flush=True)  # noqa: T201


def fail(error: TutorError) -> None:
    """Tell an error: what was wrong and what to do, on one line of standard error."""
    if os.environ.get("TUTOR_DEBUG"):
        traceback.print_exception(error)
    note(f"Error: {' '.join(str(error).split())}")


def stderr_is_terminal() -> bool:
    """Whether a person sees progress as it is made."""
    return sys.stderr.isatty()


@contextmanager
def waiting(unit: str, *, quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error for a wait of more than a second: call it with (what, done, total).

    Silent with ``quiet`` and where no one watches.
    """
    hidden = quiet or not stderr_is_terminal()
    with tqdm(unit=unit, unit_scale=True, leave=False, disable=hidden, delay=1.0) as bar:

        def report(what: str, done: int, total: int) -> None:
            if hidden:
                return
            if bar.desc != f"{what}: ":
                bar.reset(total)
                bar.set_description(what, refresh=False)
            bar.total = total
            bar.update(done - bar.n)

        yield report


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().startswith("utf")
