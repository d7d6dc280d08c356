"""The right answers of lesson 10, one value at a time in float64."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.course.exercise import Array

Targets = NDArray[np.int64]


def log_sum(scores: Array) -> float:
    """The logarithm of Σ e^z of one picture: (K,) -> a number."""
    largest = float(scores.max())
    return largest + math.log(math.fsum(math.exp(float(score) - largest) for score in scores))


def softmax(logits: Array) -> Array:
    """e^z_k / Σ e^z_j: (N, K) -> (N, K)."""
    out = np.empty_like(logits)
    for n, k in np.ndindex(logits.shape):
        out[n, k] = 1 / sum(_power(float(other - logits[n, k])) for other in logits[n])
    return out


def cross_entropy(logits: Array, targets: Targets) -> float:
    """The mean over the pictures of −log p of the target: (N, K), (N,) -> nats."""
    losses = [
        log_sum(row) - float(row[target]) for row, target in zip(logits, targets, strict=True)
    ]
    return math.fsum(losses) / len(losses)


def loss_gradient(logits: Array, targets: Targets) -> Array:
    """∂cross_entropy / ∂logits: (N, K), (N,) -> (N, K)."""
    out = softmax(logits)
    for n, target in enumerate(targets):
        out[n, target] -= 1
    return out / len(targets)


def _power(exponent: float) -> float:
    return math.exp(exponent) if exponent < 700 else math.inf
