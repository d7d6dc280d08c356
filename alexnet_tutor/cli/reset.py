"""``tutor reset N``: the exercise as it was at the beginning; the learner's file is kept beside it."""

from __future__ import annotations

from pathlib import Path

from alexnet_tutor.cli import options, output


def reset(number: options.Lesson, folder: options.Course = None) -> None:
    """Put an exercise back to its beginning. Yours is kept beside it."""
    from alexnet_tutor.course import lessons, workspace  # noqa: PLC0415
    from alexnet_tutor.show.terminal.course import SayingView  # noqa: PLC0415

    lesson, course = lessons.lesson(number), workspace.find((folder or Path()).resolve())
    file = course.exercise(lesson)
    with output.writing(file, "--dir"):
        backup = course.reset(lesson)
    kept = f" What stood there is in {backup.name}, beside it." if backup else ""
    output.show(
        SayingView(f"{file.name} of lesson {number} is as it was.{kept}", f"tutor lesson {number}")
    )
