"""Two rules of descent and two schedules that can be wrong in many ways, one switch each."""

from __future__ import annotations

from math import ceil, cos, pi
from typing import Any

import numpy as np

from alexnet_tutor.course.exercise import Array


def wrong_paper_steps(
    weight: Array, gradients: Array, rates: list[float], momentum: float, decay: float,
    **switches: Any,
) -> Array:  # fmt: skip
    """The paper's rule unless a switch is given: (n,), (T, n), T -> (T, n)."""
    switches = {"rate_in": "velocity", **switches}
    return _descent(weight, gradients, rates, momentum, decay, **switches)


def wrong_torch_steps(
    weight: Array, gradients: Array, rates: list[float], momentum: float, decay: float,
    **switches: Any,
) -> Array:  # fmt: skip
    """PyTorch's rule unless a switch is given: (n,), (T, n), T -> (T, n)."""
    switches = {"rate_in": "step", **switches}
    return _descent(weight, gradients, rates, momentum, decay, **switches)


def _descent(
    weight: Array, gradients: Array, rates: list[float], momentum: float, decay: float, *,
    rate_in: str, rate_of: int | None = 0, gradient_of: int = 0, decays: str = "in the velocity",
    carries: str = "momentum", damped: bool = False, uphill: str = "nothing",
    order: str = "velocity first", gives: str = "weights", unrated: bool = False,
) -> Array:  # fmt: skip
    """Here the velocity points down in both rules: the weight loses it.

    Args:
        rate_in: what the rate is multiplied with: velocity, step, both.
        rate_of: which step's rate, counted from the own; None: the first step's.
        gradient_of: which step's gradient, counted from the own; before the first lies the last.
        unrated: the gradient is not multiplied by the rate, the decay is.
    """
    momentum = {"minus": -momentum, "nothing": 0.0}.get(carries, momentum)
    velocity, path, velocities = np.zeros_like(weight), [weight], []
    for step in range(len(rates)):
        rate = rates[0 if rate_of is None else min(step + rate_of, len(rates) - 1)]
        inside = 1.0 if rate_in == "step" else rate
        outside = 1.0 if rate_in == "velocity" else rate
        now, before = path[-1], velocity
        if order == "weight first":
            now = now - outside * before
        gradient = gradients[step + gradient_of] * (-1 if uphill == "gradient" else 1)
        gradient = gradient / rate if unrated else gradient
        push = inside * (gradient + _pull(decays, decay, rate, now, weight))
        push = push * (1 - momentum) if damped else push
        whole = carries == "all"
        velocity = momentum * (before + push) if whole else momentum * before + push
        moved = momentum * velocity + push if order == "look ahead" else velocity
        if order == "weight first":
            after = now
        else:
            kept = 1 - rate * decay if decays == "on the weight" else 1.0
            after = now * kept - outside * moved * (-1 if uphill == "step" else 1)
        path.append(after)
        velocities.append(-velocity if rate_in == "velocity" else velocity)
    return _given(gives, path, velocities)


def _pull(decays: str, decay: float, rate: float, now: Array, start: Array) -> Array:
    """What decay adds to the gradient."""
    return {
        "in the velocity": decay * now,
        "nowhere": 0 * now,
        "on the weight": 0 * now,
        "twice": 2 * decay * now,
        "grows": -decay * now,
        "from the start": decay * start,
        "without the rate": decay * now / rate,
        "with the rate": decay * now * rate,
        "all": now,
        "by sign": decay * np.sign(now),
    }[decays]


def _given(gives: str, path: list[Array], velocities: list[Array]) -> Array:
    return np.asarray(
        {
            "weights": path[1:],
            "velocities": velocities,
            "last": path[-1],
            "rows alike": [path[-1]] * len(velocities),
            "from the start": path,
        }[gives]
    )


def wrong_step_rate(
    epoch: int, base: float, every: int, factor: float, *, counts: str = "whole", shift: int = 0,
    most: int | None = None, how: str = "times",
) -> float:  # fmt: skip
    """Right unless a switch is given."""
    place = max(epoch + shift, 0)
    drops = {
        "whole": place // every,
        "parts": place / every,
        "nearest": round(place / every),
        "begun": ceil(place / every),
        "epochs": place,
    }[counts]
    drops = drops if most is None else min(drops, most)
    found = {
        "times": base * factor**drops,
        "less": base * (1 - factor) ** drops,
        "divided": base / factor**drops,
        "alone": factor**drops,
        "multiple": base * (factor * drops if drops else 1),
        "amounts": base - drops * (1 - factor) * base,
    }
    return float(found[how])


def wrong_onecycle_rate(
    step: int, steps: int, peak: int, highest: float, *, first: float = 1 / 25,
    last: float = 1 / 250_000, end: int = -1, shift: int = 0, top: str = "peak",
    line: str = "straight", fall: str = "from the peak",
) -> float:  # fmt: skip
    """Right unless a switch is given."""
    place, final = step + shift, steps + end
    summit = {"peak": float(peak), "middle": final / 2}[top]
    if place <= summit:
        return highest * (first + (1 - first) * _bent(place / summit, line))
    gone = place if fall == "from the first step" else place - summit
    length = final - summit if fall == "from the peak" else final
    return highest * (1 + (last - 1) * _bent(gone / length, line))


def _bent(share: float, line: str) -> float:
    return (1 - cos(pi * share)) / 2 if line == "cosine" else share
