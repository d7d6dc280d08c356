"""Local response normalisation, fast: on a CPU a few pictures at a time, on CUDA in one kernel.

nn.LocalResponseNorm builds half a dozen tensors as large as the activations and keeps them for the
backward pass. Here only the input is kept, and work goes in pieces whose intermediates stay in cache.
On CUDA Triton keeps them in registers (``lrn_triton.py``), where it is there and can compile.

With s_i = k + α · Σ_j a_j² (j within n/2 maps of i) and b_i = a_i · s_i^−β, the gradient is
    ∂L/∂a_i = g_i · s_i^−β − 2αβ · a_i · Σ_j g_j · a_j · s_j^(−β−1),
the sum over the same window, since i is a neighbour of j exactly when j is one of i.

α multiplies the sum, as in section 3.3 of the paper; nn.LocalResponseNorm divides it by n.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from alexnet_tutor.kernels.window import Window, scratch, working_type

# Bytes of float32 activations worked on at once: a few pictures, small enough for a core's share of cache.
_PIECE_BYTES = 3 << 20
_TRITON_DEVICES = {"cuda"}
_TRITON_TYPES = {torch.float32, torch.bfloat16, torch.float16}
_MOST_TRITON_VALUES = (1 << 31) - 1  # its kernels count in int32
_TRIAL = (1, 2.0, 1e-4, 0.75)


Constants = tuple[int, float, float, float]  # n, k, α, β
Forward = Callable[[Tensor, Constants], Tensor]
Backward = Callable[[Tensor, Tensor, Constants], Tensor]


def local_response_norm(x: Tensor, size: int, k: float, alpha: float, beta: float) -> Tensor:
    """The paper's LRN across maps: (N, C, H, W) -> (N, C, H, W), in any layout and precision.

    Args:
        x: activations.
        size: maps in the window (n), odd.
        k, alpha, beta: the paper's constants; ``alpha`` multiplies the sum of squares.
    """
    out: Tensor = _LocalResponseNorm.apply(x, (size, k, alpha, beta))
    return out


class _LocalResponseNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, constants: Constants) -> Tensor:
        ctx.save_for_backward(x)
        ctx.constants = constants
        forward, ctx.through = _kernels(x)
        return forward(x, constants)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        (x,) = ctx.saved_tensors
        return ctx.through(x, gradient, ctx.constants), None


def _kernels(x: Tensor) -> tuple[Forward, Backward]:
    if _suits_triton(x) and _triton_works(x.device, x.dtype):
        from alexnet_tutor.kernels import lrn_triton  # noqa: PLC0415 (not installed everywhere)

        return lrn_triton.forward, lrn_triton.backward
    return _forward, _backward


def _suits_triton(x: Tensor) -> bool:
    """Whether its kernels take x: dense, so that a value's place in memory tells its map."""
    return (
        x.device.type in _TRITON_DEVICES
        and x.dtype in _TRITON_TYPES
        and x.numel() <= _MOST_TRITON_VALUES
        and (x.is_contiguous() or x.is_contiguous(memory_format=torch.channels_last))
        and not torch.compiler.is_compiling()  # torch's compiler fuses the form below by itself
    )


@cache
def _triton_works(device: torch.device, dtype: torch.dtype) -> bool:
    """Whether Triton is there and compiles, tried once: Windows lacks it, and it needs a C compiler."""
    try:
        from alexnet_tutor.kernels import lrn_triton  # noqa: PLC0415

        one = torch.ones(1, 1, 1, 1, device=device, dtype=dtype)
        lrn_triton.backward(one, lrn_triton.forward(one, _TRIAL), _TRIAL)
    except Exception:  # compiler and launcher answer what they lack with any kind of exception
        return False
    return True


def _forward(x: Tensor, constants: Constants) -> Tensor:
    """(N, C, H, W) -> (N, C, H, W), a piece at a time."""
    out = torch.empty_like(x)
    work = _Work(x, constants)
    for first, end in work.pieces:
        a = work.activations(x[first:end])
        _, power = work.powers(a)
        out[first:end].copy_(power.mul_(a))
    return out


def _backward(x: Tensor, gradient: Tensor, constants: Constants) -> Tensor:
    """∂L/∂a from a and ∂L/∂b: (N, C, H, W), a piece at a time."""
    size, _, alpha, beta = constants
    out = torch.empty_like(x)
    work = _Work(x, constants)
    products = Window(x, work.pictures, size, edge=0.0)
    for first, end in work.pieces:
        a = work.activations(x[first:end])
        inverse, power = work.powers(a)
        through = power.mul_(gradient[first:end])  # g · s^−β
        torch.mul(through, inverse.mul_(a), out=products.values(end - first))
        shared = products.sums(end - first, out=inverse)
        through.addcmul_(shared, a, value=-2 * alpha * beta)
        out[first:end].copy_(through)
    return out


class _Work:
    """The pieces of an input, and the memory that each of them uses again."""

    def __init__(self, x: Tensor, constants: Constants) -> None:
        size, k, self.alpha, self.beta = constants
        self.pictures = _pictures_at_once(x)
        self.pieces = [
            (first, min(first + self.pictures, len(x))) for first in range(0, len(x), self.pictures)
        ]
        # Each place of the window brings its share of k: the sum over the window is then s itself.
        # Filled on the device: a number of the host's would have to be waited for.
        self._share = torch.full((), k / size, dtype=working_type(x), device=x.device)
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
