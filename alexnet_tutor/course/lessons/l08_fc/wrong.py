"""Flattening and fully connected layers that can be wrong in many ways, one switch each."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array


def wrong_place(
    channel: int, row: int, column: int, channels: int, height: int, width: int, *,
    order: str = "maps", first: int = 0,
) -> int:  # fmt: skip
    """Right unless a switch is given."""
    maps = channel * height * width
    places = {
        "maps": maps + row * width + column,
        "columns first": maps + column * height + row,
        "row by height": maps + row * height + column,
        "channels last": (row * width + column) * channels + channel,
        "no rows": maps + column,
        "no maps": row * width + column,
        "map by channels": channel * channels + row * width + column,
    }
    return places[order] + first


def wrong_flatten(x: Array, *, order: str = "maps", form: str = "a row per picture") -> Array:
    """Right unless a switch is given: (N, C, H, W) -> (N, C·H·W)."""
    batch, channels = x.shape[:2]
    axes = {"maps": (0, 1, 2, 3), "channels last": (0, 2, 3, 1), "columns first": (0, 1, 3, 2)}
    ordered = np.ascontiguousarray(x.transpose(axes[order]))
    if form == "mean":
        return np.asarray(x.mean(axis=(2, 3)))
    return {
        "a row per picture": ordered.reshape(batch, -1),
        "one row": ordered.reshape(-1),
        "maps kept": ordered.reshape(batch, channels, -1),
        "mixed": ordered.reshape(-1, batch).T,
        "a column per picture": ordered.reshape(batch, -1).T,
    }[form]


def wrong_linear(
    x: Array, weight: Array, bias: Array, *, turned: bool = True, add: str = "once",
    gather: str = "sum", after: str = "nothing",
) -> Array:  # fmt: skip
    """Right unless a switch is given: (N, F), (K, F), (K,) -> (N, K)."""
    features = x.shape[1]
    seen = x + bias if add == "to the input" else x
    total = np.asarray(seen @ (weight.T if turned else weight))
    if gather == "mean":
        total = total / features
    times = {"once": 1, "never": 0, "per term": features, "to the input": 0, "subtracted": -1}[add]
    out = total + times * bias
    return np.asarray(np.maximum(out, 0) if after == "relu" else out)


def wrong_fc_as_conv(
    x: Array, weight: Array, bias: Array, height: int, width: int, *, kernel: str = "maps",
    step: str = "one", add: str = "once", gather: str = "sum",
) -> Array:  # fmt: skip
    """Right unless a switch is given: (N, C, H, W) -> (N, K, H − height + 1, W − width + 1)."""
    units, channels = len(weight), x.shape[1]
    kernels = {
        "maps": weight.reshape(units, channels, height, width),
        "flipped": weight.reshape(units, channels, height, width)[..., ::-1, ::-1],
        "channels last": weight.reshape(units, height, width, channels).transpose(0, 3, 1, 2),
        "columns first": weight.reshape(units, channels, width, height).swapaxes(2, 3),
    }[kernel]
    windows = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))
    if step == "side by side":
        windows = windows[:, :, ::height, ::width]
    if step == "first":
        windows = windows[:, :, :1, :1]
    out = np.einsum("nchwrs,kcrs->nkhw", windows, kernels)
    if gather == "mean":
        out = out / weight.shape[1]
    times = {"once": 1, "never": 0, "per channel": channels}[add]
    return np.asarray(out + times * bias[:, None, None])
