"""What the walk shows of a layer beside its values: one channel of a kernel at work, and facts to read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.records.unit import Place


def span(values: NDArray[np.floating]) -> tuple[float, float]:
    """The lowest and the highest finite value; (0, 0) where there is none."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class KernelRecord:
    """What one channel of its input gives to one value of a convolution, in float64.

    Attributes:
        before: the layer that feeds it.
        channel: of that layer.
        rows, columns: of that layer under the window; in the padding there are no such.
        patch: the values there, (R, S), zeros in the padding.
        weight: the kernel's weights for this channel, (R, S).
        inside: where the window is no padding, (R, S).
    """

    before: str
    channel: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    patch: NDArray[np.float64]
    weight: NDArray[np.float64]
    inside: NDArray[np.bool_]

    @property
    def products(self) -> NDArray[np.float64]:
        """Input · weight, (R, S)."""
        with np.errstate(invalid="ignore"):  # 0 times infinity
            return self.patch * self.weight

    def at(self, row: int, column: int) -> Place | None:
        """The place of a value of the patch; ``None`` in the padding."""
        if not self.inside[row, column]:
            return None
        return Place(self.before, (self.channel, self.rows[row], self.columns[column]))


@dataclass(frozen=True, slots=True)
class AboutRecord:
    """What there is to know of a layer and of what it did to this picture. What is not known is empty.

    Attributes:
        why: what it did to this picture, a sentence.
        size: the size of its output, worked out.
        params: its parameters; ``None`` of the picture, which has none to count.
        macs: multiply-accumulates of one picture.
        sees: side of the square of the picture that one value sees; 0: what it saw in the layer before.
        stride: from one such square to the next; 0: all values see the same, or no squares.
        paper: the paper's reason for it, with its section.
    """

    why: str
    size: str = ""
    params: int | None = None
    macs: int = 0
    sees: int = 0
    stride: int = 0
    paper: str = ""
