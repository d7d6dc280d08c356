"""``tutor evaluate``: how good the network is on pictures it has not learnt from."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alexnet_tutor import machine
from alexnet_tutor.cli import models, options, output
from alexnet_tutor.errors import TutorError
from alexnet_tutor.training.recipes import DeviceChoice, PrecisionChoice

if TYPE_CHECKING:
    from alexnet_tutor.records import EvaluationRecord


def evaluate(
    run: options.Run = None,
    weights: options.Weights = None,
    data: options.Data = None,
    data_dir: options.DataDir = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only N test pictures, a fixed choice.")
    ] = None,
    flips: Annotated[
        bool, typer.Option("--flips", help="Judge each picture together with its mirror image.")
    ] = False,
    save: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where pictures go. Unset: with --run, into the run."),
    ] = None,
    precision: Annotated[
        PrecisionChoice, typer.Option(help="auto: bf16 where the hardware has it, else fp32.")
    ] = "auto",
    device: Annotated[DeviceChoice, typer.Option(help="auto: cuda, else mps, else cpu.")] = "auto",
    as_json: options.AsJson = False,
) -> None:
    """Accuracy, confusions and the most confident mistakes."""
    file = models.weights_file(weights, run, None)
    if file is None and weights is None:
        raise TutorError(
            "There is nothing to evaluate.", "Name a run (--run DIR) or weights (--weights FILE)."
        )
    machine.keep_freed_memory()  # before torch is loaded
    network, facts = models.open_model(weights, run, None)
    from alexnet_tutor.data import open_data  # noqa: PLC0415
    from alexnet_tutor.data.dataset import some_of  # noqa: PLC0415
    from alexnet_tutor.training import devices  # noqa: PLC0415
    from alexnet_tutor.training.evaluate import evaluate as judge  # noqa: PLC0415

    source, folder = models.data_of(run, facts, data, data_dir)
    chosen = devices.choose_device(device)
    with output.waiting(quiet=as_json) as progress:
        pictures = open_data(
            source, data_dir=folder, preparation=facts.preparation, progress=progress
        ).test
        record = judge(
            network,
            some_of(pictures, limit),
            facts,
            device=chosen,
            precision=devices.choose_precision(precision, chosen),
            flips=flips,
            progress=partial(progress, "pictures"),
        )
    if save is not None:
        _save(record, save)
    elif run is not None:
        try:
            _save(record, run / "evaluation")
        except TutorError as error:  # a run that may only be read can be judged all the same
            output.note(f"Note: no pictures were drawn. {error}")
    elif not as_json:
        output.note("--save DIR draws the confusion matrix, examples and mistakes.")
    if as_json:
        output.show_json(record.to_json())
    else:
        from alexnet_tutor.show.terminal.evaluation import EvaluationView  # noqa: PLC0415

        output.show(EvaluationView(record, _next(run, weights)))


def _save(record: EvaluationRecord, folder: Path) -> None:
    from alexnet_tutor.show import plots  # noqa: PLC0415

    with output.writing(folder, "--save"):
        plots.save(plots.confusion(record), folder / "confusion.png")
        plots.save(plots.picture_grid(record.examples, record.labels), folder / "examples.png")
        title = "Most confident mistakes"
        plots.save(
            plots.picture_grid(record.mistakes, record.labels, title), folder / "mistakes.png"
        )
    output.note(f"Saved confusion.png, examples.png and mistakes.png in {folder}.")


def _next(run: Path | None, weights: str | None) -> str:
    given = {"--run": run, "--weights": weights}
    words = [word for flag, value in given.items() if value for word in (flag, str(value))]
    return shlex.join(["tutor", "trace", *words])
