"""A dropout that can be wrong in many ways, one switch each."""

from __future__ import annotations

from typing import Any

import numpy as np

from alexnet_tutor.course.exercise import Array


def wrong_dropout(
    x: Array, uniform: Array, p: float, training: bool, *, mask: str = "right",
    scale: str = "1/(1-p)", prediction: str = "1", p_is: float | None = None,
) -> Array:  # fmt: skip
    """The inverted form, right unless a switch is given: (N, F) -> (N, F)."""
    p = p if p_is is None else p_is
    if training or prediction == "drops":
        kept = _kept(uniform, p, mask)
        return np.asarray(x * kept * _factor(scale, p, kept))
    return np.asarray(x * _factor(prediction, p, np.ones(1)))


def wrong_paper(
    x: Array, uniform: Array, p: float, training: bool, *, scale: str = "1",
    prediction: str = "1-p", swapped: bool = False, **switches: Any,
) -> Array:  # fmt: skip
    """The paper's form, right unless a switch is given: (N, F) -> (N, F)."""
    now = training != swapped
    return wrong_dropout(x, uniform, p, now, scale=scale, prediction=prediction, **switches)


def wrong_backward(
    upstream: Array, uniform: Array, p: float, training: bool, **switches: Any
) -> Array:
    """The gradient of the inverted form, right unless a switch is given: (N, F) -> (N, F)."""
    return wrong_dropout(upstream, uniform, p, training, **switches)


def _kept(uniform: Array, p: float, mask: str) -> Array:
    """1 where a value passes, 0 where it is dropped: (N, F)."""
    if mask == "all":
        return np.ones_like(uniform)
    drawn = {"batch": uniform[:1], "row": uniform[:, :1]}.get(mask, uniform)
    kept = {"inverse": drawn < p, "strict": drawn > p}.get(mask, drawn >= p)
    return np.broadcast_to(kept, uniform.shape).astype(np.float64)


def _factor(name: str, p: float, kept: Array) -> float:
    if name == "counted":
        return float(kept.size / kept.sum()) if kept.any() else float("nan")
    factors = {"1": 1, "p": p, "1-p": 1 - p, "1/p": 1 / p, "1/(1-p)": 1 / (1 - p)}
    return {**factors, "half": 0.5, "two": 2.0}[name]
