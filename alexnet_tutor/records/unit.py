"""One value of one layer: what it sees, the arithmetic that made it, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import Any, TypeAlias

Box: TypeAlias = tuple[int, int, int, int]  # top, left, bottom, right: inclusive

# Rounding in fp32 may reach so much of what is added up; far more is another arithmetic.
ROUNDING = 1e-5
_SMALLEST = 2.0**-126  # below it fp32 has fewer digits


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is: ``conv5:37,6,6`` is channel 37, row 6, column 6; ``fc6:812`` is unit 812."""

    layer: str
    index: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.layer}:{','.join(map(str, self.index))}"


@dataclass(frozen=True, slots=True)
class Term:
    """A value of the layer before, and what it gives.

    Attributes:
        at: where; ``None`` in the padding.
        weight: ``None`` where the layer has no weights.
        product: input · weight; without weights the candidate (pooling), α·a² (LRN), e^(z − max)
            (softmax), or the value that comes out.
        grey: of a pixel, 0 to 255.
    """

    at: Place | None
    input: float
    weight: float | None
    product: float
    grey: float | None = None


@dataclass(frozen=True, slots=True)
class PixelWork:
    """(pixel − mean) / std.

    Attributes:
        grey: the pixel from 0 to 255; ``None`` where it is not known what was normalised, and how.
        channels: of the picture: 1 is grey, 3 are red, green and blue.
    """

    grey: float | None = None
    mean: float = 0.0
    std: float = 1.0
    channels: int = 1


@dataclass(frozen=True, slots=True)
class SumWork:
    """A sum of products and a bias: a convolution or a fully connected layer.

    Attributes:
        channels: first and last input channel that the kernel sees; ``None`` where there are no maps.
        groups: towers.
        subtotals: the sum of each of these channels; empty where there are no maps.
        padded: terms that lie in the padding.
    """

    channels: tuple[int, int] | None = None
    groups: int = 1
    subtotals: tuple[float, ...] = ()
    padded: int = 0


@dataclass(frozen=True, slots=True)
class ReluWork:
    """max(0, the one input)."""


@dataclass(frozen=True, slots=True)
class LrnWork:
    """a / (k + α · Σ a²)^β.

    Attributes:
        maps: of the layer, to tell a window that ends at the first or the last.
        size: maps in a whole window, the paper's n.
        own: the value itself, a.
    """

    own: float
    maps: int
    size: int
    k: float
    alpha: float
    beta: float


@dataclass(frozen=True, slots=True)
class PoolWork:
    """The largest of some candidates, which are the terms, row by row.

    Attributes:
        columns: candidates in a row.
        winner: the number of the term that is passed on: of equal ones the first.
    """

    columns: int
    winner: int


@dataclass(frozen=True, slots=True)
class DropoutWork:
    """Dropout.

    Attributes:
        p: probability of being dropped.
        seed: of the masks; ``None`` in evaluation, where nothing is dropped.
        kept: whether the mask is 1; ``None`` in evaluation.
    """

    p: float
    seed: int | None = None
    kept: bool | None = None


@dataclass(frozen=True, slots=True)
class FlattenWork:
    """Where in maps of this shape, (C, H, W), the value stood: place = c·H·W + y·W + x."""

    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SoftmaxWork:
    """e^(z − largest) / total.

    Attributes:
        largest: the largest logit.
        power: e^(z − largest) of this class, the numerator.
    """

    largest: float
    power: float


Work: TypeAlias = (
    PixelWork | SumWork | ReluWork | LrnWork | PoolWork | DropoutWork | FlattenWork | SoftmaxWork
)


@dataclass(frozen=True, slots=True)
class ProducerRecord:
    """A value that made another, and what made it.

    Attributes:
        product: what it gave: its term of the sum, or the value that came out.
        grey: of a pixel, 0 to 255.
        clipped: what it sees of the picture.
        producers: strongest first; ``None`` where they were not followed.
    """

    place: Place
    value: float
    product: float
    grey: float | None
    clipped: Box | None
    producers: tuple[ProducerRecord, ...] | None

    def to_json(self) -> dict[str, Any]:
        """With everything below it."""
        below = self.producers
        return {
            "unit": str(self.place),
            "value": self.value,
            "product": self.product,
            "producers": None if below is None else [each.to_json() for each in below],
        }


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """One value of one recorded pass, worked out by hand in float64.

    Attributes:
        before: the layer that feeds this one; ``None`` for the input.
        value: the network's own, in fp32.
        size: what rounding is measured against: |bias| + Σ|terms| of a sum, else the value's own size.
        box: what it sees of the prepared picture, the padding included; ``None`` where picture or
            maps are not square.
        clipped: the part of the box that is picture.
        window: what it sees of the maps before it, the padding included; ``None`` where there is no
            window because the layer sees all of them, or there are no maps.
        terms: those shown, strongest first; of pooling and LRN all, in order.
        count: of all terms.
        rest: what the terms that are not shown sum to; ``None`` where nothing is summed.
        bias: ``None`` where the layer has none.
        total: bias + terms + rest. Of LRN Σ α·a², of softmax the denominator, else the value.
        producers: ``None`` where they were not followed.
    """

    place: Place
    kind: str
    before: str | None
    value: float
    by_hand: float
    size: float
    box: Box | None
    clipped: Box | None
    window: Box | None
    terms: tuple[Term, ...]
    count: int
    rest: float | None
    bias: float | None
    total: float
    work: Work
    producers: tuple[ProducerRecord, ...] | None

    @property
    def difference(self) -> float:
        """By hand less the network's own."""
        return self.by_hand - self.value

    @property
    def tolerance(self) -> float:
        """The largest difference that rounding explains."""
        return ROUNDING * self.size + _SMALLEST

    @property
    def agrees(self) -> bool:
        """Whether rounding explains the difference. No number by hand and none in the network agree."""
        same = self.by_hand == self.value or (isnan(self.by_hand) and isnan(self.value))
        return same or abs(self.difference) <= self.tolerance

    def to_json(self) -> dict[str, Any]:
        """What ``tutor trace unit --json`` prints."""
        below = self.producers
        return {
            "unit": str(self.place),
            "value": self.value,
            "by_hand": self.by_hand,
            "difference": self.difference,
            "box": _listed(self.box),
            "clipped": _listed(self.clipped),
            "window": _listed(self.window),
            "terms": [_term(term) for term in self.terms],
            "rest": self.rest,
            "bias": self.bias,
            "total": self.total,
            "producers": None if below is None else [each.to_json() for each in below],
        }


def _listed(box: Box | None) -> list[int] | None:
    return None if box is None else list(box)


def _term(term: Term) -> dict[str, Any]:
    return {
        "at": None if term.at is None else str(term.at),
        "input": term.input,
        "weight": term.weight,
        "product": term.product,
    }
