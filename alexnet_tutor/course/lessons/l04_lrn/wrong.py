"""A local response normalisation that can be wrong in many ways, one switch each."""

from __future__ import annotations

from typing import Any

import numpy as np

from alexnet_tutor.course.exercise import Array


def wrong_sum(
    a: Array, n: int, *, window: str = "right", power: str = "each", divisor: str = "none"
) -> Array:
    """A sum over a window of maps: (N, C, H, W) -> (N, C, H, W)."""
    values = a**2 if power == "each" else a
    if window == "space":
        total, count = _over_space(values, n // 2), _over_space(np.ones_like(a), n // 2)
    else:
        sees = _sees(a.shape[1], n, window)
        total = np.einsum("ij,njhw->nihw", sees, values)
        count = np.broadcast_to(sees.sum(axis=1)[:, None, None], a.shape)
    total = total**2 if power == "after" else total
    if divisor == "none":
        return total
    return total / (n if divisor == "n" else np.maximum(count, 1))


def _sees(maps: int, n: int, window: str) -> Array:
    """Row i: how often map i's window has each map, (C, C)."""
    half = n // 2
    low, high = {
        "before": (-half, 0), "wide": (-n, n), "open": (-half, half - 1), "alone": (0, 0)
    }.get(window, (-half, half))  # fmt: skip
    sees = np.zeros((maps, maps))
    for i in range(maps):
        for offset in range(low, high + 1):
            if window == "around":
                sees[i, (i + offset) % maps] += 1
            elif 0 <= i + offset < maps and not (window == "others" and offset == 0):
                sees[i, i + offset] = 1
    return sees


def _over_space(values: Array, half: int) -> Array:
    edge = ((0, 0), (0, 0), (half, half), (half, half))
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(values, edge), (2 * half + 1, 2 * half + 1), axis=(2, 3)
    )
    return np.asarray(windows.sum(axis=(-2, -1)))


def wrong_lrn(a: Array, n: int, k: float, alpha: float, beta: float, **switches: Any) -> Array:
    """Right unless a switch is given: (N, C, H, W) -> (N, C, H, W)."""
    return a * _factor(a, n, k, alpha, beta, **switches)


def _factor(
    a: Array, n: int, k: float, alpha: float, beta: float, *, k_is: float | None = None,
    alpha_is: float | None = None, beta_is: float | None = None, exponent: str = "bracket",
    multiplied: bool = False, **of_sum: Any,
) -> Array:  # fmt: skip
    k, alpha, beta = (
        right if wrong is None else wrong
        for right, wrong in ((k, k_is), (alpha, alpha_is), (beta, beta_is))
    )
    total = alpha * wrong_sum(a, n, **of_sum)
    with np.errstate(invalid="ignore", divide="ignore"):
        power = (k + total) ** beta if exponent == "bracket" else k + total**beta
        return power if multiplied else 1 / power


def wrong_relu_lrn(
    z: Array, n: int, k: float, alpha: float, beta: float, *, order: str = "relu first",
    **switches: Any,
) -> Array:  # fmt: skip
    """ReLU and LRN in an order: (N, C, H, W) -> (N, C, H, W)."""
    positive = np.maximum(z, 0)
    summed = positive if order in {"relu first", "sum only"} else z
    own = positive if order in {"relu first", "lrn first"} else z
    return own * _factor(summed, n, k, alpha, beta, **switches)
