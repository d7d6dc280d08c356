"""ReLU, its way back and tanh's, and a count of dead maps, wrong in many ways, one switch each."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array


def wrong_relu(x: Array, *, below: str = "zero", above: str = "same", kept: str = "all") -> Array:
    """Right unless a switch is given: the shape of x, unless only some values are kept."""
    low = {"zero": 0 * x, "absolute": -x, "leaky": 0.01 * x, "same": x, "exponential": np.expm1(x)}
    high = {"same": x, "one": np.ones_like(x), "capped": np.minimum(x, 1), "zero": 0 * x}
    out = np.where(x > 0, high[above], low[below])
    return out if kept == "all" else out[x > 0]


def wrong_relu_backward(
    x: Array, grad: Array, *, where: str = "positive", at_zero: float = 0, below: float = 0,
    amount: str = "grad",
) -> Array:  # fmt: skip
    """Right unless a switch is given: the shape of x."""
    slope = {
        "positive": np.where(x > 0, 1.0, np.where(x == 0, at_zero, below)),
        "everywhere": np.ones_like(x),
        "negative": (x < 0).astype(np.float64),
        "grad": (grad > 0).astype(np.float64),
        "both": ((x > 0) & (grad > 0)).astype(np.float64),
    }[where]
    return np.asarray(slope * _amount(x, grad, amount))


def wrong_tanh_backward(
    x: Array, grad: Array, *, slope: str = "right", amount: str = "grad"
) -> Array:
    """Right unless a switch is given: the shape of x."""
    y = np.tanh(x)
    slopes = {
        "right": 1 - y**2,
        "unsquared": 1 - y,
        "square outside": (1 - y) ** 2,
        "plus": 1 + y**2,
        "twice": 1 - np.tanh(y) ** 2,
        "of the input": 1 - x**2,
        "root": np.sqrt(1 - y**2),
        "sigmoid": y * (1 - y),
        "value": y,
        "relu": (x > 0).astype(np.float64),
    }
    return np.asarray(slopes[slope] * _amount(x, grad, amount))


def _amount(x: Array, grad: Array, amount: str) -> Array:
    return {"grad": grad, "one": np.ones_like(grad), "value": grad * x}[amount]


def wrong_dead_share(
    z: Array, *, over: str = "pictures and places", rule: str = "none positive",
    told: str = "share",
) -> float:  # fmt: skip
    """Right unless a switch is given."""
    answers = _judged(z, rule)  # (N, C, H, W): where nothing is answered
    found = {
        "pictures and places": answers.all(axis=(0, 2, 3)),
        "nothing": answers,
        "places": answers.all(axis=(2, 3)),
        "some picture": answers.all(axis=(2, 3)).any(axis=0),
        "first picture": answers[0].all(axis=(1, 2)),
        "maps": answers.all(axis=(1, 2, 3)),
    }[over]
    share = float(found.mean())
    return {"share": share, "alive": 1 - share, "count": float(found.sum())}[told]


def _judged(z: Array, rule: str) -> Array:
    if rule == "mean":
        return np.broadcast_to(z.mean(axis=(0, 2, 3), keepdims=True) <= 0, z.shape)
    return np.asarray(z < 0 if rule == "all negative" else z <= 0)
