"""The walk in a real terminal: what it shows, and that the terminal is afterwards as it was."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from thorough import only

from alexnet_tutor.show.closing import number

SCRIPTS = Path(__file__).parents[2] / "scripts"
MODES = (
    "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{mouse_sgr_flag} #{wrap_flag} #{keypad_flag}"
)
MISTAKE = """
import contextlib
from alexnet_tutor.cli import app, walk_pass

unit = walk_pass.Followed.unit

def wrong(self, place, /):
    if place.layer == "relu5":
        raise IndexError("a learner's mistake")
    return unit(self, place)

walk_pass.Followed.unit = wrong
with contextlib.suppress(SystemExit):
    app.main()
print("CRASHED", flush=True)
app.main()
"""

pytestmark = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """tmux at 80×24 that leaves the terminal's state in the file ``before``."""
    monkeypatch.syspath_prepend(SCRIPTS)
    import recording

    made = recording.Terminal(tmp_path, 80, 24, PYTHONWARNINGS="ignore")
    try:
        yield made
    finally:
        made.close()


def run(terminal: Any, *words: object) -> str:
    """Run Python with these words; the terminal's modes before. Its exit code is printed at the end."""
    modes = terminal.told(MODES)
    command = shlex.join([sys.executable, *map(str, words)])
    terminal.type(
        f"clear; stty -g >before; {command}; echo code=$?; stty -g | cmp - before && echo same"
    )
    return modes


def restored(terminal: Any, modes: str) -> list[str]:
    """The screen when the shell has it again, as it was."""
    terminal.wait("code=")
    lines = terminal.wait()
    assert "same" in lines
    assert terminal.told(MODES) == modes
    terminal.type("echo what is typed")
    assert "$ echo what is typed" in terminal.wait()
    return lines


def at(terminal: Any, place: str) -> list[str]:
    """The screen when the cursor stands there: its first line ends with the name."""
    return terminal.wait(lambda shown: bool(shown) and shown[0].endswith(f" {place}"))


def test_a_whole_walk_by_keys_shows_what_trace_unit_tells(
    terminal, tutor, small_weights: Path
) -> None:
    def told(*words: str) -> dict[str, Any]:
        return json.loads(
            tutor("trace", "unit", *words, "--json", "--weights", small_weights).stdout
        )

    def shows(place: str, value: float) -> None:
        shown = "\n".join(at(terminal, place))
        found = re.search(r"(\S+) ✓ by hand too", shown)
        assert found, shown
        assert found[1] == number(value)

    start = told("conv4:3,6,6")
    modes = run(
        terminal, "-m", "alexnet_tutor", "walk", "--from", "conv4:3,6,6", "--weights", small_weights
    )
    shows("conv4:3,6,6", start["value"])
    assert terminal.told(MODES) != modes
    layers, below = ["conv4"], start["producers"]
    while below:
        terminal.press("Enter")
        shows(below[0]["unit"], below[0]["value"])
        layers.append(below[0]["unit"].partition(":")[0])
        below = below[0]["producers"]
    assert layers[-3:] == ["relu1", "conv1", "input"]
    terminal.press("BSpace", "9")
    last = told("--layer", "softmax")
    shows(last["unit"], last["value"])
    terminal.press("q")
    lines = restored(terminal, modes)
    assert f"Back to it: tutor walk --from {last['unit']} " in "".join(lines)
    assert "code=0" in lines


@only
def test_after_a_crash_and_after_ctrl_c_the_terminal_is_as_it_was(
    terminal, tmp_path: Path, small_weights: Path
) -> None:
    script = tmp_path / "mistake.py"
    script.write_text(MISTAKE, encoding="utf-8")
    modes = run(terminal, script, "walk", "--from", "conv5:3,2,2", "--weights", small_weights)
    at(terminal, "conv5:3,2,2")
    terminal.press("n")
    assert terminal.wait("CRASHED")
    at(terminal, "conv5:3,2,2")
    terminal.press("C-c")
    lines = restored(terminal, modes)
    assert "code=130" in lines
    told = lines.index("CRASHED")
    assert "IndexError: a learner's mistake" in "".join(lines[:told])
    assert sum(line.startswith("Error: ") for line in lines) == 1
    assert "Traceback" not in "".join(lines)
