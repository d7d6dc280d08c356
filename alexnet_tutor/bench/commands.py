"""How long a command takes from being typed to its end, Python's own start included."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.machine import ended_process

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "import_torch": ("-c", "import torch"),
    "tutor_help": ("-m", "alexnet_tutor", "--help"),
    "tutor_trace": ("-m", "alexnet_tutor", "trace", "--weights", "none"),
}


def run(task: str) -> tuple[float, int | None]:
    """(seconds, most bytes it held) of the command called ``task``.

    Raises:
        TutorError: the command failed.
    """
    code, seconds, memory = ended_process([sys.executable, *COMMANDS[task]])
    if code:
        words = " ".join(COMMANDS[task])
        raise TutorError(f"python {words} failed.", "Try it by hand.", ExitCode.FAILED)
    return seconds, memory
