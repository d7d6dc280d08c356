"""How a test of an exercise tells the plugin that it is not right. Loads nothing: every pytest loads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alexnet_tutor.records import ExerciseRecord


class TodoError(Exception):
    """The exercise is still the stub. The plugin counts it apart."""


class WrongError(Exception):
    """The exercise is wrong; the plugin shows the record."""

    def __init__(self, record: ExerciseRecord, number: int) -> None:
        trouble = record.trouble
        super().__init__(f"{record.name} {trouble.said if trouble else 'is wrong'}")
        self.record, self.number = record, number
