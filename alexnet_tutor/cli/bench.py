"""``tutor bench``: how fast this machine trains, against the origin's recipe and against its own bound."""

from __future__ import annotations

import json
import shlex
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from alexnet_tutor import machine, resources
from alexnet_tutor.bench.plan import FULL, MOST_ROUNDS, QUICK, Plan
from alexnet_tutor.cli import output
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import BenchProgress, BenchRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.training.recipes import DeviceChoice, PrecisionChoice


def bench(
    quick: Annotated[
        bool, typer.Option("--quick", help="Smaller batches, fewer rounds: about a minute.")
    ] = False,
    rounds: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_ROUNDS,
            metavar="N",
            help=f"Rounds that count. Unset: {FULL.rounds}, with --quick {QUICK.rounds}.",
        ),
    ] = None,
    device: Annotated[
        DeviceChoice, typer.Option(help="auto: cuda, else mps, else cpu.")
    ] = FULL.device,
    precision: Annotated[
        PrecisionChoice,
        typer.Option(help="Of the kit's step. auto: bf16 where the hardware has it."),
    ] = FULL.precision,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The record, as JSON. Unset: in benchmarks/results of a checkout, else in TUTOR_HOME.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object and nothing else.")
    ] = False,
) -> None:
    """Measure training here: the origin's recipe, the kit's, the bound."""
    plan = QUICK if quick else FULL
    plan = replace(plan, rounds=rounds or plan.rounds, device=device, precision=precision)
    if save is not None and save.is_dir():
        raise TutorError(f"{save} is a folder.", "Name a file: --save FILE.")
    from alexnet_tutor.bench.measure import measure  # noqa: PLC0415

    record = _follow(measure(plan, _command(plan, quick, rounds)), quiet=as_json)
    file = save or _usual_file(record, plan, quick)
    with output.writing(file, "--save"):
        told = json.dumps(record.to_json(), indent=2, ensure_ascii=False)
        machine.write_text(file, f"{told}\n")
    if as_json:
        output.show_json(record.to_json())
    else:
        from alexnet_tutor.show.terminal.bench import BenchView  # noqa: PLC0415

        output.show(BenchView(record, "tutor train --run checkpoints/first"))
    output.note(f"Saved {file}.")


def _command(plan: Plan, quick: bool, rounds: int | None) -> str:
    words = ["tutor", "bench"] + ["--quick"] * quick
    words += ["--rounds", str(rounds)] if rounds else []
    words += ["--device", plan.device] if plan.device != FULL.device else []
    words += ["--precision", plan.precision] if plan.precision != FULL.precision else []
    return shlex.join(words)


def _usual_file(record: BenchRecord, plan: Plan, quick: bool) -> Path:
    system, cores = str(record.machine["system"]).lower(), record.machine["cores"]
    gpu = "-cuda" if record.device == "cuda" else ""
    precision = f"-{plan.precision}" if plan.precision != FULL.precision else ""
    name = f"{record.date}-{system}-{cores}cores{gpu}{precision}{'-quick' if quick else ''}.json"
    checkout = resources.checkout()
    folder = checkout / "benchmarks" / "results" if checkout else resources.home() / "bench"
    return folder / name


def _follow(
    progress: Generator[BenchProgress, None, BenchRecord], *, quiet: bool = False
) -> BenchRecord:
    """A bar on standard error while it is measured: what, which round, how long is left."""
    from alexnet_tutor.show.terminal.bench import TASKS  # noqa: PLC0415

    hidden = quiet or not output.stderr_is_terminal()
    form = "{desc} {percentage:3.0f}%|{bar}|"
    with tqdm(total=1, leave=False, disable=hidden, bar_format=form, dynamic_ncols=True) as bar:
        while True:
            try:
                now = next(progress)
            except StopIteration as end:
                record: BenchRecord = end.value
                return record
            if not hidden:
                bar.n, bar.total = now.done, now.total
                bar.set_description_str(_said(now, TASKS.get(now.what, now.what)))


def _said(now: BenchProgress, what: str) -> str:
    where = f"round {now.round}/{now.rounds}" if now.round else "warming up"
    left = "" if now.seconds_left is None else f", {numbers.duration(now.seconds_left)} left"
    return f"{what}, {where}{left}"
