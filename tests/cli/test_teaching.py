"""The teacher's commands, the class's copy, and what docs/teaching.md shows."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from course import integers
from PIL import Image

from alexnet_tutor import __version__, resources
from alexnet_tutor.course import lessons, release, workspace

DOCS = (Path(__file__).parents[2] / "docs" / "teaching.md").read_text(encoding="utf-8")
PLACE = f"lessons/{integers.WHOLE.folder}/exercise.py"
DONE = integers.DONE + integers.TODO
PRIVATE = ("oracle", "mistake", "wrong", "solution", "alternative", "by_hand", "figures")


def commands(workflow: str) -> list[str]:
    """What a workflow runs, in order."""
    return re.findall(r"^ *- run: (.+)$", workflow, re.MULTILINE)


def test_a_class_s_copy_is_all_to_do_and_has_what_a_class_needs(tutor, tmp_path: Path) -> None:
    told = tutor("release", tmp_path / "copy", "--lessons", "7,2,7")
    assert told.exit_code == 0, told.output
    assert "7 exercises, all to do" in " ".join(told.stdout.split())
    assert told.stdout.endswith("Next: tutor grade submissions --lessons 2,7 --out grades\n")
    there = {
        path.relative_to(tmp_path / "copy").as_posix()
        for path in (tmp_path / "copy").rglob("*")
        if path.is_file()
    }
    files = ("lesson.md", "exercise.py", "test_exercise.py")
    of_lessons = {
        f"lessons/{lesson}/{name}" for lesson in ("02-conv1", "07-conv3-5") for name in files
    }
    beside = {"sample.png", "pytest.ini", "README.md", "requirements.txt", str(release.WORKFLOW)}
    assert there == of_lessons | beside
    assert (tmp_path / "copy" / "requirements.txt").read_text() == f"alexnet-tutor=={__version__}\n"
    readme = (tmp_path / "copy" / "README.md").read_text(encoding="utf-8")
    assert "lessons/02-conv1/exercise.py" in readme
    assert "04" not in readme


def test_a_class_s_copy_holds_no_line_of_an_answer(tmp_path: Path) -> None:
    """Of oracles, mistakes and solutions no line but those that the stub and the page have too."""
    chosen = release.chosen([])
    made = release.release(tmp_path / "copy", chosen)
    for lesson in chosen:
        package = workspace.stub(lesson).parent
        shared = workspace.stub(lesson).read_text() + workspace.page(lesson).read_text()
        private = {
            line.strip()
            for file in package.glob("*.py")
            if file.stem.startswith(PRIVATE) or "mistake" in file.stem
            for line in file.read_text(encoding="utf-8").splitlines()
            if len(line.strip()) > 30 and line.strip() not in shared
        }
        assert len(private) > 50
        for file in made.root.rglob("*"):
            if file.is_file() and file.suffix != ".png":
                text = file.read_text(encoding="utf-8")
                assert not [line for line in private if line in text], file


def test_a_solution_left_in_a_stub_is_found(tutor, tmp_path: Path, monkeypatch) -> None:
    stub, left = tmp_path / "stub.py", ("span", "macs", "middle_layers")
    done = DONE[: DONE.index("def span")]
    stub.write_text(done + "".join(f"def {name}(): ...\n\n\n" for name in left))
    monkeypatch.setattr(workspace, "stub", lambda _: stub)
    told = tutor("release", tmp_path / "copy", "--lessons", "7")
    assert told.exit_code == 1
    assert "1 of 4 exercises not to do. Do not hand it out." in " ".join(told.stdout.split())


def test_a_student_s_check_keeps_to_the_lessons_that_are_there(tutor, tmp_path: Path) -> None:
    release.release(tmp_path / "copy", release.chosen([7]))
    told = tutor("check", "--dir", tmp_path / "copy")
    assert (told.exit_code, told.stdout.splitlines()[0]) == (0, "Still to do: lesson 7.")


def test_a_student_s_progress_keeps_to_the_lessons_that_are_there(tutor, tmp_path: Path) -> None:
    """And says in one line how many the kit has besides; a whole course has no such line."""
    release.release(tmp_path / "copy", release.chosen([7, 4]))
    others = f"The kit has {len(lessons.numbers()) - 2} other lessons: tutor start makes"
    for command in ("progress", "lesson"):
        told = tutor(command, "--dir", tmp_path / "copy")
        assert (told.exit_code, told.stderr) == (0, "")
        assert told.stdout.startswith("0 of 2 lessons done\n")
        assert re.findall(r"^ ?(\d+) ", told.stdout, re.MULTILINE) == ["0", "4", "7"]
        assert told.stdout.count(others) == 1
        assert told.stdout.endswith("\nNext: tutor lesson 4\n")
    told = json.loads(tutor("progress", "--dir", tmp_path / "copy", "--json").stdout)
    assert [row["number"] for row in told] == [4, 7]
    workspace.create(tmp_path / "whole")
    told = tutor("progress", "--dir", tmp_path / "whole").stdout
    assert told.startswith(f"0 of {len(lessons.numbers())} lessons done\n")
    assert "The kit has" not in told


def test_progress_asks_for_no_course_where_there_is_none(
    tutor, refused, tmp_path: Path, monkeypatch
) -> None:
    """As where the kit was installed from a wheel; a folder that was named must be one."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(resources, "checkout", lambda: None)
    told = tutor("progress").stdout
    assert told.startswith(f"0 of {len(lessons.numbers())} lessons done\n")
    assert "There is no course here" in refused("progress", "--dir", tmp_path)


