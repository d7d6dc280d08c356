"""What releasing a course to a class, and grading what the class handed in, found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from alexnet_tutor.records.course import Trouble

Verdict = Literal["done", "wrong", "todo", "ungraded"]


@dataclass(frozen=True, slots=True)
class ReleasedLesson:
    """A lesson in a class's copy.

    Attributes:
        todo: how many of its exercises are still to do there.
    """

    number: int
    title: str
    exercises: int
    todo: int


@dataclass(frozen=True, slots=True)
class GradeRecord:
    """One exercise of one student.

    Attributes:
        outcome: ``ungraded`` where the kit's own check failed: no verdict on the student.
        trouble: what kind of wrong; for ``todo``, why there is nothing.
        mistakes: ids of the known mistakes that were recognised.
        said: a sentence for each of them.
    """

    lesson: int
    exercise: str
    outcome: Verdict
    trouble: Trouble | None = None
    mistakes: tuple[str, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """1 for an exercise that is done."""
        return int(self.outcome == "done")


@dataclass(frozen=True, slots=True)
class StudentRecord:
    """One student.

    Attributes:
        name: of the folder, every letter printable.
        unusual: what a teacher should look at: no course, a link, code that ends the program.
    """

    name: str
    grades: tuple[GradeRecord, ...]
    unusual: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """Exercises that are done."""
        return sum(grade.points for grade in self.grades)

    def count(self, outcome: Verdict) -> int:
        """Exercises with this outcome."""
        return sum(grade.outcome == outcome for grade in self.grades)


@dataclass(frozen=True, slots=True)
class Misconception:
    """A known mistake and the students who made it."""

    lesson: int
    exercise: str
    mistake: str
    said: str
    students: tuple[str, ...]

    @property
    def name(self) -> str:
        """``2 overhang: remainder``."""
        return f"{self.lesson} {self.exercise}: {self.mistake}"


@dataclass(frozen=True, slots=True)
class GradesRecord:
    """A class, graded.

    Attributes:
        lessons: number and title of each.
        version: of the kit whose checks were made.
        seed: of their inputs.
        left_out: entries among the submissions that are no student's folder.
    """

    students: tuple[StudentRecord, ...]
    lessons: tuple[tuple[int, str], ...]
    version: str
    seed: int
    left_out: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """Of all students."""
        return sum(student.points for student in self.students)

    @property
    def of(self) -> int:
        """The points there are, for all students."""
        return sum(len(student.grades) for student in self.students)

    @property
    def ungraded(self) -> int:
        """Exercises without a verdict."""
        return sum(student.count("ungraded") for student in self.students)

    @property
    def misconceptions(self) -> list[Misconception]:
        """The known mistakes, those of most students first."""
        found: dict[tuple[int, str, str], tuple[str, list[str]]] = {}
        for student, grade in self._pairs():
            for mistake, said in zip(grade.mistakes, grade.said, strict=True):
                key = (grade.lesson, grade.exercise, mistake)
                found.setdefault(key, (said, []))[1].append(student.name)
        made = [Misconception(*key, said, tuple(who)) for key, (said, who) in found.items()]
        return sorted(made, key=lambda one: (-len(one.students), one.lesson, one.name))

    def _pairs(self) -> Iterator[tuple[StudentRecord, GradeRecord]]:
        for student in self.students:
            for grade in student.grades:
                yield student, grade

    def to_json(self) -> dict[str, Any]:
        """Everything, in plain values."""
        return {
            "version": self.version,
            "seed": self.seed,
            "lessons": [{"number": number, "title": title} for number, title in self.lessons],
            "points": self.points,
            "of": self.of,
            "students": [_student_json(student) for student in self.students],
            "misconceptions": [asdict(one) for one in self.misconceptions],
            "left_out": list(self.left_out),
        }


def _student_json(student: StudentRecord) -> dict[str, Any]:
    return {
        "student": student.name,
        "points": student.points,
        "of": len(student.grades),
        "wrong": student.count("wrong"),
        "todo": student.count("todo"),
        "unusual": list(student.unusual),
        "exercises": [{**asdict(one), "points": one.points} for one in student.grades],
    }
