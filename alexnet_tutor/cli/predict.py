"""``tutor predict FILE…``: the top classes of any number of pictures."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alexnet_tutor.cli import models, options, output
from alexnet_tutor.errors import ExitCode, TutorError

if TYPE_CHECKING:
    from alexnet_tutor.network import AlexNet
    from alexnet_tutor.records import ImageFacts, ModelFacts, Prediction

Row = tuple["ImageFacts", list["Prediction"]]


def predict(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Pictures of any kind.")],
    top: Annotated[int, typer.Option(min=1, metavar="N", help="Classes to name.")] = 3,
    weights: options.Weights = None,
    run: options.Run = None,
    preset: options.Preset = None,
    invert: options.Invert = None,
    as_json: options.AsJson = False,
) -> None:
    """The top classes of any number of pictures. A bad file is told and the others go on."""
    network, facts = models.open_model(weights, run, preset)
    rows: list[Row] = []
    with output.waiting(quiet=as_json) as progress:
        for done, file in enumerate(files, start=1):
            try:
                rows.append(_predict(network, facts, file, top, invert))
            except TutorError as error:
                output.fail(error)
            progress("reading", done, len(files))
    if as_json:
        output.show_json([_as_json(*row) for row in rows])
    elif rows:
        given = {"--image": rows[0][0].path, "--weights": weights, "--run": run, "--preset": preset}
        words = [word for flag, value in given.items() if value for word in (flag, str(value))]
        _show(rows, facts, shlex.join(["tutor", "trace", *words]))
    if len(rows) < len(files):
        raise typer.Exit(ExitCode.BAD_INPUT)


def _predict(network: AlexNet, facts: ModelFacts, file: Path, top: int, invert: bool | None) -> Row:
    from alexnet_tutor.images import load_image  # noqa: PLC0415
    from alexnet_tutor.network import logits  # noqa: PLC0415
    from alexnet_tutor.records import Prediction  # noqa: PLC0415

    picture = load_image(file, facts.preparation, invert=invert)
    shares, order = logits(network, picture.tensor).softmax(1)[0].sort(descending=True, stable=True)
    return picture.facts, [
        Prediction(facts.labels[int(k)], float(share))
        for share, k in zip(shares[:top], order[:top], strict=True)
    ]


def _show(rows: list[Row], facts: ModelFacts, next_command: str) -> None:
    from alexnet_tutor.show.terminal.predictions import PredictionsView  # noqa: PLC0415

    output.show(PredictionsView(rows, facts.source, next_command))


def _as_json(image: ImageFacts, top: list[Prediction]) -> dict[str, object]:
    return {
        "image": image.path,
        "top": [{"label": item.label, "probability": item.probability} for item in top],
    }
