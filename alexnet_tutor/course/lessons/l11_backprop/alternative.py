"""The same, written differently: every path in one sum, windows cut out, a table of who moved whom.

`conv_input_grad` does not scatter. It lays zeros between the gradients, one less than the stride, and
convolves them with the kernel turned by 180 degrees.
"""

import torch
from torch import Tensor
from torch.nn.functional import pad


def conv_bias_grad(grad: Tensor) -> Tensor:
    return grad.transpose(0, 1).flatten(1).sum(dim=1)


def fc6_weight_grad(x: Tensor, z: Tensor, weight: Tensor, grad: Tensor) -> Tensor:
    slope = torch.where(z > 0, torch.ones_like(z), torch.zeros_like(z))
    return torch.einsum("nk,km,nm,nf->mf", grad, weight, slope, x)


def conv_weight_grad(x: Tensor, grad: Tensor, kernel: int, stride: int, padding: int) -> Tensor:
    padded = pad(x, (padding, padding, padding, padding))
    windows = padded.unfold(2, kernel, stride).unfold(3, kernel, stride)  # (N, C, H', W', R, R)
    return torch.einsum("nkij,ncijrs->kcrs", grad, windows)


def conv_input_grad(
    weight: Tensor, grad: Tensor, height: int, width: int, stride: int, padding: int
) -> Tensor:
    batch, _, high, wide = grad.shape
    kernels, _, side, _ = weight.shape
    reach = side - 1
    spread = grad.new_zeros(batch, kernels, high, stride, wide, stride)
    spread[:, :, :, 0, :, 0] = grad
    spread = spread.reshape(batch, kernels, high * stride, wide * stride)
    edged = pad(spread, (reach, reach, reach, reach))
    windows = edged.unfold(2, reach + 1, 1).unfold(3, reach + 1, 1)  # (N, K, …, …, R, R)
    full = torch.einsum("nkyxrs,kcrs->ncyx", windows, weight.flip(2, 3))
    return full[:, :, padding : padding + height, padding : padding + width]


def lrn_backward(a: Tensor, grad: Tensor, n: int, k: float, alpha: float, beta: float) -> Tensor:
    maps = a.shape[1]
    sees = torch.ones(maps, maps, dtype=a.dtype).triu(-(n // 2)).tril(n // 2)
    bracket = torch.einsum("ij,njhw->nihw", sees, a.square()).mul(alpha).add(k)
    factor = bracket ** -(beta + 1) * a * (-2 * alpha * beta)
    moved = torch.einsum("nihw,ij,njhw->nijhw", factor, sees, a)  # ∂b[i]/∂a[j], the bracket's part
    moved = moved + torch.diag_embed((bracket**-beta).permute(0, 2, 3, 1)).permute(0, 3, 4, 1, 2)
    return torch.einsum("nihw,nijhw->njhw", grad, moved)
