"""``--mine 4,5``: the lessons whose functions, the learner's own, compute their layers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_tutor.cli import options

if TYPE_CHECKING:
    from alexnet_tutor.training.stand_ins import StandIns


def for_training(
    mine: str | None, folder: Path | None, resumed: Path | None, report: Callable[..., None]
) -> StandIns:
    """What ``tutor train`` puts into its network; nothing of the course is loaded where that is nothing.

    Args:
        mine: the lessons asked for; a resumed run brings its own.
        folder: the course; by default where the run found it, else around where one is.
        resumed: the run to go on with.
        report: told how far the checks have come.

    Raises:
        TutorError: ``mine`` is no list of lessons, there is no such run, or no course.
    """
    from alexnet_tutor.training.run import read_run  # noqa: PLC0415
    from alexnet_tutor.training.stand_ins import KITS, StandIns  # noqa: PLC0415

    lessons = tuple(sorted(set(options.lesson_numbers(mine, "--mine"))))
    recorded = read_run(resumed) if resumed else None
    if recorded and mine is None:
        lessons = recorded.lessons
    if not lessons:
        return KITS
    from alexnet_tutor.course import inside, workspace  # noqa: PLC0415
    from alexnet_tutor.course.workspace import Workspace  # noqa: PLC0415

    if recorded and recorded.course and not folder:
        course = Workspace(recorded.course)
    else:
        course = workspace.find((folder or Path()).resolve())
    return StandIns(lessons, course.root, partial(inside.proved, lessons, course, report))
