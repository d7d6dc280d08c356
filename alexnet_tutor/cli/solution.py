"""``tutor solution N``: the solution with its explanation, once solved."""

from __future__ import annotations

from typing import Annotated

import typer

from alexnet_tutor.cli import options, output
from alexnet_tutor.errors import ExitCode, TutorError


def solution(
    number: options.Lesson,
    spoil: Annotated[
        bool, typer.Option("--spoil", help="Before you have one of your own.")
    ] = False,
    other: Annotated[
        bool, typer.Option("--other", help="A second one, written differently.")
    ] = False,
) -> None:
    """The solution with its explanation, once you have one."""
    from alexnet_tutor.course import lessons, progress, workspace  # noqa: PLC0415
    from alexnet_tutor.show.terminal.course import SolutionView  # noqa: PLC0415

    lesson = lessons.lesson(number)
    if not (spoil or progress.load().solved(lesson)):
        raise TutorError(
            f"Lesson {number} is not solved yet.",
            f"tutor hint {number} helps on; tutor solution {number} --spoil shows it all the same.",
            ExitCode.FAILED,
        )
    file = (workspace.alternative if other else workspace.solution)(lesson)
    again = "tutor progress" if other else f"tutor solution {number} --other{' --spoil' * spoil}"
    output.show(SolutionView(lesson.title, file.read_text(encoding="utf-8"), again))
