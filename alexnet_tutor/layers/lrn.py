"""a local response normalisation (LRN): loud neighbours turn a map down.

At each pixel the maps compete: a value is divided by a number that grows with the squares of the
values at the same pixel in the five maps around its own (two before, itself, two after). A feature
that stands out keeps its strength; where many respond at once, all are turned down. The idea comes
from lateral inhibition in real neurons. VGG (2014) saw no gain from it, and later networks leave it
out.

α multiplies the SUM of the squares, as the paper writes it. PyTorch's nn.LocalResponseNorm divides α
by the window first: the paper's α = 0.0001 is its alpha = 0.0005. The authors' own code divided too.

With α this small, LRN acts only on large values. Where all five are at most 1, it is a plain factor
of 2^−0.75 = 0.595; where all five are 50, the denominator grows from 1.68 to 2.42.

Paper: section 3.3: k = 2, n = 5, α = 0.0001, β = 0.75, after the ReLU of conv1 and conv2. It reports
1.4 and 1.2 percentage points less top-1 and top-5 error.
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
    formula = "b[i] = a[i] / (k + α · Σ a[j]²)^β,  j from max(0, i − n/2) to min(N − 1, i + n/2)"

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
        channels, half = x.shape[1], self.size // 2
        for i in range(channels):
            first, last = max(0, i - half), min(channels - 1, i + half)
            total[:, i] = squares[:, first : last + 1].sum(dim=1)
        return total

    def explain(self, input_shape: Sequence[int]) -> list[str]:
        """The divisor for quiet and for loud neighbours, for an input of (C, H, W)."""
        window = min(self.size, input_shape[0])
        lines = [
            f"shape stays {times(*input_shape)}; the window runs across maps, at one pixel",
            f"map 10 looks at maps {10 - self.size // 2} to {10 + self.size // 2}; map 0 at maps 0 to {self.size // 2}: no padding",
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
