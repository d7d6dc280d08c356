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
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_CPUINFO = Path("/proc/cpuinfo")  # Linux
_MEMINFO = Path("/proc/meminfo")
_OWN_CGROUPS = Path("/proc/self/cgroup")
_CGROUPS = Path("/sys/fs/cgroup")
_CGROUP_FILES = {  # version of cgroups: folder, limit, usage, page cache that the kernel can drop
    1: ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    2: ("", "memory.max", "memory.current", "inactive_file"),
}
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


def to_device(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    """``tensor`` on ``device``. To CUDA it goes by pinned memory: the program does not wait for it."""
    if device.type == "cuda" and tensor.device.type == "cpu":
        return tensor.contiguous().pin_memory().to(device, non_blocking=True)
    return tensor.to(device)


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


def free_memory() -> int | None:
    """Bytes that this process can still take; ``None`` where nothing tells reliably (not Linux).

    What the kernel calls available, or what is left of a limit on this process's group if that is less.
    """
    if not sys.platform.startswith("linux"):
        return None
    with suppress(OSError, ValueError, IndexError):
        told = _MEMINFO.read_text(encoding="ascii").partition("MemAvailable:")[2]
        return max(0, min([int(told.split()[0]) * 1024, *_left_in_cgroups()]))
    return None


def _left_in_cgroups() -> Iterator[int]:
    """Bytes left in each group of processes with a limit that this one is in: its own and those above."""
    with suppress(OSError):
        for line in _OWN_CGROUPS.read_text(encoding="utf-8").splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers and "memory" not in controllers.split(","):
                continue
            folder, *names = _CGROUP_FILES[1 if controllers else 2]
            place = Path(path.lstrip("/"))
            for group in (place, *place.parents):  # in a container only the last may be there
                with suppress(OSError, ValueError, IndexError):  # no limit: no file, or "max"
                    yield _left_in(_CGROUPS / folder / group, *names)


def _left_in(group: Path, limit: str, usage: str, cached: str) -> int:
    most, used = (int((group / name).read_text(encoding="ascii")) for name in (limit, usage))
    facts = (group / "memory.stat").read_text(encoding="ascii").split()
    return most - used + int(facts[facts.index(cached) + 1])


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


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
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


def write_text(path: Path, text: str) -> None:
    """:func:`write_atomically` in UTF-8; what that lacks is escaped: a folder's name may hold it."""
    written = text.encode("utf-8", errors="backslashreplace")
    write_atomically(path, lambda temporary: temporary.write_bytes(written))


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
