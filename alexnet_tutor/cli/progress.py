"""``tutor progress``: a row per lesson."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from alexnet_tutor.cli import options, output

if TYPE_CHECKING:
    from alexnet_tutor.records import LessonProgress


def rows() -> list[LessonProgress]:
    """How far each lesson is."""
    from alexnet_tutor.course import lessons, progress, reading, workspace  # noqa: PLC0415
    from alexnet_tutor.records import LessonProgress  # noqa: PLC0415

    kept, found = progress.load(), []
    for lesson in lessons.all_lessons():
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


def progress(as_json: options.AsJson = False) -> None:
    """How far you are."""
    found = rows()
    if as_json:
        output.show_json([asdict(row) for row in found])
        return
    from alexnet_tutor.show.terminal.course import ProgressView  # noqa: PLC0415

    output.show(ProgressView(found, next_command(found)))
