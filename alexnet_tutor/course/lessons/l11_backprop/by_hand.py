"""How a right value of lesson 11 comes about, line by line, and why an output has its shape."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Arguments, Array

_FEW = 9  # products that are written out


def bias(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """What arrives at map k, picture by picture."""
    (k,) = index
    grad = arguments["grad"]
    lines, parts = [], []
    for n, own in enumerate(grad[:, k]):
        parts.append(float(own.sum()))
        values = f"{own.size} values" if own.size > _FEW else _listed(own)
        lines.append(f"picture {n}, map {k}: {values} sum to {parts[-1]:.6g}")
    return (*lines, f"all pictures: {_plus(parts)} = {sum(parts):.6g}")


def fc6(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """Back through fc7, through the ReLU, times the number that the weight met."""
    m, f = index
    x, z, weight, grad = (arguments[name] for name in ("x", "z", "weight", "grad"))
    lines, parts = [], []
    for n in range(len(x)):
        back = float((grad[n] * weight[:, m]).sum())
        on = z[n, m] > 0
        parts.append(back * float(x[n, f]) if on else 0.0)
        lines += [
            f"picture {n}: through fc7 comes {_products(grad[n], weight[:, m])} = {back:.6g}",
            f"z = {z[n, m]:.4g} lets it pass; times x = {x[n, f]:.4g}: {parts[-1]:.6g}"
            if on
            else f"z = {z[n, m]:.4g} is not above 0: nothing passes",
        ]
    return (*lines, f"all pictures: {_plus(parts)} = {sum(parts):.6g}")


def weight(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """Each window's gradient times the pixel that lay under this weight."""
    k, c, r, s = index
    x, grad, stride, padding = (arguments[name] for name in ("x", "grad", "stride", "padding"))
    high, wide = grad.shape[2:]
    edge = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    met = np.pad(x, edge)[:, c, r : r + high * stride : stride, s : s + wide * stride : stride]
    lines, parts = [f"row {r}, column {s} of the kernel lay on one pixel of every window"], []
    for n in range(len(x)):
        parts.append(float((grad[n, k] * met[n]).sum()))
        lines.append(f"picture {n}: {_products(grad[n, k], met[n])} = {parts[-1]:.6g}")
    return (*lines, f"all pictures: {_plus(parts)} = {sum(parts):.6g}")


def pixel(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """Every window that has the pixel, and what it hands to it."""
    n, c, y, x = index
    kernel, grad = arguments["weight"], arguments["grad"]
    stride, padding, side = arguments["stride"], arguments["padding"], arguments["weight"].shape[2]
    lines, parts = [], []
    for i, j in np.ndindex(grad.shape[2:]):
        r, s = y + padding - i * stride, x + padding - j * stride
        if not (0 <= r < side and 0 <= s < side):
            continue
        arrived, met = grad[n, :, i, j], kernel[:, c, r, s]
        parts.append(float((arrived * met).sum()))
        lines.append(
            f"window ({i}, {j}) has it under row {r}, column {s} of its kernels: "
            f"{_products(arrived, met)} = {parts[-1]:.6g}"
        )
    place = f"row {y}, column {x}"
    if not parts:
        return (f"no window has {place}: its gradient = 0",)
    return (*lines, f"{place}: {_plus(parts)} = {sum(parts):.6g}")


def lrn(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """The brackets of the maps that see it, its own numerator, its part in the brackets."""
    batch, j, row, column = index
    k, alpha, beta = (arguments[name] for name in ("k", "alpha", "beta"))
    half = arguments["n"] // 2
    a, grad = (arguments[name][batch, :, row, column] for name in ("a", "grad"))
    low, high = max(0, j - half), min(len(a) - 1, j + half)
    brackets = [
        k + alpha * float((a[max(0, i - half) : i + half + 1] ** 2).sum()) for i in range(len(a))
    ]
    seeing = range(low, high + 1)
    own = float(grad[j]) * brackets[j] ** -beta
    terms = [float(grad[i] * a[i]) / brackets[i] ** (beta + 1) for i in seeing]
    rest = 2 * alpha * beta * float(a[j]) * sum(terms)
    return (
        f"maps {low} to {high} see map {j}; their brackets k + α · Σ a²: "
        + _listed(np.array([brackets[i] for i in seeing])),
        f"its own numerator: grad / bracket^β = {grad[j]:.4g} / {brackets[j]:.4g}^{beta:.4g} "
        f"= {own:.6g}",
        f"Σ grad · a / bracket^(β + 1) over these maps: {_plus(terms)} = {sum(terms):.6g}",
        f"its part in the brackets: 2 · α · β · a · Σ = 2 · {alpha:.4g} · {beta:.4g} · {a[j]:.6g} "
        f"· {sum(terms):.6g} = {rest:.6g}",
        f"the first minus the second = {own - rest:.6g}",
    )


def why_bias(arguments: Arguments) -> str:
    """One bias per kernel."""
    return f"there is one bias per kernel, and {arguments['grad'].shape[1]} maps arrive"


def why_fc6(arguments: Arguments) -> str:
    """One gradient per weight."""
    units, numbers = arguments["z"].shape[1], arguments["x"].shape[1]
    return f"each of fc6's {units} units has a weight for each of the {numbers} numbers it gets"


def why_weight(arguments: Arguments) -> str:
    """One gradient per weight."""
    kernels, channels, side = (
        arguments["grad"].shape[1], arguments["x"].shape[1], arguments["kernel"],
    )  # fmt: skip
    return f"each of the {kernels} kernels has {channels}·{side}·{side} weights"


def why_pixel(arguments: Arguments) -> str:
    """One gradient per pixel, none for the padding."""
    height, width = arguments["height"], arguments["width"]
    return (
        f"every value of x has a gradient, {arguments['weight'].shape[1]} channels of "
        f"{height}·{width}; the zeros of the padding have none"
    )


def why_lrn(_: Arguments) -> str:
    """One gradient per value."""
    return "every value of a has a gradient of its own"


def _products(one: Array, other: Array) -> str:
    if one.size > _FEW:
        return f"{one.size} products"
    pairs = zip(one.ravel(), other.ravel(), strict=True)
    return " + ".join(f"{_signed(a)}·{_signed(b)}" for a, b in pairs)


def _plus(parts: Sequence[float]) -> str:
    return " + ".join(_signed(part) for part in parts)


def _signed(value: float) -> str:
    return f"{value:.4g}" if value >= 0 else f"({value:.4g})"


def _listed(values: Array) -> str:
    return ", ".join(f"{value:.4g}" for value in values.ravel())
