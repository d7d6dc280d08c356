"""``tutor trace``: one picture through the network, layer by layer."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from alexnet_tutor import resources
from alexnet_tutor.cli import mine as own
from alexnet_tutor.cli import models, options, output, trace_unit
from alexnet_tutor.errors import TutorError

if TYPE_CHECKING:
    from alexnet_tutor.network import AlexNet
    from alexnet_tutor.records import LayerRecord, StandInRecord, TraceRecord


class Trace(TyperGroup):
    """A picture's name in the place of a command is told how to name a picture."""

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]
        """The command that ``args`` begins with.

        Raises:
            TutorError: there is none of that name.
        """
        if args[0] not in self.commands:
            named = shlex.join(["tutor", "trace", "--image", args[0]])
            raise TutorError(f"tutor trace has no command {args[0]!r}.", f"For a picture: {named}")
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=Trace,
    invoke_without_command=True,
    rich_markup_mode=None,
    subcommand_metavar="[COMMAND]",
    help="Follow one picture through the network: a row per layer.",
)
app.command("unit")(trace_unit.unit)


@app.callback()
def trace(
    ctx: typer.Context,
    image: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Any picture. Unset: the kit's own sample."),
    ] = None,
    layer: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="One layer in depth, such as conv2.",
            autocompletion=options.layer_names,
        ),
    ] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write every layer's maps as PNG files.")
    ] = None,
    weights: options.Weights = None,
    run: options.Run = None,
    preset: options.Preset = None,
    invert: options.Invert = None,
    mine: options.Mine = None,
    folder: options.Course = None,
    as_json: options.AsJson = False,
) -> None:
    """Follow one picture through the network: a row per layer, its strongest maps, its prediction."""
    if ctx.invoked_subcommand is not None:
        ctx.default_map = {ctx.invoked_subcommand: _handed_on(ctx)}
        return
    network, facts = models.open_model(weights, run, preset)
    names = [spec.name for spec in facts.architecture.layers] + ["softmax"]
    if layer is not None and layer not in names:
        raise TutorError(f"There is no layer {layer!r}.", f"The layers are: {' '.join(names)}.")
    from alexnet_tutor.images import load_image  # noqa: PLC0415
    from alexnet_tutor.tracing import trace as trace_network  # noqa: PLC0415

    numbers = options.lesson_numbers(mine, "--mine")
    picture = load_image(image or resources.sample(), facts.preparation, invert=invert)
    follow = partial(trace_network, network, picture, facts)
    record = kits = follow()
    stand_ins: list[StandInRecord] = []
    if numbers:
        record, stand_ins = own.compared(network, numbers, folder, follow)
    if save is not None:
        _save(record, save)
    if as_json:
        from alexnet_tutor.show.terminal.why import sentence  # noqa: PLC0415

        whole = record.to_json()
        said = [
            {**entry, "why": sentence(each, record)}
            for entry, each in zip(whole["layers"], record.layers, strict=True)
        ]
        chosen = [entry for entry in said if layer in (None, entry["name"])]
        told = {**whole, "layers": chosen}
        if stand_ins:
            told["mine"] = [asdict(one) for one in stand_ins]
        output.show_json(told)
        return
    if stand_ins:
        from alexnet_tutor.show.terminal.mine import MineView  # noqa: PLC0415

        output.show(MineView(stand_ins, record.top, kits.top))
    named = models.flags(image, weights, run, preset, invert)
    _show(record, network, layer, shlex.join(["tutor", "trace", *named]))


def _handed_on(ctx: typer.Context) -> dict[str, Any]:
    """A subcommand's defaults: which picture and network, and what else stands before its name.

    Raises:
        TutorError: ``--mine`` stands there, which no subcommand has.
    """
    common = ("image", "weights", "run", "preset", "invert")
    sources = {name: str(ctx.get_parameter_source(name)) for name in ctx.params}
    typed = [name for name, source in sources.items() if source.endswith("COMMANDLINE")]
    if "mine" in typed or "folder" in typed:
        raise TutorError("--mine belongs to tutor trace alone.", "Leave it out.")
    given = {name: ctx.params[name] for name in (*common, *typed)}
    return {name: value for name, value in given.items() if value is not None}


def _show(record: TraceRecord, network: AlexNet, layer: str | None, command: str) -> None:
    from alexnet_tutor.show.terminal.layer import LayerView  # noqa: PLC0415
    from alexnet_tutor.show.terminal.trace import TraceView  # noqa: PLC0415

    if layer is None:
        output.show(TraceView(record, f"{command} --layer conv2"))
        return
    chosen = record.layer(layer)
    following = _following(record, layer)
    next_command = f"{command} --layer {following}" if following else command
    output.show(LayerView(chosen, record, _explanation(network, chosen), next_command))


def _explanation(network: AlexNet, layer: LayerRecord) -> list[str]:
    from alexnet_tutor.layers import Softmax  # noqa: PLC0415

    module = Softmax() if layer.name == "softmax" else network.get_submodule(layer.name)
    lines: list[str] = module.explain(layer.input_shape[1:])  # type: ignore[operator]
    return lines


def _following(record: TraceRecord, layer: str) -> str | None:
    names = [entry.name for entry in record.layers]
    place = names.index(layer) + 1
    return names[place] if place < len(names) else None


def _save(record: TraceRecord, folder: Path) -> None:
    from alexnet_tutor.show import plots  # noqa: PLC0415

    with output.writing(folder, "--save"):
        count = plots.save_trace(record, folder)
    output.note(f"Saved {count} pictures in {folder}.")
