"""Local response normalisation, fast: one autograd function, a few pictures at a time.

nn.LocalResponseNorm builds half a dozen tensors as large as the activations and keeps them for the
backward pass. Here only the input is kept, and work goes in pieces whose intermediates stay in cache.

With s_i = k + α · Σ_j a_j² (j within n/2 maps of i) and b_i = a_i · s_i^−β, the gradient is
    ∂L/∂a_i = g_i · s_i^−β − 2αβ · a_i · Σ_j g_j · a_j · s_j^(−β−1),
the sum over the same window, since i is a neighbour of j exactly when j is one of i.

α multiplies the sum, as in section 3.3 of the paper; nn.LocalResponseNorm divides it by n.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from alexnet_tutor.kernels.window import Window, scratch, working_type

# Bytes of float32 activations worked on at once: a few pictures, small enough for a core's share of cache.
_PIECE_BYTES = 3 << 20


class _LocalResponseNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, size: int, k: float, alpha: float, beta: float) -> Tensor:
        ctx.save_for_backward(x)
        ctx.constants = (size, k, alpha, beta)
        out = torch.empty_like(x)
        work = _Work(x, *ctx.constants)
        for first, end in work.pieces:
            a = work.activations(x[first:end])
            _, power = work.powers(a)
            out[first:end].copy_(power.mul_(a))
        return out

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (x,) = ctx.saved_tensors
        size, _, alpha, beta = ctx.constants
        gradient = torch.empty_like(x)
        work = _Work(x, *ctx.constants)
        products = Window(x, work.pictures, size, edge=0.0)
        for first, end in work.pieces:
            a = work.activations(x[first:end])
            inverse, power = work.powers(a)
            through = power.mul_(gradients[0][first:end])  # g · s^−β
            torch.mul(through, inverse.mul_(a), out=products.values(end - first))
            shared = products.sums(end - first, out=inverse)
            through.addcmul_(shared, a, value=-2 * alpha * beta)
            gradient[first:end].copy_(through)
        return gradient, None, None, None, None


def local_response_norm(x: Tensor, size: int, k: float, alpha: float, beta: float) -> Tensor:
    """The paper's LRN across maps: (N, C, H, W) -> (N, C, H, W), in any layout and precision.

    Args:
        x: activations.
        size: maps in the window (n), odd.
        k, alpha, beta: the paper's constants; ``alpha`` multiplies the sum of squares.
    """
    out: Tensor = _LocalResponseNorm.apply(x, size, k, alpha, beta)
    return out


class _Work:
    """The pieces of an input, and the memory that each of them uses again."""

    def __init__(self, x: Tensor, size: int, k: float, alpha: float, beta: float) -> None:
        self.alpha, self.beta = alpha, beta
        self.pictures = _pictures_at_once(x)
        self.pieces = [
            (first, min(first + self.pictures, len(x))) for first in range(0, len(x), self.pictures)
        ]
        # Each place of the window brings its share of k: the sum over the window is then s itself.
        self._share = torch.tensor(k / size, dtype=working_type(x), device=x.device)
        self._squares = Window(x, self.pictures, size, edge=k / size)
        self._s, self._power = (scratch(x, self.pictures) for _ in range(2))

    def activations(self, piece: Tensor) -> Tensor:
        """A piece (n, C, H, W) in the precision that is calculated in."""
        return piece.to(self._share.dtype)

    def powers(self, a: Tensor) -> tuple[Tensor, Tensor]:
        """s^−1 and s^−β of a piece (n, C, H, W), in memory that the next piece overwrites."""
        n = len(a)
        torch.addcmul(self._share, a, a, value=self.alpha, out=self._squares.values(n))
        s, power = self._squares.sums(n, out=self._s[:n]), self._power[:n]
        if (
            self.beta == 0.75
        ):  # two roots are several times faster than a power (NaN once a² is infinite)
            root = s.rsqrt_()  # s^−½
            torch.rsqrt(root, out=power).mul_(root).mul_(root)  # s^¼ · s^−½ · s^−½
            return root.mul_(root), power
        return s.reciprocal_(), torch.pow(s, self.beta, out=power)


def _pictures_at_once(x: Tensor) -> int:
    """All pictures on a GPU; a few on a CPU."""
    if x.device.type != "cpu":
        return max(1, len(x))
    at_once = _PIECE_BYTES // max(1, 4 * x[0].numel()) if len(x) else 1
    return max(1, min(len(x), at_once))
