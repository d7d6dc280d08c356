"""A learner's folder of the course: made, found, and put back to its beginning."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alexnet_tutor import machine, resources
from alexnet_tutor.course import lessons
from alexnet_tutor.course.exercise import Lesson
from alexnet_tutor.errors import TutorError

_INI = """[pytest]
testpaths = lessons
addopts = --import-mode=importlib -p alexnet_tutor.course.plugin
"""
_EXAMPLE = 4  # the lesson that the README speaks of, where it is there
_README = """# AlexNet, layer by layer

Here: lesson {here}.

`tutor lesson` says where you are and what is next. For each lesson:

1. `tutor lesson {number}` reads the lesson to you; the text is `lessons/{folder}/lesson.md`.
2. You write the functions in `lessons/{folder}/exercise.py`.
3. `tutor check {number}` (or `pytest lessons/{folder}`) tests them and names the mistake where it is a known one. `tutor watch {number}` does so each time you save.
4. `tutor hint {number}` gives the next hint, `tutor solution {number}` the solution once you have one.

`pytest` tests everything, `tutor progress` shows how far you are, `tutor reset {number}` begins a lesson again.
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder that holds ``lessons/04-lrn/exercise.py`` and its like."""

    root: Path

    def folder(self, lesson: Lesson) -> Path:
        """Where a lesson lies."""
        return self.root / "lessons" / lesson.folder

    def exercise(self, lesson: Lesson) -> Path:
        """The learner's file."""
        return self.folder(lesson) / "exercise.py"

    def held(self) -> list[Lesson]:
        """The lessons that lie in it: a class's copy has not all."""
        return [lesson for lesson in lessons.all_lessons() if self.folder(lesson).is_dir()]

    def reset(self, lesson: Lesson) -> Path | None:
        """Put the stub back; the backup of what stood there, or ``None`` where nothing did."""
        file, backup = self.exercise(lesson), None
        if file.exists():
            taken = {path.name for path in file.parent.glob("exercise.py.*")}
            number = next(n for n in range(1, len(taken) + 2) if f"exercise.py.{n}" not in taken)
            backup = file.with_name(f"exercise.py.{number}")
            file.replace(backup)
        machine.write_atomically(file, lambda path: _copy(stub(lesson), path))
        return backup


def page(lesson: Lesson) -> Path:
    """The lesson.md that the kit brings."""
    return resources.lessons() / lesson.folder / "lesson.md"


def stub(lesson: Lesson) -> Path:
    """The exercise.py that a learner begins with."""
    return _package(lesson) / "stub.py"


def solution(lesson: Lesson) -> Path:
    """The lesson's solution; its head explains it."""
    return _package(lesson) / "solution.py"


def alternative(lesson: Lesson) -> Path:
    """A second solution, written differently."""
    return _package(lesson) / "alternative.py"


def _package(lesson: Lesson) -> Path:
    return Path(lessons.__file__).parent / lessons.numbers()[lesson.number]


def find(start: Path) -> Workspace:
    """The course that ``start`` lies in, else the checkout's own.

    Raises:
        TutorError: there is none.
    """
    for folder in (start, *start.parents):
        if any(folder.glob("lessons/[0-9][0-9]-*/exercise.py")):
            return Workspace(folder)
    checkout = resources.checkout()
    if checkout is not None:
        return Workspace(checkout)
    raise TutorError(
        "There is no course here.", "Run tutor start, and go into the folder it makes."
    )


def create(root: Path, chosen: Sequence[Lesson] | None = None) -> Workspace:
    """Make a course folder, of all lessons or of those chosen.

    Raises:
        TutorError: something is there already.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise TutorError(f"{root} is not empty.", "Name a new folder for DIR.")
    made = Workspace(root)
    chosen = lessons.all_lessons() if chosen is None else chosen
    for lesson in chosen:
        folder = made.folder(lesson)
        folder.mkdir(parents=True)
        for name in ("lesson.md", "test_exercise.py"):
            _copy(page(lesson).with_name(name), folder / name)
        _copy(stub(lesson), folder / "exercise.py")
    _copy(resources.sample(), root / "sample.png")
    (root / "pytest.ini").write_text(_INI, encoding="utf-8")
    example = next((one for one in chosen if one.number == _EXAMPLE), chosen[0])
    here = ", ".join(f"{one.number} {one.title}" for one in chosen)
    readme = _README.format(here=here, number=example.number, folder=example.folder)
    (root / "README.md").write_text(readme, encoding="utf-8")
    return made


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)  # not its mode: an installed file may be read-only
