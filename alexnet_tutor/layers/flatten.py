"""flatten: from maps to a row.

256 maps of 6×6 become one row of 9,216 numbers, in the order of the maps, then of the rows, then of
the columns. No number changes. From here on nothing tells any more that two of them were neighbours,
unless the weights of fc6 learn it.

Look: tutor trace --layer flatten. It has as many zeros as pool5.

Paper: section 3.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from torch import Tensor

from alexnet_tutor.architecture import FlattenSpec
from alexnet_tutor.layers.base import Layer, times


class Flatten(Layer):
    """(N, C, H, W) -> (N, C·H·W)."""

    kind = "flatten"
    formula = "out[c·H·W + y·W + x] = in[c, y, x]"

    def __init__(self, spec: FlattenSpec) -> None:
        super().__init__(spec.name)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C·H·W)."""
        return x.flatten(1)

    def by_hand(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C·H·W): number by number, in the order of the formula."""
        batch, channels, height, width = x.shape
        row = x.new_empty(batch, channels * height * width)
        for channel in range(channels):
            for y in range(height):
                start = channel * height * width + y * width
                row[:, start : start + width] = x[:, channel, y]
        return row

    def explain(self, input_shape: Sequence[int]) -> list[str]:
        """Where the last value of an input of (C, H, W) lands."""
        channels, height, width = input_shape
        count = prod(input_shape)
        place = f"{channels - 1}·{height * width} + {height - 1}·{width} + {width - 1}"
        return [
            f"{times(*input_shape)} = {count:,} numbers in a row",
            f"map {channels - 1}, row {height - 1}, column {width - 1} → place {place} = {count - 1:,}",
            "parameters = 0",
        ]
