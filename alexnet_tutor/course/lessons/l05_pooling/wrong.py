"""Coverage, a pooling and its way back that can be wrong in many ways, one switch each."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array


def wrong_coverage(
    size: int, window: int, stride: int, *, step: str = "stride", end: str = "inside",
    told: str = "cells",
) -> list[int]:  # fmt: skip
    """Right unless a switch is given."""
    hop = {"stride": stride, "window": window, "one": 1}[step]
    starts = list(range(0, size, hop))
    if end == "inside":
        starts = [start for start in starts if start + window <= size]
    elif end == "open":
        starts = [start for start in starts if start + window < size]
    elif end == "covered":  # the window before has not reached the last cell
        starts = [start for start in starts if start == 0 or start - hop + window < size]
    if told == "numbers":
        starts = list(range(len(starts)))
    return [sum(start <= cell < start + window for start in starts) for cell in range(size)]


def wrong_pool(
    x: Array, window: int, stride: int, padding: int, *, fill: float = -np.inf, sides: str = "all",
    end: str = "inside", step: str = "stride", exchanged: bool = False, take: str = "largest",
    least: float = -np.inf,
) -> Array:  # fmt: skip
    """Right unless a switch is given: (N, C, H, W) -> (N, C, H', W')."""
    if exchanged:
        window, stride = stride, window
    hop = {"stride": stride, "window": window, "one": 1}[step]
    down, across = {"all": (padding, padding), "none": (0, 0), "across": (0, padding)}[sides]
    padded = _padded(x, (down, down), (across, across), fill)
    if end == "covered":
        more = [-(size - window) % hop for size in padded.shape[2:]]
        padded = _padded(padded, (0, more[0]), (0, more[1]), -np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (window, window), axis=(2, 3))
    seen = windows[:, :, ::hop, ::hop]
    return np.maximum(_taken(seen.reshape(*seen.shape[:4], -1), take), least)


def _padded(x: Array, down: tuple[int, int], across: tuple[int, int], fill: float) -> Array:
    return np.pad(x, ((0, 0), (0, 0), down, across), constant_values=fill)


def _taken(seen: Array, take: str) -> Array:
    """One value from each window: (N, C, H', W', cells) -> (N, C, H', W')."""
    match take:
        case "mean":
            return np.asarray(seen.mean(axis=-1))
        case "corner":
            return seen[..., 0]
        case "size":
            return np.asarray(np.abs(seen).max(axis=-1))
        case "farthest":
            place = np.abs(seen).argmax(axis=-1)[..., None]
            return np.asarray(np.take_along_axis(seen, place, axis=-1)[..., 0])
        case "everything":
            return np.broadcast_to(seen.max(axis=(0, 1, -1)), seen.shape[:-1])
    return np.asarray(seen.max(axis=-1))


def wrong_backward(
    x: Array, grad: Array, window: int, stride: int, *, who: str = "first", place: str = "map",
    meet: str = "add", amount: str = "grad",
) -> Array:  # fmt: skip
    """Right unless a switch is given: (N, C, H, W), (N, C, H', W') -> (N, C, H, W)."""
    out = np.zeros_like(x)
    for n, c, i, j in np.ndindex(grad.shape):
        top, left = i * stride, j * stride
        seen = x[n, c, top : top + window, left : left + window]
        shares = _shares(seen, who)
        if amount == "value":
            shares = shares * seen
        if place == "exchanged":
            shares = shares.T
        if place == "window":
            top = left = 0
        part = out[n, c, top : top + window, left : left + window]
        passed = shares * (1.0 if amount == "one" else grad[n, c, i, j])
        part[:] = part + passed if meet == "add" else np.where(shares != 0, passed, part)
    return out


def _shares(seen: Array, who: str) -> Array:
    """What share of the gradient each cell of a window gets."""
    if who in {"all", "spread"}:
        return np.full_like(seen, 1.0 if who == "all" else 1 / seen.size)
    tied = (seen == seen.max()).astype(np.float64)
    if who in {"every", "shared"}:
        return np.asarray(tied if who == "every" else tied / tied.sum())
    place = {
        "first": tied.argmax(),
        "last": seen.size - 1 - tied.ravel()[::-1].argmax(),
        "corner": 0,
        "farthest": np.abs(seen).argmax(),
    }[who]
    shares = np.zeros_like(seen)
    shares.flat[place] = 1.0
    return shares
