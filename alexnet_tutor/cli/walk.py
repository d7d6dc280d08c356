"""``tutor walk``: one picture through the network, by hand, in the terminal."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alexnet_tutor import machine, resources
from alexnet_tutor.architecture import ConvSpec, LayerSpec, PoolSpec
from alexnet_tutor.cli import models, options, output, walk_notes, walk_plain
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import Place, Stop, UnitRecord, Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from alexnet_tutor.records import LayerRecord, Prediction
    from alexnet_tutor.show.walk.maps import Look
    from alexnet_tutor.show.walk.stand import Stand
    from alexnet_tutor.tracing.unit import Pass

_KEPT = 200  # pictures whose place is remembered


def walk(
    image: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Any picture. Unset: the kit's own sample."),
    ] = None,
    begin: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="LAYER|VALUE",
            help="conv2, or conv5:37,6,6 (channel, row, column). Unset: where you left off; a page, at the picture.",
            autocompletion=options.layer_names,
        ),
    ] = None,
    weights: options.Weights = None,
    run: options.Run = None,
    preset: options.Preset = None,
    invert: options.Invert = None,
    plain: Annotated[
        bool,
        typer.Option("--plain", help="Print the walk as a page to read; also without a terminal."),
    ] = False,
    markdown: Annotated[bool, typer.Option("--md", help="Print that page as Markdown.")] = False,
    quiz: Annotated[
        bool, typer.Option("--quiz", help="Predict first: a question before each layer opens.")
    ] = False,
    tour: Annotated[
        bool, typer.Option("--tour", help="Bring back the notes of the first time.")
    ] = False,
) -> None:
    """Walk one picture through the network: a cursor on one value, its arithmetic live."""
    from alexnet_tutor.images import load_image  # noqa: PLC0415
    from alexnet_tutor.tracing import follow  # noqa: PLC0415

    network, facts = models.open_model(weights, run, preset)
    file = image or resources.sample()
    picture = load_image(file, facts.preparation, invert=invert)
    followed = follow(network, picture, facts)
    named = models.flags(image, weights, run, preset, invert)
    start = _start(followed, begin) if begin is not None else None
    if plain or markdown or not has_terminal():
        _refuse_on_a_page(quiz=quiz, tour=tour)
        walk_plain.show(followed, start, named, markdown=markdown)
        return
    from alexnet_tutor.show.walk.app import WalkApp  # noqa: PLC0415
    from alexnet_tutor.show.walk.guide import Guide  # noqa: PLC0415

    walked = Followed(followed)
    key = _key(file, models.weights_file(weights, run, preset), facts.architecture.name, invert)
    guide = Guide(set() if tour else walk_notes.known(), quiz=quiz)
    app = WalkApp(walked, start or _left_off(walked, key), look(), guide=guide)
    app.run()
    if app.return_value is not None:
        output.line(seen(app.stand))
        if score := guide.score.line():
            output.line(score)
        output.line(back(app.return_value, named))
        _keep(key, app.return_value)
        walk_notes.keep(guide.shown)
    if app.return_code:
        raise typer.Exit(app.return_code)


def _refuse_on_a_page(**asked: bool) -> None:
    for name, wanted in asked.items():
        if wanted:
            raise TutorError(
                f"--{name} needs the walk on a screen.", "Leave it out, or use a terminal."
            )


class Followed:
    """A pass as the walk is given it."""

    def __init__(self, followed: Pass) -> None:
        self._pass = followed
        self._unit = lru_cache(maxsize=256)(lambda place: followed.unit(place, 1))
        record = followed.record
        self.picture = Path(record.image.path).name if record.image else "this picture"
        self.pixels: NDArray[np.float32] = record.pixels
        shape = followed.entered.shape
        specs = record.facts.architecture.layers if record.facts else ()
        windows = {spec.name: _window(spec) for spec in specs}
        self.stops = (
            Stop("input", "input", shape, shape),
            *(_stop(layer, windows.get(layer.name)) for layer in record.layers),
        )
        self.top: tuple[Prediction, ...] = record.top
        self.labels: tuple[str, ...] = tuple(record.facts.labels) if record.facts else ()
        self.trained = record.facts is None or record.facts.trained

    def unit(self, place: Place, /) -> UnitRecord:
        """A value's arithmetic, with its producers one layer down."""
        return self._unit(place)

    def map(self, layer: str, channel: int, /) -> NDArray[np.float32]:
        """A map of a layer's output; of a layer without maps all its units."""
        values = self._pass.values(layer)
        chosen: NDArray[np.float32] = values[channel] if values.ndim == 3 else values
        return chosen

    def peaks(self, layer: str, /) -> NDArray[np.float32]:
        """The highest value of each map; of a layer without maps its units."""
        values = self._pass.values(layer)
        highest: NDArray[np.float32] = values.reshape(len(values), -1).max(axis=1)
        return highest

    def page(self, layer: str, width: int, /) -> str:
        """The layer's page, as ``tutor inspect`` shows it."""
        if layer == "input":
            about = self._pass.record.image
            return "\n".join(["The prepared picture.", *(about.steps if about else ())])
        from alexnet_tutor.layers import Layer, Softmax  # noqa: PLC0415
        from alexnet_tutor.show.terminal.page import LayerPage  # noqa: PLC0415
        from alexnet_tutor.show.terminal.text import as_text  # noqa: PLC0415

        record, facts = self._pass.record.layer(layer), self._pass.record.facts
        module = Softmax() if layer == "softmax" else self._pass.network.get_submodule(layer)
        if not isinstance(module, Layer):
            return f"{layer} is no layer of the kit: there is no page about it."
        return as_text(
            LayerPage(
                name=layer,
                preset=facts.architecture.name if facts else "fashion",
                page=module.page(),
                worked=module.explain(record.input_shape[1:]),
                source=None,
                next_command=f"tutor inspect {layer} --source",
            ),
            width,
        )

    def lesson(self, layer: str, width: int, /) -> str:
        """The text of the lesson, without its questions and figures."""
        from alexnet_tutor.cli.lesson import prose_of  # noqa: PLC0415

        return prose_of(layer, width)