@pytest.fixture
def submitted(tmp_path: Path, monkeypatch) -> Path:
    """Two students, who left the function of tensors to do; one of them has another one wrong."""
    monkeypatch.chdir(tmp_path)
    for name, code in {
        "student": DONE.replace("places and the", "").replace("rows * columns", "rows"),
        "=cmd()": DONE,
    }.items():
        file = tmp_path / "submissions" / name / PLACE
        file.parent.mkdir(parents=True)
        file.write_text(code, encoding="utf-8")
    return tmp_path / "submissions"


def test_a_class_is_graded_on_screen_and_in_files(tutor, submitted: Path, tmp_path: Path) -> None:
    told = tutor("grade", submitted, "--lessons", "7", "--out", tmp_path / "grades")
    assert told.exit_code == 0, told.output
    assert told.stderr == ""
    assert told.stdout.startswith("2 students: 5 of 8 points (62.5%)\n")
    assert told.stdout.endswith("Next: tutor lesson 7\n")
    table = re.findall(r"^(\S+) +(\d) +4 +(\d) +(\d)$", told.stdout, re.MULTILINE)
    assert table == [("=cmd()", "3", "0", "1"), ("student", "2", "1", "1")]
    names = {path.name for path in (tmp_path / "grades").iterdir()}
    assert names == {"grades.csv", "grades.json", "junit.xml", "misconceptions.png"}
    first = {path.name: path.read_bytes() for path in (tmp_path / "grades").iterdir()}
    assert b"'=cmd(),7,receptive_field,done,1,1,," in first["grades.csv"]
    with Image.open(tmp_path / "grades" / "misconceptions.png") as picture:
        assert picture.width == 1000
    told = tutor("grade", submitted, "--lessons", "7", "--out", tmp_path / "grades", "--json")
    assert json.loads(told.stdout) == json.loads(first["grades.json"])
    assert {path.name: path.read_bytes() for path in (tmp_path / "grades").iterdir()} == first


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["grade", "nowhere", "--out", "grades"], "nowhere"),
        (["grade", "submissions"], "--out"),
        (["grade", "submissions/student", "--out", "grades"], "is one course"),
        (["grade", "submissions", "--out", "submissions/grades"], "among the submissions"),
        (["grade", "submissions", "--out", f"submissions/student/{PLACE}"], "among"),
        (["grade", "submissions", "--out", "file"], "--out"),
        (["grade", "submissions", "--out", "grades", "--lessons", "two"], "--lessons two"),
        (["grade", "submissions", "--out", "grades", "--lessons", "99"], "no lesson 99"),
        (["release", "submissions"], "not empty"),
        (["release", "copy", "--lessons", ""], "no list of lessons"),
    ],
)
def test_bad_input_is_one_line(refused, submitted: Path, arguments: list[str], word: str) -> None:
    (submitted.parent / "file").write_text("x")
    assert word in refused(*arguments)
    assert not (submitted.parent / "grades").exists()


def test_the_page_shows_the_workflow_that_is_written(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)
    assert shown == release.workflow([2, 4, 5])
    made = release.release(tmp_path / "copy", release.chosen([2, 4, 5]))
    assert (made.root / release.WORKFLOW).read_text(encoding="utf-8") == shown
    assert f"alexnet-tutor=={__version__}" in commands(shown)[0]


def test_the_commands_of_the_workflow_grade_a_submission(submitted: Path, home: Path) -> None:
    """All but the installation, as GitHub's shell runs them."""
    install, *rest = commands(release.workflow([7]))
    assert install.startswith("python -m pip install ")
    bin_folder = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": os.pathsep.join((bin_folder, os.environ["PATH"]))}
    done = [
        subprocess.run(
            ["bash", "-e", "-c", command], cwd=submitted.parent, env=environment,
            capture_output=True, text=True, encoding="utf-8", check=False,
        )
        for command in rest
    ]  # fmt: skip
    assert [one.returncode for one in done] == [0, 0, 1], [one.stderr for one in done]
    assert "student,7,macs,wrong,0,1,value," in done[1].stdout
    notice = done[2].stdout.partition("::notice title=Autograding report::")[2]
    assert json.loads(notice) == {"totalPoints": 5, "maxPoints": 8}


def test_the_page_s_commands_are_understood() -> None:
    import shlex

    import typer

    from alexnet_tutor.cli.app import app

    group = typer.main.get_command(app)
    shown = re.findall(r"^tutor (.+)$", DOCS, re.MULTILINE) + re.findall(r"`tutor (\w.*?)`", DOCS)
    assert len(shown) >= 4
    for command in shown:
        context = group.make_context("tutor", shlex.split(command), resilient_parsing=True)
        name, found, rest = group.resolve_command(
            context, [*context._protected_args, *context.args]
        )
        found.make_context(name, rest, parent=context, resilient_parsing=True)
