"""``tutor grade SUBMISSIONS``: a class's exercises, checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alexnet_tutor.cli import options, output
from alexnet_tutor.errors import ExitCode, TutorError

if TYPE_CHECKING:
    from alexnet_tutor.records import GradesRecord


def grade(
    submissions: Annotated[
        Path, typer.Argument(metavar="SUBMISSIONS", help="A folder with a folder per student.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the grades go.")],
    lessons: options.Lessons = None,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Other inputs.")] = 0,
    as_json: options.AsJson = False,
) -> None:
    """For teachers: grade what a class handed in, each exercise apart."""
    from alexnet_tutor.course import grade_files, release  # noqa: PLC0415
    from alexnet_tutor.course.grading import grade_class  # noqa: PLC0415
    from alexnet_tutor.course.submissions import collect  # noqa: PLC0415

    chosen = release.chosen(options.lesson_numbers(lessons, "--lessons"))
    if out.resolve().is_relative_to(submissions.resolve()):
        raise TutorError(f"{out} lies among the submissions.", "Choose another --out.")
    students, left_out = collect(submissions)
    with output.writing(out, "--out"):
        out.mkdir(parents=True, exist_ok=True)  # now, not after minutes of grading
    with output.waiting(quiet=as_json) as progress:
        found = grade_class(
            students, chosen, left_out=left_out, seed=seed,
            report=lambda *far: progress("grading", *far),
        )  # fmt: skip
    with output.writing(out, "--out"):
        grade_files.write(found, out)
        _draw(found, out / "misconceptions.png")
    if as_json:
        output.show_json(found.to_json())
    else:
        _show(found, out)
    if found.ungraded:
        raise typer.Exit(ExitCode.FAILED)


def _draw(found: GradesRecord, file: Path) -> None:
    from alexnet_tutor.show import class_plots, plots  # noqa: PLC0415

    plots.save(class_plots.misconceptions(found), file)


def _show(found: GradesRecord, out: Path) -> None:
    from alexnet_tutor.show.terminal.grade import GradesView  # noqa: PLC0415

    files = f"Written to {out}: grades.csv, grades.json, junit.xml, misconceptions.png."
    output.show(GradesView(found, files, f"tutor lesson {_hardest(found)}"))


def _hardest(found: GradesRecord) -> int:
    """The lesson of the commonest mistake, else the one with most points lost."""
    if found.misconceptions:
        return found.misconceptions[0].lesson
    lost = [
        sum(1 - grade.points for row in found.students for grade in row.grades if grade.lesson == n)
        for n, _ in found.lessons
    ]
    return found.lessons[lost.index(max(lost))][0]
