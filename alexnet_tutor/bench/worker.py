"""The process of one station: ``python -m alexnet_tutor.bench.worker NAME PLAN``.

It answers each line ``task least_seconds`` on standard input with a line of JSON. The kit's processes
keep freed memory, as ``tutor train`` does; the origin's does not, as a notebook does not.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from typing import Any

from alexnet_tutor.bench.plan import Plan
from alexnet_tutor.errors import TutorError
from alexnet_tutor.machine import keep_freed_memory


def main() -> None:
    """Open the station and answer until the input ends."""
    name, plan = sys.argv[1], Plan(**json.loads(sys.argv[2]))
    try:
        _serve(name, plan)
    except TutorError as error:
        _say({"what": error.what, "remedy": error.remedy, "exit_code": int(error.exit_code)})
    except (RuntimeError, MemoryError, OSError) as error:
        _say({"what": f"{type(error).__name__}: {error}"[:300], "remedy": "Try --quick."})


def _serve(name: str, plan: Plan) -> None:
    if name != "origin":
        keep_freed_memory()  # before torch is loaded
    from alexnet_tutor.bench.stations import STATIONS  # noqa: PLC0415
    from alexnet_tutor.training.devices import arithmetic  # noqa: PLC0415

    with ExitStack() as stack:
        if name != "origin":
            stack.enter_context(arithmetic(deterministic=False))
        station = STATIONS[name](plan)
        _say({"tasks": list(station.tasks), "facts": dict(station.facts)})
        for line in sys.stdin:
            task, least = line.split()
            seconds = station.measure(task, float(least))
            _say({"seconds": seconds, "memory": station.memory()})


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
