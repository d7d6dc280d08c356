"""Grades a class: every exercise of every student by the kit's own checks, each in a process apart.

Of what a student hands in only the bytes of exercise.py are used, copied to a folder of their own.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from alexnet_tutor import __version__
from alexnet_tutor.course import workspace
from alexnet_tutor.course.calls import Limits
from alexnet_tutor.course.check import check_lesson
from alexnet_tutor.course.exercise import Lesson
from alexnet_tutor.course.submissions import Submission, printable
from alexnet_tutor.records import (
    ExerciseRecord,
    GradeRecord,
    GradesRecord,
    StudentRecord,
    Trouble,
    Verdict,
)

# What an honest wrong answer looks like; any other trouble is worth a teacher's look.
_USUAL = {"error", "missing", "nothing", "type", "dtype", "changed", "shape", "value", "gradient"}
_LONGEST = 300  # characters of what a student's code makes the report say
Report = Callable[[int, int], None]  # (lessons checked, of all students' together)


def grade_class(
    submissions: Sequence[Submission],
    chosen: Sequence[Lesson],
    *,
    left_out: Sequence[str] = (),
    seed: int = 0,
    limits: Limits | None = None,
    report: Report | None = None,
) -> GradesRecord:
    """Grade every student. Nothing that one of them handed in stops it.

    Args:
        submissions: of each student.
        chosen: the lessons to grade.
        left_out: what else lay among the submissions, for the record.
        seed: of the inputs.
        limits: seconds and bytes for a student's code.
        report: told how far it is.
    """
    students = []
    for number, submission in enumerate(submissions):
        grades: list[GradeRecord] = []
        for place, lesson in enumerate(chosen):
            if report is not None:
                report(number * len(chosen) + place, len(submissions) * len(chosen))
            grades += _graded(submission, lesson, seed, limits)
        unusual = (*submission.remarks, *_unusual(submission, grades))
        students.append(StudentRecord(submission.name, tuple(grades), unusual))
    titles = tuple((lesson.number, lesson.title) for lesson in chosen)
    return GradesRecord(tuple(students), titles, __version__, seed, tuple(left_out))


def _graded(
    submission: Submission, lesson: Lesson, seed: int, limits: Limits | None
) -> list[GradeRecord]:
    handed_in = submission.read(lesson)
    if isinstance(handed_in, Trouble):
        outcome: Verdict = "todo" if handed_in.name == "absent" else "wrong"
        return _all(lesson, outcome, handed_in)
    with tempfile.TemporaryDirectory(prefix="tutor-grade-", ignore_cleanup_errors=True) as name:
        file = Path(name).resolve() / "exercise.py"
        file.write_bytes(handed_in)
        try:
            found = check_lesson(lesson, file, workspace.stub(lesson), seed=seed, limits=limits)
        except Exception as error:  # the kit's fault or a clever submission's: told, no verdict
            said = f"could not be checked: {type(error).__name__}: {error}"
            return _all(lesson, "ungraded", _told(Trouble("checker", said), file))
    return [_grade(lesson, record, file) for record in found.exercises]


def _all(lesson: Lesson, outcome: Verdict, trouble: Trouble) -> list[GradeRecord]:
    return [GradeRecord(lesson.number, one.name, outcome, trouble) for one in lesson.exercises]


def _grade(lesson: Lesson, record: ExerciseRecord, file: Path) -> GradeRecord:
    trouble = record.trouble and _told(record.trouble, file)
    known = record.diagnosis
    ids, sentences = (known.ids, known.said) if known else ((), ())
    return GradeRecord(lesson.number, record.name, record.outcome, trouble, ids, sentences)


def _told(trouble: Trouble, file: Path) -> Trouble:
    """Without the name of the passing folder, short, on one line."""
    said = trouble.said.replace(f"{file.parent}{os.sep}", "")
    source = printable(trouble.source)[:_LONGEST]
    return replace(trouble, said=printable(said)[:_LONGEST], source=source)


def _unusual(submission: Submission, grades: Sequence[GradeRecord]) -> Iterator[str]:
    """A sentence for what befell several exercises of a lesson alike."""
    told = [one for one in grades if one.trouble is not None and one.trouble.name not in _USUAL]
    for (lesson, trouble), alike in groupby(told, key=lambda one: (one.lesson, one.trouble)):
        assert trouble is not None
        if submission.course is None:
            continue  # told once, of the folder
        names = [one.exercise for one in alike]
        whole = len(names) == sum(one.lesson == lesson for one in grades)
        what = "exercise.py" if whole else ", ".join(names)
        place = f" (line {trouble.line}: {trouble.source})" if trouble.line else ""
        yield f"lesson {lesson}: {what} {trouble.said}{place}"
