"""``tutor train``: parses, calls ``fit``, and shows what it tells."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from alexnet_tutor import machine
from alexnet_tutor.cli import mine as own
from alexnet_tutor.cli import options, output, training_screen
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.records import Augment, Init, Lrn, TrainingRecord
from alexnet_tutor.training.named import RecipeName, with_recipe
from alexnet_tutor.training.recipes import (
    DeviceChoice,
    Origin,
    PrecisionChoice,
    ScheduleName,
    Settings,
)
from alexnet_tutor.training.recipes import Preset as PresetChoice

DEFAULT = Settings()
RUNS = Path("checkpoints")
_ORIGINS: dict[str, Origin] = {
    "COMMANDLINE": "flag",
    "ENVIRONMENT": "environment",
    "DEFAULT_MAP": "settings file",
}


def train(
    ctx: typer.Context,
    data: Annotated[
        str, typer.Option(metavar="NAME", help="fashion-mnist, sketches or folder:PATH.")
    ] = DEFAULT.data,
    data_dir: options.DataDir = None,
    run: Annotated[
        Path | None,
        typer.Option(
            "--run", metavar="DIR", help="Folder of this run. Unset: one in checkpoints/."
        ),
    ] = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume",
            help="Go on with the run in --run as it was begun, whatever settings.toml says.",
        ),
    ] = False,
    recipe: Annotated[
        RecipeName | None,
        typer.Option(
            help="Settings that go together: origin, all the notebook's; quick, small pictures and one cycle of the rate. Flags beat them."
        ),
    ] = None,
    epochs: Annotated[int, typer.Option(help="Times through the pictures.")] = DEFAULT.epochs,
    limit: Annotated[
        int | None, typer.Option(metavar="N", help="Learn from N pictures. Unset: from all.")
    ] = DEFAULT.limit,
    validation: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Pictures held out to choose by; 0: none. Unset: one for every eleven learnt from.",
        ),
    ] = DEFAULT.validation,
    batch_size: Annotated[int, typer.Option(help="Pictures per step.")] = DEFAULT.batch_size,
    lr: Annotated[float, typer.Option(help="Learning rate.")] = DEFAULT.lr,
    momentum: Annotated[
        float, typer.Option(help="Share of the last step kept.")
    ] = DEFAULT.momentum,
    weight_decay: Annotated[float, typer.Option(help="Pull of every weight and bias to 0.")] = (
        DEFAULT.weight_decay
    ),
    nesterov: Annotated[
        bool, typer.Option("--nesterov", help="Step from where the momentum leads.")
    ] = DEFAULT.nesterov,
    label_smoothing: Annotated[
        float, typer.Option(help="Share of a target spread over all classes.")
    ] = DEFAULT.label_smoothing,
    schedule: Annotated[
        ScheduleName,
        typer.Option(help="How the learning rate changes; step: to a tenth every 50 epochs."),
    ] = DEFAULT.schedule,
    init: Annotated[
        Init,
        typer.Option(
            help="First weights; kaiming: variance 2 / inputs, biases 0; paper: deviation 0.01, some biases 1; torch: PyTorch's own."
        ),
    ] = DEFAULT.init,
    lrn: Annotated[
        Lrn,
        typer.Option(help="What LRN's α multiplies; paper: the sum of squares; torch: their mean."),
    ] = DEFAULT.lrn,
    augment: Annotated[
        Augment, typer.Option(help="Vary the pictures; paper: crops, mirror, colour.")
    ] = DEFAULT.augment,
    preset: Annotated[PresetChoice, typer.Option(help="Which network.")] = DEFAULT.preset,
    width: Annotated[
        float, typer.Option(help="Channels of every layer times this: 0.25 is quick on a laptop.")
    ] = DEFAULT.width,
    image_size: Annotated[int, typer.Option(help="Side of the input, pixels.")] = (
        DEFAULT.image_size
    ),
    precision: Annotated[
        PrecisionChoice, typer.Option(help="auto: bf16 where the hardware has it, else fp32.")
    ] = DEFAULT.precision,
    device: Annotated[DeviceChoice, typer.Option(help="auto: cuda, else mps, else cpu.")] = (
        DEFAULT.device
    ),
    deterministic: Annotated[
        bool, typer.Option("--deterministic", help="The same bits every time, on CUDA too.")
    ] = DEFAULT.deterministic,
    seed: Annotated[
        int, typer.Option(help="Of first weights, order, dropout and augmentation.")
    ] = DEFAULT.seed,
    mine: Annotated[
        str | None,
        typer.Option(
            metavar="N,…",
            help="Learn with your own code of these lessons: checked apart, then loaded into this very process. --resume keeps them.",
        ),
    ] = None,
    folder: options.Course = None,
) -> None:
    """Train the network; Ctrl-C saves, --resume goes on.

    The defaults are this kit's recipe, not the paper's.
    """
    if resume and run is None:
        raise TutorError("--resume does not say which run.", "Name its folder: --run DIR.")
    names = [entry.name for entry in fields(Settings)]
    values = {name: ctx.params[name] for name in names}
    origins = {name: _origin(ctx, name) for name in names}
    asked_by = _origin(ctx, "recipe")
    if recipe and not (resume and asked_by == "settings file"):  # a run resumes as it was begun
        values, origins = with_recipe(recipe, values, origins, asked_by=asked_by)
    settings = Settings(**values)
    machine.keep_freed_memory()  # before torch is loaded
    from alexnet_tutor.training.fit import fit  # noqa: PLC0415
    from alexnet_tutor.training.run_folder import default_run  # noqa: PLC0415

    if resume and _origin(ctx, "mine") == "settings file":
        mine = None
    with machine.stop_on_signals() as stop, ExitStack() as until_loaded:
        loading = until_loaded.enter_context(output.waiting())
        records = fit(
            run or default_run(settings, RUNS, date.today()),
            settings,
            origins=origins,
            data_dir=data_dir,
            resume=resume,
            stop=stop,
            loading=loading,
            stand_ins=own.for_training(mine, folder, run if resume else None, loading),
        )
        finished = _finishes(records, until_loaded, stop)
    if not finished:  # the shell's own codes for the two signals
        terminated = stop.signal == signal.SIGTERM
        raise typer.Exit(ExitCode.TERMINATED if terminated else ExitCode.INTERRUPTED)


def _finishes(
    records: Iterator[TrainingRecord], until_loaded: ExitStack, stop: machine.StopRequest
) -> bool:
    """Follow the run to its end; whether that was its last epoch's."""
    try:
        return training_screen.follow(records, until_loaded.close).finished
    except KeyboardInterrupt:
        if stop.heeded:  # asked twice: in the middle of a step
            raise
        output.note("Stopped before the first step: there was nothing to save.")
        return False


def _origin(ctx: typer.Context, name: str) -> Origin:
    source = ctx.get_parameter_source(name)
    return _ORIGINS.get(source.name, "default") if source else "default"
