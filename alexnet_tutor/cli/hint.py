"""``tutor hint N``: the next rung of a ladder, fitted to the mistake of the last check."""

from __future__ import annotations

from typing import Annotated

import typer

from alexnet_tutor.cli import options, output
from alexnet_tutor.errors import TutorError


def hint(
    number: options.Lesson,
    exercise: Annotated[
        str | None,
        typer.Argument(metavar="FUNCTION", help="Unset: the first that is not done."),
    ] = None,
) -> None:
    """The next hint, fitted to the mistake of your last check."""
    from alexnet_tutor.course import lessons, progress  # noqa: PLC0415
    from alexnet_tutor.show.terminal.course import SayingView  # noqa: PLC0415

    lesson, kept = lessons.lesson(number), progress.load()
    names = [one.name for one in lesson.exercises]
    if exercise is not None and exercise not in names:
        raise TutorError(f"Lesson {number} has no {exercise!r}.", f"It has {', '.join(names)}.")
    left = [name for name in names if kept.standing(number, name).outcome != "done"]
    chosen = exercise or (left or names)[0]
    text, rung, rungs = kept.hint(number, lesson.exercise(chosen))
    kept.save()
    mistakes = kept.standing(number, chosen).mistakes
    fitted = f", for {' and '.join(mistakes)}" if mistakes else ""
    said = f"{chosen}, hint {rung} of {rungs}{fitted}: {text}"
    spoil = "" if kept.solved(lesson) else " --spoil"
    last = rung == rungs
    output.show(
        SayingView(said, f"tutor solution {number}{spoil}" if last else f"tutor check {number}")
    )
