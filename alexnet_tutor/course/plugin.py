"""pytest for exercises: *todo* is an outcome of its own, and a wrong answer shows its counterexample.

Loaded with ``-p alexnet_tutor.course.plugin``; other tests pass through it unchanged.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from alexnet_tutor.course.outcomes import TodoError, WrongError

_OUTCOMES = ("done", "wrong", "todo")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Exercises come in the course's order, after all other tests, however those are shuffled."""
    exercises = [item for item in items if _is_exercise(item)]
    exercises.sort(key=lambda item: (str(item.path), _place(item)))
    items[:] = [item for item in items if not _is_exercise(item)] + exercises


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, Any, Any]:
    """Turn the two ways of not being right into reports."""
    report = yield
    if not _is_exercise(item) or call.when != "call":
        return report
    report.lesson = item.path.parent.name
    report.exercise = "done" if report.passed else "wrong"
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, TodoError):
        report.outcome, report.exercise = "skipped", "todo"
        report.longrepr = (str(item.path), 0, str(error))
    elif isinstance(error, WrongError):
        report.longrepr = _shown(error, item.config)
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, Any] | None:
    """An exercise that is still to do is counted apart."""
    if getattr(report, "exercise", None) == "todo":
        return "todo", "t", ("TODO", {"yellow": True})
    return None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A line per lesson: done, wrong, todo."""
    counts: dict[str, dict[str, int]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            outcome = getattr(report, "exercise", None)
            if outcome is not None:
                counts.setdefault(report.lesson, dict.fromkeys(_OUTCOMES, 0))[outcome] += 1
    if counts:
        terminalreporter.section("lessons")
    for name, count in sorted(counts.items()):
        told = ", ".join(f"{count[outcome]} {outcome}" for outcome in _OUTCOMES)
        terminalreporter.write_line(f"{name}: {told}")


def _is_exercise(item: pytest.Item) -> bool:
    module = getattr(item, "module", None)
    return getattr(getattr(module, "check", None), "__module__", "") == _HOME


_HOME = "alexnet_tutor.course.testing"


def _place(item: pytest.Item) -> int:
    """An exercise's place in its lesson."""
    callspec = getattr(item, "callspec", None)
    return int(callspec.indices["exercise"]) if callspec else 0


def _shown(error: WrongError, config: pytest.Config) -> str:
    from alexnet_tutor.show.terminal.check import ExerciseView  # noqa: PLC0415
    from alexnet_tutor.show.terminal.text import as_text  # noqa: PLC0415

    writer = config.get_terminal_writer()
    view = ExerciseView(error.record, f"tutor hint {error.number}")
    return as_text(view, writer.fullwidth, colour=writer.hasmarkup)
