"""`clamp` with a lower end alone is max(0, x), and makes a new tensor. `x[x < 0] = 0` has the same
values, but it changes the tensor of whoever called: a trace that kept it would find it overwritten.

The way back asks what went in, not what comes back: where x > 0 the slope is 1, elsewhere 0, and
the gradient is multiplied by it, whatever its own sign is. At exactly 0, too, it is 0.

tanh's slope is written in what comes out, 1 − tanh(x)²: a program that keeps the output needs no
second look at the input.

A map is dead if its largest value, over all pictures and places, is not positive. 0 is not.
"""

import torch
from torch import Tensor


def relu(x: Tensor) -> Tensor:
    return x.clamp(min=0)


def relu_backward(x: Tensor, grad: Tensor) -> Tensor:
    return grad * (x > 0)


def tanh_backward(x: Tensor, grad: Tensor) -> Tensor:
    return grad * (1 - torch.tanh(x) ** 2)


def dead_share(z: Tensor) -> float:
    largest = z.amax(dim=(0, 2, 3))  # (C,)
    return (largest <= 0).double().mean().item()
