"""LRN forward and backward: torch's own against the kit's, on the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from alexnet_tutor.architecture import LrnSpec
from alexnet_tutor.kernels.lrn import local_response_norm

_LOUD = 10.0  # deviation of the input: large enough that maps compete


@dataclass(frozen=True, slots=True, eq=False)
class LrnMatch:
    """The two on one input: (N, C, H, W), float32, rows contiguous."""

    x: Tensor
    upstream: Tensor
    spec: LrnSpec

    @classmethod
    def of(cls, shape: tuple[int, ...], device: torch.device, spec: LrnSpec) -> LrnMatch:
        """Random input and upstream gradient, always the same."""
        generator = torch.Generator().manual_seed(0)
        x = (torch.randn(shape, generator=generator) * _LOUD).to(device).requires_grad_()
        return cls(x, torch.randn(shape, generator=generator).to(device), spec)

    def torchs(self) -> tuple[Tensor, Tensor]:
        """nn.LocalResponseNorm, which divides α by n: output and gradient."""
        spec = self.spec
        return self._through(
            nn.LocalResponseNorm(spec.size, spec.alpha * spec.size, spec.beta, spec.k)
        )

    def kits(self) -> tuple[Tensor, Tensor]:
        """The kit's: output and gradient."""
        spec = self.spec
        return self._through(
            lambda x: local_response_norm(x, spec.size, spec.k, spec.alpha, spec.beta)
        )

    def difference(self) -> float:
        """Largest |difference| between the two, in outputs and gradients."""
        pairs = zip(self.torchs(), self.kits(), strict=True)
        return max(float((theirs - ours).abs().max()) for theirs, ours in pairs)

    def _through(self, normalise: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tensor]:
        self.x.grad = None
        out = normalise(self.x)
        out.backward(self.upstream)  # type: ignore[no-untyped-call]
        assert self.x.grad is not None
        return out.detach(), self.x.grad
