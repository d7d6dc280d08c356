"""Output sizes and a convolution that can be wrong in many ways, one switch each."""

from __future__ import annotations

import math

import numpy as np

from alexnet_tutor.course.exercise import Array


def wrong_size(
    size: int, kernel: int, stride: int, padding: int, *, rounding: str = "floor",
    plus: int = 1, sides: int = 2, minus: str = "kernel",
) -> float:  # fmt: skip
    """Right unless a switch is given."""
    room = size + sides * padding - {"kernel": kernel, "one": 1, "nothing": 0}[minus]
    steps = room / stride
    return {"floor": math.floor(steps), "ceil": math.ceil(steps), "none": steps}[rounding] + plus


def wrong_overhang(size: int, kernel: int, stride: int, *, rule: str) -> int:
    """What is often taken for the overhang."""
    left = (size - kernel) % stride
    rules = {"remainder": left, "whole": stride - left, "size": -size % stride}
    return rules[rule]


def wrong_conv(
    x: Array, weight: Array, bias: Array, stride: int, padding: int, *, kernel: str = "right",
    pad: str = "both", fill: str = "zeros", channels: str = "sum", add: str = "once",
    step: str = "stride", mean: bool = False,
) -> Array:  # fmt: skip
    """Right unless a switch is given: (N, C, H, W) -> (N, K, H', W')."""
    weight = {
        "right": weight, "flipped": weight[..., ::-1, ::-1], "transposed": weight.swapaxes(2, 3),
    }[kernel]  # fmt: skip
    rows, columns = weight.shape[2:]
    before, after = {"both": (1, 1), "after": (0, 2), "once": (0, 1), "none": (0, 0)}[pad]
    edge = (before * padding, after * padding)
    mode = {"zeros": "constant", "edge": "edge"}[fill]
    padded = np.pad(x, ((0, 0), (0, 0), edge, edge), mode=mode)  # type: ignore[call-overload]
    windows = np.lib.stride_tricks.sliding_window_view(padded, (rows, columns), axis=(2, 3))
    down, across = {
        "stride": (stride, stride), "one": (1, 1), "down": (stride, 1), "kernel": (rows, columns),
    }[step]  # fmt: skip
    seen = windows[:, :, ::down, ::across]  # (N, C, H', W', R, S)
    if channels == "first":
        seen, weight = seen[:, :1], weight[:, :1]
    total = np.einsum("nchwrs,kcrs->nkhw", seen, weight)
    if channels == "mean":
        total = total / x.shape[1]
    if mean:
        total = total / (rows * columns)
    times = {"once": 1, "never": 0, "per tap": rows * columns, "per channel": x.shape[1]}[add]
    return np.asarray(total + times * bias[:, None, None])
