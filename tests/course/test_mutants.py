"""A solution with one small change is no solution: how many of the changes the exercises notice."""

from __future__ import annotations

import signal

import pytest
from course.mutation import caught, mutants

from alexnet_tutor.course import workspace
from alexnet_tutor.course.exercise import Lesson
from alexnet_tutor.course.lessons import all_lessons

LESSONS = {lesson.folder: lesson for lesson in all_lessons()}
LEAST = 0.98

# The changes that nobody can notice, and why.
SURVIVORS: dict[str, dict[str, str]] = {}


def test_a_change_is_made_wherever_one_can_be() -> None:
    source = (
        'def f(a, n=3):\n    """Text 1."""\n    return max(a[n:-1], a * 2) if n < 4 else a + 1\n'
    )
    changes = {mutant.change.partition("→ return ")[2] for mutant in mutants(source)}
    assert changes == {
        "min(a[n:-1], a * 2) if n < 4 else a + 1",
        "max(a[n + 1:-1], a * 2) if n < 4 else a + 1",
        "max(a[n:-1 + 1], a * 2) if n < 4 else a + 1",
        "max(a[n:+1], a * 2) if n < 4 else a + 1",
        "max(a[n:-2], a * 2) if n < 4 else a + 1",
        "max(a[n:-0], a * 2) if n < 4 else a + 1",
        "max(a[n:-1], a / 2) if n < 4 else a + 1",
        "max(a[n:-1], a * 3) if n < 4 else a + 1",
        "max(a[n:-1], a * 1) if n < 4 else a + 1",
        "max(a[n:-1], a * 2) if n <= 4 else a + 1",
        "max(a[n:-1], a * 2) if n < 5 else a + 1",
        "max(a[n:-1], a * 2) if n < 3 else a + 1",
        "max(a[n:-1], a * 2) if n < 4 else a - 1",
        "max(a[n:-1], a * 2) if n < 4 else a + 2",
        "max(a[n:-1], a * 2) if n < 4 else a + 0",
        "a + 1 if n < 4 else max(a[n:-1], a * 2)",
    }


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs an alarm to end endless loops")
@pytest.mark.parametrize("which", [workspace.solution, workspace.alternative])
@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)
def test_changes_are_noticed(lesson: Lesson, which) -> None:
    """All but those listed above, and all but one in fifty at most."""
    source = which(lesson).read_text(encoding="utf-8")
    made = list(mutants(source))
    left = {mutant.change for mutant in made if not caught(lesson, mutant)}
    known = SURVIVORS.get(f"{lesson.folder}/{which.__name__}", {})
    assert left == set(known)
    assert 1 - len(left) / len(made) >= LEAST, f"{len(left)} of {len(made)}"
