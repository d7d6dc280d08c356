"""Measures ``tutor walk``: from a key to the new picture, the bytes a key costs, and the start.

    python scripts/measure_walk.py [--json]

The command runs as it is, with the weights in the box, in a terminal (a pty) of 120×40. A walk of 500 keys
drawn by a seed is pressed one key after another: seconds are counted in the app, from the key to the last
write of the picture that it makes; bytes at the other end of the terminal. Keys that show that they work
are measured apart. ``--json`` saves the figures in benchmarks/results.
"""

import argparse
import asyncio
import fcntl
import json
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from alexnet_tutor import machine

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
SIZE = (120, 40)
KEYS, SEED, ROUNDS = 500, 8, 5
APART = ("w", "t", "m", "d", "k")  # they show that they work
TURNS = 8  # of each of these
TARGETS = {"ms": 50.0, "kB": 20.0, "s": 1.5}
PATIENCE = 30.0  # seconds for one key
FRAME = 1 / 60  # seconds between two updates of Textual's: a key comes at any time between them
QUIET = 0.01  # seconds without a byte: the terminal has all of a key's
DRAWN = b"by hand"  # stands on the first whole screen
ASKS, ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"  # whether it can draw a screen at once: most can

GROUPS: dict[str, tuple[float, tuple[str, ...]]] = {  # how often, and the keys
    "arrows": (0.45, ("left", "right", "up", "down")),
    "maps": (0.12, ("left_square_bracket", "right_square_bracket", "g")),
    "layers": (0.15, ("n", "p", *"0123456789")),
    "marks": (0.14, ("j", "j", "J", "i", "u")),
    "steps": (0.14, ("enter", "enter", "backspace")),
}


@dataclass(frozen=True)
class Press:
    """One key: its group, seconds to its picture (``None``: it changed nothing), bytes, what and where."""

    group: str
    seconds: float | None
    bytes: int
    what: str


