"""Ways from a file to a tensor that can be wrong in many ways, one switch each."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array


def wrong_to_tensor(
    picture: Array, white: int, *, scale: str = "white", order: str = "channels first"
) -> Array:
    """Right unless a switch is given: (H, W, C) -> (C, H, W)."""
    values = picture.astype(np.float64)
    height, width, channels = values.shape
    scaled = {
        "white": values / white, "none": values, "values": values / (white + 1),
        "always 255": values / 255, "own maximum": values / values.max(), "whole": values // white,
        "both signs": 2 * values / white - 1,
    }[scale]  # fmt: skip
    ordered = {
        "channels first": scaled.transpose(2, 0, 1),
        "reshaped": scaled.reshape(channels, height, width),
        "turned": scaled.transpose(2, 1, 0),
        "blue first": scaled[:, :, ::-1].transpose(2, 0, 1),
        "channels last": scaled,
    }[order]
    return np.asarray(ordered)


def wrong_place(
    i: int, before: int, after: int, *, start: float = 0.5, back: float = 0.5,
    scale: str = "old per new", end: str = "as it is",
) -> float:  # fmt: skip
    """Right unless a switch is given."""
    if scale == "corners":
        return i * (before - 1) / (after - 1)
    at = (i + start) * (after / before if scale == "new per old" else before / after) - back
    if end == "floor":
        return float(np.floor(at))
    return min(max(at, 0.0), before - 1.0) if end == "inside" else at


def wrong_enlarge(
    x: Array, size: int, *, places: str = "centres", share: str = "linear", edge: str = "stay",
    axes: str = "both", turned: bool = False,
) -> Array:  # fmt: skip
    """Right unless a switch is given: (N, C, H, W) -> (N, C, size, size)."""
    height, width = x.shape[2:]
    scaled_as = height if axes == "one scale" else width
    across_share = "nearest" if axes == "down" else share
    down = _shares(_places(height, size, places), height, share, edge)
    across = _shares(_places(scaled_as, size, places), width, across_share, edge)
    out = np.einsum("ih,nchw,jw->ncij", down, x, across)
    return np.asarray(out.swapaxes(2, 3) if turned else out)


def _places(before: int, after: int, how: str) -> Array:
    i = np.arange(after)
    if how == "corners":
        return np.asarray(i * (before - 1) / max(after - 1, 1))
    start, back = {"centres": (0.5, 0.5), "edges": (0.0, 0.0), "late": (0.5, 0.0)}[how]
    return np.asarray((i + start) * before / after - back)


def _shares(at: Array, before: int, share: str, edge: str) -> Array:
    """Row i: how much of each old pixel goes into new pixel i, (after, before)."""
    last = before - 1
    if edge == "stay":
        at = at.clip(0, last)
    left = np.floor(at).astype(int)
    if edge == "extrapolated":
        left = left.clip(0, max(last - 1, 0))
    rest = at - left
    second = {
        "linear": rest, "exchanged": 1 - rest, "halves": np.full_like(rest, 0.5),
        "left": np.zeros_like(rest), "nearest": (rest >= 0.5).astype(np.float64),
    }[share]  # fmt: skip
    shares = np.zeros((len(at), before))
    for i, (pixel, part) in enumerate(zip(left, second, strict=True)):
        for place, weight in ((pixel, 1 - part), (pixel + 1, part)):
            inside = 0 <= place <= last
            if edge == "around":
                shares[i, place if place < 0 else min(place, last)] += weight
            elif inside or edge != "zero":
                shares[i, min(max(place, 0), last)] += weight
    return shares


def wrong_normalise(
    x: Array, mean: Array, std: Array, *, numbers: str = "given", centre: str = "subtracted",
    spread: str = "divided", last: str = "division",
) -> Array:  # fmt: skip
    """Right unless a switch is given: (N, C, H, W) -> (N, C, H, W)."""
    if numbers in {"picture", "batch"}:
        over = (2, 3) if numbers == "picture" else (0, 2, 3)
        mean_of, std_of = x.mean(over, keepdims=True), x.std(over, keepdims=True, ddof=1)
    else:
        pick = {"given": mean, "one": np.full_like(mean, mean.mean()), "backwards": mean[::-1]}
        dev = {"given": std, "one": np.full_like(std, std.mean()), "backwards": std[::-1]}
        mean_of, std_of = (kept[numbers][:, None, None] for kept in (pick, dev))
    taken = {"subtracted": mean_of, "kept": 0 * mean_of, "added": -mean_of}[centre]
    factor = {
        "divided": 1 / std_of, "kept": 0 * std_of + 1, "multiplied": std_of,
        "variance": 1 / std_of**2, "root": 1 / np.sqrt(std_of),
    }[spread]  # fmt: skip
    return np.asarray((x - taken) * factor if last == "division" else x * factor - taken)
