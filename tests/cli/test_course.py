"""The course's commands as a learner meets them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from alexnet_tutor.cli import lesson as lesson_command
from alexnet_tutor.cli import output
from alexnet_tutor.course import lessons, progress, workspace
from alexnet_tutor.course.workspace import Workspace

SIZES = """def output_size(size, kernel, stride, padding):
    room = size + 2 * padding - kernel
    return room // stride + 1


def overhang(size, kernel, stride):
    return (size - kernel) % stride


def conv2d(x, weight, bias, stride, padding):
    raise NotImplementedError("TODO: one window first, then all of them")
"""


EXERCISES = sum(len(lesson.exercises) for lesson in lessons.all_lessons())


@pytest.fixture
def course(tutor, tmp_path: Path, monkeypatch) -> Workspace:
    """A learner in a fresh course folder."""
    result = tutor("start", tmp_path / "course")
    assert result.exit_code == 0, result.output
    monkeypatch.chdir(tmp_path / "course")
    return Workspace(tmp_path / "course")


def write(course: Workspace, number: int, text: str) -> None:
    course.exercise(lessons.lesson(number)).write_text(text, encoding="utf-8")


def test_a_fresh_course_is_all_todo(tutor, course: Workspace) -> None:
    told = tutor("check")
    assert told.exit_code == 0
    numbers = ", ".join(map(str, lessons.numbers()))
    assert told.stdout == f"Still to do: lessons {numbers}.\n\nNext: tutor lesson 1\n"
    assert tutor("check", 2).stdout.count("is to do") == 3
    rows = json.loads(tutor("progress", "--json").stdout)
    assert [row["number"] for row in rows] == list(lessons.numbers())
    assert {outcome for row in rows for outcome in row["outcomes"]} == {"todo"}
    assert "Next: tutor lesson 1" in tutor("lesson").stdout


def test_check_without_a_number_tells_what_was_begun(tutor, course: Workspace) -> None:
    write(course, 2, SIZES)
    told = tutor("check")
    assert told.exit_code == 1
    assert told.stdout.startswith("Lesson 2, ")
    assert told.stdout.count("Lesson ") == 1
    assert "Still to do: lessons 1, 3, 4" in told.stdout


def test_from_a_wrong_answer_to_its_hints_and_back(tutor, refused, course: Workspace) -> None:
    """No tensor in the first two functions, so no torch in the process apart."""
    write(course, 2, SIZES)
    told = tutor("check", 2)
    assert told.exit_code == 1
    assert "1 done, 1 wrong, 1 to do" in told.stdout
    assert "Known mistake: remainder" in told.stdout
    assert "Next: tutor hint 2" in told.stdout
    as_json = json.loads(tutor("check", 2, "--json").stdout)
    assert [one["outcome"] for one in as_json["exercises"]] == ["done", "wrong", "todo"]
    assert as_json["exercises"][1]["diagnosis"]["mistakes"] == ["remainder"]
    hints = [tutor("hint", 2).stdout for _ in range(3)]
    assert "overhang, hint 1 of 3, for remainder" in hints[0]
    assert "Next: tutor check 2" in hints[0]
    assert "tutor solution 2 --spoil" in hints[2]
    assert "not solved" in refused("solution", 2, code=1)
    assert "def conv2d" in tutor("solution", 2, "--spoil").stdout
    assert "unfold" in tutor("solution", 2, "--spoil", "--other").stdout
    assert "exercise.py.1" in tutor("reset", 2).stdout
    assert tutor("check", 2).exit_code == 0


def test_plain_says_in_sentences_what_grids_show(tutor, course: Workspace) -> None:
    write(course, 2, SIZES)
    told = tutor("check", 2, "--plain").stdout
    assert re.search(r"The first wrong value is: \d+; expected \d+\.", told)
    assert "axis" not in told


def test_a_solved_lesson_shows_its_solution_and_the_way_on(tutor, course: Workspace) -> None:
    kept = progress.load()
    for number in (1, 2):
        for exercise in lessons.lesson(number).exercises:
            kept.standing(number, exercise.name).solved = True
    kept.save()
    told = tutor("solution", 2)
    assert told.exit_code == 0
    assert "def conv2d" in told.stdout
    assert "Next: tutor lesson 3" in tutor("progress").stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["check", "13"], "no lesson 13"),
        (["lesson", "99"], "no lesson 99"),
        (["hint", "4", "conv"], "lrn"),
        (["start", "."], "not empty"),
        (["lesson", "4", "--image", "nothing.png"], "nothing.png"),
    ],
)
def test_bad_input_is_one_line(refused, course: Workspace, arguments: list[str], word: str) -> None:
    assert word in refused(*arguments)


def test_a_lesson_is_read_with_figures_of_the_picture(tutor, course: Workspace) -> None:
    told = tutor("lesson", 4, "--image", "sample.png").stdout
    assert "relu1, map" in told
    assert "Predict: " in told
    assert "Next: tutor check 4" in told
    assert all(len(line) <= 80 for line in told.splitlines())
    assert "--answers shows them" in told


def test_questions_are_asked_and_asked_again_when_answered_wrongly(
    capsys, monkeypatch, home
) -> None:
    from alexnet_tutor.course import reading

    said = iter(["what?", "1"] + ["1"] * 20)
    monkeypatch.setattr(output, "asked", lambda prompt: next(said))
    chosen = lessons.lesson(2)
    page = reading.read_lesson(workspace.page(chosen))
    kept = progress.load()
    lesson_command._read(2, page, {}, kept)
    correct = {f"2/{one.id}": one.options[0].correct for one in page.questions}
    assert progress.load().answers == correct
    assert set(correct.values()) == {True, False}
    assert "It is another one." in capsys.readouterr().out
    wrong = next(name for name, right in correct.items() if not right)
    lesson_command._ask_again(progress.load(), 4)
    assert "once more from lesson 2" in capsys.readouterr().out
    lesson_command._ask_again(progress.load(), 2)
    assert capsys.readouterr().out == "", "only earlier lessons"
    assert wrong in progress.load().answers


def pytest_in(course: Workspace, home: Path) -> subprocess.CompletedProcess[str]:
    """pytest in the learner's folder."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=course.root,
        env={**os.environ, "TUTOR_HOME": str(home), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_pytest_counts_todo_apart_and_shows_what_is_wrong(course: Workspace, home: Path) -> None:
    """As a learner runs it: in the course folder, with nothing but the kit installed."""
    write(course, 2, SIZES)
    done = pytest_in(course, home)
    assert done.returncode == 1, done.stderr
    assert f"1 failed, 1 passed, {EXERCISES - 2} todo" in done.stdout
    assert "Known mistake: remainder" in done.stdout
    assert "Traceback" not in done.stdout
    assert "02-conv1: 1 done, 1 wrong, 1 todo" in done.stdout
    assert "04-lrn: 0 done, 0 wrong, 3 todo" in done.stdout
    write(course, 2, workspace.stub(lessons.lesson(2)).read_text(encoding="utf-8"))
    done = pytest_in(course, home)
    assert done.returncode == 0
    assert f"{EXERCISES} todo" in done.stdout
    assert "skipped" not in done.stdout
    assert progress.load().standing(2, "output_size").solved


def test_a_table_of_remembered_answers_is_found_out(tutor, course: Workspace) -> None:
    """It holds every input that the first draw has, and nothing else."""
    from alexnet_tutor.course.check import probes_of

    lesson = lessons.lesson(2)
    probes = probes_of(lesson.exercise("overhang"), 0)
    known = {
        tuple(case.arguments.values()): int(right)
        for case, right in zip(probes.cases, probes.expected, strict=True)
    }
    write(
        course,
        2,
        f"def overhang(size, kernel, stride):\n    return {known}.get((size, kernel, stride), 0)\n",
    )
    told = json.loads(tutor("check", 2, "--json").stdout)
    assert told["exercises"][1]["outcome"] == "wrong"
    write(course, 2, "def overhang(size, kernel, stride):\n    return (kernel - size) % stride\n")
    told = json.loads(tutor("check", 2, "--json").stdout)
    assert told["exercises"][1]["outcome"] == "done"
    assert not (course.root / ".hypothesis").exists()
