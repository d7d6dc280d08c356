"""a dropout layer: no unit may rely on another.

While the network trains, each output of fc6 and fc7 is set to zero with probability 0.5, anew for
every picture. A unit cannot count on a particular neighbour being there, so it must learn something
useful by itself. When the network is used nothing is dropped.

Half of the units gone means half of the sum gone. The paper makes up for it in use, by halving every
output. This kit, as PyTorch does, makes up for it in training, by doubling the survivors, and leaves
use alone. The expected sums are the same.

Masks come from this layer's own generator, seeded for each training step: an interrupted run that is
resumed draws the very same masks.

Paper: section 4.2: without dropout the network overfits substantially; with it, training takes
roughly twice the iterations.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from alexnet_tutor.architecture import DropoutSpec
from alexnet_tutor.layers.base import Layer, times


class Dropout(Layer):
    """Zero with probability p and scale the rest by 1/(1 − p), in training: (N, …) -> (N, …)."""

    kind = "dropout"
    formula = "training: out = in · mask / (1 − p),  mask 0 with probability p, else 1;   in use: out = in"

    def __init__(self, spec: DropoutSpec) -> None:
        super().__init__(spec.name)
        if not 0 <= spec.p < 1:
            raise ValueError(f"dropout's probability must be at least 0 and below 1, got {spec.p}")
        self.p = spec.p
        self.seed = 0
        self._generator: torch.Generator | None = None

    def reseed(self, seed: int) -> None:
        """Start the sequence of masks that belongs to ``seed``."""
        self.seed = seed
        self._generator = None

    def forward(self, x: Tensor) -> Tensor:
        """(N, …) -> (N, …)."""
        if not self.training:
            return x
        return x * self.mask(x) / (1 - self.p)

    def mask(self, x: Tensor) -> Tensor:
        """The next mask of the sequence, 0 or 1, of x's shape, type and device."""
        if self._generator is None or self._generator.device != x.device:
            self._generator = torch.Generator(device=x.device).manual_seed(self.seed)
        return torch.empty_like(x).bernoulli_(1 - self.p, generator=self._generator)

    def by_hand(self, x: Tensor) -> Tensor:
        """(N, …) -> (N, …): with the next mask, value by value."""
        if not self.training:
            return x.clone()
        kept = self.mask(x) == 1
        return torch.where(kept, x * (1 / (1 - self.p)), torch.zeros_like(x))

    def explain(self, input_shape: Sequence[int]) -> list[str]:
        """What becomes of a value, for any input shape."""
        scale = 1 / (1 - self.p)
        return [
            f"shape stays {times(*input_shape)}",
            f"training: 3.0 becomes 0 with probability {self.p:g}, else 3.0 / (1 − {self.p:g}) = {3 * scale:g}",
            f"expected: {self.p:g}·0 + {1 - self.p:g}·{3 * scale:g} = 3.0",
            "in use: 3.0 stays 3.0",
            "parameters = 0",
        ]

    def __getstate__(self) -> dict[str, object]:
        """A copy starts its sequence of masks anew: generators cannot be copied on every device."""
        return {**self.__dict__, "_generator": None}

    def extra_repr(self) -> str:
        """For ``print(network)``."""
        return f"p={self.p:g}"
