"""``tutor watch``: from a save to its verdict."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from alexnet_tutor.course import lessons, workspace
from alexnet_tutor.course.watching import Watch

WRONG = "def overhang(size, kernel, stride):\n    return (size - kernel) % stride\n"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child there")
def test_a_save_brings_the_verdict_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    course = workspace.create(tmp_path / "course")
    command = [sys.executable, "-u", "-m", "alexnet_tutor", "watch", "2", "--dir", str(course.root)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    seen: list[str] = []

    def act() -> None:
        """Save once the stub was checked; leave once the save was."""
        assert process.stdout is not None
        file = course.exercise(lessons.lesson(2))
        for line in process.stdout:
            seen.append(line)
            if line.startswith("Next: "):
                if any("Known mistake" in one for one in seen):
                    process.send_signal(signal.SIGINT)
                else:
                    file.write_text(WRONG, encoding="utf-8")

    actor = Thread(target=act, daemon=True)
    actor.start()
    assert process.stderr is not None
    with process, process.stderr:
        try:
            code = process.wait(timeout=60)
        finally:
            process.kill()
        actor.join(timeout=10)
        told = process.stderr.read()
    assert code == 0
    assert "Known mistake: remainder" in "".join(seen)
    assert "save an exercise. Ctrl-C ends." in told
    assert "lesson 2 was saved." in told
    assert "Traceback" not in told


def test_a_file_that_is_gone_is_told_and_the_watch_goes_on(
    tutor, tmp_path: Path, monkeypatch
) -> None:
    course = workspace.create(tmp_path / "course")
    course.exercise(lessons.lesson(2)).unlink()

    def saves(*_: object):
        yield [lessons.lesson(2)]
        yield [lessons.lesson(4)]
        raise KeyboardInterrupt

    monkeypatch.setattr(Watch, "saved", saves)
    result = tutor("watch", "--dir", course.root)
    assert result.exit_code == 0
    assert "There is no" in result.stderr
    assert "Lesson 4, " in result.stdout


def test_a_lesson_that_is_not_there_is_refused(refused, tmp_path: Path) -> None:
    course = workspace.create(tmp_path / "course")
    assert "13" in refused("watch", 13, "--dir", course.root)
