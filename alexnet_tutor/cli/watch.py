"""``tutor watch [N]``: tests an exercise each time it is saved."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alexnet_tutor.cli import check, options, output
from alexnet_tutor.errors import TutorError

if TYPE_CHECKING:
    from alexnet_tutor.course.exercise import Lesson
    from alexnet_tutor.course.workspace import Workspace


def watch(
    number: Annotated[
        int | None, typer.Argument(metavar="N", help="Number of a lesson. Unset: all.")
    ] = None,
    folder: options.Course = None,
    plain: options.Plain = False,
) -> None:
    """Test your code each time you save it."""
    from alexnet_tutor.course import lessons, workspace  # noqa: PLC0415
    from alexnet_tutor.course.watching import Watch  # noqa: PLC0415

    course = workspace.find((folder or Path()).resolve())
    chosen = lessons.all_lessons() if number is None else [lessons.lesson(number)]
    watch = Watch(course, chosen)
    output.note(f"Watching {course.root / 'lessons'}: save an exercise. Ctrl-C ends.")
    try:
        if number is not None:
            _check(course, chosen[0], plain)
        for found in watch.saved():
            for lesson in found:
                output.note(f"\n{datetime.now():%H:%M:%S}, lesson {lesson.number} was saved.")
                _check(course, lesson, plain)
    except KeyboardInterrupt:
        output.note("")  # ends the line that shows ^C


def _check(course: Workspace, lesson: Lesson, plain: bool) -> None:
    """A file that is gone for a moment, as some editors save, is told; the watch goes on."""
    try:
        check.show([check.checked(course, lesson)], plain)
    except TutorError as error:
        output.fail(error)