def _stop(layer: LayerRecord, window: Window | None) -> Stop:
    shapes = layer.input_shape[1:], layer.output_shape[1:]
    return Stop(layer.name, layer.kind, *shapes, layer.params, layer.macs, window)


def _window(spec: LayerSpec) -> Window | None:
    match spec:
        case ConvSpec():
            return Window(spec.kernel, spec.stride, spec.padding, spec.groups)
        case PoolSpec(grid=None):
            return Window(spec.kernel, spec.stride)
    return None


def has_terminal() -> bool:
    """Whether keys can be read and a screen drawn."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def look() -> Look:
    """How this terminal draws."""
    from alexnet_tutor.show.terminal.screen import Screen  # noqa: PLC0415
    from alexnet_tutor.show.walk.maps import Look  # noqa: PLC0415

    console = output.console()
    screen = Screen.of(console, console.options)
    return Look(screen.colour, screen.ascii_only)


def seen(stand: Stand) -> str:
    """The first of the last two lines: what was looked at."""
    layers = list(dict.fromkeys(place.layer for place in stand.seen))
    values, count = len(stand.seen), len(layers)
    told = f"{values:,} value{'s' * (values != 1)} of {count} layer{'s' * (count != 1)}"
    return f"You saw {told} of {stand.walked.picture}: {', '.join(layers)}."


def back(place: Place, named: list[str]) -> str:
    """The second: the command that returns to this very value."""
    return f"Back to it: {shlex.join(['tutor', 'walk', '--from', str(place), *named])}"


def _start(followed: Pass, begin: str) -> Place:
    """``conv2`` is its strongest value."""
    return followed.place(begin) if ":" in begin else followed.strongest(begin)


def _key(image: Path, weights: Path | None, preset: str, invert: bool | None) -> str:
    """Picture and weights, as they are told apart."""
    drawing = hashlib.sha256(image.read_bytes()).hexdigest()[:16]
    return f"{drawing} {weights.resolve() if weights else preset} {invert}"


def _file() -> Path:
    return resources.home() / "walk.json"


def _kept() -> dict[str, str]:
    """Where the learner left off, by picture and weights; nothing where the file is none of ours."""
    try:
        kept: Any = json.loads(_file().read_text(encoding="utf-8"))
        return {str(key): str(place) for key, place in kept.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _left_off(walked: Followed, key: str) -> Place | None:
    try:
        return walked._pass.place(_kept()[key])
    except (KeyError, TutorError):
        return None


def _keep(key: str, place: Place) -> None:
    kept = _kept()
    kept.pop(key, None)
    kept[key] = str(place)
    last = dict(list(kept.items())[-_KEPT:])
    text = json.dumps(last, indent=1) + "\n"
    with output.writing(_file(), "TUTOR_HOME"):
        machine.write_atomically(_file(), lambda path: _write(path, text))


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
