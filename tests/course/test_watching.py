"""A saved exercise is noticed once, however an editor saves; nothing else is."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from alexnet_tutor.course import lessons, watching, workspace
from alexnet_tutor.course.watching import Watch
from alexnet_tutor.course.workspace import Workspace


@pytest.fixture
def course(tmp_path: Path) -> Workspace:
    return workspace.create(tmp_path / "course")


@pytest.fixture
def watch(course: Workspace) -> Watch:
    return Watch(course, lessons.all_lessons())


def looks(watch: Watch, count: int) -> list[list[int]]:
    return [[lesson.number for lesson in watch.look()] for _ in range(count)]


def test_a_save_is_told_once_and_only_when_the_file_has_settled(
    course: Workspace, watch: Watch
) -> None:
    file = course.exercise(lessons.lesson(2))
    assert looks(watch, 2) == [[], []]
    file.write_text("a = 1", encoding="utf-8")
    assert looks(watch, 1) == [[]]
    file.write_text("a = 1\nb = 2\n", encoding="utf-8")  # the rest of it
    assert looks(watch, 4) == [[], [2], [], []]
    file.write_text("a = 3\nb = 4\n", encoding="utf-8")
    assert looks(watch, 3) == [[], [2], []]


def test_a_file_put_in_place_of_the_old_one_is_a_save(course: Workspace, watch: Watch) -> None:
    file = course.exercise(lessons.lesson(4))
    new = file.with_name("exercise.py.new")
    new.write_bytes(file.read_bytes())
    file.unlink()
    assert looks(watch, 3) == [[], [], []]
    new.replace(file)
    assert looks(watch, 3) == [[], [4], []]


def test_a_save_before_the_first_look_counts_and_other_files_do_not(
    course: Workspace, watch: Watch
) -> None:
    for number in (2, 4):
        course.exercise(lessons.lesson(number)).write_text("a = 1\n", encoding="utf-8")
    (course.folder(lessons.lesson(2)) / "lesson.md").write_text("# Mine\n", encoding="utf-8")
    assert looks(watch, 3) == [[], [2, 4], []]


def test_it_goes_on_without_end(watch: Watch, monkeypatch) -> None:
    monkeypatch.setattr(watching, "INTERVAL", 0)
    assert list(islice(watch.saved(), 5)) == [[]] * 5
