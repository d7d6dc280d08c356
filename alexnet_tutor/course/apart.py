"""Runs a learner's file in a process of its own, with limits, and brings back plain answers.

Whatever the code does, each of its functions gets either answers or one trouble with a name.
"""

from __future__ import annotations

import os
import queue
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from alexnet_tutor import processes
from alexnet_tutor.course import troubles, wire
from alexnet_tutor.course.calls import Answers, Call, Limits
from alexnet_tutor.records import Trouble

_PACKAGE = Path(__file__).resolve().parents[2]
_MOST_STRETCHED = 20.0
_SHOWN = 2000  # characters of what the code prints that are kept


def ask(
    file: Path,
    calls: Sequence[Call],
    limits: Limits | None = None,
    without: Sequence[str] = (),
    then: Callable[[Child, dict[str, Answers]], None] | None = None,
) -> dict[str, Answers]:
    """Call the functions in ``file`` and bring back their answers, by function.

    A function that ends the process costs only its own answers: the others get a fresh process.

    Args:
        file: the learner's exercise.
        calls: those of one function stand together.
        limits: seconds and bytes.
        without: functions that may not be called, ``torch.conv2d``.
        then: called with the last process, if it is still of use, and the answers so far.
    """
    found: dict[str, Answers] = {call.exercise: Answers() for call in calls}
    left = list(calls)
    while left:
        torch = any(map(_has_arrays, left)) or _names_torch(file)
        with Child(file, limits or Limits(), without, torch=torch) as child:
            finished = child.ask(left, found)
            if then is not None and child.alive:
                then(child, found)
        for call in left:
            answers = found[call.exercise]
            answers.printed = answers.printed or child.printed
        left = [call for call in left if call.exercise not in finished]
    return found


