"""Files that no process is started for: what is wrong with them is told all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexnet_tutor.course import lessons, workspace
from alexnet_tutor.course.check import check_lesson
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import LessonRecord

LRN = lessons.lesson(4)


def checked(file: Path) -> LessonRecord:
    return check_lesson(LRN, file, workspace.stub(LRN))


@pytest.fixture(autouse=True)
def no_process(monkeypatch) -> None:
    """Starting one would fail."""
    monkeypatch.setattr("alexnet_tutor.course.check.ask", None)


@pytest.mark.parametrize(
    ("data", "name", "line"),
    [
        (b"def lrn(a:\n    pass\n", "syntax", 1),
        (b"def lrn(a):\n    x = = 1\n", "syntax", 2),
        (b"x = '\0'\n", "syntax", None),
        ("größe = 1".encode("utf-16"), "unreadable", None),
        (b"x = 1\n" * 100_000, "unreadable", None),
        (b"x = " + b"(" * 5000 + b")" * 5000, "syntax", 1),
    ],
)
def test_a_file_that_cannot_be_run_is_told(
    tmp_path: Path, data: bytes, name: str, line: int
) -> None:
    file = tmp_path / "exercise.py"
    file.write_bytes(data)
    record = checked(file)
    assert record.outcome == "wrong"
    for exercise in record.exercises:
        assert exercise.trouble is not None
        assert (exercise.trouble.name, exercise.trouble.line) == (name, line)


def test_a_file_that_is_not_there_is_an_error_of_use(tmp_path: Path) -> None:
    with pytest.raises(TutorError, match="tutor reset"):
        checked(tmp_path / "exercise.py")


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "exercise.py").mkdir()
    found = checked(tmp_path / "exercise.py").exercises[0]
    assert found.trouble is not None
    assert found.trouble.name == "unreadable"


def test_an_untouched_stub_starts_no_process(tmp_path: Path) -> None:
    file = tmp_path / "exercise.py"
    stub = workspace.stub(LRN).read_text(encoding="utf-8")
    file.write_text(stub.replace("# TODO: what", "# Hm, what"), encoding="utf-8")
    assert checked(file).outcome == "todo"


def test_the_record_in_json_has_no_arrays(tmp_path: Path) -> None:
    file = tmp_path / "exercise.py"
    file.write_text("def lrn(:", encoding="utf-8")
    told = checked(file).to_json()
    assert (told["lesson"], told["outcome"]) == (4, "wrong")
    assert told["exercises"][0]["trouble"]["line"] == 1
