"""The right answers of lesson 9, one value at a time in float64."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array


def dropout_paper(x: Array, uniform: Array, p: float, training: bool) -> Array:
    """Section 4.2: zeros in training, the expected value in a prediction: (N, F) -> (N, F)."""
    out = np.empty_like(x)
    for place in np.ndindex(x.shape):
        if training:
            out[place] = 0.0 if uniform[place] < p else x[place]
        else:
            out[place] = (1 - p) * x[place]
    return out


def dropout(x: Array, uniform: Array, p: float, training: bool) -> Array:
    """The inverted form: zeros and 1/(1 − p) in training, nothing in a prediction: (N, F) -> (N, F)."""
    out = x.copy()
    for place in np.ndindex(x.shape) if training else ():
        out[place] = 0.0 if uniform[place] < p else x[place] / (1 - p)
    return out


def dropout_backward(upstream: Array, uniform: Array, p: float, training: bool) -> Array:
    """∂L/∂x: each derivative of the inverted form, 0, 1/(1 − p) or 1, times ∂L/∂output: (N, F) -> (N, F)."""
    slope = dropout(np.ones_like(upstream), uniform, p, training)
    out = np.empty_like(upstream)
    for place in np.ndindex(upstream.shape):
        out[place] = slope[place] * upstream[place]
    return out