class Child:
    """One process, from its start to the end of its family.

    Args:
        file: the learner's exercise.
        limits: seconds and bytes.
        without: functions that may not be called.
        torch: whether it is loaded before the file is.
    """

    def __init__(
        self, file: Path, limits: Limits, without: Sequence[str] = (), *, torch: bool
    ) -> None:
        self.file, self.limits = file.resolve(), limits
        self._job = {
            "file": str(self.file),
            "without": list(without),
            "memory": limits.memory,
            "written": limits.written,
            "torch": torch,
        }
        self._mark = f"TUTOR_APART={secrets.token_hex(8)}"
        self._outbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._messages: queue.Queue[Any] = queue.Queue()
        self._printed = bytearray()
        self._count = 0
        self._ready = self._loaded = False
        self._slowness = 1.0
        self.alive = True

    @property
    def printed(self) -> str:
        """The beginning of what the code printed."""
        return self._printed[:_SHOWN].decode(errors="replace")

    def __enter__(self) -> Child:
        folder = tempfile.TemporaryDirectory(prefix="tutor-", ignore_cleanup_errors=True)
        self._folder, self._scratch = folder, Path(folder.name)
        self._outbox.put(self._job)
        self._process = self._start(self._scratch, self._mark)
        self._readers = self._read(self._process)
        return self

    def __exit__(self, *_: object) -> None:
        self._outbox.put(None)
        processes.end_family(self._process, self._mark)
        for reader in self._readers:
            reader.join(timeout=5)
        self._folder.cleanup()

    def ask(self, calls: Sequence[Call], found: dict[str, Answers]) -> set[str]:
        """Fill ``found``; the names of the functions that need no other process.

        Once it is no longer ``alive`` the process is of no more use.
        """
        names = list(dict.fromkeys(call.exercise for call in calls))
        self._outbox.put({"calls": [call.packed() for call in calls]})
        through, trouble = self._listen(calls, found, names)
        if trouble is None:
            return set(names)
        self.alive = False
        stopped = [name for name in names if name not in through]
        if self._loaded:
            stopped = stopped[:1]  # the one that ran; the next get another process
        for name in stopped:
            found[name].trouble = found[name].trouble or trouble
        return through | set(stopped)

    def _start(self, scratch: Path, mark: str) -> subprocess.Popen[bytes]:
        name, _, token = mark.partition("=")
        paths = [str(_PACKAGE), os.environ.get("PYTHONPATH", "")]
        environment = {
            **os.environ, name: token, "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "PYTHONSAFEPATH": "1", "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1",
            "TMPDIR": str(scratch), "HOME": str(scratch),
            # What torch and Python keep for later would be written or read elsewhere.
            "TORCHINDUCTOR_CACHE_DIR": str(scratch), "PYTHONPYCACHEPREFIX": "",
        }  # fmt: skip
        return subprocess.Popen(
            [sys.executable, "-u", "-m", "alexnet_tutor.course.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=scratch,
            env=environment,
            start_new_session=True,
        )

    def _read(self, process: subprocess.Popen[bytes]) -> list[threading.Thread]:
        def send(pipe: BinaryIO) -> None:
            with suppress(OSError), pipe:
                while (message := self._outbox.get()) is not None:
                    wire.send(pipe, message)

        def results(pipe: BinaryIO) -> None:
            with pipe:
                try:
                    while (message := wire.receive(pipe)) is not None:
                        self._messages.put(message)
                    self._messages.put({"said": "gone"})
                except wire.GarbledError:
                    self._messages.put({"said": "garbled"})

        def prints(pipe: BinaryIO) -> None:
            with pipe:
                while text := pipe.read1(1 << 16):  # type: ignore[attr-defined]
                    self._printed += text[: max(0, 4 * _SHOWN - len(self._printed))]
                    self._count += len(text)
                    if self._count > self.limits.printed >= self._count - len(text):
                        self._messages.put({"said": "printing"})

        work = ((send, process.stdin), (results, process.stdout), (prints, process.stderr))
        readers = [threading.Thread(target=task, args=(pipe,), daemon=True) for task, pipe in work]
        for reader in readers:
            reader.start()
        return readers

    def _listen(
        self, calls: Sequence[Call], found: dict[str, Answers], names: Sequence[str]
    ) -> tuple[set[str], Trouble | None]:
        """(functions that were gone through, what ended the others)."""
        through: set[str] = set()
        begun = time.monotonic()
        patience, deadline = self._patience() if self._loaded else (self.limits.starting, inf)
        while True:
            try:
                left = deadline - time.monotonic()
                if left < -patience:  # messages come without end
                    raise queue.Empty
                message = self._messages.get(timeout=max(0.0, min(patience, left)))
            except queue.Empty:
                processes.ask_where(self._process, 1)
                return through, self._named("endless", "does not come to an end")
            if message.get("said") == "ready" and not self._ready:
                self._slowness = _slowness(time.monotonic() - begun, message.get("computed"))
            if self._is_news(message, through):  # a forged message buys no time
                patience, deadline = self._patience()
            if not self._noted(message, calls, found, names, through):
                return through, self._ending(message)
            if len(through) == len(names):
                return through, None

    def _is_news(self, message: Mapping[str, Any], through: set[str]) -> bool:
        """Whether a message tells for the first time that something has come to its end."""
        said = message.get("said")
        first = said == "ready" and not self._ready
        self._ready = self._ready or first
        return first or (said == "through" and str(message.get("exercise")) not in through)

    def _patience(self) -> tuple[float, float]:
        """(seconds until the next message, when all must be done)."""
        total = self.limits.total * self._slowness
        return self.limits.silence * self._slowness, time.monotonic() + total

    def _noted(
        self,
        message: Mapping[str, Any],
        calls: Sequence[Call],
        found: dict[str, Answers],
        names: Sequence[str],
        through: set[str],
    ) -> bool:
        """Keep what a message tells; ``False`` for one after which nothing more is to come."""
        match message:
            case {"said": "ready"}:
                pass
            case {"said": "loaded"}:
                self._loaded = True
            case {"said": "answer", "call": int(number)} if 0 <= number < len(calls):
                replies = found[calls[number].exercise].replies
                replies.append(dict(message))
                return len(replies) <= len(calls)
            case {"said": "through", "exercise": str(name)} if name in names:
                through.add(name)
            case {"said": "trouble", "name": str(name), "what": str(what), "line": line}:
                now = next((name for name in names if name not in through), names[0])
                trouble = self._at(name, what, line)
                for blamed in [now] if self._loaded else names:
                    found[blamed].trouble = found[blamed].trouble or trouble
            case _:
                return False
        return True

    def _ending(self, message: Mapping[str, Any]) -> Trouble:
        match message:
            case {"said": "broken"}:
                return troubles.of_loading(self.file, message)
            case {"said": "printing"}:
                processes.ask_where(self._process, 1)
                return self._named("printing", "prints without end")
            case {"said": "gone"}:
                return self._gone()
        return Trouble("channel", "writes where only its results should go")

    def _gone(self) -> Trouble:
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return Trouble("channel", "closes the way its results should go")
        signal = processes.signal_name(code)
        if signal is None:
            return self._named("exit", f"ends the whole program (exit code {code})")
        return self._named("crash", f"makes the whole process die ({signal})")

    def _named(self, name: str, said: str) -> Trouble:
        """With the line that faulthandler wrote down, where it did."""
        line = None
        with suppress(OSError):
            text = (self._scratch / "where.txt").read_text(encoding="utf-8", errors="replace")
            lines = re.findall(rf'File "{re.escape(str(self.file))}", line (\d+)', text)
            line = int(lines[0]) if lines else None
        return self._at(name, said, line)

    def _at(self, name: str, said: str, line: Any) -> Trouble:
        return troubles.at_line(self.file, name, said, line if isinstance(line, int) else None)


def _names_torch(file: Path) -> bool:
    """Whether the file may import torch, which takes more address space than the limit leaves."""
    with suppress(OSError):
        return b"torch" in file.read_bytes()
    return False


def _has_arrays(call: Call) -> bool:
    return any(isinstance(value, np.ndarray) for value in call.arguments.values())


def _slowness(seconds: float, computed: Any) -> float:
    """How many seconds by the clock one second of computing takes here, 1 to _MOST_STRETCHED."""
    if not isinstance(computed, float) or computed <= 0 or seconds < 1.5 * computed:
        return 1.0
    return min(seconds / computed, _MOST_STRETCHED)
