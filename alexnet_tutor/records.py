"""Plain facts that cross rooms: frozen, without torch. Arrays are NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.architecture import FASHION, Architecture
from alexnet_tutor.geometry import Field

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

    def peak_box(self, map_index: int) -> tuple[int, int, int, int]:
        """[top, left, bottom, right] in the picture that the map's strongest value looks at, inclusive."""
        assert self.maps is not None
        row, column = np.unravel_index(
            int(self.maps[map_index].argmax()), self.maps[map_index].shape
        )
        top, bottom = self.field.box(int(row))
        left, right = self.field.box(int(column))
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


@dataclass(frozen=True, slots=True)
class ProgressRecord:
    """Where a training run stands, read from the device. Loss and accuracy are means over the epoch so far."""

    epoch: int
    epochs: int
    step: int
    steps: int
    loss: float
    accuracy: float
    learning_rate: float
    images_per_second: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """One finished epoch: a row of metrics.csv. Training figures are means over the epoch, while it learnt."""

    epoch: int
    steps: int
    train_loss: float
    train_accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    learning_rate: float
    seconds: float
    images_per_second: float


@dataclass(frozen=True, slots=True)
class SavedRecord:
    """A checkpoint that is safely on disk. ``step`` counts steps of the epoch under way."""

    folder: str
    epoch: int
    step: int
    best: bool


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """Something a person should know though nothing failed, in a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A training run that is about to learn: where, on what, from which position.

    Attributes:
        device, precision: what ``auto`` came to: ``cpu``, ``fp32`` …
        learnt, held_out: pictures learnt from, and pictures set aside to choose by.
        steps: of one epoch.
        epoch, step: finished epochs, and finished steps of the next one; 0 and 0 at the beginning.
    """

    folder: str
    data: str
    device: str
    precision: str
    learnt: int
    held_out: int
    batch_size: int
    epochs: int
    steps: int
    epoch: int
    step: int

    @property
    def resumed(self) -> bool:
        """Whether the run goes on from a checkpoint."""
        return (self.epoch, self.step) != (0, 0)


@dataclass(frozen=True, slots=True)
class RunEndRecord:
    """How a run ended.

    Attributes:
        finished: all epochs are done and ``final`` is on disk; else it was interrupted and resumes.
        worked: whether this call did any step; ``False`` when a finished run is resumed.
        epoch, step: finished epochs, and finished steps of the epoch under way.
        best_epoch: whose weights are in ``best``; ``None`` before the first epoch ends.
        best, final: files of weights, ``None`` where not written yet.
    """

    folder: str
    finished: bool
    worked: bool
    epoch: int
    step: int
    epochs: int
    best_epoch: int | None
    best: str | None
    final: str | None


@dataclass(frozen=True, slots=True)
class ClassRecord:
    """How one class fared: precision and recall 0 to 1 (0 where undefined), support in pictures."""

    label: str
    precision: float
    recall: float
    support: int


@dataclass(frozen=True, slots=True, eq=False)
class JudgedPicture:
    """A test picture with its true and predicted class numbers. ``pixels`` uint8 (C, H, W)."""

    index: int
    pixels: NDArray[np.uint8]
    true: int
    predicted: int
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class EvaluationRecord:
    """A network judged on pictures it has not learnt from.

    Attributes:
        loss: mean cross-entropy in nats.
        confusion: int64 (classes, classes); row true class, column predicted class.
        examples: the first pictures of the set, right or wrong.
        mistakes: wrong ones, most confident first.
    """

    data: str
    labels: tuple[str, ...]
    images: int
    accuracy: float
    loss: float
    per_class: tuple[ClassRecord, ...]
    confusion: NDArray[np.int64]
    examples: tuple[JudgedPicture, ...]
    mistakes: tuple[JudgedPicture, ...]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """What ``tutor evaluate --json`` prints."""
        return {
            "data": self.data,
            "images": self.images,
            "accuracy": self.accuracy,
            "loss": self.loss,
            "per_class": [
                {
                    "label": row.label,
                    "precision": row.precision,
                    "recall": row.recall,
                    "support": row.support,
                }
                for row in self.per_class
            ],
            "confusion": self.confusion.tolist(),
        }
