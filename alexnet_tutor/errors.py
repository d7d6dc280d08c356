"""The one error the kit raises on purpose: what happened, what to do, and how the command ends."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ends. 130 and 143 are the shell's own for Ctrl-C and SIGTERM."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    BAD_CHECKPOINT = 3
    BUSY = 4
    INTERRUPTED = 130
    TERMINATED = 143


class TutorError(Exception):
    """Something the person at the keyboard can act on.

    Raised where it is understood, shown once, in ``cli/output.py``, without a traceback.

    Args:
        what: one sentence, what was wrong.
        remedy: one sentence, what to do about it.
        exit_code: how the command ends.
    """

    def __init__(
        self, what: str, remedy: str = "", exit_code: ExitCode = ExitCode.BAD_INPUT
    ) -> None:
        super().__init__(f"{what} {remedy}".strip())
        self.what = what
        self.remedy = remedy
        self.exit_code = exit_code
