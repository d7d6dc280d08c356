"""The right answers of lesson 12, one weight and one step at a time in float64."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from alexnet_tutor.course.exercise import Array

History = list[tuple[float, float]]  # (velocity, weight) after each step


def paper_history(
    weight: float, gradients: Sequence[float], rates: Sequence[float], momentum: float, decay: float
) -> History:
    """Section 5's rule on one weight."""
    velocity, history = 0.0, []
    for gradient, rate in zip(gradients, rates, strict=True):
        velocity = momentum * velocity - decay * rate * weight - rate * gradient
        weight += velocity
        history.append((velocity, weight))
    return history


def torch_history(
    weight: float, gradients: Sequence[float], rates: Sequence[float], momentum: float, decay: float
) -> History:
    """``torch.optim.SGD``'s rule on one weight."""
    velocity, history = 0.0, []
    for gradient, rate in zip(gradients, rates, strict=True):
        velocity = momentum * velocity + (gradient + decay * weight)
        weight -= rate * velocity
        history.append((velocity, weight))
    return history


def paper_steps(
    weight: Array, gradients: Array, rates: list[float], momentum: float, decay: float
) -> Array:
    """The weights after each step: (n,), (T, n), T -> (T, n)."""
    return _each(paper_history, weight, gradients, rates, momentum, decay)


def torch_steps(
    weight: Array, gradients: Array, rates: list[float], momentum: float, decay: float
) -> Array:
    """The weights after each step: (n,), (T, n), T -> (T, n)."""
    return _each(torch_history, weight, gradients, rates, momentum, decay)


def _each(
    rule: Callable[..., History], weight: Array, gradients: Array, rates: list[float],
    momentum: float, decay: float,
) -> Array:  # fmt: skip
    out = np.empty_like(gradients)
    for i in range(len(weight)):
        history = rule(float(weight[i]), gradients[:, i].tolist(), rates, momentum, decay)
        out[:, i] = [after for _, after in history]
    return out


def step_rate(epoch: int, base: float, every: int, factor: float) -> float:
    """The rate of an epoch: lived through, not computed."""
    rate = base
    for finished in range(1, epoch + 1):
        if finished % every == 0:
            rate *= factor
    return rate


def onecycle_rate(step: int, steps: int, peak: int, highest: float) -> float:
    """The rate of a step on two straight lines."""
    places = [0, peak, steps - 1]
    return float(np.interp(step, places, [highest / 25, highest, highest / 250_000]))
