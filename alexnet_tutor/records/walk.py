"""What the walk is given: functions over one recorded pass, so that the app knows no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.records.trace import Prediction
from alexnet_tutor.records.unit import Place, UnitRecord


@dataclass(frozen=True, slots=True)
class Window:
    """What a convolution or a pooling lays over its input: a square of ``kernel`` cells a side."""

    kernel: int
    stride: int = 1
    padding: int = 0
    groups: int = 1


@dataclass(frozen=True, slots=True)
class Stop:
    """A layer that the walk can stand on.

    Attributes:
        kind: in the field's word, as in :class:`LayerRecord`; ``input`` for the picture.
        input_shape, output_shape: of one picture: (C, H, W) or (features,).
        params, macs: as in :class:`LayerRecord`.
        window: ``None`` where there is none, or windows differ in size.
    """

    name: str
    kind: str
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    params: int = 0
    macs: int = 0
    window: Window | None = None


class Walked(Protocol):
    """One picture's way through a network, each value within reach."""

    @property
    def picture(self) -> str:
        """The picture's name."""

    @property
    def pixels(self) -> NDArray[np.float32]:
        """The prepared picture before normalising, 0 to 1, (C, H, W)."""

    @property
    def stops(self) -> tuple[Stop, ...]:
        """``input`` and every layer, in order."""

    @property
    def top(self) -> tuple[Prediction, ...]:
        """All classes, most probable first; empty where there are none."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Of the classes, in order; empty where they are not known."""

    @property
    def trained(self) -> bool:
        """Whether the weights were learned: else the prediction means nothing."""

    def unit(self, place: Place, /) -> UnitRecord:
        """A value's arithmetic, with its producers one layer down."""

    def map(self, layer: str, channel: int, /) -> NDArray[np.float32]:
        """A map of a layer's output, (H, W); of a layer without maps all its units, (features,)."""

    def peaks(self, layer: str, /) -> NDArray[np.float32]:
        """The highest value of each map, (C,); of a layer without maps its units, (features,)."""

    def page(self, layer: str, width: int, /) -> str:
        """What there is to read about a layer, in lines of at most ``width`` columns."""

    def lesson(self, layer: str, width: int, /) -> str:
        """The lesson that teaches a layer, to read; where there is none, that."""
