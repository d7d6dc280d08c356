"""How a right value of lesson 3 comes about, line by line, and why an output has its shape."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_tutor.course.exercise import Arguments

_FEW = 8  # maps that are told one by one


def relu(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """Which side of 0 it lies on."""
    x = float(arguments["x"][index])
    fate = "is positive and passes" if x > 0 else "is not positive and becomes 0"
    return (f"x = {x:.6g} {fate}: max(0, {x:.6g}) = {max(0.0, x):.6g}",)


def relu_backward(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """The slope by x, then the product."""
    x, grad = (float(arguments[name][index]) for name in ("x", "grad"))
    slope = 1 if x > 0 else 0
    return (
        f"x = {x:.6g} is {'positive' if x > 0 else 'not positive'}: the slope there is {slope}",
        f"slope · grad = {slope} · ({grad:.6g}) = {slope * grad + 0:.6g}",
    )


def tanh_backward(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """tanh, its slope, the product."""
    x, grad = (float(arguments[name][index]) for name in ("x", "grad"))
    y = float(np.tanh(x))
    slope = 1 - y**2
    return (
        f"y = tanh({x:.6g}) = {y:.6g}",
        f"slope = 1 − y² = 1 − {y**2:.6g} = {slope:.6g}",
        f"slope · grad = {slope:.6g} · ({grad:.6g}) = {slope * grad:.6g}",
    )


def dead_share(arguments: Arguments, _: tuple[int, ...]) -> Sequence[str]:
    """The largest value of each map, over all pictures and places."""
    z = arguments["z"]
    largest = z.max(axis=(0, 2, 3))
    dead = int((largest <= 0).sum())
    lines = [
        f"map {number}: its largest value in {len(z)} pictures is {value:.6g}: "
        + ("alive" if value > 0 else "dead")
        for number, value in enumerate(largest[:_FEW])
    ]
    more = [f"and {len(largest) - _FEW} more maps"] if len(largest) > _FEW else []
    return (
        *lines,
        *more,
        f"{dead} of {len(largest)} maps are dead: {dead / len(largest):.6g}",
    )


def why_same(_: Arguments) -> str:
    """Value by value."""
    return "each value is answered by itself: none moves, none is added, none dropped"


def why_number(arguments: Arguments) -> str:
    """One number for all maps."""
    return f"the answer is one number, a share of the {arguments['z'].shape[1]} maps"
