"""Lesson 12: stochastic gradient descent. Your code; `tutor check 12` tests it.

Shapes: (n,) is n weights; (T, n) is a row of n numbers for each of T steps.
"""

import torch
from torch import Tensor


def paper_steps(
    weight: Tensor, gradients: Tensor, rates: list[float], momentum: float, decay: float
) -> Tensor:
    """Many steps of the paper's rule, section 5.

    Args:
        weight: (n,), before the first step. The velocity is 0 there.
        gradients: (T, n), ∂L/∂w of each step, as some batch gave it.
        rates: T learning rates, the paper's ε, one for each step.
        momentum: the paper's 0.9.
        decay: the paper's 0.0005.

    Returns:
        (T, n), the weights after each step. For a weight of 10, the gradients 4, −2, 3, the rates
        0.1, 0.1, 0.01, momentum 0.9 and decay 0.5: 9.1, 8.035, 7.006325.
    """
    velocity = torch.zeros_like(weight)
    steps = []
    for gradient, rate in zip(gradients, rates, strict=True):  # noqa: B007  your line takes both
        velocity = ...  # TODO: the first line of the rule
        weight = weight + velocity
        steps.append(weight)
    return torch.stack(steps)  # (T, n)


def torch_steps(
    weight: Tensor, gradients: Tensor, rates: list[float], momentum: float, decay: float
) -> Tensor:
    """Many steps of PyTorch's rule, `torch.optim.SGD`.

    Args:
        weight: (n,), before the first step. The velocity is 0 there.
        gradients: (T, n), ∂L/∂w of each step.
        rates: T learning rates, PyTorch's lr, one for each step.
        momentum: PyTorch's momentum.
        decay: PyTorch's weight_decay.

    Returns:
        (T, n), the weights after each step. For the numbers of paper_steps: 9.1, 8.035, 7.868975.
    """
    raise NotImplementedError("TODO: the same loop, another rule")


def step_rate(epoch: int, base: float, every: int, factor: float) -> float:
    """The learning rate during an epoch that is multiplied by a factor every so many epochs.

    Args:
        epoch: how many epochs are finished; 0 during the first.
        base: the rate of the first epoch.
        every: epochs from one change to the next.
        factor: what the rate is multiplied by at each change.

    Returns:
        The rate. For a base of 8, every 3 epochs and a factor of 0.5, epochs 0 to 6: 8, 8, 8, 4, 4,
        4, 2.
    """
    raise NotImplementedError("TODO: how often has it changed?")


def onecycle_rate(step: int, steps: int, peak: int, highest: float) -> float:
    """The learning rate of a step in a run that is one cycle: up in a straight line, down in another.

    Args:
        step: 0 for the first step of the run, steps − 1 for the last.
        steps: of the whole run.
        peak: the step that has the highest rate; 0 < peak < steps − 1.
        highest: the rate there. The first step has highest / 25, the last highest / 250000.

    Returns:
        The rate. For 11 steps, a peak at 2 and a highest rate of 1, steps 0 to 3: 0.04, 0.52, 1,
        0.8750005.
    """
    raise NotImplementedError("TODO: two straight lines")
