"""Softmax, cross-entropy and its gradient that can be wrong in many ways, one switch each."""

from __future__ import annotations

from typing import Any

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.course.lessons.l10_softmax.oracle import Targets

_AXES = {"row": 1, "column": 0, "batch": None}


def _shift(logits: Array, shift: str) -> Array:
    """What is subtracted before e is raised to the logits."""
    if shift == "none":
        return np.zeros((1, 1))
    if shift == "mean":
        return np.asarray(logits.mean(axis=1, keepdims=True))
    return np.asarray(logits.max(axis=_AXES[shift], keepdims=True))


def wrong_softmax(
    logits: Array, *, shift: str = "row", over: str = "row", divide: str = "sum",
    power: str = "exp",
) -> Array:  # fmt: skip
    """Right unless a switch is given: (N, K) -> (N, K)."""
    moved = logits - _shift(logits, shift)
    powers = logits if power == "none" else np.exp(-moved if power == "negated" else moved)
    total = powers.sum(axis=_AXES[over], keepdims=True)
    if divide == "mean":
        return np.asarray(powers / powers.mean(axis=_AXES[over], keepdims=True))
    return np.asarray(powers / total if divide == "sum" else powers)


def wrong_cross_entropy(
    logits: Array, targets: Targets, *, given: str = "logits", target: str = "own",
    sign: int = 1, reduce: str = "mean", **switches: Any,
) -> Array:  # fmt: skip
    """Right unless a switch is given: (N, K), (N,) -> a number."""
    scores = wrong_softmax(logits) if given == "probabilities" else logits
    table = _losses(scores, **switches)
    rows = np.arange(len(targets))
    own = {
        "own": table[rows, targets], "predicted": table[rows, logits.argmax(axis=1)],
        "every class": table.sum(axis=1), "every target": table[:, targets],
    }[target]  # fmt: skip
    shares = {"mean": own.size, "sum": 1, "classes": table.size}
    return np.asarray(sign * (own if reduce == "none" else own.sum() / shares[reduce]))


def _losses(
    logits: Array, *, form: str = "logits", shift: str = "", over: str = "row", base: float = np.e
) -> Array:
    """The loss of each picture if each class were the true one: (N, K) -> (N, K)."""
    shift = shift or over
    if form == "logits":
        moved = logits - _shift(logits, shift)
        sums = np.exp(moved).sum(axis=_AXES[over], keepdims=True)
        return np.asarray(np.log(sums) / np.log(base) - moved)
    shares = wrong_softmax(logits, shift=shift, over=over)
    if form == "squared":
        return np.asarray((shares**2).sum(axis=1, keepdims=True) - 2 * shares + 1)
    return np.asarray(-np.log(shares) / np.log(base) if form == "probability" else -shares)


def wrong_gradient(
    logits: Array, targets: Targets, *, truth: str = "target", chain: str = "logits",
    share: str = "pictures", sign: int = 1, **switches: Any,
) -> Array:  # fmt: skip
    """Right unless a switch is given: (N, K), (N,) -> (N, K)."""
    p = wrong_softmax(logits, **switches)
    pictures, classes = p.shape
    hot = np.arange(classes) == targets[:, None]
    less = {
        "target": hot, "nothing": np.zeros_like(hot), "everywhere": np.ones_like(hot),
        "predicted": np.arange(classes) == logits.argmax(axis=1)[:, None],
        "columns": np.broadcast_to(hot.any(axis=0), hot.shape),
    }[truth]  # fmt: skip
    out = p - less
    if chain == "target alone":
        out = np.where(hot, out, 0)
    elif chain == "squared":
        out = 2 * p * (out - (out * p).sum(axis=1, keepdims=True))
    elif chain == "twice":
        out = out * p * (1 - p)
    elif chain == "probabilities":
        out = np.where(hot, -1 / p, 0)
    return np.asarray(sign * out / {"pictures": pictures, "none": 1, "all": p.size}[share])
