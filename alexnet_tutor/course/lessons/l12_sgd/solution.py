"""Both rules are one loop that carries two things from step to step: weights and velocity.

In the paper's rule the rate goes into the velocity with the gradient it belongs to, and stays there:
an old gradient keeps the rate of its own day. In PyTorch's rule the velocity is a sum of gradients
alone, and all of it is multiplied by the rate of today. Constant, the rate can stand before the sum or
in it; changed, it cannot.

Nothing is changed in place: `weight += velocity` would change the caller's tensor, and every kept row
would be that one tensor.

The step rate counts the changes with `//`. The cycle asks on which of two lines the step lies, and goes
from the line's beginning as large a share of it as the step has gone of its length.
"""

import torch
from torch import Tensor


def paper_steps(
    weight: Tensor, gradients: Tensor, rates: list[float], momentum: float, decay: float
) -> Tensor:
    velocity = torch.zeros_like(weight)
    steps = []
    for gradient, rate in zip(gradients, rates, strict=True):
        velocity = momentum * velocity - decay * rate * weight - rate * gradient
        weight = weight + velocity
        steps.append(weight)
    return torch.stack(steps)  # (T, n)


def torch_steps(
    weight: Tensor, gradients: Tensor, rates: list[float], momentum: float, decay: float
) -> Tensor:
    velocity = torch.zeros_like(weight)
    steps = []
    for gradient, rate in zip(gradients, rates, strict=True):
        velocity = momentum * velocity + (gradient + decay * weight)
        weight = weight - rate * velocity
        steps.append(weight)
    return torch.stack(steps)  # (T, n)


def step_rate(epoch: int, base: float, every: int, factor: float) -> float:
    return base * factor ** (epoch // every)


def onecycle_rate(step: int, steps: int, peak: int, highest: float) -> float:
    first, last = highest / 25, highest / 250_000
    if step <= peak:
        return first + (highest - first) * step / peak
    return highest + (last - highest) * (step - peak) / (steps - 1 - peak)
