"""``tutor inspect LAYER``: a layer's page, without a picture."""

from __future__ import annotations

import inspect as python_inspect
from typing import Annotated

import typer

from alexnet_tutor.architecture import preset as preset_of
from alexnet_tutor.cli import options, output
from alexnet_tutor.errors import TutorError
from alexnet_tutor.geometry import walk


def inspect(
    layer: Annotated[
        str,
        typer.Argument(
            metavar="LAYER",
            help="conv1 … fc8, or softmax.",
            autocompletion=options.layer_names,
        ),
    ],
    preset: options.Preset = None,
    source: Annotated[bool, typer.Option("--source", help="Show the layer's code too.")] = False,
) -> None:
    """A layer's page: purpose, formula, numbers, paper."""
    architecture = preset_of(preset or "fashion")
    places = {geometry.spec.name: geometry for geometry in walk(architecture)}
    if layer not in (*places, "softmax"):
        names = " ".join([*places, "softmax"])
        raise TutorError(f"There is no layer {layer!r}.", f"The layers are: {names}.")
    import torch

    from alexnet_tutor.layers import Layer, Softmax  # noqa: PLC0415
    from alexnet_tutor.network import build  # noqa: PLC0415
    from alexnet_tutor.show.terminal.page import LayerPage  # noqa: PLC0415

    module: Layer = Softmax()
    shape: tuple[int, ...] = (architecture.classes,)
    if layer in places:
        with torch.device("meta"):  # shapes are all that a page needs
            module, shape = build(places[layer]), places[layer].input_shape
    page = module.page()
    shared = type(module).mro().index(Layer)
    classes = type(module).mro()[:shared]  # conv2, then what all convolutions share
    code = "\n\n".join(python_inspect.getsource(part) for part in classes) if source else None
    output.show(
        LayerPage(
            name=layer,
            preset=architecture.name,
            page=page,
            worked=module.explain(shape),
            source=code,
            next_command=f"tutor trace --layer {layer}" + (f" --preset {preset}" if preset else ""),
        )
    )
