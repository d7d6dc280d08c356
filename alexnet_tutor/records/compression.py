"""A network made small: what each step saves and what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
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
    def kept(self) -> float:
        """Share of the bytes that are left, 0 to 1."""
        return self.bytes_after / self.bytes_before

    @property
    def bits(self) -> float:
        """Bits that are left for each parameter of the layer; of 32."""
        return 8 * self.bytes_after / self.params


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
        """What ``tutor compress --json`` prints: all fields, and of each layer what follows from them."""
        layers = [
            {**asdict(layer), "kept": layer.kept, "bits": layer.bits} for layer in self.layers
        ]
        return {**asdict(self), "layers": layers}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> CompressionRecord:
        """The inverse of :meth:`to_json`.

        Raises:
            KeyError: a field is missing.
        """
        known = {field.name: values[field.name] for field in fields(cls)}
        steps = tuple(CompressionStep(**step) for step in values["steps"])
        layers = tuple(
            CompressedLayer(**{field.name: layer[field.name] for field in fields(CompressedLayer)})
            for layer in values["layers"]
        )
        return cls(**{**known, "steps": steps, "layers": layers})


def total(layers: Iterable[CompressedLayer]) -> CompressedLayer:
    """All of ``layers`` as one, ``how`` empty."""
    rows = list(layers)
    return CompressedLayer(
        "total",
        sum(row.params for row in rows),
        sum(row.bytes_before for row in rows),
        sum(row.bytes_after for row in rows),
        "",
    )
