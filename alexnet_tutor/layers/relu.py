"""a ReLU (rectified linear unit): keep what is positive.

A sum of sums is again a sum: two convolutions in a row, with nothing between, do no more than one.
max(0, x) between them prevents this. Where a value passes, its slope is 1, so the gradient, what each
weight learns by, passes unshrunk. A tanh flattens at both ends, and its gradient shrinks there.

A map that is 0 everywhere is silent: its kernel found nothing here. A unit that is silent on every
training picture gets no gradient. It stays so unless earlier layers change what it sees.

Look: tutor trace, columns "zeros" and "silent". A convolution's negative values become its ReLU's
zeros.

Paper: section 3.1, figure 1: a four-layer network on CIFAR-10 reached 25% training error in a sixth
of tanh's iterations. Each had its own best learning rate, and no regularisation. The paper says that
the ratio varies with the network.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from alexnet_tutor.architecture import ReluSpec
from alexnet_tutor.layers.base import Layer, sizes


class ReLU(Layer):
    """max(0, x), value by value: any shape -> the same shape.

    Never in place: a tracer that kept the layer before would find it overwritten.
    """

    kind = "relu"
    formula = "out = max(0, in)"

    def __init__(self, spec: ReluSpec) -> None:
        super().__init__(spec.name)

    def forward(self, x: Tensor) -> Tensor:
        """(N, …) -> (N, …)."""
        return torch.relu(x)

    def by_hand(self, x: Tensor) -> Tensor:
        """(N, …) -> (N, …): x where x is positive, else 0. NaN stays NaN."""
        return torch.where(x <= 0, torch.zeros_like(x), x)

    def explain(self, input_shape: Sequence[int]) -> list[str]:
        """What it does to a few numbers, for any input shape."""
        return [
            f"shape stays {sizes(input_shape)}: each value by itself",
            "max(0, 2.5) = 2.5    max(0, −0.7) = 0",
            "parameters = 0",
            "slope: 1 where the input is positive, 0 where it is negative",
        ]
