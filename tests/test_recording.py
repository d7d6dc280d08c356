"""scripts/recording.py: a terminal's screen as SVG has its letters, its dots and their colours."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def recording(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "scripts")
    import recording

    monkeypatch.delitem(sys.modules, "recording")
    return recording


def paths(recording: ModuleType, shown: str) -> dict[str, str]:
    """colour → path of the dots."""
    drawn = recording.drawn([recording.Screen("a < b", shown)], 10, 2)
    return {
        path.get("stroke"): path.get("d")
        for path in ElementTree.fromstring(drawn).iter(f"{SVG}path")
    }


def test_a_half_block_is_two_dots_and_neighbours_of_one_colour_one_run(recording) -> None:
    red, blue = "38;5;196", "48;5;21"
    dots = paths(recording, f"x\x1b[{red};{blue}m▀▀\x1b[0;48;5;196m \x1b[0m\n")
    assert dots == {"#ff0000": "M1 0h3M3 1h1", "#0000ff": "M1 1h2"}


def test_a_colour_lasts_beyond_its_line_as_tmux_writes_it(recording) -> None:
    dots = paths(recording, "\x1b[38;5;196;48;5;21m▀\n▀\x1b[0m\n")
    assert dots == {"#ff0000": "M0 0h1M0 2h1", "#0000ff": "M0 1h1M0 3h1"}


def test_letters_keep_their_column_and_their_looks(recording) -> None:
    drawn = recording.drawn([recording.Screen("a < b", "  \x1b[1mbold & all\x1b[0m\n")], 20, 1)
    said, text = ElementTree.fromstring(drawn).iter(f"{SVG}text")
    assert said.text == "a < b"
    assert text.text == "bold & all"
    assert text.get("font-weight") == "bold"
    assert float(text.get("x")) == 2 * recording.CELL
    assert float(text.get("textLength")) == 10 * recording.CELL
