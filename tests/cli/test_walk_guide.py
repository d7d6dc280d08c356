"""``tutor walk --quiz`` and its notes: what is printed at the end, and what is remembered."""

import asyncio
import json
from pathlib import Path

import pytest

from alexnet_tutor.cli import walk, walk_notes
from alexnet_tutor.show.walk.app import WalkApp
from alexnet_tutor.show.walk.notes import NAMES


@pytest.fixture
def pressed(tutor, small_weights: Path, monkeypatch):
    """``pressed(keys, "--quiz")`` presses keys; gives the result and the notes that were shown."""
    monkeypatch.setattr(walk, "has_terminal", lambda: True)

    def run(keys: list[str], *words: object):
        shown: list[str] = []

        def press(app: WalkApp) -> None:
            async def steps() -> None:
                async with app.run_test() as pilot:
                    await pilot.pause()
                    await pilot.press(*keys)

            asyncio.run(steps())
            shown.extend(app.guide.shown)

        monkeypatch.setattr(WalkApp, "run", press)
        result = tutor("walk", *words, "--weights", small_weights)
        assert result.exit_code == 0, result.output
        return result.stdout.splitlines(), shown

    return run


def test_the_score_stands_below_what_was_seen(pressed) -> None:
    lines, _ = pressed(["1", "enter", "n", "s", "q"], "--quiz", "--from", "conv2:1,2,2")
    assert [line.split()[0] for line in lines] == ["You", "Predicted:", "Back"]
    assert " of 1 right (" in lines[1]
    assert lines[1].endswith("; 1 skipped.")


def test_each_note_is_shown_once_until_the_tour_brings_it_back(pressed, home: Path) -> None:
    kept = home / "walk-notes.json"
    keys, there = ["right", "q"], ("--from", "relu2:1,3,3")
    assert pressed(keys, *there)[1] == ["panes", "moved"]
    assert json.loads(kept.read_text()) == ["moved", "panes"]
    assert pressed(["right", "9", "q"], *there)[1] == ["softmax"]
    assert pressed(keys, "--tour", *there)[1] == ["panes", "moved"]
    assert json.loads(kept.read_text()) == ["moved", "panes", "softmax"]


@pytest.mark.parametrize("damaged", ["{", "7", "null", '{"panes": 1}', '[["panes"], 3]', "\xff"])
def test_a_damaged_file_is_no_error(damaged: str, home: Path) -> None:
    home.mkdir()
    (home / "walk-notes.json").write_text(damaged, encoding="latin-1")
    assert walk_notes.known() == set()
    walk_notes.keep(["panes"])
    assert walk_notes.known() == {"panes"} <= NAMES
