"""Waits until a learner saves an exercise."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from alexnet_tutor.course.exercise import Lesson
from alexnet_tutor.course.workspace import Workspace

_Stamp = tuple[int, int, int] | None
INTERVAL = 0.25  # seconds between two looks; looking, not being told, works on network drives too


class Watch:
    """Looks at exercises from the moment it is made.

    Args:
        course: where the exercises lie.
        chosen: the lessons to look at.
    """

    def __init__(self, course: Workspace, chosen: Sequence[Lesson]) -> None:
        self._files = {lesson.number: course.exercise(lesson) for lesson in chosen}
        self._lessons = {lesson.number: lesson for lesson in chosen}
        self._known = self._stamps()
        self._before = self._known

    def saved(self) -> Iterator[list[Lesson]]:
        """Without end: the lessons that were saved. A file that is still being written is waited for."""
        while True:
            yield self.look()
            time.sleep(INTERVAL)

    def look(self) -> list[Lesson]:
        """The lessons saved since they were last told, whose files have not changed since the last look."""
        now = self._stamps()
        settled = [
            number
            for number, stamp in now.items()
            if stamp is not None and stamp == self._before[number] != self._known[number]
        ]
        self._before = now
        self._known = {**self._known, **{number: now[number] for number in settled}}
        return [self._lessons[number] for number in settled]

    def _stamps(self) -> dict[int, _Stamp]:
        return {number: _stamp(file) for number, file in self._files.items()}


def _stamp(file: Path) -> _Stamp:
    """What changes when a file is saved; ``None`` where there is none."""
    try:
        told = file.stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_size, told.st_ino
