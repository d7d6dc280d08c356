"""A class, graded: the right verdicts whatever was handed in, the same ones each time, and safe files."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import textwrap
from pathlib import Path
from xml.etree import ElementTree

import pytest
from course.integers import DONE, LESSON, STUB
from thorough import cases

from alexnet_tutor.course import grade_files, grading, lessons, submissions
from alexnet_tutor.course.calls import Limits
from alexnet_tutor.course.grading import grade_class
from alexnet_tutor.course.submissions import collect
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import (
    TROUBLES,
    GradeRecord,
    GradesRecord,
    StudentRecord,
    Trouble,
)

NAMES = [exercise.name for exercise in LESSON.exercises]
QUICK = Limits(silence=1.0, total=2.0, memory=300_000_000)
HASTY = Limits(silence=0.5, total=1.0, memory=300_000_000)  # for what never ends
PLACE = f"lessons/{LESSON.folder}/exercise.py"
FIELD, SPAN, MACS = DONE.index("def rec"), DONE.index("def span"), DONE.index("def macs")
MISTAKEN = STUB.replace("size = ...", "size = size + (kernel - 1)")


def span(*lines: str) -> str:
    """The solution with another body for ``span``."""
    body = "\n    ".join(("def span(layers, place):", *lines))
    return f"{DONE[:SPAN]}{body}\n\n\n{DONE[MACS:]}"


CODES = {
    "anna/": DONE,
    "ben/ben-main/": STUB,
    "carla/hw1/carla/": MISTAKEN,
    "dora/": DONE.replace("first = last = place", "first = last = place)"),
    "emil/": span("while True: place = -place"),
    "gus/": span("import os", "os._exit(0)"),
    "hal/": span("import helper", "return helper.span(layers, place)"),
    "ida/": span(f"return {'-' * 1500}1"),
    "=cmd()|'A1/": STUB,
}


def hand_in(folder: Path, codes: dict[str, str]) -> Path:
    for where, code in codes.items():
        file = folder / where / PLACE
        file.parent.mkdir(parents=True)
        file.write_text(code, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory) -> Path:
    """A class with one of each kind."""
    folder = hand_in(tmp_path_factory.mktemp("class"), CODES)
    (folder / "hal" / PLACE).with_name("helper.py").write_text(DONE)
    for name in ("fay", "jo", "kim", "lea"):
        (folder / name / PLACE).parent.mkdir(parents=True)
    (folder / "jo" / PLACE).symlink_to(folder / "anna" / PLACE)
    os.mkfifo(folder / "kim" / PLACE)
    (folder / "lea" / PLACE).write_bytes(b"#" * 3_000_000)
    (folder / "max").mkdir()
    (folder / "max" / "hw.zip").write_bytes(b"PK")
    (folder / "nora" / "lessons").mkdir(parents=True)
    (folder / "nora" / "lessons" / LESSON.folder).symlink_to((folder / "anna" / PLACE).parent)
    (folder / "__MACOSX").mkdir()
    (folder / "notes.txt").write_text("mine")
    return folder


@pytest.fixture(scope="module")
def graded(handed_in: Path) -> GradesRecord:
    students, left_out = collect(handed_in)
    return grade_class(students, [LESSON], left_out=left_out, limits=QUICK)


def student(graded: GradesRecord, name: str) -> StudentRecord:
    return next(one for one in graded.students if one.name == name)


def outcomes(graded: GradesRecord, name: str) -> list[tuple[str, str]]:
    grades = student(graded, name).grades
    assert [grade.exercise for grade in grades] == NAMES
    assert [grade.lesson for grade in grades] == [7, 7, 7]
    return [(one.outcome, one.trouble.name if one.trouble else "") for one in grades]


TODO, RIGHT = ("todo", ""), ("done", "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("anna", [RIGHT] * 3),
        ("ben", [TODO] * 3),
        ("carla", [("wrong", "value"), TODO, TODO]),
        ("dora", [("wrong", "syntax")] * 3),
        ("emil", [RIGHT, ("wrong", "endless"), RIGHT]),
        ("fay", [("todo", "absent")] * 3),
        ("gus", [RIGHT, ("wrong", "exit"), RIGHT]),
        ("hal", [RIGHT, ("wrong", "error"), RIGHT]),
        ("ida", [RIGHT, ("wrong", "shape"), RIGHT]),
        ("jo", [("wrong", "unreadable")] * 3),
        ("kim", [("wrong", "unreadable")] * 3),
        ("lea", [("wrong", "unreadable")] * 3),
        ("max", [("todo", "absent")] * 3),
        ("nora", [("wrong", "unreadable")] * 3),
        ("=cmd()|'A1", [TODO] * 3),
    ],
)
def test_each_gets_the_verdict_that_is_due(graded: GradesRecord, name: str, expected) -> None:
    assert outcomes(graded, name) == expected
    assert student(graded, name).points == expected.count(RIGHT)


def test_all_students_are_there_in_order_and_nobody_else(graded: GradesRecord) -> None:
    names = [one.name for one in graded.students]
    assert names == sorted(names)
    assert len(names) == 15
    assert graded.left_out == ("__MACOSX", "notes.txt")
    assert graded.ungraded == 0
    assert (graded.points, graded.of) == (3 + 2 * 4, 45)


def test_the_class_s_known_mistakes_are_counted(graded: GradesRecord) -> None:
    (one,) = graded.misconceptions
    assert (one.name, one.students) == ("7 receptive_field: strides-left-out", ("carla",))
    assert "without the strides" in one.said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dora", "lesson 7: exercise.py is not Python"),
        ("emil", "lesson 7: span does not come to an end (line "),
        ("gus", "lesson 7: span ends the whole program with os._exit(0) (line "),
        ("fay", "no course found: no lessons/NN-name/exercise.py"),
        ("jo", "lesson 7: exercise.py is a link to somewhere else"),
        ("kim", "lesson 7: exercise.py is no ordinary file"),
        ("lea", "lesson 7: exercise.py is far too long for an exercise"),
        ("max", "no course found: hw.zip is not unpacked"),
    ],
)
def test_what_was_unusual_is_told_once(graded: GradesRecord, name: str, words: str) -> None:
    (told,) = student(graded, name).unusual
    assert told.startswith(words)


def test_an_honest_wrong_answer_is_nothing_unusual(graded: GradesRecord) -> None:
    for name in ("anna", "ben", "carla", "hal"):
        assert student(graded, name).unusual == ()


def test_every_trouble_has_a_meaning(graded: GradesRecord) -> None:
    found = {grade.trouble.name for one in graded.students for grade in one.grades if grade.trouble}
    assert found <= set(TROUBLES)


def test_the_same_class_gives_the_same_bytes(handed_in: Path, graded: GradesRecord) -> None:
    few = {"carla", "gus", "max", "=cmd()|'A1"}
    students = [one for one in collect(handed_in)[0] if one.name in few]
    again = grade_class(students, [LESSON], limits=QUICK)
    assert again.students == tuple(one for one in graded.students if one.name in few)
    first = grade_files.as_csv(graded).splitlines()
    assert set(grade_files.as_csv(again).splitlines()) <= set(first)
    assert grade_files.as_junit(again) == grade_files.as_junit(again)


def test_files_tell_the_same_as_the_record(graded: GradesRecord, tmp_path: Path) -> None:
    grade_files.write(graded, tmp_path)
    text = (tmp_path / "grades.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == graded.of
    assert sum(int(row["points"]) for row in rows) == graded.points
    carla = [row for row in rows if row["student"] == "carla"]
    assert [row["mistakes"] for row in carla] == ["strides-left-out", "", ""]
    assert json.loads((tmp_path / "grades.json").read_text(encoding="utf-8")) == json.loads(
        json.dumps(graded.to_json())
    )
    suites = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert [suite.get("name") for suite in suites] == [one.name for one in graded.students]
    for suite, one in zip(suites, graded.students, strict=True):
        counted = [int(suite.get(name, "")) for name in ("tests", "failures", "skipped", "errors")]
        assert counted == [3, one.count("wrong"), one.count("todo"), 0]
        assert len(suite.findall("testcase/failure")) == one.count("wrong")
        assert len(suite.findall("testcase/skipped")) == one.count("todo")


@pytest.mark.parametrize(
    "name", ["=cmd()", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n=1", "＝1", "=1,2\"'"]
)
def test_no_name_becomes_a_formula(name: str) -> None:
    one = StudentRecord(submissions.printable(name), (GradeRecord(7, "macs", "todo"),))
    raw = StudentRecord(name, one.grades)
    for record in (one, raw):
        text = grade_files.as_csv(GradesRecord((record,), ((7, ""),), "0", 0))
        (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
        assert row["student"].lstrip()[0] not in "=+-@＝"
        assert row["outcome"] == "todo"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is text")
def test_names_that_are_no_text_and_move_cursors_are_spelt_out(tmp_path: Path) -> None:
    for name in (b"caf\xe9", b"two\nlines", b"\x1b[2J", "Jürgen 李".encode()):
        (tmp_path / os.fsdecode(name)).mkdir()
    names = [one.name for one in collect(tmp_path)[0]]
    assert sorted(names) == sorted(["caf\\udce9", "two\\nlines", "\\x1b[2J", "Jürgen 李"])
    record = GradesRecord(
        tuple(StudentRecord(name, (GradeRecord(7, "macs", "todo"),)) for name in names), (), "0", 0
    )
    grade_files.write(record, tmp_path / "out")
    assert len(ElementTree.parse(tmp_path / "out" / "junit.xml").getroot()) == 4


def test_where_a_check_itself_fails_there_is_no_verdict(tmp_path: Path, monkeypatch) -> None:
    def broken(lesson, file, *_: object, **__: object):
        raise MemoryError(f"in\n{file}")

    monkeypatch.setattr(grading, "check_lesson", broken)
    students, _ = collect(hand_in(tmp_path, {"anna/": DONE}))
    found = grade_class(students, [LESSON])
    assert found.ungraded == 3
    (one,) = found.students
    assert one.points == 0
    assert "could not be checked: MemoryError" in one.unusual[0]
    assert "tutor-grade-" not in one.unusual[0]
    (suite,) = ElementTree.fromstring(grade_files.as_junit(found).encode())
    assert len(suite.findall("testcase/error")) == 3


def test_of_several_courses_the_first_is_graded_and_it_is_told(tmp_path: Path) -> None:
    hand_in(tmp_path, {"anna/new/": DONE, "anna/old/": STUB})
    (one,) = collect(tmp_path)[0]
    assert one.course == tmp_path / "anna" / "new"
    assert one.remarks == ("2 courses are in it; graded: new",)
    assert one.read(LESSON) == DONE.encode()
    assert one.read(lessons.lesson(2)) == Trouble("absent", "was not handed in")


def test_a_course_that_lies_too_deep_or_behind_a_link_is_none(tmp_path: Path) -> None:
    hand_in(tmp_path, {"anna/a/b/c/": DONE})
    (tmp_path / "ben").mkdir()
    (tmp_path / "ben" / "link").symlink_to(tmp_path / "anna" / "a" / "b" / "c")
    assert [one.course for one in collect(tmp_path)[0]] == [None, None]


@pytest.mark.parametrize(
    ("where", "words"),
    [("nowhere", "cannot be read"), ("empty", "no student's folder"), ("one", "is one course")],
)
def test_what_is_no_class_is_refused(tmp_path: Path, where: str, words: str) -> None:
    (tmp_path / "empty").mkdir()
    hand_in(tmp_path / "one", {"": DONE})
    with pytest.raises(TutorError, match=words):
        collect(tmp_path / where)


FRAME = "sys._getframe(1).f_locals['guard'].watching = False"  # what docs/teaching.md warns of


def test_a_student_who_means_to_can_switch_the_guard_off(tmp_path: Path) -> None:
    """docs/teaching.md says so. Where this fails, the guard has become better: say that there."""
    cheat = "from alexnet_tutor.course.lessons.l07_conv345 import oracle"
    call = "return oracle.span(layers, place)"
    codes = {
        "honest/": span(cheat, call),
        "means to/": span("import sys", FRAME, cheat, call),
        "looks/": span(
            "import os", "assert os.environ['PATH']", "assert os.listdir('/')",
            "assert open('/etc/passwd').read()", *textwrap.dedent(DONE[SPAN:MACS].partition("\n")[2]).splitlines(),
        ),
    }  # fmt: skip
    found = grade_class(collect(hand_in(tmp_path, codes))[0], [LESSON], limits=QUICK)
    assert outcomes(found, "honest") == [RIGHT, ("wrong", "kit"), RIGHT]
    assert outcomes(found, "means to") == [RIGHT] * 3
    assert outcomes(found, "looks") == [RIGHT] * 3


@pytest.mark.parametrize(
    ("message", "pause"),
    cases(
        [
            ("{'said': []}", 0.1),
            ("{'said': 'loaded'}", 0),
            ("{'said': 'ready'}", 0.1),
            ("{'said': 'through', 'exercise': 'receptive_field'}", 0.1),
        ],
    ),
)
def test_forged_messages_buy_no_time(tmp_path: Path, message: str, pause: float) -> None:
    """Code that finds the channel and says for ever that it goes on is ended all the same."""
    students, _ = collect(hand_in(tmp_path, {"eve/": forging(message, pause)}))
    found = grade_class(students, [LESSON], limits=HASTY)
    verdict = "endless" if "[]" not in message else "channel"
    assert outcomes(found, "eve") == [RIGHT, ("wrong", verdict), RIGHT]


def forging(message: str, pause: float = 0) -> str:
    """The solution with a ``span`` that writes to the channel of results for ever."""
    return span(
        "import sys, time", "frame = sys._getframe(1)", FRAME,
        "while frame and 'channel' not in frame.f_locals: frame = frame.f_back",
        "wire = sys.modules['alexnet_tutor.course.wire']",
        "while True:", f"    wire.send(frame.f_locals['channel'], {message})",
        f"    time.sleep({pause})",
    )  # fmt: skip


def test_more_answers_than_questions_are_told(tmp_path: Path) -> None:
    code = forging("{'said': 'answer', 'call': 40}")
    students, _ = collect(hand_in(tmp_path, {"eve/": code}))
    found = grade_class(students, [LESSON], limits=HASTY)
    assert outcomes(found, "eve")[1] == ("wrong", "channel")
