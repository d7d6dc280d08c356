"""What a layer did to one picture: the facts of which ``tutor trace`` makes a sentence."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from alexnet_tutor.records.unit import Box


@dataclass(frozen=True, slots=True)
class Peak:
    """A layer's highest value.

    Attributes:
        index: where it is first found: (channel, row, column) or (unit,).
        count: of places that have this very value.
        maps: of maps (units, after flatten) that have it.
        box: what it sees of the picture; ``None`` where that is not known, or ``count`` is not 1.
    """

    index: tuple[int, ...]
    value: float
    count: int
    maps: int
    box: Box | None


@dataclass(frozen=True, slots=True)
class ConvFacts:
    """``negative``: share of the sums that are below 0, which a ReLU makes 0."""

    negative: float


@dataclass(frozen=True, slots=True)
class LinearFacts:
    """A fully connected layer.

    Attributes:
        positive: units whose sum is above 0.
        input: the input with the largest term of the highest unit, positive or negative; ``None``
            where several units are the highest, or the layer's weights do not give the sum.
        product: that term: input · weight.
    """

    positive: int
    input: int | None
    product: float | None


@dataclass(frozen=True, slots=True)
class ReluFacts:
    """What a ReLU let through.

    Attributes:
        positive: values above 0.
        half: how many of them, the highest, hold half of their sum.
        broad: maps that are above 0 at more than half of their places; 0 where there are no maps.
    """

    positive: int
    half: int
    broad: int


@dataclass(frozen=True, slots=True)
class LrnFacts:
    """The divisors (k + α · Σ a²)^β of the values that are not 0.

    Attributes:
        quiet: the divisor without neighbours to speak of: k^β.
        largest: ``None`` where every value is 0.
        index: (channel, row, column) of the value it divides, ``before`` it and ``after``.
        box: what that value sees of the picture; ``None`` where that is not known.
    """

    k: float
    beta: float
    quiet: float
    largest: float | None = None
    index: tuple[int, ...] | None = None
    before: float | None = None
    after: float | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """What max pooling threw away. Of equal values in a window the first wins, as in torch.

    Attributes:
        lost: share of the values that are no window's winner.
        lost_sum: their share of the sum of all; ``None`` where some are negative, or all are 0.
        zeros_before: share of zeros among what came in.
    """

    lost: float
    lost_sum: float | None
    zeros_before: float


@dataclass(frozen=True, slots=True)
class FlattenFacts:
    """``origin``: the place (channel, row, column) that the highest value had in the maps."""

    origin: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DropoutFacts:
    """``nonzero`` values came in, ``dropped`` of them became 0, the others were multiplied by ``factor``."""

    nonzero: int
    dropped: int
    factor: float


@dataclass(frozen=True, slots=True)
class SoftmaxFacts:
    """``first`` and ``second``: classes of the two highest scores; ``margin``: score less score."""

    first: int
    second: int
    margin: float


LayerFacts: TypeAlias = (
    ConvFacts
    | LinearFacts
    | ReluFacts
    | LrnFacts
    | PoolFacts
    | FlattenFacts
    | DropoutFacts
    | SoftmaxFacts
)


@dataclass(frozen=True, slots=True)
class WhyRecord:
    """What one layer did in one pass.

    Attributes:
        broken: values that are no finite numbers. Where there are any, nothing else is told.
        peak: the highest value.
        facts: by the kind of layer; ``None`` for kinds the kit does not know, and where the layer's
            numbers do not give what was recorded.
    """

    broken: int
    peak: Peak | None = None
    facts: LayerFacts | None = None

    def to_json(self) -> dict[str, Any]:
        """Every fact, at full precision."""
        peak = None if self.peak is None else asdict(self.peak)
        return {"broken": self.broken, "peak": peak, **(asdict(self.facts) if self.facts else {})}
