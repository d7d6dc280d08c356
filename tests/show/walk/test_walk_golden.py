"""Screens of the walk as they were reviewed, on invented values that no machine's rounding changes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from show import units

from alexnet_tutor.records import (
    AboutRecord,
    KernelRecord,
    Mistaken,
    Option,
    Place,
    Prediction,
    Question,
    Stop,
    UnitRecord,
    Walked,
)
from alexnet_tutor.show.walk.asking import Asking
from alexnet_tutor.show.walk.kernel import kernel_page
from alexnet_tutor.show.walk.maps import Look
from alexnet_tutor.show.walk.pages import Sheet, keys_page
from alexnet_tutor.show.walk.screen import Drawn, compose
from alexnet_tutor.show.walk.stand import Stand
from alexnet_tutor.show.walk.wrong import Wrongs

GOLDEN = Path(__file__).parent / "golden"
SHADES = Look(colour=False)
RECORDS = {
    "input": units.pixel,
    "conv5": units.conv,
    "fc6": units.fully_connected,
    "softmax": units.softmax,
}
SHAPES = {
    "input": (1, 227, 227),
    "relu4": (384, 13, 13),
    "conv5": (256, 13, 13),
    "flatten": (9216,),
    "fc6": (4096,),
    "fc8": (10,),
    "softmax": (10,),
}
KINDS = {"conv5": "conv", "relu4": "relu", "fc6": "linear", "fc8": "linear"}
CLASSES = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat")
CLASSES += ("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
QUESTION = Question(
    "conv5-shape",
    "What shape does conv5 give, from 384×13×13?",
    (
        Option("256×13×13", True, "A padding of 1 keeps 13 rows and columns: 13 + 2 − 3 + 1."),
        Option("256×11×11", False, "The padding is forgotten: 13 − 3 + 1 = 11."),
        Option("384×13×13", False, "As many maps as came in. There is one to each kernel: 256."),
    ),
)


class Invented:
    """Waves for maps: sums of whole multiples of 1/8, which every machine adds alike."""

    picture, labels, trained, mine, dropout = "boot.png", CLASSES, True, None, None
    pixels = (np.add.outer(np.arange(227), np.arange(227))[None] % 64 / 64).astype(np.float32)
    top = tuple(Prediction(CLASSES[n], 0.75 if n == 9 else 0.25 / 9) for n in (9, *range(9)))

    def __init__(self) -> None:
        names = list(SHAPES)
        self.stops = tuple(
            Stop(name, KINDS.get(name, name), SHAPES[names[max(0, n - 1)]], SHAPES[name])
            for n, name in enumerate(names)
        )

    @property
    def evaluation(self) -> Walked:
        return self

    def dropped(self, seed: int, /) -> Walked:
        raise AssertionError(seed)

    def unit(self, at: Place, /) -> UnitRecord:
        return replace(RECORDS[at.layer](), place=at)

    def map(self, layer: str, channel: int, /) -> np.ndarray:
        shape = SHAPES[layer][-2:]
        index = np.indices(shape)
        steps = (index[0] * (channel % 5 + 1) + index[-1] * (channel % 3 + 1)) % 17 - 5
        return (steps / 8).astype(np.float32)

    def peaks(self, layer: str, /) -> np.ndarray:
        if len(SHAPES[layer]) == 1:
            return self.map(layer, 0)
        return np.array([self.map(layer, n).max() for n in range(SHAPES[layer][0])])

    def ends(self, layer: str, /) -> tuple[float, float]:
        return (-0.625, 1.375)

    def kernel(self, at: Place, channel: int, /) -> KernelRecord:
        grid = np.arange(9.0).reshape(3, 3)
        inside = np.array([[False] * 3, [True] * 3, [True] * 3])
        patch = np.where(inside, grid / 4, 0.0)
        return KernelRecord("relu4", channel, (-1, 0, 1), (5, 6, 7), patch, grid / 8 - 0.5, inside)

    def about(self, layer: str, /) -> AboutRecord:
        return AboutRecord(
            f"Map 37 of {layer} answers strongest, 1.38, seeing rows 0 to 113, columns 14 to 176.",
            size="height out = ⌊(13 + 2·1 − 3) / 1⌋ + 1 = 13",
            params=884_992, macs=149_520_384, sees=163, stride=16,
            paper="section 3.5: the fifth layer has 256 kernels of size 3×3×192.",
        )  # fmt: skip

    def page(self, layer: str, width: int, /) -> str:
        return f"About {layer}."

    def lesson(self, layer: str, width: int, /) -> str:
        return f"The lesson of {layer}."

    def mistakes(self, at: Place, /) -> tuple[Mistaken, ...]:
        flat = self.map(at.layer, 1)
        return (
            Mistaken(6, "flipped", "You flip the kernel; the paper slides it as it is.",
                     (1, 256, 13, 13), flat[::-1], 1.25),
            Mistaken(6, "unpadded", "You forget the padding.", (1, 256, 11, 11), None, None),
        )  # fmt: skip


def stand(place: str) -> Stand:
    layer, _, index = place.partition(":")
    return Stand(Invented(), Place(layer, tuple(map(int, index.split(",")))))


def page(which: str, look: Look) -> Drawn:
    here = stand("conv5:37,0,6")
    pages = {
        "sheet": lambda: Sheet(here).compose(80, 24, look),
        "kernel": lambda: kernel_page(here).compose(80, 24, look),
        "wrong": lambda: Wrongs(here, here.walked.mistakes(here.place)).compose(80, 24, look),
        "keys": lambda: keys_page().compose(80, 24, look),
        "question": lambda: Asking("conv5", QUESTION).compose(80, 24, look, ""),
    }
    return pages[which]()


def held(drawn: Drawn, name: str) -> None:
    """Renew with ``RENEW_GOLDEN=1 pytest tests/show/walk`` and review the difference."""
    lines = ["".join(segment.text for segment in line).rstrip() for line in drawn.lines]
    text = "\n".join(lines) + "\n"
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("RENEW_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("place", ["input:0,86,130", "conv5:37,0,6", "fc6:812", "softmax:1"])
def test_a_layer_reads_as_it_was_reviewed(place: str, width: int, height: int) -> None:
    drawn = compose(stand(place), width, height, SHADES)
    assert len(drawn.lines) == height
    held(drawn, f"{place.partition(':')[0]}_{width}x{height}")


@pytest.mark.parametrize("which", ["sheet", "kernel", "wrong", "keys", "question"])
def test_a_page_reads_as_it_was_reviewed(which: str) -> None:
    held(page(which, SHADES), which)


def test_without_unicode_formulas_are_spelt_out() -> None:
    drawn = compose(stand("softmax:1"), 80, 24, Look(colour=False, ascii_only=True))
    text = "\n".join("".join(segment.text for segment in line) for line in drawn.lines)
    assert "sum of e^(z-m):" in " ".join(text.split())
    assert "?" not in text.replace("? keys", "")


@pytest.mark.parametrize("which", ["sheet", "kernel", "wrong", "keys", "question"])
def test_without_unicode_a_page_is_ascii(which: str) -> None:
    drawn = page(which, Look(colour=False, ascii_only=True))
    assert all(segment.text.isascii() for line in drawn.lines for segment in line)
