"""``tutor check [N]``: tests the learner's code, in a process apart."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from alexnet_tutor.cli import options, output
from alexnet_tutor.errors import ExitCode
from alexnet_tutor.records import LessonRecord


def check(
    number: Annotated[
        int | None, typer.Argument(metavar="N", help="Number of a lesson. Unset: all.")
    ] = None,
    folder: options.Course = None,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Other inputs.")] = 0,
    plain: Annotated[
        bool, typer.Option("--plain", help="Sentences instead of grids and marks.")
    ] = False,
    as_json: options.AsJson = False,
) -> None:
    """Test your code and name what is wrong with it."""
    from alexnet_tutor.course import lessons, testing, workspace  # noqa: PLC0415
    from alexnet_tutor.course.check import check_lesson  # noqa: PLC0415

    course = workspace.find((folder or Path()).resolve())
    chosen = lessons.all_lessons() if number is None else [lessons.lesson(number)]
    records: list[LessonRecord] = []
    with output.waiting(quiet=as_json) as progress:
        for done, lesson in enumerate(chosen):
            progress("checking", done, len(chosen))
            stub = workspace.stub(lesson)
            records.append(check_lesson(lesson, course.exercise(lesson), stub, seed=seed))
            testing.remember(records[-1])
    if as_json:
        told = [record.to_json() for record in records]
        output.show_json(told if number is None else told[0])
    else:
        _show(records, plain)
    if any(record.outcome == "wrong" for record in records):
        raise typer.Exit(ExitCode.FAILED)


def _show(records: list[LessonRecord], plain: bool) -> None:
    from alexnet_tutor.show.terminal.check import CheckView  # noqa: PLC0415

    for record in records:
        output.show(CheckView(record, _next(record), plain))


def _next(record: LessonRecord) -> str:
    if record.outcome == "wrong":
        return f"tutor hint {record.number}"
    return f"tutor {'solution' if record.outcome == 'done' else 'lesson'} {record.number}"
