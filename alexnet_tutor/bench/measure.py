"""Everything, round by round: each task has its turn in every round, so a busy minute hits all alike.

This process loads no torch and only waits: what is measured runs in others.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from importlib.metadata import version
from time import perf_counter
from types import TracebackType
from typing import Any

from alexnet_tutor import __version__, machine
from alexnet_tutor.bench import commands
from alexnet_tutor.bench.plan import Plan
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.geometry import learning_flops
from alexnet_tutor.records import BenchProgress, BenchRecord, Timing

STATIONS = ("origin", "kit", "parts")
_PER_PROCESS = ("origin_step", "kit_step", "tutor_trace")  # whose memory means something

Turn = Callable[[float], tuple[float, int | None]]


class Worker:
    """A process of its own that holds one station; ended with the ``with`` block."""

    def __init__(self, station: str, plan: Plan) -> None:
        self.station = station
        words = [sys.executable, "-m", "alexnet_tutor.bench.worker", station]
        self._process = subprocess.Popen(
            [*words, json.dumps(asdict(plan))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def answer(self) -> dict[str, Any]:
        """The next line it says.

        Raises:
            TutorError: it met an error, or ended.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {}
        if "what" in answer or not answer:
            raise TutorError(
                answer.get("what", f"The process that measures {self.station} ended early."),
                answer.get("remedy", "Memory may have run out: try --quick."),
                ExitCode(answer.get("exit_code", ExitCode.FAILED)),
            )
        return answer

    def measure(self, task: str, least_seconds: float) -> tuple[float, int | None]:
        """(seconds of one call, most bytes the process has held)."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # why it ended, answer() tells
            self._process.stdin.write(f"{task} {least_seconds}\n")
            self._process.stdin.flush()
        answer = self.answer()
        return answer["seconds"], answer["memory"]


@dataclass(slots=True)
class _Book:
    """What has been measured so far, and how long each turn takes."""

    turns: Mapping[str, Turn]
    plan: Plan
    took: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)

    def run(self) -> Generator[BenchProgress, None, None]:
        """All rounds; number 0 warms up and counts nothing."""
        for number in range(self.plan.rounds + 1):
            least = self.plan.least_seconds if number else self.plan.warm_up_seconds
            for place, task in enumerate(self.turns):
                yield self._progress(task, number, place)
                begun = perf_counter()
                seconds, memory = self.turns[task](least)
                self.took[task] = perf_counter() - begun
                if number:
                    self.seconds.setdefault(task, []).append(seconds)
                if memory is not None and task in _PER_PROCESS:
                    self.memory[task] = max(memory, self.memory.get(task, 0))

    def _progress(self, task: str, number: int, place: int) -> BenchProgress:
        rounds = self.plan.rounds
        usual = sum(self.took.values()) / len(self.took) if self.took else None
        left = None
        if usual is not None:
            a_round = [self.took.get(name, usual) for name in self.turns]
            left = sum(a_round[place:]) + (rounds - number) * sum(a_round)
        done, total = number * len(self.turns) + place, (rounds + 1) * len(self.turns)
        return BenchProgress(task, number, rounds, done, total, left)


def measure(plan: Plan, command: str) -> Generator[BenchProgress, None, BenchRecord]:
    """Measure everything in ``plan``; says before each turn what comes, and returns the record.

    Args:
        plan: how much.
        command: what was typed, for the record.

    Raises:
        TutorError: a process failed, or this computer has no such device.
    """
    yield BenchProgress("loading", 0, plan.rounds, 0, 1, None)
    turns: dict[str, Turn] = {}
    facts: dict[str, Any] = {}
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(station, plan)) for station in STATIONS]
        for worker in workers:
            told = worker.answer()
            turns |= {task: partial(worker.measure, task) for task in told["tasks"]}
            facts |= told["facts"]
        turns |= {task: partial(_command, task) for task in commands.COMMANDS}
        book = _Book(turns, plan)
        yield from book.run()
    return BenchRecord(
        command=command,
        date=date.today().isoformat(),
        version=__version__,
        torch=version("torch"),
        machine=machine.describe(),
        batch_size=plan.batch_size,
        image_size=plan.architecture.image_size,
        lrn_shape=plan.lrn_shape,
        matrix_side=plan.matrix_side,
        flops_per_picture=learning_flops(plan.architecture),
        timings={task: Timing(tuple(values)) for task, values in book.seconds.items()},
        memory=book.memory,
        **facts,
    )


def _command(task: str, _least_seconds: float) -> tuple[float, int | None]:
    return commands.run(task)
