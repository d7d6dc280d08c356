"""Other programs: what they may take, how they are ended, what ended them. Windows differs, here only."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path


def limit_process(*, memory: int, written: int) -> None:
    """Let this process take ``memory`` bytes more than now and write files of ``written`` at most.

    Where the system cannot (Windows; macOS counts no address space) nothing is limited.
    """
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return
    limits = {resource.RLIMIT_FSIZE: written, resource.RLIMIT_CORE: 0}
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        limits[resource.RLIMIT_AS] = pages * resource.getpagesize() + memory
    for kind, most in limits.items():
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


def ask_where(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Make a process that runs faulthandler write down where it is, and end; not on Windows."""
    if os.name != "nt":
        with suppress(OSError, subprocess.TimeoutExpired):
            process.send_signal(signal.SIGABRT)
            process.wait(seconds)


def end_family(process: subprocess.Popen[bytes], mark: str) -> None:
    """Kill a process that began a session of its own, and what it started.

    On Linux also what left the session: it still carries ``mark`` in its environment.
    """
    if os.name == "nt":
        process.kill()
    else:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark.encode() in environment.read_bytes():
                os.kill(int(environment.parent.name), signal.SIGKILL)
    process.wait()


def signal_name(code: int) -> str | None:
    """``SIGKILL`` for the exit code of a process that it killed, else ``None``."""
    with suppress(ValueError):
        return signal.Signals(-code).name if code < 0 else None
    return f"signal {-code}"
