"""The same without a velocity: it is nothing but the step before, which two weights tell.

The paper's rule adds 0.9 of the step before, as long as it was. PyTorch's adds 0.9 of it as long as it
would have been at today's rate: times rate / rate before. That one factor is all that parts them.
"""

import torch
from torch import Tensor


def _steps(
    weight: Tensor, gradients: Tensor, rates: list[float], carried: list[float], decay: float
) -> Tensor:
    """carried: what share of the step before each step takes along."""
    path = [weight, weight]  # before the first step nothing has moved
    for gradient, rate, share in zip(gradients, rates, carried, strict=True):
        before, now = path[-2:]
        path.append(now + share * (now - before) - rate * (gradient + decay * now))
    return torch.stack(path[2:])  # (T, n)


def paper_steps(
    weight: Tensor, gradients: Tensor, rates: list[float], momentum: float, decay: float
) -> Tensor:
    return _steps(weight, gradients, rates, [momentum] * len(rates), decay)


def torch_steps(
    weight: Tensor, gradients: Tensor, rates: list[float], momentum: float, decay: float
) -> Tensor:
    before = [rates[0], *rates[:-1]]
    carried = [momentum * rate / old for rate, old in zip(rates, before, strict=True)]
    return _steps(weight, gradients, rates, carried, decay)


def step_rate(epoch: int, base: float, every: int, factor: float) -> float:
    return base if epoch < every else factor * step_rate(epoch - every, base, every, factor)


def onecycle_rate(step: int, steps: int, peak: int, highest: float) -> float:
    first, last = highest / 25, highest / 250_000
    up = first * (1 - step / peak) + highest * step / peak
    left = (steps - 1 - step) / (steps - 1 - peak)
    down = highest * left + last * (1 - left)
    return min(up, down)  # before the peak the falling line lies above, after it the rising one
