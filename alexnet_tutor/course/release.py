"""A class's copy of the course: what a student gets, and the proof that nothing in it is done yet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from alexnet_tutor import __version__
from alexnet_tutor.course import lessons, workspace
from alexnet_tutor.course.check import check_lesson
from alexnet_tutor.course.exercise import Lesson
from alexnet_tutor.course.workspace import Workspace
from alexnet_tutor.records import ReleasedLesson

WORKFLOW = Path(".github/workflows/classroom.yml")

# GitHub Classroom reads a student's points from a notice with this title, which is how its own
# reporter tells them (classroom-resources/autograding-grading-reporter, src/notify-classroom.js).
_REPORT = (
    "import json, sys; g = json.load(open('grades/grades.json')); "
    "print('::notice title=Autograding report::' + "
    "json.dumps(dict(totalPoints=g['points'], maxPoints=g['of']))); "
    "sys.exit(g['points'] < g['of'])"
)
_YAML = """name: Autograding Tests
on: [push, repository_dispatch]
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@v4
        with:
          path: submissions/student
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      # The version stands here, not in a file of the student's.
      - run: python -m pip install alexnet-tutor=={version}
      # Into a file: a line of output that begins with :: is a command to GitHub.
      - run: tutor grade submissions --lessons {numbers} --out grades > screen.txt
      - run: cat grades/grades.csv
      - run: python -c "{report}"
"""


def release(root: Path, chosen: Sequence[Lesson]) -> Workspace:
    """Write a course folder for a class, with what GitHub Classroom and pip want beside it.

    Raises:
        TutorError: something is there already.
    """
    made = workspace.create(root, chosen)
    (root / "requirements.txt").write_text(f"alexnet-tutor=={__version__}\n", encoding="utf-8")
    file = root / WORKFLOW
    file.parent.mkdir(parents=True)
    file.write_text(workflow([lesson.number for lesson in chosen]), encoding="utf-8")
    return made


def workflow(numbers: Sequence[int]) -> str:
    """The text of a workflow that grades these lessons at each push."""
    listed = ",".join(map(str, numbers))
    return _YAML.format(version=__version__, numbers=listed, report=_REPORT)


def chosen(numbers: Sequence[int]) -> list[Lesson]:
    """The lessons of these numbers in their order; all where there is no number.

    Raises:
        TutorError: there is no lesson of a number.
    """
    return [lessons.lesson(number) for number in sorted(set(numbers or lessons.numbers()))]


def prove(course: Workspace, lesson: Lesson) -> ReleasedLesson:
    """Check the very file that a student gets.

    To do is an exercise that stands as the kit's stub and that, run as if it did not, is not done:
    a solution left in the stub would be found.
    """
    file, nothing = course.exercise(lesson), Path(os.devnull)
    told = check_lesson(lesson, file, workspace.stub(lesson)).exercises
    ran = check_lesson(lesson, file, nothing).exercises
    todo = [
        one.outcome == "todo" and other.outcome != "done"
        for one, other in zip(told, ran, strict=True)
    ]
    return ReleasedLesson(lesson.number, lesson.title, len(todo), sum(todo))
