"""``tutor release DIR``: a class's copy of the course."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from alexnet_tutor.cli import options, output
from alexnet_tutor.errors import ExitCode


def release(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    lessons: options.Lessons = None,
) -> None:
    """For teachers: make a class's copy, and prove that it is all to do."""
    from alexnet_tutor.course import release as releasing  # noqa: PLC0415
    from alexnet_tutor.show.terminal.grade import ReleaseView  # noqa: PLC0415

    chosen = releasing.chosen(options.lesson_numbers(lessons, "--lessons"))
    with output.writing(folder, "DIR"):
        made = releasing.release(folder, chosen)
    rows = []
    with output.waiting() as progress:
        for done, lesson in enumerate(chosen):
            progress("checking", done, len(chosen))
            rows.append(releasing.prove(made, lesson))
    numbers = ["--lessons", ",".join(str(row.number) for row in rows)] if lessons else []
    command = ["tutor", "grade", "submissions", *numbers, "--out", "grades"]
    output.show(ReleaseView(str(folder), rows, shlex.join(command)))
    if any(row.todo < row.exercises for row in rows):
        raise typer.Exit(ExitCode.FAILED)
