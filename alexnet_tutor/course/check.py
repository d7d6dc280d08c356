"""Checks a learner's file: which functions are still to do, which are right, which are wrong and why."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

from alexnet_tutor.course import troubles
from alexnet_tutor.course.apart import Child, ask
from alexnet_tutor.course.calls import Answers, Limits
from alexnet_tutor.course.elsewhere import tried_elsewhere
from alexnet_tutor.course.exercise import Exercise, Lesson
from alexnet_tutor.course.judge import judge
from alexnet_tutor.course.probes import Probes
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import ExerciseRecord, LessonRecord, Trouble

MOST_BYTES = 200_000  # of an exercise


def check_lesson(
    lesson: Lesson, file: Path, stub: Path, *, seed: int = 0, limits: Limits | None = None
) -> LessonRecord:
    """Check every function of a lesson.

    Args:
        lesson: whose exercises.
        file: the learner's exercise.py.
        stub: the exercise.py that the learner began with.
        seed: of the inputs.
        limits: seconds and bytes for the learner's code.

    Raises:
        TutorError: there is no such file.
    """
    names = [exercise.name for exercise in lesson.exercises]
    source = _source(file)
    if isinstance(source, Trouble):
        records = [ExerciseRecord(name, "wrong", source) for name in names]
        return LessonRecord(lesson.number, lesson.title, str(file), tuple(records))
    left = untouched(source, stub.read_text(encoding="utf-8"), names)
    begun = [exercise for exercise in lesson.exercises if exercise.name not in left]
    checked = _checked(begun, file, lesson.without, seed, limits)
    todo = {name: ExerciseRecord(name, "todo") for name in left}
    records = [{**todo, **checked}[name] for name in names]
    return LessonRecord(lesson.number, lesson.title, str(file), tuple(records))


def _checked(
    exercises: Sequence[Exercise],
    file: Path,
    without: Sequence[str],
    seed: int,
    limits: Limits | None,
) -> dict[str, ExerciseRecord]:
    if not exercises:
        return {}
    probes = {exercise.name: probes_of(exercise, seed) for exercise in exercises}
    calls = [call for one in probes.values() for call in one.calls()]
    judged: dict[str, ExerciseRecord] = {}

    def more(child: Child, answers: dict[str, Answers]) -> None:
        for name, one in probes.items():
            record = judge(one, answers[name], file)
            if record.outcome == "done" and child.alive:
                record = tried_elsewhere(one.exercise, record, child, file, seed)
            judged[name] = record

    answers: dict[str, Answers] = ask(file, calls, limits, without, more)
    for name, one in probes.items():  # what the code printed is whole once its process has ended
        record = judged.get(name) or judge(one, answers[name], file)
        judged[name] = replace(record, printed=answers[name].printed)
    return judged


@cache
def probes_of(exercise: Exercise, seed: int) -> Probes:
    """The probes of an exercise; made once, for they are compared with many answers."""
    return Probes(exercise, seed)


def untouched(source: str, stub: str, names: Sequence[str]) -> set[str]:
    """The functions whose code is still the stub's; comments and docstrings do not count.

    A text that is not Python has none.
    """
    now, before = _bodies(source), _bodies(stub)
    return {name for name in names if name in before and now.get(name) == before[name]}


def _bodies(source: str) -> dict[str, str]:
    found = {}
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            found[node.name] = ""  # no stub nests so deep that it cannot be written out
            with suppress(RecursionError):
                found[node.name] = ast.dump(ast.Module(body=body, type_ignores=[]))
    return found


def _source(file: Path) -> str | Trouble:
    """The text of a file that is Python, or why there is none."""
    try:
        if file.stat().st_size > MOST_BYTES:
            return Trouble("unreadable", "is far too long for an exercise")
        source = file.read_text(encoding="utf-8")
        ast.parse(source)
    except FileNotFoundError:
        raise TutorError(
            f"There is no {file}.", "Run tutor reset with the lesson's number."
        ) from None
    except UnicodeDecodeError:
        return Trouble("unreadable", "is no text in UTF-8")
    except OSError as error:
        return Trouble("unreadable", f"cannot be read: {error.strerror}")
    except SyntaxError as error:
        return troubles.at_line(file, "syntax", f"is not Python: {error.msg}", error.lineno)
    except (ValueError, RecursionError, MemoryError) as error:
        return Trouble("syntax", f"is not Python: {error}")
    return source
