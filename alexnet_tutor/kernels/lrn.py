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

# Bytes of float32 activations worked on at once: a few pictures, small enough for a core's share of cache.
_PIECE_BYTES = 3 << 20


class _LocalResponseNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, size: int, k: float, alpha: float, beta: float) -> Tensor:
        ctx.save_for_backward(x)
        ctx.constants = (size, k, alpha, beta)
        out = torch.empty_like(x)
        for piece, target in zip(_pieces(x), _pieces(out), strict=True):
            a = piece.to(_working_type(x))
            s = _window_sum(a * a, size).mul_(alpha).add_(k)
            target.copy_(a * _inverse_power(s, beta))
        return out

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (x,) = ctx.saved_tensors
        size, k, alpha, beta = ctx.constants
        gradient = torch.empty_like(x)
        for piece, upstream, target in zip(
            _pieces(x), _pieces(gradients[0]), _pieces(gradient), strict=True
        ):
            a, g = piece.to(_working_type(x)), upstream.to(_working_type(x))
            s = _window_sum(a * a, size).mul_(alpha).add_(k)
            through = g * _inverse_power(s, beta)  # g · s^−β
            shared = _window_sum((through * a).div_(s), size)
            target.copy_(through.sub_(shared.mul_(a), alpha=2 * alpha * beta))
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


def _working_type(x: Tensor) -> torch.dtype:
    return torch.float64 if x.dtype == torch.float64 else torch.float32


def _pieces(x: Tensor) -> tuple[Tensor, ...]:
    """All pictures at once on a GPU; a few at a time on a CPU."""
    if x.device.type != "cpu" or len(x) == 0:
        return (x,)
    pictures = max(1, _PIECE_BYTES // max(1, 4 * x[0].numel()))
    return tuple(x[first : first + pictures] for first in range(0, len(x), pictures))


def _window_sum(values: Tensor, size: int) -> Tensor:
    """Σ over the ``size`` maps around each map, fewer at the ends: (N, C, H, W) -> (N, C, H, W)."""
    total, channels = values.clone(), values.shape[1]
    for offset in range(1, min(size // 2, channels - 1) + 1):
        rest = channels - offset
        total.narrow(1, 0, rest).add_(values.narrow(1, offset, rest))
        total.narrow(1, offset, rest).add_(values.narrow(1, 0, rest))
    return total


def _inverse_power(s: Tensor, beta: float) -> Tensor:
    """s^−β. For the paper's β two square roots are several times faster than a power."""
    if beta == 0.75:
        root = s.rsqrt()  # s^−½
        return root.sqrt().mul_(root)  # s^−¼ · s^−½
    return s.pow(-beta)
