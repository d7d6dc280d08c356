"""Judges code in this process: for the project's own code, which needs no process apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alexnet_tutor.course import calling
from alexnet_tutor.course.calls import Answers
from alexnet_tutor.course.check import probes_of
from alexnet_tutor.course.exercise import Lesson
from alexnet_tutor.course.judge import judge
from alexnet_tutor.records import ExerciseRecord


def judged_here(lesson: Lesson, source: str, seed: int = 0) -> dict[str, ExerciseRecord]:
    """The verdict of every exercise of a lesson; an error in the code is an answer too."""
    file = Path("here.py")
    module: dict[str, Any] = {}
    exec(compile(source, str(file), "exec"), module)
    records = {}
    for exercise in lesson.exercises:
        probes = probes_of(exercise, seed)
        replies = [
            calling.answer(module[exercise.name], call.packed(), str(file))
            for call in probes.calls()
        ]
        records[exercise.name] = judge(probes, Answers(replies), file)
    return records
