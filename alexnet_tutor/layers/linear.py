"""a fully connected layer: every output looks at every input.

fc6 and fc7 have 4,096 units each, fc8 one per class. A unit multiplies each of its inputs by a weight
of its own, sums, and adds a bias. Nothing is shared between places as in a convolution, and that is
dear: fc6, fc7 and fc8 hold 94% of the fashion network's parameters, and 96% of the paper's. They cost
few MACs: 5% and 8%.

fc8's outputs are called logits: one score per class, of any size and sign. Softmax turns them into
probabilities.

Look: tutor trace --layer fc6. Its order means nothing: no unit is another's neighbour.

Paper: section 3.5; section 4.2 reports substantial overfitting without dropout, which follows fc6 and
fc7. The paper states 60 million parameters; counted, the two-tower network has 60,965,224.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_tutor.architecture import LinearSpec
from alexnet_tutor.layers.base import Layer


class Linear(Layer):
    """x · weightᵀ + bias: (N, features in) -> (N, features out).

    Attributes:
        weight: (out, in).
        bias: (out,).
    """

    kind = "linear"
    formula = "out[k] = bias[k] + Σ over i of  in[i] · weight[k, i]"

    def __init__(self, spec: LinearSpec, in_features: int) -> None:
        super().__init__(spec.name)
        self.weight = nn.Parameter(torch.empty(spec.out_features, in_features))
        self.bias = nn.Parameter(torch.empty(spec.out_features))

    def forward(self, x: Tensor) -> Tensor:
        """(N, in) -> (N, out)."""
        return F.linear(x, self.weight, self.bias)

    def by_hand(self, x: Tensor) -> Tensor:
        """(N, in) -> (N, out): each picture's products with every weight, summed."""
        return torch.stack([(self.weight * row).sum(dim=1) + self.bias for row in x])

    def explain(self, input_shape: Sequence[int]) -> list[str]:
        """Parameters and multiplications, for an input of (features,)."""
        units, inputs = self.weight.shape[0], prod(input_shape)
        return [
            f"{inputs:,} numbers → {units:,} numbers",
            f"one unit = {inputs:,} products, summed, plus a bias",
            f"parameters = {units:,}·({inputs:,} + 1) = {units * (inputs + 1):,}",
            f"MACs = {units:,}·{inputs:,} = {units * inputs:,}",
        ]

    def extra_repr(self) -> str:
        """For ``print(network)``."""
        units, inputs = self.weight.shape
        return f"{inputs} → {units}"
