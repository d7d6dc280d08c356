"""What the walk is given: functions over one recorded pass, so that the app knows no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.records.course import StandInRecord
from alexnet_tutor.records.trace import Prediction
from alexnet_tutor.records.unit import Place, UnitRecord
from alexnet_tutor.records.walk_layer import AboutRecord, KernelRecord


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


@dataclass(frozen=True, slots=True, eq=False)
class Mistaken:
    """What a known mistake of the course makes of a layer, from the layer's real input.

    Attributes:
        said: what was done and why it is wrong.
        shape: of all it gives, with a batch of one picture where it has one.
        values: the map that was asked for, (H, W), or the units, (features,); ``None`` where the
            shape is not the layer's.
        difference: the largest there from the right one; ``None`` likewise.
    """

    lesson: int
    id: str
    said: str
    shape: tuple[int, ...]
    values: NDArray[np.floating] | None
    difference: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Mine:
    """The learner's layers in the network, each beside the kit's on the same input.

    Attributes:
        stand_ins: in the order in which they ran.
        kits: of each of these layers what the kit's gives, (C, H, W) or (features,).
        top: all classes with the kit's layers, most probable first.
    """

    stand_ins: tuple[StandInRecord, ...]
    kits: Mapping[str, NDArray[np.float32]]
    top: tuple[Prediction, ...]

    def of(self, layer: str) -> StandInRecord | None:
        """How the learner's layer compares; ``None`` where the layer is the kit's own.

        Where a row of layers ends in one that another function computes too, the row's is what is
        handed on: it ran last.
        """
        return next((one for one in reversed(self.stand_ins) if one.last == layer), None)


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

    @property
    def evaluation(self) -> Walked:
        """The same with nothing dropped: itself where nothing is."""

    @property
    def dropout(self) -> int | None:
        """The seed of the masks; ``None`` where nothing is dropped."""

    def dropped(self, seed: int, /) -> Walked:
        """The same picture with dropout as in training, by the masks of this seed, all else the same."""

    @property
    def mine(self) -> Mine | None:
        """The learner's layers that stand in the network; ``None`` where all are the kit's."""

    def unit(self, place: Place, /) -> UnitRecord:
        """A value's arithmetic, with its producers one layer down."""

    def map(self, layer: str, channel: int, /) -> NDArray[np.float32]:
        """A map of a layer's output, (H, W); of a layer without maps all its units, (features,)."""

    def peaks(self, layer: str, /) -> NDArray[np.float32]:
        """The highest value of each map, (C,); of a layer without maps its units, (features,)."""

    def ends(self, layer: str, /) -> tuple[float, float]:
        """The lowest and the highest finite value of all maps of a layer; (0, 0) where there is none."""

    def kernel(self, place: Place, channel: int, /) -> KernelRecord | None:
        """What one channel of its input gives to a value; ``None`` where the layer has no kernel."""

    def about(self, layer: str, /) -> AboutRecord:
        """What the layer did to this picture, its costs, and the paper's reason for it."""

    def page(self, layer: str, width: int, /) -> str:
        """What there is to read about a layer, in lines of at most ``width`` columns."""

    def lesson(self, layer: str, width: int, /) -> str:
        """The lesson that teaches a layer, to read; where there is none, that."""

    def mistakes(self, place: Place, /) -> tuple[Mistaken, ...]:
        """The map that a value stands in as known mistakes make it: at most three, none alike."""
