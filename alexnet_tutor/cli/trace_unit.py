"""``tutor trace unit``: the arithmetic of one value, by hand, down to the pixels."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alexnet_tutor import resources
from alexnet_tutor.cli import models, options, output
from alexnet_tutor.errors import ExitCode, TutorError

if TYPE_CHECKING:
    from alexnet_tutor.records import Place, TraceRecord, UnitRecord
    from alexnet_tutor.tracing.unit import Pass


def unit(
    value: Annotated[
        str | None,
        typer.Argument(
            metavar="VALUE", help="conv5:37,6,6 (channel, row, column), fc6:812 or input:0,9,9."
        ),
    ] = None,
    image: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Any picture. Unset: the kit's own sample."),
    ] = None,
    layer: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="In the place of VALUE: this layer's strongest.",
            autocompletion=options.layer_names,
        ),
    ] = None,
    depth: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Layers down to follow it. Unset: to the pixels."),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Draw what it sees on the picture, as a PNG file."),
    ] = None,
    weights: options.Weights = None,
    run: options.Run = None,
    preset: options.Preset = None,
    invert: options.Invert = None,
    dropout_seed: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Drop units as in training, by this seed's masks."),
    ] = None,
    as_json: options.AsJson = False,
) -> None:
    """One value's arithmetic with all its numbers, what it sees, and where it comes from."""
    if (value is None) == (layer is None):
        raise TutorError(
            "Which value is not said." if value is None else "VALUE and --layer both name a value.",
            "Name one, such as conv5:37,6,6, or --layer conv5 for its strongest.",
        )
    from alexnet_tutor.images import load_image  # noqa: PLC0415
    from alexnet_tutor.tracing import follow  # noqa: PLC0415

    network, facts = models.open_model(weights, run, preset)
    picture = load_image(image or resources.sample(), facts.preparation, invert=invert)
    followed = follow(network, picture, facts, dropout_seed=dropout_seed)
    record = followed.unit(_place(followed, value, layer), depth)
    if save is not None:
        _save(record, followed.record, save)
    if as_json:
        output.show_json(record.to_json())
    else:
        named = models.flags(image, weights, run, preset, invert)
        if dropout_seed is not None:
            named += ["--dropout-seed", str(dropout_seed)]
        _show(record, followed.record, named)
    if not record.agrees:
        raise TutorError(
            f"{record.place} is {record.value:.9g} in the network and {record.by_hand:.9g} by hand.",
            "Rounding does not explain it: the layer computes something else.",
            ExitCode.FAILED,
        )


def _place(followed: Pass, value: str | None, layer: str | None) -> Place:
    if value is not None:
        return followed.place(value)
    assert layer is not None
    return followed.strongest(layer)


def _show(record: UnitRecord, trace: TraceRecord, named: list[str]) -> None:
    from alexnet_tutor.show.terminal.unit import UnitView  # noqa: PLC0415

    output.show(UnitView(record, trace, shlex.join(_following(record, named))))


def _following(record: UnitRecord, named: list[str]) -> list[str]:
    """A step back along the strongest path; where it was not followed, the same with all of it."""
    if record.producers:
        where = [str(record.producers[0].place)]
    else:
        where = [str(record.place)] if record.producers is None else ["--layer", "conv1"]
    return ["tutor", "trace", "unit", *where, *named]


def _save(record: UnitRecord, trace: TraceRecord, folder: Path) -> None:
    from alexnet_tutor.show import boxes  # noqa: PLC0415

    with output.writing(folder, "--save"):
        file = boxes.save(record, trace, folder)
    output.note(f"Saved {file}.")
