"""What one value is worked out from, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from torch import nn

from alexnet_tutor.records import Box, Place, Term, Work
from alexnet_tutor.tracing.kinds import cells

Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mask:
    """Which values of a dropout layer are kept, in the order of the layer; of which seed."""

    seed: int
    kept: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Task:
    """A value to work out.

    Attributes:
        module: its layer.
        kind: the field's word for it.
        index: where the value is in the layer's output.
        output: the output's shape, one picture's.
        before: the layer that feeds this one, and its values: (C, H, W) or (features,).
        mask: of a dropout layer that drops.
    """

    module: nn.Module
    kind: str
    index: tuple[int, ...]
    output: tuple[int, ...]
    before: str
    x: Array
    mask: Mask | None = None

    def place(self, *index: int) -> Place:
        """A place in the layer before."""
        return Place(self.before, index)


@dataclass(frozen=True, slots=True)
class Worked:
    """A value, worked out. Fields as in :class:`alexnet_tutor.records.UnitRecord`.

    Attributes:
        producers: the terms that made the value, strongest first.
    """

    by_hand: float
    size: float
    terms: tuple[Term, ...]
    work: Work
    total: float
    count: int = 1
    rest: float | None = 0.0
    bias: float | None = None
    window: Box | None = None
    producers: tuple[Term, ...] = ()


def windows(task: Task, row: int, column: int) -> tuple[list[int], list[int]]:
    """Rows and columns of the layer before that the value's window covers."""
    before, after = task.x.shape, task.output
    return (
        cells(task.module, 0, row, (before[1], after[1])),
        cells(task.module, 1, column, (before[2], after[2])),
    )


def around(rows: list[int], columns: list[int]) -> Box:
    """The box of these rows and columns."""
    return rows[0], columns[0], rows[-1], columns[-1]


def exact_sum(values: Sequence[float] | Array) -> float:
    """The sum without rounding on the way, so that it does not depend on the order."""
    flat = np.asarray(values, dtype=np.float64).reshape(-1)
    return fsum(flat.tolist()) if np.isfinite(flat).all() else float(flat.sum())
