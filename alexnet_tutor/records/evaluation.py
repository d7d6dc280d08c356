"""A network judged on pictures it has not learnt from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


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
        weights: the file they came from, ``None`` when they are untrained.
        flips: whether each picture was judged together with its mirror image.
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
    weights: str | None = None
    flips: bool = False

    def to_json(self) -> dict[str, Any]:
        """What ``tutor evaluate --json`` prints."""
        return {
            "weights": self.weights,
            "data": self.data,
            "images": self.images,
            "flips": self.flips,
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
