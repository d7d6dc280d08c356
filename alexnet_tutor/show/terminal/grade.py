"""What ``tutor grade`` and ``tutor release`` show: a row per student, or per lesson."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import GradesRecord, ReleasedLesson
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.bars import Bar, Bars
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.table import Column, Table
from alexnet_tutor.show.terminal.theme import ACCENT, DIM, RIGHT, STRONG, WRONG
from alexnet_tutor.show.terminal.view import View, clean, heading, loud, next_line

_MOST_BARS, _MOST_REMARKS = 15, 30


@dataclass(frozen=True, slots=True)
class GradesView(View):
    """A class, graded.

    Attributes:
        files: what was written, and where.
    """

    record: GradesRecord
    files: str
    next_command: str

    def parts(self, _: Screen, /) -> Iterator[RenderableType]:
        """The class, a row per student, known mistakes, what was unusual, files, next command."""
        record = self.record
        yield Text(_answer(record), style=STRONG)
        yield Text(_facts(record), style=DIM)
        if record.ungraded:
            count = numbers.counted(record.ungraded, "exercise")
            yield loud(f"{count} could not be checked. No verdict on the student: see Unusual.")
        yield Text()
        yield _students(record)
        yield from _mistakes(record)
        yield from _unusual(record)
        yield Text()
        yield Text(clean(self.files), style=DIM)
        yield Text()
        yield next_line(self.next_command)


def _answer(record: GradesRecord) -> str:
    count = numbers.counted(len(record.students), "student")
    share = numbers.percent(record.points / record.of) if record.of else "–"
    points = f"{numbers.integer(record.points)} of {numbers.counted(record.of, 'point')}"
    return f"{count}: {points} ({share})"


def _facts(record: GradesRecord) -> str:
    many = "s" * (len(record.lessons) > 1)
    listed = ", ".join(str(number) for number, _ in record.lessons)
    return f"lesson{many} {listed}; inputs of seed {record.seed}; kit {record.version}"


def _students(record: GradesRecord) -> Table:
    rows = record.students
    whole = {n: RIGHT for n, row in enumerate(rows) if row.points == len(row.grades)}
    wrong = [row.count("wrong") for row in rows]
    columns = [
        Column("student", [clean(row.name) for row in rows], left=True),
        Column("points", [numbers.integer(row.points) for row in rows], styles=whole),
        Column("of", [numbers.integer(len(row.grades)) for row in rows]),
        Column(
            "wrong",
            [numbers.integer(count) for count in wrong],
            styles={n: WRONG for n, count in enumerate(wrong) if count},
        ),
        Column("todo", [numbers.integer(row.count("todo")) for row in rows]),
    ]
    if record.ungraded:
        unknown = [numbers.integer(row.count("ungraded")) for row in rows]
        columns.append(Column("ungraded", unknown))
    return Table(columns)


def _mistakes(record: GradesRecord) -> Iterator[RenderableType]:
    made = record.misconceptions
    if not made:
        yield Text("\nNo known mistake was recognised.")
        return
    students = len(record.students)
    yield heading("Known mistakes, and how many students made each")
    yield Bars(
        [
            Bar(clean(one.name), len(one.students) / students, f"{len(one.students)}", ACCENT)
            for one in made[:_MOST_BARS]
        ]
    )
    if len(made) > _MOST_BARS:
        yield Text(f"{len(made) - _MOST_BARS} more are in grades.json.", style=DIM)


def _unusual(record: GradesRecord) -> Iterator[Text]:
    told = [f"{row.name}: {remark}" for row in record.students for remark in row.unusual]
    told += [f"{name}: left out, for it is no student's folder" for name in record.left_out]
    if not told:
        return
    yield heading("Unusual")
    yield from (Text(clean(line)) for line in told[:_MOST_REMARKS])
    if len(told) > _MOST_REMARKS:
        yield Text(f"{len(told) - _MOST_REMARKS} more are in grades.json.", style=DIM)


@dataclass(frozen=True, slots=True)
class ReleaseView(View):
    """A class's copy and the proof that all in it is to do."""

    folder: str
    lessons: Sequence[ReleasedLesson]
    next_command: str

    def parts(self, _: Screen, /) -> Iterator[RenderableType]:
        """Whether it can be handed out, then a row per lesson."""
        rows = self.lessons
        count, todo = sum(row.exercises for row in rows), sum(row.todo for row in rows)
        many = numbers.counted(count, "exercise")
        if todo == count:
            yield Text(f"{clean(self.folder)}: {many}, all to do", style=STRONG)
        else:
            said = f"{clean(self.folder)}: {count - todo} of {many} not to do. Do not hand it out."
            yield loud(said)
        yield Text()
        yield Table(
            [
                Column("lesson", [f"{row.number:>2} {row.title}" for row in rows], left=True),
                Column("exercises", [numbers.integer(row.exercises) for row in rows]),
                Column(
                    "todo",
                    [numbers.integer(row.todo) for row in rows],
                    styles={n: WRONG for n, row in enumerate(rows) if row.todo < row.exercises},
                ),
            ]
        )
        yield Text("todo: stands as the kit's stub; run as it stands, it is not done", style=DIM)
        yield Text()
        yield next_line(self.next_command)
