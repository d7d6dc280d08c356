"""a dropout layer: no unit may rely on another.

In training, each output of relu6 and relu7 becomes 0 with probability 0.5, drawn anew for every
picture at every step. A unit cannot count on another being there. For a prediction nothing is dropped.

With half of the units at 0, the next layer's sums are half as large on average. The paper corrects
this when predicting: it halves the outputs. This kit, like PyTorch, doubles the survivors in training.
The expected sums agree up to that factor of 2.

Masks come from this layer's own generator, seeded for each training step: a run that is interrupted
and resumed draws the very same masks.

Look: tutor trace. Rows relu6 and drop6 are equal: a trace is a prediction.

Paper: section 4.2: without dropout the network overfits substantially; with it, training takes about
twice the iterations. It gives no size for the gain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from alexnet_tutor.architecture import DropoutSpec
from alexnet_tutor.layers.base import Layer, sizes


class Dropout(Layer):
    """Zero with probability p and scale the rest by 1/(1 − p), in training: (N, …) -> (N, …)."""

    kind = "dropout"
    formula = "training: out = in · mask / (1 − p),  mask 0 with probability p, else 1;   prediction: out = in"

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

    @contextmanager
    def drawing(self, seed: int) -> Iterator[None]:
        """Within it the layer drops as in training, from the first mask of ``seed`` on; then all is as before."""
        before = self.training, self.seed, self._generator
        self.training = True
        self.reseed(seed)
        try:
            yield
        finally:
            self.training, self.seed, self._generator = before

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

    def uniform(self, x: Tensor) -> Tensor:
        """The next mask as uniform numbers from 0 to 1, of x's shape and device: 1 where at least p."""
        kept = self.mask(x) == 1
        drawn = torch.rand(x.shape, generator=self._generator, device=x.device)
        below = self.p * (1 - 2**-22)  # so that rounding lifts none to p
        return torch.where(kept, self.p + (1 - self.p) * drawn, below * drawn)

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
            f"shape stays {sizes(input_shape)}",
            f"training: 3.0 becomes 0 with probability {self.p:g}, else 3.0 / (1 − {self.p:g}) = {3 * scale:.1f}",
            f"expected: {self.p:g}·0 + {1 - self.p:g}·{3 * scale:.1f} = 3.0",
            "prediction: 3.0 stays 3.0",
            "parameters = 0",
        ]

    def __getstate__(self) -> dict[str, object]:
        """A copy starts its sequence of masks anew: generators cannot be copied on every device."""
        return {**self.__dict__, "_generator": None}

    def extra_repr(self) -> str:
        """For ``print(network)``."""
        return f"p={self.p:g}"
