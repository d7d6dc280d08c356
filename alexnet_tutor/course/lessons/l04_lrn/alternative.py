"""The same, written differently: a matrix of who sees whom instead of windows, logarithms instead of powers."""

import torch
from torch import Tensor


def sum_of_squares(a: Tensor, n: int) -> Tensor:
    half, channels = n // 2, a.shape[1]
    matrix = torch.ones(channels, channels, dtype=a.dtype).triu(-half).tril(half)  # who sees whom
    return torch.einsum("ij,njhw->nihw", matrix, a.square())


def lrn(a: Tensor, n: int, k: float, alpha: float, beta: float) -> Tensor:
    inner = sum_of_squares(a, n).mul(alpha).add(k)
    return a * torch.exp(-beta * torch.log(inner))


def relu_lrn(z: Tensor, n: int, k: float, alpha: float, beta: float) -> Tensor:
    answered = torch.where(z > 0, z, torch.zeros_like(z))
    return lrn(answered, n, k, alpha, beta)
