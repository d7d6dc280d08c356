"""One picture, and its way through a network."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.geometry import Field
from alexnet_tutor.records.model import ModelFacts
from alexnet_tutor.records.unit import Box
from alexnet_tutor.records.why import WhyRecord


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """A picture file and what was done to it. ``steps`` are short clauses in order."""

    path: str
    width: int
    height: int
    mode: str
    inverted: bool
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prediction:
    """A class with its softmax probability, 0 to 1."""

    label: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class LayerRecord:
    """One layer of one forward pass.

    Attributes:
        kind: what the layer is, in the field's word: conv, relu, lrn, pool, flatten, linear, dropout, softmax.
        input_shape, output_shape: with the batch dimension.
        macs: multiply-accumulates of one picture; 0 for layers without weights.
        field: what one output value sees of the picture.
        zeros: share of values that are exactly 0, 0 to 1.
        silent: number of maps (units, after flatten) that are 0 everywhere.
        values: the layer's own output, float32, shape ``output_shape``.
        why: what the layer did to this picture.
    """

    name: str
    kind: str
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    params: int
    macs: int
    field: Field
    min: float
    mean: float
    max: float
    std: float
    zeros: float
    silent: int
    values: NDArray[np.float32]
    why: WhyRecord | None = None

    def __repr__(self) -> str:
        """Short: ``values`` alone would fill a notebook."""
        before, after = (
            "×".join(map(str, sizes)) for sizes in (self.input_shape, self.output_shape)
        )
        return f"LayerRecord({self.name}, {self.kind}, {before} → {after})"

    @property
    def maps(self) -> NDArray[np.float32] | None:
        """The first picture's feature maps (C, H, W), or ``None`` where there are no maps."""
        return self.values[0] if self.values.ndim == 4 else None

    def strongest_maps(self, count: int) -> list[int]:
        """Numbers of the ``count`` maps with the highest peak, highest first."""
        if self.maps is None:
            return []
        peaks = self.maps.reshape(len(self.maps), -1).max(axis=1)
        return [int(index) for index in np.argsort(-peaks, kind="stable")[:count]]

    def peak_box(self, map_index: int) -> Box | None:
        """[top, left, bottom, right] in the picture that the map's strongest value sees, inclusive.

        ``None`` where no value has a place: after flatten, and where picture or maps are not square.
        """
        if self.maps is None:
            return None
        peak = int(self.maps[map_index].argmax())
        row, column = np.unravel_index(peak, self.maps[map_index].shape)
        return self.box_at(int(row), int(column))

    def box_at(self, row: int, column: int) -> Box | None:
        """The same of the value at ``row`` and ``column``."""
        if self.maps is None or self.maps.shape[1:] != (len(self.field.spans),) * 2:
            return None
        (top, bottom), (left, right) = self.field.spans[row], self.field.spans[column]
        return top, left, bottom, right

    def to_json(self) -> dict[str, Any]:
        """Every fact but the values, at full precision."""
        return {
            "name": self.name,
            "kind": self.kind,
            "input_shape": list(self.input_shape),
            "output_shape": list(self.output_shape),
            "params": self.params,
            "macs": self.macs,
            "receptive_field": self.field.size,
            "stride": self.field.stride,
            "min": self.min,
            "mean": self.mean,
            "max": self.max,
            "std": self.std,
            "zeros": self.zeros,
            "silent": self.silent,
            "facts": self.why.to_json() if self.why else None,
        }


@dataclass(frozen=True, slots=True, eq=False)
class TraceRecord:
    """One picture's way through a network, softmax last.

    Attributes:
        pixels: the prepared picture before normalising, 0 to 1, (C, H, W).
        layers: one record per layer, in order of execution.
        top: all classes, most probable first.
        conv1_kernels: conv1's weights (K, C, R, S), or ``None`` where the network has no conv1.
    """

    image: ImageFacts | None
    facts: ModelFacts | None
    pixels: NDArray[np.float32]
    layers: tuple[LayerRecord, ...]
    top: tuple[Prediction, ...]
    conv1_kernels: NDArray[np.float32] | None = None

    def __repr__(self) -> str:
        """Short: picture, layers and answer."""
        told = [Path(self.image.path).name] if self.image else []
        told.append(f"{len(self.layers)} layers")
        if self.facts is not None and not self.facts.trained:
            told.append("untrained network")
        elif self.top:
            told.append(f"{self.top[0].label} {self.top[0].probability:.1%}")
        return f"TraceRecord({', '.join(told)})"

    def layer(self, name: str) -> LayerRecord:
        """The record of the layer called ``name``.

        Raises:
            KeyError: there is none.
        """
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise KeyError(name)

    def to_json(self) -> dict[str, Any]:
        """What ``tutor trace --json`` prints."""
        return {
            "image": self.image.path if self.image else None,
            "weights": self.facts.source if self.facts else None,
            "preset": self.facts.architecture.name if self.facts else None,
            "layers": [layer.to_json() for layer in self.layers],
            "top": [
                {"label": item.label, "probability": item.probability} for item in self.top[:5]
            ],
        }
