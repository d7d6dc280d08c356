"""scripts/measure_walk.py: the walk that is measured is the same each time, and a missed target is said."""

from __future__ import annotations

import importlib.util
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from alexnet_tutor.show.walk import keys

FILE = Path(__file__).parents[1] / "scripts" / "measure_walk.py"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    pytest.importorskip("termios", reason="there is no pty here")
    spec = importlib.util.spec_from_file_location("measure_walk", FILE)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "measure_walk", module)  # its dataclasses look for it
    spec.loader.exec_module(module)
    return module


def test_the_walk_has_its_length_all_groups_and_only_keys_that_are_bound(script) -> None:
    walked = list(script.recorded(500))
    assert walked == list(script.recorded(500))
    assert len(walked) == 500
    assert {group for group, _ in walked} == set(script.GROUPS)
    bound = {name: word for key in keys.KEYS for name, word in key.does.items()}
    assert {key for _, key in walked} <= set(bound)
    assert any(one == other for one, other in pairwise(walked))
    assert [key for group, key in script.apart({"t", "m"}) if group] == ["t"] * 8 + ["m"] * 8


def test_figures_leave_out_what_drew_nothing_and_a_missed_target_is_said(script) -> None:
    presses = [
        script.Press("arrows", 0.010, 1000, "left at conv2:0,0,0"),
        script.Press("arrows", None, 0, "left at conv2:0,0,0"),
        script.Press("steps", 0.200, 30_000, "enter at pool1:0,0,0"),
        script.Press("m", 9.0, 90_000, "m at conv1:0,0,0"),
    ]
    found = script.by_group(presses)
    assert (found["all"]["keys"], found["all"]["drew"]) == (3, 2)
    assert found["all"]["seconds"]["median"] == pytest.approx(0.105)
    assert found["all"]["seconds"]["slowest"] == "enter at pool1:0,0,0"
    assert found["m"]["bytes"] == {"median": 90_000, "max": 90_000}
    start = {"import_torch": [1.0, 1.2, 1.1], "tutor_walk": [1.5, 1.6, 9.0]}
    told = "\n".join(script.table({"keys": found, "start": start}))
    assert "Target 50 ms: 105.00, MISSED." in told
    assert "Target 20 kB: 15.50, met." in told
    assert "Target 1.5 s: 0.50, met." in told
