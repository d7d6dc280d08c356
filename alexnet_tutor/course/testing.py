"""What a lesson's test_exercise.py calls: one test per function, all from one process apart."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alexnet_tutor.course import lessons, progress, workspace
from alexnet_tutor.course.check import check_lesson
from alexnet_tutor.course.outcomes import TodoError, WrongError
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import LessonRecord


def names(number: int) -> list[str]:
    """The functions of a lesson."""
    return [exercise.name for exercise in lessons.lesson(number).exercises]


def check(number: int, exercise: str, test_file: str) -> None:
    """Pass where the function is right.

    Raises:
        TodoError: it is still the stub.
        WrongError: it is wrong.
    """
    record = checked(number, Path(test_file).with_name("exercise.py"))
    found = next(one for one in record.exercises if one.name == exercise)
    if found.outcome == "todo":
        raise TodoError(f"{exercise} is still to do")
    if found.outcome == "wrong":
        raise WrongError(found, number)


def checked(number: int, file: Path) -> LessonRecord:
    """The check of a file, made once as long as the file stays as it is."""
    stamp = file.stat().st_mtime_ns if file.exists() else 0
    return _checked(number, file, stamp)


@cache
def _checked(number: int, file: Path, _stamp: int) -> LessonRecord:
    lesson = lessons.lesson(number)
    record = check_lesson(lesson, file, workspace.stub(lesson))
    if record.outcome != "todo" or any(one.outcome == "done" for one in record.exercises):
        remember(record)
    return record


def remember(record: LessonRecord) -> None:
    """Note a check in the learner's progress; a home that cannot be written to is no reason to fail."""
    try:
        kept = progress.load()
        kept.note(record)
        kept.save()
    except (OSError, TutorError):
        pass
