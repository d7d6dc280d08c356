"""``tutor summary``: torchsummary's table beside the kit's own counts."""

from __future__ import annotations

from dataclasses import asdict

from alexnet_tutor.architecture import preset as preset_of
from alexnet_tutor.cli import options, output
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.footprint import Footprint
from alexnet_tutor.geometry import walk
from alexnet_tutor.training.recipes import Settings


def summary(preset: options.Preset = None, as_json: options.AsJson = False) -> None:
    """All layers in one table, counted twice.

    torchsummary's counts stand beside the kit's own.
    """
    architecture = preset_of(preset or "fashion")
    from alexnet_tutor.network import AlexNet  # noqa: PLC0415
    from alexnet_tutor.show.terminal.summary import SummaryView  # noqa: PLC0415
    from alexnet_tutor.tracing.summary import rows, torchsummary_table, total_parameters  # noqa: PLC0415

    table = torchsummary_table(AlexNet(architecture, init=None), architecture.input_shape)
    ours = tuple(walk(architecture))
    agrees = rows(table) == [(layer.output_shape, layer.params) for layer in ours]
    memory = Footprint.of(architecture, Settings().batch_size)
    agrees &= total_parameters(table) == sum(layer.params for layer in ours)
    if as_json:
        output.show_json(
            {
                "preset": architecture.name,
                "agrees": agrees,
                "params": sum(layer.params for layer in ours),
                "macs": sum(layer.macs for layer in ours),
                "memory": asdict(memory),
                "layers": [
                    {
                        "name": layer.spec.name,
                        "output_shape": layer.output_shape,
                        "params": layer.params,
                        "macs": layer.macs,
                    }
                    for layer in ours
                ],
            }
        )
    else:
        output.show(SummaryView(table, ours, agrees, memory))
    if not agrees:
        raise TutorError(
            "torchsummary and the kit count differently.",
            "Please report it with the output of tutor summary --json.",
            ExitCode.FAILED,
        )
