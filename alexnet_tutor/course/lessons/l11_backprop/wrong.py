"""Ways back that can be wrong in many ways, one switch each. Right unless a switch is given."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array
from alexnet_tutor.course.lessons.l04_lrn.wrong import wrong_sum


def wrong_bias_grad(
    grad: Array, *, divide: str = "nothing", pictures: str = "all", places: str = "all",
    kernels: str = "own", kept: str = "kernels", upstream: str = "grad", sign: float = 1,
) -> Array:  # fmt: skip
    """(N, K, H', W') -> (K,)."""
    shares = _divisor(divide, grad)
    seen = _arriving(grad, upstream, sign) / shares
    seen = seen[-1:] if pictures == "last" else seen
    seen = seen[:, :, -1:, -1:] if places == "last" else seen
    if kernels == "together":
        seen = np.broadcast_to(seen.sum(axis=1, keepdims=True), seen.shape)
    gone = {"kernels": (0, 2, 3), "pictures": (2, 3), "places": (0,)}[kept]
    return np.asarray(seen.sum(axis=gone))


def wrong_fc6_weight_grad(
    x: Array, z: Array, weight: Array, grad: Array, *, divide: str = "nothing",
    pictures: str = "all", turned: bool = False, through: str = "weight", relu: str = "slope",
    factor: str = "input", upstream: str = "grad", sign: float = 1,
) -> Array:  # fmt: skip
    """(N, F), (N, M), (M, M), (N, M) -> (M, F)."""
    grad = _arriving(grad, upstream, sign) / _divisor(divide, grad)
    grad = grad * (z > 0) if relu == "before" else grad
    back = {"weight": grad @ weight, "turned": grad @ weight.T, "skipped": grad}[through]
    back = back * _slope(z, back, relu)
    seen = x if factor == "input" else np.maximum(z, 0)
    if pictures == "last":
        back, seen = back[-1:], seen[-1:]
    return seen.T @ back if turned else back.T @ seen


def _slope(z: Array, back: Array, relu: str) -> Array:
    """What the ReLU multiplies by."""
    if relu in {"none", "before"}:
        return np.ones_like(z)
    slopes = {
        "slope": z > 0, "grad": back > 0, "value": np.maximum(z, 0), "at zero": z >= 0,
        "other side": z < 0,
    }  # fmt: skip
    return np.asarray(slopes[relu], dtype=np.float64)


def wrong_conv_weight_grad(
    x: Array, grad: Array, kernel: int, stride: int, padding: int, *, step: str = "stride",
    pad: str = "both", taps: str = "right", turned: bool = False, channels: str = "own",
    kernels: str = "own", divide: str = "nothing", pictures: str = "all", windows: str = "all",
    upstream: str = "grad", sign: float = 1,
) -> Array:  # fmt: skip
    """(N, C, H, W), (N, K, H', W') -> (K, C, R, R)."""
    grad = _arriving(grad, upstream, sign) / _divisor(divide, grad)
    if pictures == "last":
        x, grad = x[-1:], grad[-1:]
    if windows == "last":
        only = np.zeros_like(grad)
        only[:, :, -1, -1] = grad[:, :, -1, -1]
        grad = only
    edge = (padding, padding) if pad == "both" else (0, 2 * padding)
    padded = np.pad(x, ((0, 0), (0, 0), edge, edge))
    hop = stride if step == "stride" else 1
    out = np.empty((grad.shape[1], x.shape[1], kernel, kernel))
    for r, s in np.ndindex(kernel, kernel):
        out[:, :, r, s] = np.einsum("nkij,ncij->kc", grad, padded[_met(r, s, grad, hop)])
    if channels == "together":
        out[:] = out.sum(axis=1, keepdims=True)
    if kernels == "together":
        out[:] = out.sum(axis=0, keepdims=True)
    out = _taps(out, taps)
    return out.swapaxes(0, 1) if turned else out


def wrong_conv_input_grad(
    weight: Array, grad: Array, height: int, width: int, stride: int, padding: int, *,
    step: str = "stride", cut: str = "both", taps: str = "right", meet: str = "add",
    kernels: str = "all", channels: str = "own", upstream: str = "grad", sign: float = 1,
) -> Array:  # fmt: skip
    """(K, C, R, S), (N, K, H', W') -> (N, C, H, W)."""
    weight, grad = _taps(weight, taps), _arriving(grad, upstream, sign)
    if kernels == "first":
        weight, grad = weight[:1], grad[:, :1]
    hop = stride if step == "stride" else 1
    padded = np.zeros((len(grad), weight.shape[1], height + 2 * padding, width + 2 * padding))
    count = np.zeros(padded.shape[2:])
    order = list(np.ndindex(*weight.shape[2:]))
    for r, s in order[::-1] if meet == "last window" else order:
        place = _met(r, s, grad, hop)
        part = np.einsum("nkij,kc->ncij", grad, weight[:, :, r, s])
        padded[place] = part if meet in {"last window", "last tap"} else padded[place] + part
        count[place[2:]] += 1
    padded = padded / np.maximum(count, 1) if meet == "mean" else padded
    padded = padded / len(weight) if kernels == "mean" else padded
    if channels == "together":
        padded[:] = padded.sum(axis=1, keepdims=True)
    first = {"both": padding, "corner": 0, "after": 2 * padding, "nothing": 0}[cut]
    down, across = (size + 2 * padding if cut == "nothing" else size for size in (height, width))
    return padded[:, :, first : first + down, first : first + across]


def wrong_lrn_backward(
    a: Array, grad: Array, n: int, k: float, alpha: float, beta: float, *, direct: str = "grad",
    whose: str = "right", window: str = "right", times: float = 2, sign: float = -1,
    power: int = 1, inside: str = "both", outside: str = "value", beta_factor: bool = True,
    alpha_is: str = "whole",
) -> Array:  # fmt: skip
    """(N, C, H, W), (N, C, H, W) -> (N, C, H, W)."""
    alpha = alpha / n if alpha_is == "over n" else alpha
    bracket = k + alpha * wrong_sum(a, n, window=window)
    own = {"grad": grad, "one": np.ones_like(grad), "none": np.zeros_like(grad)}[direct]
    own = own * bracket**-beta
    if whose == "none":
        return own
    whose = window if whose == "right" else whose

    def over_window(values: Array) -> Array:
        return wrong_sum(values, n, window=whose, power="none")

    less = bracket ** (-beta - power)
    passed = {
        "both": lambda: over_window(grad * a * less),
        "no grad": lambda: over_window(a * less),
        "no value": lambda: over_window(grad * less),
        "own grad": lambda: grad * over_window(a * less),
        "own bracket": lambda: less * over_window(grad * a),
    }[inside]()
    factor = times * alpha * (beta if beta_factor else 1)
    return own + sign * factor * (a if outside == "value" else 1) * passed


def _arriving(grad: Array, upstream: str, sign: float) -> Array:
    """The gradient that arrived, or ones where it is forgotten."""
    return sign * (grad if upstream == "grad" else np.ones_like(grad))


def _divisor(divide: str, grad: Array) -> float:
    batch, places = float(len(grad)), float(np.prod(grad.shape[2:]))
    shares = {"nothing": 1.0, "batch": batch, "places": places, "both": batch * places}
    return shares[divide]


def _met(r: int, s: int, grad: Array, hop: int) -> tuple[slice, ...]:
    """Where kernel position (r, s) lies in every window of the padded picture."""
    high, wide = grad.shape[2:]
    return np.s_[:, :, r : r + high * hop : hop, s : s + wide * hop : hop]


def _taps(weight: Array, taps: str) -> Array:
    return {
        "right": weight, "flipped": weight[..., ::-1, ::-1], "transposed": weight.swapaxes(2, 3),
    }[taps]  # fmt: skip
