"""a local response normalisation (LRN): loud neighbours turn a map down.

At each pixel the maps compete: a value is divided by a number that grows with the squares of five
maps there: two before, its own, two after. Where many answer strongly, all are turned down. A value
alone among quiet neighbours loses least.

With this α only large values compete. At 0 the divisor is 1.682, at five values of 12 it is 1.727, at
50 it is 2.421. On small values LRN is almost a factor of 0.595.

α multiplies the sum of the squares, as printed in the paper. PyTorch's nn.LocalResponseNorm divides α
by n first: the paper's 0.0001 is its 0.0005. The authors' code divides too.

Look: tutor trace, rows relu1 and lrn1. Divide the two max: near 0.6 means no competition.

Paper: section 3.3: k = 2, n = 5, α = 0.0001, β = 0.75. It reports 1.4 and 1.2 points less top-1 and
top-5 error. Doubt: one run against one, and the matching run without LRN also lacks a third
normalisation that the paper does not mention. In two other runs, leaving out conv2's LRN and that
third one cost nothing visible: top-5 18.11 and 18.12%.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from alexnet_tutor.architecture import LrnSpec
from alexnet_tutor.kernels.lrn import local_response_norm
from alexnet_tutor.layers.base import Layer, times


class LRN(Layer):
    """b_i = a_i / (k + α · Σ_j a_j²)^β over n neighbouring maps: (N, C, H, W) -> (N, C, H, W)."""

    kind = "lrn"
    formula = "b[i] = a[i] / (k + α · Σ a[j]²)^β,  j from max(0, i − ⌊n/2⌋) to min(N − 1, i + ⌊n/2⌋) of N maps"

    def __init__(self, spec: LrnSpec) -> None:
        super().__init__(spec.name)
        if spec.size % 2 == 0:
            raise ValueError(f"LRN's window must be odd to have a middle, got {spec.size}")
        self.size, self.k, self.alpha, self.beta = spec.size, spec.k, spec.alpha, spec.beta

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W)."""
        return local_response_norm(x, self.size, self.k, self.alpha, self.beta)

    def by_hand(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H, W), as the paper writes it."""
        return x / self.denominator(x)

    def denominator(self, x: Tensor) -> Tensor:
        """(k + α · Σ a_j²)^β at every value: (N, C, H, W)."""
        return (self.k + self.alpha * self.neighbours(x)) ** self.beta

    def neighbours(self, x: Tensor) -> Tensor:
        """Σ a_j² over the window of maps around each map, at the same pixel: (N, C, H, W)."""
        squares, total = x * x, torch.zeros_like(x)
        channels = x.shape[1]
        reach = min(self.size // 2, channels - 1)
        for offset in range(-reach, reach + 1):  # map i meets map i + offset, where there is one
            first, end = max(0, -offset), min(channels, channels - offset)
            total[:, first:end] += squares[:, first + offset : end + offset]
        return total

    def explain(self, input_shape: Sequence[int]) -> list[str]:
        """The divisor for quiet and for loud neighbours, for an input of (C, H, W)."""
        last, half = input_shape[0] - 1, self.size // 2
        middle, window = last // 2, min(self.size, last + 1)
        low, high = max(0, middle - half), min(last, middle + half)
        lines = [
            f"shape stays {times(*input_shape)}; the window runs across maps, at one pixel",
            f"map {middle} looks at maps {low} to {high}; map 0 at maps 0 to {min(last, half)}: no padding",
        ]
        for value in (0, 1, 50):
            inner = self.k + self.alpha * window * value**2
            lines.append(
                f"all {window} values {value}: ({self.k:g} + {self.alpha:g}·{window}·{value}²)^{self.beta:g} = {inner:g}^{self.beta:g} = {inner**self.beta:.4f}"
            )
        lines.append(
            f"α multiplies the sum. In torch: nn.LocalResponseNorm({self.size}, alpha={self.alpha * self.size:g}, beta={self.beta:g}, k={self.k:g})"
        )
        lines.append("parameters = 0")
        return lines

    def extra_repr(self) -> str:
        """For ``print(network)``."""
        return f"size={self.size}, k={self.k:g}, alpha={self.alpha:g}, beta={self.beta:g}"
