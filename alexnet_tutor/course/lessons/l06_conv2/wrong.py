"""A count, a frame and a convolution with groups that can be wrong in many ways, one switch each."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array


def wrong_parameters(
    in_channels: int, out_channels: int, kernel: int, groups: int, *, sees: str = "group",
    side: str = "square", biases: str = "one",
) -> int:  # fmt: skip
    """Right unless a switch is given."""
    kernels = out_channels // groups if sees in {"tower", "kernels"} else out_channels
    channels = {
        "group": in_channels // groups, "tower": in_channels // groups, "all": in_channels,
        "kernels": in_channels, "out": out_channels // groups,
    }[sees]  # fmt: skip
    weights = channels * {"square": kernel * kernel, "line": kernel}[side]
    return kernels * (
        weights + {"one": 1, "none": 0, "per channel": channels, "per group": groups}[biases]
    )


def wrong_padded(
    x: Array, padding: int, *, sides: str = "both", fill: str = "zeros", axes: str = "space"
) -> Array:
    """Right unless a switch is given: (N, C, H, W) -> (N, C, H + 2·padding, W + 2·padding)."""
    before, after = {
        "both": (1, 1), "after": (0, 2), "before": (2, 0), "one": (0, 1), "none": (0, 0)
    }[sides]  # fmt: skip
    edge, no = (before * padding, after * padding), (0, 0)
    width = {"space": (no, no, edge, edge), "rows": (no, no, edge, no), "every": (edge,) * 4}[axes]
    mode = {"zeros": "constant", "edge": "edge"}[fill]
    return np.asarray(np.pad(x, width, mode=mode))  # type: ignore[call-overload]


def _channels_of(k: int, kernels: int, channels: int, groups: int, rule: str) -> tuple[int, ...]:
    """Which channels map k adds up."""
    seen = channels // groups
    group = k % groups if rule == "kernels dealt" else k // (kernels // groups)
    return {
        "first": tuple(range(seen)),
        "dealt": tuple(range(group, channels, groups)),
        "added": tuple(range(channels)),
    }.get(rule, tuple(range(group * seen, (group + 1) * seen)))


def wrong_grouped(
    x: Array, weight: Array, bias: Array, padding: int, groups: int, *, channels: str = "group",
    kernels: str = "own", biases: str = "own", total: str = "sum", add: str = "once",
    order: str = "one after the other", pad: str = "both", fill: str = "zeros",
) -> Array:  # fmt: skip
    """Right unless a switch is given: (N, C, H, W) -> (N, K, H', W')."""
    count, seen, rows, columns = weight.shape
    local = np.arange(count) % (count // groups)
    weight = weight[local] if kernels == "first" else weight
    bias = bias[local] if biases == "first" else bias
    framed = wrong_padded(x, padding, sides=pad, fill=fill)
    windows = np.lib.stride_tricks.sliding_window_view(framed, (rows, columns), axis=(2, 3))
    sees: dict[tuple[int, ...], list[int]] = {}  # which maps add up these channels
    for k in range(count):
        sees.setdefault(_channels_of(k, count, x.shape[1], groups, channels), []).append(k)
    out = np.empty((len(x), count, *windows.shape[2:4]))
    for own, maps in sees.items():
        shape = (len(own), rows, columns)  # "added" uses its sheets again
        cut = np.stack([np.resize(weight[k], shape) for k in maps])
        met = windows[:, list(own)]
        out[:, maps] = np.einsum("nchwrs,kcrs->nkhw", met, cut, optimize=True)
    out = out / (seen if total == "mean" else 1)
    times = {"once": 1, "never": 0, "per channel": seen, "per group": groups}[add]
    out = out + times * bias[:, None, None]
    if order == "in turn":
        batch, _, *size = out.shape
        towers = out.reshape(batch, groups, count // groups, *size)
        out = towers.swapaxes(1, 2).reshape(batch, count, *size)
    return np.asarray(out)
