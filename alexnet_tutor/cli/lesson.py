"""``tutor lesson [N]``: reads a lesson; asks its questions where someone is there to answer."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alexnet_tutor.cli import models, options, output
from alexnet_tutor.cli.progress import show as show_progress
from alexnet_tutor.errors import TutorError

if TYPE_CHECKING:
    from alexnet_tutor.course.exercise import Lesson
    from alexnet_tutor.course.progress import Progress
    from alexnet_tutor.records import FigureRecord, LessonText, Question


def lesson(
    number: Annotated[
        int | None, typer.Argument(metavar="N", help="Number of a lesson. Unset: where you are.")
    ] = None,
    image: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own picture, for the figures.")
    ] = None,
    answers: Annotated[
        bool, typer.Option("--answers", help="Show the answers at once, ask nothing.")
    ] = False,
    folder: options.Course = None,
) -> None:
    """Read a lesson; without a number, where you are and what is next."""
    from alexnet_tutor.course import lessons, progress, reading, workspace  # noqa: PLC0415

    if number is None:
        show_progress(folder)
        return
    chosen = lessons.lesson(number)
    course = workspace.find((folder or Path()).resolve())
    page = reading.read_lesson(course.folder(chosen) / "lesson.md")
    figures = _figures(chosen, page, image)
    from alexnet_tutor.show.terminal.course import LessonView  # noqa: PLC0415

    asking = not answers and sys.stdin.isatty() and sys.stdout.isatty()
    if not asking:
        output.show(LessonView(number, page, figures, answers, f"tutor check {number}"))
        return
    kept = progress.load()
    _ask_again(kept, number)
    _read(number, page, figures, kept)


def prose_of(layer: str, width: int) -> str:
    """The text of the lesson about a layer, without questions and figures; where there is none, that."""
    from alexnet_tutor.course import lessons, reading, workspace  # noqa: PLC0415
    from alexnet_tutor.records import Prose, Run  # noqa: PLC0415
    from alexnet_tutor.show.terminal.course import LessonView  # noqa: PLC0415
    from alexnet_tutor.show.terminal.text import as_text  # noqa: PLC0415

    chosen = lessons.of_layer(layer)
    if chosen is None:
        return f"No lesson is about {layer}."
    page = reading.read_lesson(workspace.page(chosen))
    text = tuple(block for block in page.blocks if isinstance(block, Prose | Run))
    view = LessonView(
        chosen.number, replace(page, blocks=text), {}, True, f"tutor lesson {chosen.number}"
    )
    return as_text(view, width)


def _figures(chosen: Lesson, page: LessonText, image: Path | None) -> dict[str, FigureRecord]:
    """Each figure, computed now from the trace of the picture."""
    from alexnet_tutor import resources  # noqa: PLC0415
    from alexnet_tutor.images import load_image  # noqa: PLC0415
    from alexnet_tutor.records import FigurePlace, FigureRecord  # noqa: PLC0415
    from alexnet_tutor.tracing import trace  # noqa: PLC0415

    places = [block for block in page.blocks if isinstance(block, FigurePlace)]
    if not places:
        return {}
    network, facts = models.open_model(None, None, None)
    picture = load_image(image or resources.sample(), facts.preparation)
    record = trace(network, picture, facts)
    untrained = "" if facts.trained else " (Untrained weights: this copy of the kit has no others.)"
    return {
        place.name: FigureRecord(
            place.caption + untrained, tuple(chosen.figures[place.name](record))
        )
        for place in places
        if place.name in chosen.figures
    }


def _read(number: int, page: LessonText, figures: dict[str, FigureRecord], kept: Progress) -> None:
    """Block by block; a question waits for its answer."""
    from alexnet_tutor.records import Question  # noqa: PLC0415
    from alexnet_tutor.show.terminal.course import BlockView, SayingView  # noqa: PLC0415

    for block in page.blocks:
        output.show(BlockView(block, figures))
        if isinstance(block, Question):
            kept.answers[f"{number}/{block.id}"] = _answered(block)
            kept.save()
    output.show(SayingView("", f"tutor check {number}"))


def _answered(question: Question) -> bool:
    """Ask until one of the answers is chosen, then tell what it means."""
    from alexnet_tutor.show.terminal.course import RevealView  # noqa: PLC0415

    numbers = [str(n) for n in range(1, len(question.options) + 1)]
    while True:
        said = output.asked(f"Your answer ({', '.join(numbers)}): ")
        if said in numbers:
            break
    chosen = int(said) - 1
    output.show(RevealView(question, chosen))
    return question.options[chosen].correct


def _ask_again(kept: Progress, number: int) -> None:
    """One question of an earlier lesson that was answered wrongly the last time."""
    from alexnet_tutor.course import lessons, reading, workspace  # noqa: PLC0415
    from alexnet_tutor.show.terminal.course import BlockView, SayingView  # noqa: PLC0415

    for earlier in lessons.all_lessons():
        if earlier.number >= number:
            return
        try:
            page = reading.read_lesson(workspace.page(earlier))
        except TutorError:
            continue
        for question in page.questions:
            if kept.answers.get(f"{earlier.number}/{question.id}") is False:
                output.show(SayingView(f"First, once more from lesson {earlier.number}:"))
                output.show(BlockView(question, {}))
                kept.answers[f"{earlier.number}/{question.id}"] = _answered(question)
                kept.save()
                return
