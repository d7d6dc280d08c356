"""``tutor check [N]``: tests the learner's code, in a process apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alexnet_tutor.cli import options, output
from alexnet_tutor.errors import ExitCode
from alexnet_tutor.records import LessonRecord

if TYPE_CHECKING:
    from alexnet_tutor.course.exercise import Lesson
    from alexnet_tutor.course.workspace import Workspace


def check(
    number: Annotated[
        int | None, typer.Argument(metavar="N", help="Number of a lesson. Unset: all.")
    ] = None,
    folder: options.Course = None,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Other inputs.")] = 0,
    plain: options.Plain = False,
    as_json: options.AsJson = False,
) -> None:
    """Test your code and name what is wrong with it."""
    from alexnet_tutor.course import lessons, workspace  # noqa: PLC0415

    course = workspace.find((folder or Path()).resolve())
    chosen = course.held() if number is None else [lessons.lesson(number)]
    records: list[LessonRecord] = []
    with output.waiting(quiet=as_json) as progress:
        for done, lesson in enumerate(chosen):
            progress("checking", done, len(chosen))
            records.append(checked(course, lesson, seed))
    if as_json:
        told = [record.to_json() for record in records]
        output.show_json(told if number is None else told[0])
    else:
        show(records if number else [one for one in records if one.begun], plain)
        if number is None:
            _show_rest([one for one in records if not one.begun])
    if any(record.outcome == "wrong" for record in records):
        raise typer.Exit(ExitCode.FAILED)


def checked(course: Workspace, lesson: Lesson, seed: int = 0) -> LessonRecord:
    """Check the learner's file of a lesson, and note in their progress what came of it."""
    from alexnet_tutor.course import testing, workspace  # noqa: PLC0415
    from alexnet_tutor.course.check import check_lesson  # noqa: PLC0415

    stub = workspace.stub(lesson)
    record = check_lesson(lesson, course.exercise(lesson), stub, seed=seed)
    testing.remember(record)
    return record


def show(records: list[LessonRecord], plain: bool) -> None:
    """Print each, with what to do next."""
    from alexnet_tutor.show.terminal.check import CheckView  # noqa: PLC0415

    for record in records:
        output.show(CheckView(record, _next(record), plain))


def _show_rest(untouched: list[LessonRecord]) -> None:
    """One line for all that no one has begun."""
    from alexnet_tutor.show.terminal.course import SayingView  # noqa: PLC0415

    if untouched:
        numbers = ", ".join(str(record.number) for record in untouched)
        said = f"Still to do: lesson{'s' * (len(untouched) > 1)} {numbers}."
        output.show(SayingView(said, f"tutor lesson {untouched[0].number}"))


def _next(record: LessonRecord) -> str:
    if record.outcome == "wrong":
        return f"tutor hint {record.number}"
    return f"tutor {'solution' if record.outcome == 'done' else 'lesson'} {record.number}"
