"""The right answers of lesson 3, one value at a time in float64."""

from __future__ import annotations

import math

import numpy as np

from alexnet_tutor.course.exercise import Array


def relu(x: Array) -> Array:
    """max(0, x), value by value: the shape of x."""
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        if x[index] > 0:
            out[index] = x[index]
    return out


def relu_backward(x: Array, grad: Array) -> Array:
    """∂L/∂x from ∂L/∂relu(x): the shape of x."""
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        if x[index] > 0:
            out[index] = grad[index]
    return out


def tanh_backward(x: Array, grad: Array) -> Array:
    """∂L/∂x from ∂L/∂tanh(x): the shape of x."""
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        out[index] = grad[index] / math.cosh(x[index]) ** 2  # = 1 − tanh², another way
    return out


def dead_share(z: Array) -> float:
    """Share of the maps that are positive nowhere, in no picture: (N, C, H, W) -> 0 to 1."""
    maps = z.shape[1]
    dead = sum(all(value <= 0 for value in z[:, c].ravel()) for c in range(maps))
    return float(dead / maps)
