"""Other programs: what ended them, and what they may take."""

import sys

from alexnet_tutor import processes


def test_signals_have_names() -> None:
    assert processes.signal_name(-9) == "SIGKILL"
    assert processes.signal_name(-250) == "signal 250"
    assert processes.signal_name(0) is None
    assert processes.signal_name(3) is None


def test_limits_are_left_alone_where_the_system_has_none(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    processes.limit_process(memory=1, written=1)
    assert len(bytes(1_000_000)) == 1_000_000
