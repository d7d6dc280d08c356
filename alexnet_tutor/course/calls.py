"""What a learner's code is asked, what it may take, what it answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.records import Trouble


@dataclass(frozen=True, slots=True)
class Limits:
    """What a learner's code gets: seconds by the clock of a quiet machine, bytes.

    On a busy one the seconds are stretched by as much as the start took longer than it computed.

    Attributes:
        starting: until torch is loaded; not the learner's time.
        silence: for one call, or for loading the file.
        total: for all calls.
    """

    starting: float = 200
    silence: float = 4
    total: float = 8
    memory: int = 2_000_000_000
    printed: int = 4_000_000
    written: int = 50_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One call of one function.

    Attributes:
        exercise: the function's name.
        arguments: plain values, and arrays that become tensors of ``dtype`` (integers stay integers).
        strided: tensors are views that do not lie in one piece.
        gradient: arguments to give gradients for, ∂(Σ ``upstream`` · output)/∂argument.
    """

    exercise: str
    arguments: Mapping[str, Any]
    dtype: str = "float32"
    strided: bool = False
    gradient: tuple[str, ...] = ()
    upstream: NDArray[np.float64] | None = None

    def packed(self) -> dict[str, Any]:
        """As a message."""
        return {
            "exercise": self.exercise, "arguments": dict(self.arguments), "dtype": self.dtype,
            "strided": self.strided, "gradient": list(self.gradient), "upstream": self.upstream,
        }  # fmt: skip


@dataclass(slots=True)
class Answers:
    """What one function gave: a message per call, in order, unless it got into trouble."""

    replies: list[dict[str, Any]] = field(default_factory=list)
    trouble: Trouble | None = None
    printed: str = ""
