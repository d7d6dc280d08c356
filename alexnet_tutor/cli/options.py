"""Options that several commands share, declared once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.errors import TutorError


class PresetName(StrEnum):
    """The networks of ``architecture.PRESETS``; a test holds the two equal."""

    FASHION = "fashion"
    PAPER = "paper"


def layer_names() -> list[str]:
    """The layers, for shell completion."""
    return [spec.name for spec in FASHION.layers] + ["softmax"]


def lesson_numbers(words: str | None, option: str) -> list[int]:
    """``4,5`` -> [4, 5]; none where the option is not given.

    Raises:
        TutorError: it is no list of lessons.
    """
    found = [] if words is None else words.split(",")
    if not all(word.strip().isascii() and word.strip().isdigit() for word in found):
        raise TutorError(
            f"{option} {words} is no list of lessons.", f"Give numbers with commas: {option} 2,4."
        )
    return [int(word) for word in found]


Preset = Annotated[
    PresetName | None,
    typer.Option(
        help="fashion: one grey channel, 10 classes. paper: the two towers of 2012, 1,000 classes."
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(metavar="FILE|none", help="Trained weights; none for an untrained network."),
]
Run = Annotated[
    Path | None, typer.Option("--run", metavar="DIR", help="Use the best weights of this run.")
]
Invert = Annotated[
    bool | None,
    typer.Option(
        "--invert/--no-invert",
        help="Swap dark and light. Unset: if the background is light and the network wants it dark.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Course = Annotated[
    Path | None,
    typer.Option("--dir", metavar="DIR", help="The course folder. Unset: where you are."),
]
Mine = Annotated[
    str | None,
    typer.Option(metavar="N,…", help="Your own code of these lessons in the kit's place."),
]
Plain = Annotated[bool, typer.Option("--plain", help="Sentences instead of grids and marks.")]
Lessons = Annotated[
    str | None,
    typer.Option("--lessons", metavar="2,4,5", help="Numbers of lessons. Unset: all."),
]
Lesson = Annotated[int, typer.Argument(metavar="N", help="Number of a lesson.")]
Data = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="fashion-mnist, sketches or folder:PATH."),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        envvar="TUTOR_DATA", metavar="DIR", help="Where FashionMNIST lies or is downloaded to."
    ),
]
