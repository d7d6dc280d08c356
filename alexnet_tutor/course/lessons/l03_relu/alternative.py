"""The same, written differently: choices instead of products, exponentials instead of tanh, and a
list of maps instead of axes.
"""

import torch
from torch import Tensor


def relu(x: Tensor) -> Tensor:
    return (x + x.abs()) / 2


def relu_backward(x: Tensor, grad: Tensor) -> Tensor:
    return torch.where(x > 0, grad, torch.zeros_like(grad))


def tanh_backward(x: Tensor, grad: Tensor) -> Tensor:
    return grad * 4 / (torch.exp(x) + torch.exp(-x)) ** 2  # 1 / cosh²


def dead_share(z: Tensor) -> float:
    answered = [bool((one > 0).any()) for one in z.unbind(dim=1)]
    return answered.count(False) / len(answered)
