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
from collections.abc import Mapping, Sequence
from contextlib import suppress
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
) -> dict[str, Answers]:
    """Call the functions in ``file`` and bring back their answers, by function.

    A function that ends the process costs only its own answers: the others get a fresh process.

    Args:
        file: the learner's exercise.
        calls: those of one function stand together.
        limits: seconds and bytes.
        without: functions that may not be called, ``torch.conv2d``.
    """
    limits = limits or Limits()
    found: dict[str, Answers] = {call.exercise: Answers() for call in calls}
    left = list(calls)
    while left:
        child = _Child(file, left, limits, without)
        finished = child.run(found)
        left = [call for call in left if call.exercise not in finished]
    return found


class _Child:
    """One process, from its start to the end of its family."""

    def __init__(
        self, file: Path, calls: Sequence[Call], limits: Limits, without: Sequence[str]
    ) -> None:
        self.file, self.calls, self.limits = file.resolve(), calls, limits
        self.job = {
            "file": str(self.file),
            "calls": [call.packed() for call in calls],
            "without": list(without),
            "memory": limits.memory,
            "written": limits.written,
            "torch": any(isinstance(v, np.ndarray) for c in calls for v in c.arguments.values()),
        }
        self.messages: queue.Queue[Any] = queue.Queue()
        self.printed = bytearray()
        self.count = 0
        self.loaded = False
        self.slowness = 1.0

    def run(self, found: dict[str, Answers]) -> set[str]:
        """Fill ``found``; the names of the functions that need no other process."""
        names = list(dict.fromkeys(call.exercise for call in self.calls))
        with tempfile.TemporaryDirectory(prefix="tutor-", ignore_cleanup_errors=True) as scratch:
            mark = f"TUTOR_APART={secrets.token_hex(8)}"
            process = self._start(Path(scratch), mark)
            readers = self._read(process)
            try:
                through, trouble = self._listen(process, found, names, Path(scratch))
            finally:
                processes.end_family(process, mark)
                for reader in readers:
                    reader.join(timeout=5)
        printed = self.printed[:_SHOWN].decode(errors="replace")
        for name in names:
            found[name].printed = found[name].printed or printed
        if trouble is None:
            return set(names)
        stopped = [name for name in names if name not in through]
        if self.loaded:
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
                wire.send(pipe, self.job)

        def results(pipe: BinaryIO) -> None:
            with pipe:
                try:
                    while (message := wire.receive(pipe)) is not None:
                        self.messages.put(message)
                    self.messages.put({"said": "gone"})
                except wire.GarbledError:
                    self.messages.put({"said": "garbled"})

        def prints(pipe: BinaryIO) -> None:
            with pipe:
                while text := pipe.read1(1 << 16):  # type: ignore[attr-defined]
                    self.printed += text[: max(0, 4 * _SHOWN - len(self.printed))]
                    self.count += len(text)
                    if self.count > self.limits.printed >= self.count - len(text):
                        self.messages.put({"said": "printing"})

        work = ((send, process.stdin), (results, process.stdout), (prints, process.stderr))
        readers = [threading.Thread(target=task, args=(pipe,), daemon=True) for task, pipe in work]
        for reader in readers:
            reader.start()
        return readers

    def _listen(
        self,
        process: subprocess.Popen[bytes],
        found: dict[str, Answers],
        names: Sequence[str],
        scratch: Path,
    ) -> tuple[set[str], Trouble | None]:
        """(functions that were gone through, what ended the others)."""
        through: set[str] = set()
        begun = time.monotonic()
        patience, deadline = self.limits.starting, begun + self.limits.starting
        while True:
            try:
                wait = max(0.0, min(patience, deadline - time.monotonic()))
                message = self.messages.get(timeout=wait)
            except queue.Empty:
                processes.ask_where(process, 1)
                return through, self._named("endless", "does not come to an end", scratch)
            if message.get("said") == "ready":
                self.slowness = _slowness(time.monotonic() - begun, message.get("computed"))
            if message.get("said") in {"ready", "through"}:
                patience = self.limits.silence * self.slowness
                deadline = time.monotonic() + self.limits.total * self.slowness
            if not self._noted(message, found, names, through):
                return through, self._ending(message, process, scratch)
            if len(through) == len(names):
                return through, None

    def _noted(
        self,
        message: Mapping[str, Any],
        found: dict[str, Answers],
        names: Sequence[str],
        through: set[str],
    ) -> bool:
        """Keep what a message tells; ``False`` for one after which nothing more is to come."""
        match message:
            case {"said": "ready"}:
                pass
            case {"said": "loaded"}:
                self.loaded = True
            case {"said": "answer", "call": int(number)} if 0 <= number < len(self.calls):
                found[self.calls[number].exercise].replies.append(dict(message))
            case {"said": "through", "exercise": str(name)} if name in names:
                through.add(name)
            case {"said": "trouble", "name": str(name), "what": str(what), "line": line}:
                now = next((name for name in names if name not in through), names[0])
                trouble = self._at(name, what, line)
                for blamed in [now] if self.loaded else names:
                    found[blamed].trouble = found[blamed].trouble or trouble
            case _:
                return False
        return True

    def _ending(
        self, message: Mapping[str, Any], process: subprocess.Popen[bytes], scratch: Path
    ) -> Trouble:
        match message:
            case {"said": "broken"}:
                return troubles.of_loading(self.file, message)
            case {"said": "printing"}:
                processes.ask_where(process, 1)
                return self._named("printing", "prints without end", scratch)
            case {"said": "gone"}:
                return self._gone(process, scratch)
        return Trouble("channel", "writes where only its results should go")

    def _gone(self, process: subprocess.Popen[bytes], scratch: Path) -> Trouble:
        try:
            code = process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return Trouble("channel", "closes the way its results should go")
        signal = processes.signal_name(code)
        if signal is None:
            return self._named("exit", f"ends the whole program (exit code {code})", scratch)
        return self._named("crash", f"makes the whole process die ({signal})", scratch)

    def _named(self, name: str, said: str, scratch: Path) -> Trouble:
        """With the line that faulthandler wrote down, where it did."""
        line = None
        with suppress(OSError):
            text = (scratch / "where.txt").read_text(encoding="utf-8", errors="replace")
            lines = re.findall(rf'File "{re.escape(str(self.file))}", line (\d+)', text)
            line = int(lines[0]) if lines else None
        return self._at(name, said, line)

    def _at(self, name: str, said: str, line: Any) -> Trouble:
        return troubles.at_line(self.file, name, said, line if isinstance(line, int) else None)


def _slowness(seconds: float, computed: Any) -> float:
    """How many seconds by the clock one second of computing takes here, 1 to _MOST_STRETCHED."""
    if not isinstance(computed, float) or computed <= 0 or seconds < 1.5 * computed:
        return 1.0
    return min(seconds / computed, _MOST_STRETCHED)
