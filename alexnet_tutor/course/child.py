"""The child: reads a job, runs a learner's file, answers calls until no more come, ends.

Results leave on what was standard output. What the learner's code prints goes to standard error.
"""

from __future__ import annotations

import faulthandler
import importlib.util
import os
import sys
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

import numpy as np

from alexnet_tutor import processes
from alexnet_tutor.course import calling, wire
from alexnet_tutor.course.guard import Guard

_KIT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Run the job that standard input brings."""
    requests = os.fdopen(os.dup(0), "rb")
    job = wire.receive(requests, most=None)
    assert job is not None
    channel = _channel()
    end = os._exit
    scratch = Path.cwd()
    faulthandler.enable((scratch / "where.txt").open("w"), all_threads=False)
    file = Path(job["file"])

    def tell(name: str, what: str, line: int | None) -> None:
        wire.send(channel, {"said": "trouble", "name": name, "what": what, "line": line})

    if job["torch"]:
        _load_torch()
    sys.dont_write_bytecode = True
    sys.path.append(str(file.parent))
    guard = Guard(file, _KIT, scratch, tell)
    guard.forbid(job["without"] if job["torch"] else [])
    guard.remember()
    processes.limit_process(memory=job["memory"], written=job["written"])
    wire.send(channel, {"said": "ready", "computed": time.process_time()})
    _work(file, guard, requests, channel)
    end(0)  # whatever threads are left


def _channel() -> BinaryIO:
    """Standard output for results alone; from here on printing goes to standard error."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    return channel


def _load_torch() -> None:
    import torch
    import torch.nn.functional

    torch.set_num_threads(1)


def _work(file: Path, guard: Guard, requests: BinaryIO, channel: BinaryIO) -> None:
    try:
        with guard:
            module = _loaded(file)
    except BaseException as error:
        wire.send(channel, {"said": "broken", **calling.failure(error, str(file))})
        return
    _tell_threads(guard)
    wire.send(channel, {"said": "loaded"})
    while (asked := wire.receive(requests, most=None)) is not None:
        _answer(asked["calls"], module, file, guard, channel)


def _answer(
    asked: list[dict[str, Any]], module: ModuleType, file: Path, guard: Guard, channel: BinaryIO
) -> None:
    for name, calls in groupby(enumerate(asked), key=lambda entry: entry[1]["exercise"]):
        function = getattr(module, name, None)
        for number, call in calls:
            told = _one(function, call, file, guard)
            wire.send(channel, {"said": "answer", "call": number, **told})
        _tell_threads(guard)
        wire.send(channel, {"said": "through", "exercise": name})


def _one(
    function: Callable[..., Any] | None, call: dict[str, Any], file: Path, guard: Guard
) -> dict[str, Any]:
    if not callable(function):
        return {"kind": "missing"}

    def guarded(**arguments: Any) -> Any:
        with guard:
            return function(**arguments)

    return calling.answer(guarded, call, str(file))


def _loaded(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("exercise", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["exercise"] = module
    spec.loader.exec_module(module)
    return module


def _tell_threads(guard: Guard) -> None:
    """Threads that the learner's code has left running."""
    left = guard.left_threads()
    if left:
        guard.tell("thread", f"leaves a thread running ({', '.join(left[:4])})", None)


if __name__ == "__main__":
    np.seterr(all="ignore")
    main()
