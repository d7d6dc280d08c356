"""``tutor progress``: a row per lesson."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_tutor.cli import options, output
from alexnet_tutor.errors import TutorError

if TYPE_CHECKING:
    from alexnet_tutor.course.exercise import Lesson
    from alexnet_tutor.records import LessonProgress


def show(folder: Path | None) -> None:
    """Print how far each lesson of the course here is, and what to do now."""
    from alexnet_tutor.course import lessons  # noqa: PLC0415
    from alexnet_tutor.show.terminal.course import ProgressView  # noqa: PLC0415

    found = rows(here(folder))
    others = len(lessons.numbers()) - len(found)
    output.show(ProgressView(found, next_command(found), others))


def here(folder: Path | None) -> list[Lesson]:
    """The lessons of the course in ``folder``; all of the kit's where there is none and none is named.

    Raises:
        TutorError: ``folder`` is named and lies in no course.
    """
    from alexnet_tutor.course import lessons, workspace  # noqa: PLC0415

    try:
        course = workspace.find((folder or Path()).resolve())
    except TutorError:
        if folder is not None:
            raise
        return lessons.all_lessons()
    return course.held() or lessons.all_lessons()


def rows(chosen: Sequence[Lesson]) -> list[LessonProgress]:
    """How far each of these lessons is."""
    from alexnet_tutor.course import progress, reading, workspace  # noqa: PLC0415
    from alexnet_tutor.records import LessonProgress  # noqa: PLC0415

    kept, found = progress.load(), []
    for lesson in chosen:
        page = reading.read_lesson(workspace.page(lesson))
        standings = [kept.standing(lesson.number, one.name) for one in lesson.exercises]
        answers = [kept.answers.get(f"{lesson.number}/{one.id}") for one in page.questions]
        found.append(
            LessonProgress(
                lesson.number, lesson.title, page.minutes,
                tuple("done" if one.solved else one.outcome for one in standings),
                sum(one.hints for one in standings), len(answers), sum(map(bool, answers)),
            )
        )  # fmt: skip
    return found


def next_command(found: list[LessonProgress]) -> str:
    """What to do now: the first lesson that is not done."""
    left = [row for row in found if set(row.outcomes) != {"done"}]
    if not left:
        return "tutor train --run checkpoints/first"
    begun = bool(set(left[0].outcomes) - {"todo"})
    return f"tutor {'check' if begun else 'lesson'} {left[0].number}"


def progress(folder: options.Course = None, as_json: options.AsJson = False) -> None:
    """How far you are."""
    if as_json:
        output.show_json([asdict(row) for row in rows(here(folder))])
        return
    show(folder)
