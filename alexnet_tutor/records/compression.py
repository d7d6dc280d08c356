"""A network made small: what each step saves and what it costs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CompressionStep:
    """The network after one step: bytes of its weights, share of test pictures named correctly."""

    name: str
    bytes: int
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class CompressedLayer:
    """One layer's weights and biases, before and after; ``how`` in words, ``rank 128, 8-bit``."""

    name: str
    params: int
    bytes_before: int
    bytes_after: int
    how: str

    @property
    def ratio(self) -> float:
        """How many times smaller."""
        return self.bytes_before / self.bytes_after


@dataclass(frozen=True, slots=True)
class CompressionRecord:
    """What ``tutor compress`` did.

    Attributes:
        source: the file it began with.
        file: the file it made, of ``file_bytes`` bytes.
        steps: as trained first, what the file holds last.
        fitted: training pictures that the factors were fitted to.
        images: test pictures that judged each step; 0 where none did.
        restore_seconds: to read the file and have the whole network again.
    """

    source: str
    file: str
    file_bytes: int
    steps: tuple[CompressionStep, ...]
    layers: tuple[CompressedLayer, ...]
    fitted: int
    data: str | None
    images: int
    restore_seconds: float

    def to_json(self) -> dict[str, Any]:
        """What ``tutor compress --json`` prints."""
        layers = [{**asdict(layer), "ratio": layer.ratio} for layer in self.layers]
        return {**asdict(self), "layers": layers}
