"""What a network is told to expect, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from alexnet_tutor.architecture import FASHION, Architecture

FASHION_LABELS = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


@dataclass(frozen=True, slots=True)
class Preparation:
    """How a picture becomes the network's input.

    Attributes:
        channels: 1 makes the picture grey, 3 makes it RGB.
        image_size: side of the square that enters the network, in pixels.
        source_size: side the training pictures had; a picture is brought to it first, so that it is
            as coarse as what the network has learnt from. ``None``: no such step.
        mean, std: per channel, of pixels scaled to 0–1; the input is (pixel − mean) / std.
        light_on_dark: the training pictures are light on a dark ground, so a picture on a light
            ground is inverted.
    """

    channels: int
    image_size: int
    source_size: int | None
    mean: tuple[float, ...]
    std: tuple[float, ...]
    light_on_dark: bool


# Mean and standard deviation of the 60,000 training pictures: tests/data/test_fashion_mnist.py computes them.
FASHION_PREPARATION = Preparation(
    channels=1, image_size=227, source_size=28, mean=(0.2860,), std=(0.3530,), light_on_dark=True
)
# The usual ImageNet channel statistics.
PAPER_PREPARATION = Preparation(
    channels=3,
    image_size=227,
    source_size=None,
    mean=(0.485, 0.456, 0.406),
    std=(0.229, 0.224, 0.225),
    light_on_dark=False,
)


def preparation_of(preset_name: str, image_size: int) -> Preparation:
    """How pictures enter the preset ``fashion`` or ``paper`` before any data says otherwise."""
    of = {"fashion": FASHION_PREPARATION, "paper": PAPER_PREPARATION}[preset_name]
    return replace(of, image_size=image_size)


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a network, or the file its weights came from, says of itself.

    Attributes:
        source: where the weights came from, ``None`` when they are untrained.
        history: what else the file tells (epochs, accuracy, command …), as text.
    """

    architecture: Architecture = FASHION
    labels: tuple[str, ...] = FASHION_LABELS
    preparation: Preparation = FASHION_PREPARATION
    source: str | None = None
    history: Mapping[str, str] = field(default_factory=dict)

    @property
    def trained(self) -> bool:
        """Whether the weights came from a file."""
        return self.source is not None
