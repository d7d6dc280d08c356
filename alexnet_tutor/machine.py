"""What this computer has and how it differs from others: the one home of every platform difference."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

_CPUINFO = Path("/proc/cpuinfo")  # Linux
_GIBIBYTE = 1 << 30
_M_TRIM_THRESHOLD = -1  # from glibc's malloc.h
_M_MMAP_THRESHOLD = -3


def keep_freed_memory() -> bool:
    """Tell glibc to keep freed memory for the next step instead of returning it to the kernel.

    Otherwise each training step pays for page faults on hundreds of megabytes. Call it before
    torch is imported. Returns whether it took effect (only with glibc).
    """
    if not sys.platform.startswith("linux"):
        return False
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        return bool(mallopt(_M_MMAP_THRESHOLD, _GIBIBYTE) and mallopt(_M_TRIM_THRESHOLD, _GIBIBYTE))
    return False


def cpu_has_bf16() -> bool:
    """Whether the processor multiplies bfloat16 in hardware; where it is emulated it is slower."""
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            words = _CPUINFO.read_text(encoding="ascii", errors="ignore").split()
            return bool({"avx512_bf16", "amx_bf16", "bf16"} & set(words))
    if sys.platform == "darwin":
        with suppress(OSError, subprocess.SubprocessError):
            answer = subprocess.run(
                ["sysctl", "-n", "hw.optional.arm.FEAT_BF16"],
                capture_output=True,
                text=True,
                timeout=5,
                check=False,
            )
            return answer.stdout.strip() == "1"
    return False


def cores() -> int:
    """Cores this process may use."""
    with suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def describe() -> dict[str, str | int]:
    """The machine in a few words, for a run's records. No name of a person or host."""
    return {
        "system": platform.system(),
        "processor": _processor(),
        "cores": cores(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    with suppress(OSError):
        for line in _CPUINFO.read_text(encoding="utf-8", errors="ignore").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def peak_memory() -> int | None:
    """Most bytes this process has held in memory at once; ``None`` where the system does not tell."""
    try:
        import resource  # noqa: PLC0415  Windows has none
    except ImportError:
        return None
    return _in_bytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def ended_process(command: Sequence[str]) -> tuple[int, float, int | None]:
    """Run ``command`` unseen to its end: (exit code, seconds, most bytes it held or ``None``)."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    memory = None
    try:
        if hasattr(os, "wait4"):  # not on Windows
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            memory = _in_bytes(usage.ru_maxrss)
        code = process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
    return code, time.perf_counter() - begun, memory


def _in_bytes(largest: int) -> int:
    return largest if sys.platform == "darwin" else largest * 1024


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Let ``write`` fill a temporary file beside ``path``, flush it to disk, then rename it.

    A reader sees the old file or the new one, never a part.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
        flush_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sweep_temporaries(path: Path) -> None:
    """Remove what :func:`write_atomically` left beside ``path`` when its process was killed."""
    for leftover in path.parent.glob(f".{path.name}.*.tmp"):
        leftover.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, as 64 lower-case hexadecimal digits.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def flush_folder(folder: Path) -> None:
    """Make a rename in ``folder`` survive a power cut, where the system can (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def sole_user(path: Path) -> Iterator[bool]:
    """Hold a lock on the file ``path``; yields ``False`` when another process, or handle, holds it.

    The kernel drops the lock with the process, so a killed one leaves nothing in the way. On a
    filesystem that knows no locks there is none, and the answer is ``True``.
    """
    with path.open("a+b") as file:
        try:
            _lock(file.fileno())
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:
                yield False
                return
        yield True


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  only Windows has it

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415  Windows has none

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class StopRequest:
    """Set when the person (Ctrl-C) or the system (SIGTERM) asks to stop.

    Attributes:
        signal: which of the two asked, ``None`` until one does.
        heeded: whether the work under way looks at the request and ends by itself. Until it does,
            there is nothing to finish, and a signal interrupts at once.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self.heeded = False

    def __bool__(self) -> bool:
        return self.signal is not None


@contextmanager
def stop_on_signals() -> Iterator[StopRequest]:
    """Turn the first Ctrl-C or SIGTERM into a request that the work under way can finish by.

    Before the request is heeded, either raises KeyboardInterrupt instead, so that what is open is
    closed. A second signal acts as it would have. Handlers are put back at the end. Outside the main
    thread signals cannot be caught, and the request is never set.
    """
    request = StopRequest()
    previous: dict[int, object] = {}

    def note(number: int, _frame: FrameType | None) -> None:
        request.signal = number
        _restore(previous)
        if not request.heeded:
            raise KeyboardInterrupt

    with suppress(ValueError):
        for number in (signal.SIGINT, signal.SIGTERM):
            previous[number] = signal.signal(number, note)
    try:
        yield request
    finally:
        _restore(previous)


def _restore(handlers: dict[int, object]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)  # type: ignore[arg-type]
    handlers.clear()


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
