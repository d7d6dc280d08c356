"""The same, written differently. The prediction is spelled out as an expected value: p times nothing plus
1 − p times x. The modern form is made from the paper's, since the two differ by a factor of 1 − p in
training and in prediction alike. And autograd goes back through the layer, at any x: where a layer only
multiplies, its slope is the same everywhere.
"""

import torch
from torch import Tensor


def dropout_paper(x: Tensor, uniform: Tensor, p: float, training: bool) -> Tensor:
    nothing = torch.zeros_like(x)
    if training:
        return torch.where(uniform < p, nothing, x)
    return p * nothing + (1 - p) * x


def dropout(x: Tensor, uniform: Tensor, p: float, training: bool) -> Tensor:
    return dropout_paper(x, uniform, p, training) * (1 / (1 - p))


def dropout_backward(upstream: Tensor, uniform: Tensor, p: float, training: bool) -> Tensor:
    x = torch.zeros_like(upstream, requires_grad=True)
    (found,) = torch.autograd.grad(dropout(x, uniform, p, training), x, upstream)
    return found
