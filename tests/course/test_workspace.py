"""A course folder: made whole, found from within, put back without loss; progress that lasts."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexnet_tutor import resources
from alexnet_tutor.course import lessons, progress, workspace
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import Diagnosis, ExerciseRecord, LessonRecord

LRN = lessons.lesson(4)


def record(outcome: str, *mistakes: str) -> LessonRecord:
    diagnosis = Diagnosis(mistakes, ("said",), ("hint",), 0.0, 1.0) if mistakes else None
    found = ExerciseRecord("lrn", outcome, diagnosis=diagnosis)  # type: ignore[arg-type]
    return LessonRecord(4, LRN.title, "exercise.py", (found,))


def test_a_course_has_every_lesson_and_no_answer(tmp_path: Path) -> None:
    made = workspace.create(tmp_path / "course")
    for lesson in lessons.all_lessons():
        names = {path.name for path in made.folder(lesson).iterdir()}
        assert names == {"lesson.md", "exercise.py", "test_exercise.py"}
        stub = workspace.stub(lesson).read_text(encoding="utf-8")
        assert made.exercise(lesson).read_text(encoding="utf-8") == stub
    assert {path.name for path in made.root.iterdir()} == {
        "lessons",
        "sample.png",
        "pytest.ini",
        "README.md",
    }


def test_a_course_is_found_from_within(tmp_path: Path) -> None:
    made = workspace.create(tmp_path / "course")
    assert workspace.find(made.folder(LRN)) == made
    assert workspace.find(made.root) == made


def test_elsewhere_the_checkout_serves_or_there_is_none(tmp_path: Path, monkeypatch) -> None:
    assert workspace.find(tmp_path).root == resources.checkout()
    monkeypatch.setattr(resources, "checkout", lambda: None)
    with pytest.raises(TutorError, match="tutor start"):
        workspace.find(tmp_path)


def test_nothing_is_overwritten_by_a_course(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    with pytest.raises(TutorError, match="not empty"):
        workspace.create(tmp_path)
    with pytest.raises(TutorError, match="not empty"):
        workspace.create(tmp_path / "mine")


def test_reset_keeps_every_earlier_file(tmp_path: Path) -> None:
    made = workspace.create(tmp_path / "course")
    file, stub = made.exercise(LRN), workspace.stub(LRN).read_text(encoding="utf-8")
    kept = []
    for text in ("first", "second", "third"):
        file.write_text(text)
        kept.append(made.reset(LRN))
        assert file.read_text(encoding="utf-8") == stub
    assert [backup.read_text() for backup in kept] == ["first", "second", "third"]
    file.unlink()
    assert made.reset(LRN) is None
    assert file.read_text(encoding="utf-8") == stub


def test_the_ladder_fits_the_mistake_and_begins_anew_with_another() -> None:
    kept, exercise = progress.Progress(), LRN.exercise("lrn")
    ladders = {mistake.id: mistake.hints for mistake in exercise.mistakes}
    kept.note(record("wrong", "alpha-over-n"))
    told = [kept.hint(4, exercise) for _ in range(5)]
    rungs = ladders["alpha-over-n"]
    assert [hint for hint, _, _ in told] == [*rungs, rungs[-1], rungs[-1]]
    assert [place for _, place, _ in told] == [1, 2, 3, 3, 3]
    kept.note(record("wrong", "alpha-over-n"))
    assert kept.hint(4, exercise)[0] == rungs[-1]
    kept.note(record("wrong", "k-is-one"))
    assert kept.hint(4, exercise)[0] == ladders["k-is-one"][0]
    kept.note(record("wrong"))
    assert kept.hint(4, exercise)[0] == exercise.hints[0]


def test_progress_lasts_and_what_was_solved_stays_solved(home: Path) -> None:
    kept = progress.load()
    for found in (record("done"), record("wrong", "k-is-one")):
        kept.note(found)
    kept.answers["4/order"] = True
    kept.save()
    again = progress.load()
    assert again == kept
    assert again.standing(4, "lrn").solved
    assert again.standing(4, "lrn").outcome == "wrong"
    assert not again.solved(LRN), "its other functions are not"


@pytest.mark.parametrize(
    "text", ["nonsense", "[]", '{"exercises": {"4/lrn": {"odd": 1}}, "answers": {}}']
)
def test_a_file_that_is_no_progress_is_told(home: Path, text: str) -> None:
    home.mkdir()
    (home / "progress.json").write_text(text)
    with pytest.raises(TutorError, match="cannot be read"):
        progress.load()
