"""``tutor compress``: a network's weights in a fortieth of the bytes, and what that costs."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from alexnet_tutor import machine
from alexnet_tutor.cli import models, options, output
from alexnet_tutor.errors import TutorError

FITTED = 8192


def compress(
    run: Annotated[
        Path | None, typer.Argument(metavar="RUN", help="Folder of a run: its best weights.")
    ] = None,
    weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Weights, instead of a run's.")
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The small file. Unset: compressed.safetensors in RUN."),
    ] = None,
    fc6_rank: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Rank of fc6. Unset: 128 at full width.")
    ] = None,
    fc7_rank: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Rank of fc7. Unset: 100 at full width.")
    ] = None,
    fit: Annotated[
        int,
        typer.Option(
            min=0,
            max=60_000,
            metavar="N",
            help="Training pictures to teach the thin fc6 and fc7 with; 0: none, the nearest matrices.",
        ),
    ] = FITTED,
    data: options.Data = None,
    data_dir: options.DataDir = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only N test pictures, a fixed choice.")
    ] = None,
    evaluate: Annotated[
        bool,
        typer.Option(
            "--evaluate/--no-evaluate",
            help="Measure the accuracy after each step.",
        ),
    ] = True,
    as_json: options.AsJson = False,
) -> None:
    """Make a small file of a network's weights.

    With --fit 0 --no-evaluate it needs no pictures.
    """
    source, target = _files(run, weights, save)
    machine.keep_freed_memory()  # before torch is loaded
    from alexnet_tutor.data import open_data  # noqa: PLC0415
    from alexnet_tutor.training import devices  # noqa: PLC0415
    from alexnet_tutor.training.shrink import Shrinking, shrink  # noqa: PLC0415

    network, facts = models.open_model(str(source), None, None)
    device = devices.choose_device()
    how = Shrinking(
        wanted={"fc6": fc6_rank, "fc7": fc7_rank},
        fitted=fit,
        judged=evaluate,
        limit=limit,
        device=device,
        precision=devices.choose_precision("auto", device),
    )
    with output.waiting(quiet=as_json) as progress, output.writing(target, "--save"):
        splits = None
        if fit or evaluate:
            pictures, folder = models.data_of(run, facts, data, data_dir)
            splits = open_data(
                pictures,
                data_dir=folder,
                preparation=facts.preparation,
                limit=fit or None,
                progress=progress,
            )
        record = shrink(network, facts, target, how, data=splits, progress=progress)
    if as_json:
        output.show_json(record.to_json())
        return
    from alexnet_tutor.show.terminal.compression import CompressionView  # noqa: PLC0415

    next_command = shlex.join(["tutor", "trace", "--weights", str(target)])
    output.show(CompressionView(record, next_command))


def _files(run: Path | None, weights: Path | None, save: Path | None) -> tuple[Path, Path]:
    """(the file to make small, the small file)."""
    if (run is None) == (weights is None):
        raise TutorError(
            "Which weights shall be made small?", "Name one run (RUN) or one file (--weights FILE)."
        )
    source = weights or models.run_weights(run or Path())
    target = save or source.with_name(
        "compressed.safetensors" if run else f"{source.stem}-compressed.safetensors"
    )
    if target.is_dir():
        raise TutorError(f"{target} is a folder.", "Name a file: --save FILE.")
    if target.resolve() == source.resolve():
        raise TutorError(
            f"{target} would replace the weights it is made from.",
            "Choose another --save.",
        )
    return source, target
