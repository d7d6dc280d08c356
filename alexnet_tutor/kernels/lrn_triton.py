"""Local response normalisation on a GPU: one kernel forward, one backward, by the formulas of ``lrn.py``.

A value's number m in memory tells its map: (m // step) mod C, where maps lie ``step`` values apart:
H·W in NCHW, 1 in channels_last. Its neighbours are at m ± step, m ± 2·step … So one kernel serves both.
The sums are float32. The backward pass computes every s_j anew: only the input is kept.
"""

# No `from __future__ import annotations`: Triton reads the annotations of its kernels as objects.
from typing import Any

import torch
import triton
import triton.language as tl
from torch import Tensor

Constants = tuple[int, float, float, float]  # n, k, α, β

_BLOCK = 512  # values of one program: four for each thread of four warps


def forward(x: Tensor, constants: Constants) -> Tensor:
    """Dense (N, C, H, W) in float32, bfloat16 or float16 -> (N, C, H, W), laid out alike."""
    out = torch.empty_like(x)
    _launch(_forward, constants, x, out)
    return out


def backward(x: Tensor, gradient: Tensor, constants: Constants) -> Tensor:
    """∂L/∂a from a and ∂L/∂b, which may be laid out otherwise: (N, C, H, W), laid out as a."""
    if gradient.stride() != x.stride():  # the kernel reads both by one number
        gradient = torch.empty_like(x).copy_(gradient)
    out = torch.empty_like(x)
    _launch(_backward, constants, x, gradient, out)
    return out


def _launch(kernel: Any, constants: Constants, x: Tensor, *others: Tensor) -> None:
    """Run ``kernel`` on every value of x (N, C, H, W) and of others that are laid out alike."""
    if not x.numel():
        return
    size, k, alpha, beta = constants
    _, maps, height, width = x.shape
    with torch.cuda.device_of(x):  # type: ignore[no-untyped-call]  # Triton launches on the current one
        kernel[(triton.cdiv(x.numel(), _BLOCK),)](
            x, *others, x.numel(), float(k), float(alpha), float(beta),
            maps=maps, step=height * width if x.is_contiguous() else 1, half=size // 2,
            roots=beta == 0.75, block=_BLOCK,
        )  # fmt: skip


@triton.jit
def _forward(
    x, out, count, k, alpha, beta,
    maps: tl.constexpr, step: tl.constexpr, half: tl.constexpr, roots: tl.constexpr, block: tl.constexpr,
):  # fmt: skip
    m = tl.program_id(0) * block + tl.arange(0, block)
    there, channel = m < count, (m // step) % maps
    a = _beside(x, m, channel, there, 0, maps, step)
    s = _s(x, m, channel, there, 0, k, alpha, maps, step, half)
    tl.store(out + m, (a * _power(s, beta, roots)).to(out.dtype.element_ty), mask=there)


@triton.jit
def _backward(
    x, gradient, out, count, k, alpha, beta,
    maps: tl.constexpr, step: tl.constexpr, half: tl.constexpr, roots: tl.constexpr, block: tl.constexpr,
):  # fmt: skip
    m = tl.program_id(0) * block + tl.arange(0, block)
    there, channel = m < count, (m // step) % maps
    through = tl.zeros((block,), tl.float32)
    shared = tl.zeros((block,), tl.float32)
    for j in tl.static_range(-half, half + 1):
        g = _beside(gradient, m, channel, there, j, maps, step)
        s = _s(x, m, channel, there, j, k, alpha, maps, step, half)
        passed = g * _power(s, beta, roots)  # g_j · s_j^−β
        if j == 0:
            through = passed
        # Beyond the edge a is 0, and so is the product.
        shared += passed * _beside(x, m, channel, there, j, maps, step) / s
    a = _beside(x, m, channel, there, 0, maps, step)
    slope = through - 2 * alpha * beta * a * shared
    tl.store(out + m, slope.to(out.dtype.element_ty), mask=there)


@triton.jit
def _s(
    x, m, channel, there, j, k, alpha,
    maps: tl.constexpr, step: tl.constexpr, half: tl.constexpr,
):  # fmt: skip
    """The s of the map that is j further."""
    squares = tl.zeros(m.shape, tl.float32)
    for i in tl.static_range(-half, half + 1):
        a = _beside(x, m, channel, there, j + i, maps, step)
        squares += a * a
    return k + alpha * squares


@triton.jit
def _power(s, beta, roots: tl.constexpr):
    """s^−β; for β = ¾ by two roots: s^¼ · s^−½ · s^−½."""
    if roots:
        root = tl.rsqrt(s)
        return tl.rsqrt(root) * root * root
    else:  # noqa: RET505 (Triton compiles only the branch that is taken)
        return tl.exp2(-beta * tl.log2(s))


@triton.jit
def _beside(values, m, channel, there, j, maps: tl.constexpr, step: tl.constexpr):
    """The values j maps further, in float32; 0 before the first map and after the last."""
    inside = there & (channel + j >= 0) & (channel + j < maps)
    return tl.load(values + m + j * step, mask=inside, other=0.0).to(tl.float32)
