"""``tutor start [DIR]``: a course folder of one's own."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from alexnet_tutor.cli import output


def start(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")] = Path(
        "alexnet-course"
    ),
) -> None:
    """Make a course folder: lessons to read, exercises to write."""
    from alexnet_tutor.course import lessons, workspace  # noqa: PLC0415
    from alexnet_tutor.show.terminal.course import SayingView  # noqa: PLC0415

    with output.writing(folder, "DIR"):
        workspace.create(folder)
    count = len(lessons.numbers())
    said = f"{folder} has {count} lessons. README.md there says how to go about them."
    first = next(iter(lessons.numbers()))
    output.show(SayingView(said, f"tutor lesson {first} --dir {shlex.quote(str(folder))}"))
