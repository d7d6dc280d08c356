"""What a class handed in: a folder per student, found and read without trust."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from alexnet_tutor.course import lessons
from alexnet_tutor.course.check import MOST_BYTES
from alexnet_tutor.course.exercise import Lesson
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import Trouble

_DEEPEST = 2  # levels between a student's folder and the course in it, as downloads make them
_MOST_FOLDERS = 2000  # that are looked into for one student
_NO_STUDENTS = {"__MACOSX"}  # what macOS adds to an archive


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's folder.

    Attributes:
        name: of the folder, every letter printable.
        course: where the course lies in it, or ``None``.
        remarks: what is odd about the folder.
    """

    name: str
    folder: Path
    course: Path | None
    remarks: tuple[str, ...] = ()

    def read(self, lesson: Lesson) -> bytes | Trouble:
        """The bytes of the student's exercise.py, or why there are none."""
        if self.course is None:
            return Trouble("absent", "is not there: no course was handed in")
        file = self.course / "lessons" / lesson.folder / "exercise.py"
        if _linked(self.folder, file):
            return Trouble("unreadable", "is a link to somewhere else")
        try:
            if not stat.S_ISREG(file.lstat().st_mode):
                return Trouble("unreadable", "is no ordinary file")
            with file.open("rb") as opened:
                return opened.read(MOST_BYTES + 1)  # one more, and the check says it is too long
        except (FileNotFoundError, NotADirectoryError):
            return Trouble("absent", "was not handed in")
        except OSError as error:
            return Trouble("unreadable", f"cannot be read: {error.strerror}")


def collect(folder: Path) -> tuple[list[Submission], list[str]]:
    """(the students in ``folder`` by name, other entries, which are left out).

    Raises:
        TutorError: it is no folder, a single course, or holds no folder.
    """
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
        alone = _is_course(folder)
    except OSError as error:
        raise TutorError(
            f"{folder} cannot be read: {error.strerror}.", "Name a folder with one per student."
        ) from error
    if alone:
        raise TutorError(
            f"{folder} is one course.", "Name the folder above it, which has one per student."
        )
    seen = [entry for entry in entries if not entry.name.startswith(".")]
    students = [entry for entry in seen if entry.is_dir() and entry.name not in _NO_STUDENTS]
    if not students:
        raise TutorError(
            f"{folder} has no student's folder in it.",
            "Unpack what was handed in, one per student.",
        )
    left_out = [printable(entry.name) for entry in seen if entry not in students]
    return [_submission(student) for student in students], left_out


def printable(text: str) -> str:
    """``text`` from outside on one line, what is no letter spelt out as in Python's source."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def _submission(student: Path) -> Submission:
    name = printable(student.name)
    try:
        found = _courses(student)
        packed = sorted(printable(entry.name) for entry in student.glob("*.zip"))
    except OSError as error:
        return Submission(name, student, None, (f"cannot be read: {error.strerror}",))
    if not found:
        what = f"{packed[0]} is not unpacked" if packed else "no lessons/NN-name/exercise.py"
        return Submission(name, student, None, (f"no course found: {what}",))
    remarks: tuple[str, ...] = ()
    if len(found) > 1:
        used = printable(found[0].relative_to(student).as_posix())
        remarks = (f"{len(found)} courses are in it; graded: {used}",)
    return Submission(name, student, found[0], remarks)


def _courses(student: Path) -> list[Path]:
    """The courses at the first level that has any."""
    level, looked = [student], 0
    for _ in range(_DEEPEST + 1):
        found = [folder for folder in level if _is_course(folder)]
        if found:
            return found
        level = [
            entry
            for folder in level
            for entry in sorted(folder.iterdir(), key=lambda path: path.name)
            if not entry.name.startswith(".") and not entry.is_symlink() and entry.is_dir()
        ]
        looked += len(level)
        if looked > _MOST_FOLDERS:
            return []
    return []


def _is_course(folder: Path) -> bool:
    """Whether any lesson's exercise lies here, a link or not."""
    places = (folder / "lessons" / lesson.folder for lesson in lessons.all_lessons())
    return any(_there(place / "exercise.py") for place in places)


def _there(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _linked(folder: Path, file: Path) -> bool:
    """Whether any step from a student's folder to the file is a link."""
    steps = [file, *file.parents]
    return any(step.is_symlink() for step in steps[: steps.index(folder)])
