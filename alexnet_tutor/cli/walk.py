"""``tutor walk``: one picture through the network, by hand, in the terminal."""

from __future__ import annotations

import gc
import os
import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alexnet_tutor import resources
from alexnet_tutor.cli import mine as own
from alexnet_tutor.cli import models, options, output, walk_notes, walk_places, walk_plain
from alexnet_tutor.cli.walk_pass import Followed
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alexnet_tutor.show.walk.maps import Look
    from alexnet_tutor.show.walk.stand import Stand
    from alexnet_tutor.tracing.unit import Pass

_MOST = 2  # pictures of a walk


def walk(
    image: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Any picture. Unset: the kit's own sample. Twice: two pictures, Tab goes to and fro.",
        ),
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
    mine: options.Mine = None,
    folder: options.Course = None,
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
    files = image or [resources.sample()]
    if len(files) > _MOST:
        raise TutorError(f"A walk takes two pictures, not {len(files)}.", "Give --image twice.")
    on_a_page = plain or markdown or not has_terminal()
    if on_a_page:
        asked = {"--quiz": quiz, "--tour": tour, "A second --image": len(files) == _MOST}
        _refuse_on_a_page(asked, "--plain" if plain else "--md" if markdown else "")
    from alexnet_tutor.images import load_image  # noqa: PLC0415
    from alexnet_tutor.tracing import follow  # noqa: PLC0415

    network, facts = models.open_model(weights, run, preset)
    pictures = [load_image(file, facts.preparation, invert=invert) for file in files]
    passes = [
        own.for_walk(network, mine, folder, partial(follow, network, picture, facts))
        for picture in pictures
    ]
    followed, compared = passes[0]
    others = models.flags(None, weights, run, preset, invert) + own.flags(mine, folder)
    start = _start(followed, begin) if begin is not None else None
    if on_a_page:
        named = images_named(image or []) + others
        walk_plain.show(followed, start, named, compared, markdown=markdown)
        return
    from alexnet_tutor.show.walk.app import WalkApp  # noqa: PLC0415
    from alexnet_tutor.show.walk.guide import Guide  # noqa: PLC0415

    walked, *second = [Followed(*one) for one in passes]
    key = walk_places.key(
        files[0], models.weights_file(weights, run, preset), facts.architecture.name, invert
    )
    guide = Guide(set() if tour else walk_notes.known(), quiz=quiz)
    app = WalkApp(
        walked, start or walk_places.left_off(followed, key), look(), guide=guide, others=second
    )
    gc.freeze()  # else the collector looks through all that torch brought, a tenth of a second a time
    app.run()
    if app.crash is not None:
        raise app.crash
    if app.return_value is not None:
        first = app.stand.shown
        named = images_named([*(image or [])[first:], *(image or [])[:first]])
        named += others
        output.line(seen(app.stand))
        if score := guide.score.line():
            output.line(score)
        output.line(back(app.return_value, named))
        walk_places.keep(key, app.return_value)
        walk_notes.keep(guide.shown)
    if app.return_code:
        raise typer.Exit(app.return_code)


def _refuse_on_a_page(asked: dict[str, bool], because: str) -> None:
    """``because`` is the option that asks for the page; empty where there is no terminal."""
    way_out = f"Leave it or {because} out." if because else "Leave it out, or use a terminal."
    for name, wanted in asked.items():
        if wanted:
            raise TutorError(f"{name} needs the walk on a screen.", way_out)


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
    pictures = [walked.picture for walked, _ in stand.seen_of]
    places = [place for _, seen in stand.seen_of for place in seen]
    layers = list(dict.fromkeys(place.layer for place in places))
    values, count = len(places), len(layers)
    told = f"{values:,} value{'s' * (values != 1)} of {count} layer{'s' * (count != 1)}"
    return f"You saw {told} of {' and '.join(pictures)}: {', '.join(layers)}."


def images_named(images: Sequence[Path]) -> list[str]:
    """The options that name these pictures again."""
    return [word for image in images for word in ("--image", str(image))]


def back(place: Place, named: list[str]) -> str:
    """The second: the command that returns to this very value."""
    return f"Back to it: {shlex.join(['tutor', 'walk', '--from', str(place), *named])}"


def _start(followed: Pass, begin: str) -> Place:
    """``conv2`` is its strongest value."""
    return followed.place(begin) if ":" in begin else followed.strongest(begin)
