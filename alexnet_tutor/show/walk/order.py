"""What of a sum comes first."""

from __future__ import annotations

from math import isnan

from alexnet_tutor.records import Term, UnitRecord


def ordered(record: UnitRecord) -> list[Term]:
    """The terms that are shown, the one that made the value first, then by size."""
    own = record.producers[0].place if record.producers else None
    return sorted(
        record.terms, key=lambda term: (own is None or term.at != own, -size(term.product))
    )


def size(value: float) -> float:
    """Without its sign; what is no number is larger than any."""
    return float("inf") if isnan(value) else abs(value)