def main() -> None:
    """Measure everything, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--json", action="store_true", help="save the figures in benchmarks/results"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="starts that are timed")
    parser.add_argument("--keys", type=int, default=KEYS, help="length of the walk")
    parser.add_argument("--inside", nargs=2, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        inside(*options.inside, options.keys)
        return
    with tempfile.TemporaryDirectory() as home:
        presses = pressed(options.keys, home)
        starts = timed_starts(options.rounds, home)
    figures = {"keys": by_group(presses), "start": starts}
    print("\n".join(table(figures)))
    if options.json:
        save(figures, options.keys)


def recorded(length: int) -> Iterator[tuple[str, str]]:
    """(group, key) of the walk; arrows come in runs, as a hand presses them."""
    rng = np.random.default_rng(SEED)
    names, shares = list(GROUPS), [share for share, _ in GROUPS.values()]
    left = length
    while left > 0:
        group = str(rng.choice(names, p=shares))
        key = str(rng.choice(GROUPS[group][1]))
        run = min(left, int(rng.integers(1, 5)) if group == "arrows" else 1)
        yield from [(group, key)] * run
        left -= run


def apart(bound: set[str]) -> Iterator[tuple[str, str]]:
    """The keys that are measured apart, each at several places of the network; "" is not measured."""
    rng = np.random.default_rng(SEED)
    for key in (key for key in APART if key in bound):
        for turn in range(TURNS):
            yield from [("", str(1 + turn % 5)), ("", "g"), ("", "p" if turn % 2 else "left")]
            yield from [("", str(rng.choice(GROUPS["arrows"][1])))] * 2
            yield from [(key, key), ("", "escape")]


# Inside the app


def inside(tell: int, hear: int, length: int) -> None:
    """Run the command; after each key tell the outside (a line) and hear that its bytes are counted."""
    from alexnet_tutor.cli.app import main as tutor  # noqa: PLC0415
    from alexnet_tutor.show.walk import app, keys  # noqa: PLC0415

    def run(walk: Any, **_: Any) -> None:
        bound = {name for key in keys.KEYS for name in key.does}
        walked = [("", "left"), *recorded(length), *apart(bound)]  # the first drew a whole screen

        async def press(_: Any) -> None:
            watch, pauses = Watch(walk), np.random.default_rng(SEED)
            for group, key in walked:
                await asyncio.sleep(pauses.uniform(0, 2 * FRAME))
                seconds = await watch.press(key)
                told = [group, seconds, f"{key} at {walk.stand.place}"]
                os.write(tell, f"{json.dumps(told)}\n".encode())
                os.read(hear, 1)
            walk.exit(None)

        asyncio.run(walk.run_async(auto_pilot=press))

    app.WalkApp.run = run
    sys.argv = ["tutor", "walk", "--from", "conv2"]
    tutor()


class Watch:
    """Sees when the app has drawn and when it has written that to its driver."""

    def __init__(self, walk: Any) -> None:
        self.walk = walk
        self.redraws = 0
        self.drawn = self.written = 0.0
        self._wrap(walk, "redraw", self._drew)
        self._wrap(walk._driver, "write", self._wrote)

    async def press(self, key: str) -> float | None:
        """Seconds from the key to the last write of its picture; ``None`` where none was drawn anew."""
        from textual import events  # noqa: PLC0415

        lines, redraws = self._shown(), self.redraws
        begun = time.perf_counter()
        self.walk._driver.send_message(events.Key(key, key if len(key) == 1 else None))
        await self._until(lambda: self.redraws > redraws)
        await asyncio.sleep(0)
        if self._shown() == lines:
            return None
        await self._until(lambda: self.written > self.drawn)
        return self.written - begun

    def _shown(self) -> list[Any]:
        return [list(line) for line in self.walk.drawn.lines]

    def _drew(self) -> None:
        self.redraws += 1
        self.drawn = time.perf_counter()

    def _wrote(self) -> None:
        self.written = time.perf_counter()

    @staticmethod
    def _wrap(owner: Any, name: str, then: Callable[[], None]) -> None:
        own = getattr(owner, name)

        def wrapped(*values: Any) -> None:
            own(*values)
            then()

        setattr(owner, name, wrapped)

    @staticmethod
    async def _until(done: Callable[[], bool]) -> None:
        begun = time.perf_counter()
        while not done():
            if time.perf_counter() - begun > PATIENCE:
                raise TimeoutError("a key has drawn nothing")
            await asyncio.sleep(0.0005)


# Outside: the terminal


class Terminal:
    """A process on a terminal of its own that answers as most do, and what came out of it."""

    def __init__(self, command: Sequence[str], home: str, pass_fds: Sequence[int] = ()) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            pass_fds=pass_fds, env=environment(home),
        )  # fmt: skip
        os.close(slave)
        self.tail = b""

    def read(self, wait: float) -> bytes:
        """What comes within ``wait`` seconds; empty for nothing."""
        if not select.select([self.master], [], [], wait)[0]:
            return b""
        try:
            came = os.read(self.master, 1 << 16)
        except OSError:  # it has ended
            return b""
        self.tail = (self.tail + came)[-4000:]
        if ASKS in came:
            os.write(self.master, ANSWER)
        return came

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        os.close(self.master)


def environment(home: str) -> dict[str, str]:
    """As in most terminals: 256 colours and more, Unicode."""
    own = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TUTOR_HOME": home}
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in ("NO_COLOR", "COLUMNS", "LINES")
    }
    return {**kept, "LC_ALL": "C.UTF-8", **own}


def pressed(length: int, home: str) -> list[Press]:
    """Every key of the walk and of those apart, as the app and the terminal saw them."""
    tell, told = os.pipe()
    heard, hear = os.pipe()
    command = [sys.executable, __file__, "--keys", str(length), "--inside", str(told), str(heard)]
    terminal = Terminal(command, home, (told, heard))
    os.close(told)
    os.close(heard)
    presses: list[Press] = []
    count = 0
    with os.fdopen(tell) as lines:
        while True:
            ready = select.select([terminal.master, tell], [], [], PATIENCE)[0]
            if not ready:
                raise TimeoutError(terminal.tail.decode(errors="replace"))
            if terminal.master in ready:
                count += len(terminal.read(0))
            if tell not in ready:
                continue
            line = lines.readline()
            if not line:
                break
            while came := terminal.read(QUIET):
                count += len(came)
            group, seconds, what = json.loads(line)
            if group:
                presses.append(Press(group, seconds, count, what))
            count = 0
            os.write(hear, b".")
    terminal.close()
    if not presses:
        raise RuntimeError(terminal.tail.decode(errors="replace"))
    return presses


def timed_starts(rounds: int, home: str) -> dict[str, list[float]]:
    """Seconds, in turns: ``import torch`` alone, and the command to its first whole screen."""
    found: dict[str, list[float]] = {"import_torch": [], "tutor_walk": []}
    for _ in range(rounds):
        code, seconds, _ = machine.ended_process([sys.executable, "-c", "import torch"])
        assert code == 0
        found["import_torch"].append(seconds)
        begun = time.perf_counter()
        terminal = Terminal(
            [sys.executable, "-m", "alexnet_tutor", "walk", "--from", "conv2"], home
        )
        seen = b""
        while DRAWN not in seen:
            came = terminal.read(PATIENCE)
            if not came:
                raise RuntimeError(terminal.tail.decode(errors="replace"))
            seen = seen[-len(DRAWN) :] + came
        found["tutor_walk"].append(time.perf_counter() - begun)
        terminal.close()
    return found


# What it gives


def by_group(presses: Sequence[Press]) -> dict[str, dict[str, Any]]:
    """Figures of the walk as a whole, of each group of its keys, and of the keys apart."""
    walked = [press for press in presses if press.group in GROUPS]
    groups = {"all": walked}
    for press in presses:
        groups.setdefault(press.group, []).append(press)
    return {group: figures_of(own) for group, own in groups.items()}


def figures_of(presses: Sequence[Press]) -> dict[str, Any]:
    """Of keys: how many, of those that drew anew the seconds and the bytes."""
    drew = [press for press in presses if press.seconds is not None]
    seconds = [press.seconds for press in drew]
    sizes = [press.bytes for press in drew]
    return {
        "keys": len(presses),
        "drew": len(drew),
        "seconds": {
            "median": median(seconds),
            "p95": float(np.quantile(seconds, 0.95)),
            "max": max(seconds),
            "slowest": max(drew, key=lambda press: press.seconds or 0).what,
        },
        "bytes": {"median": median(sizes), "max": max(sizes)},
    }


def table(figures: dict[str, Any]) -> Iterator[str]:
    """For people."""
    yield f"{machine.cores()} cores, {SIZE[0]}×{SIZE[1]}; keys that drew anew"
    yield ""
    yield "| keys | pressed | median ms | 95th | worst | median kB | worst kB |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for group, own in figures["keys"].items():
        times, sizes = own["seconds"], own["bytes"]
        cells = [f"{1000 * times[which]:.0f}" for which in ("median", "p95", "max")]
        cells += [f"{sizes[which] / 1000:.1f}" for which in ("median", "max")]
        yield f"| {group} | {own['drew']}/{own['keys']} | {' | '.join(cells)} |"
    start = {what: median(seconds) for what, seconds in figures["start"].items()}
    more = start["tutor_walk"] - start["import_torch"]
    yield ""
    yield (
        f"First screen after {start['tutor_walk']:.2f} s, import torch alone {start['import_torch']:.2f} s:"
        f" {more:.2f} s more (medians of {len(figures['start']['tutor_walk'])})."
    )
    own = figures["keys"]["all"]
    yield f"The slowest key of the walk: {own['seconds']['slowest']}."
    reached = {
        "ms": 1000 * own["seconds"]["median"],
        "kB": own["bytes"]["median"] / 1000,
        "s": more,
    }
    for unit, most in TARGETS.items():
        verdict = "met" if reached[unit] <= most else "MISSED"
        yield f"Target {most:g} {unit}: {reached[unit]:.2f}, {verdict}."


def save(figures: dict[str, Any], length: int) -> None:
    """The figures with the machine and the versions, beside those of ``tutor bench``."""
    about = machine.describe()
    date = datetime.now(UTC).date().isoformat()
    command = "python scripts/measure_walk.py --json"
    record = {
        "kind": "tutor walk",
        "command": command + (f" --keys {length}" if length != KEYS else ""),
        "date": date,
        "version": version("alexnet-tutor"),
        "torch": version("torch"),
        "textual": version("textual"),
        "machine": about,
        "size": list(SIZE),
        "seed": SEED,
        **figures,
    }
    file = RESULTS / f"{date}-{str(about['system']).lower()}-{about['cores']}cores-walk.json"
    text = json.dumps(record, indent=2, ensure_ascii=False)
    file.write_text(f"{text}\n", encoding="utf-8")
    print(f"Saved {file.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
