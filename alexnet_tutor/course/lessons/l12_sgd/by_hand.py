"""How a right value of lesson 12 comes about, line by line, and why an output has its shape."""

from __future__ import annotations

from collections.abc import Sequence

from alexnet_tutor.course.exercise import Arguments
from alexnet_tutor.course.lessons.l12_sgd import oracle


def paper(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """The weight and the velocity before the step, then both lines of the rule."""
    step, weight = index
    history = oracle.paper_history(*_of_one(arguments, weight))
    velocity, before = _before(arguments, history, index)
    momentum, decay, rate = arguments["momentum"], arguments["decay"], arguments["rates"][step]
    new, after = history[step]
    return (
        _told(step, before, velocity),
        f"v = {momentum:g}·{_n(velocity)} − {decay:g}·{rate:g}·{_n(before)} "
        f"− {rate:g}·{_n(_gradient(arguments, index))} = {new:.7g}",
        f"w = {before:.7g} + {_n(new)} = {after:.7g}",
    )


def torch(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    """The weight and the velocity before the step, then both lines of the rule."""
    step, weight = index
    history = oracle.torch_history(*_of_one(arguments, weight))
    velocity, before = _before(arguments, history, index)
    momentum, decay, rate = arguments["momentum"], arguments["decay"], arguments["rates"][step]
    new, after = history[step]
    return (
        _told(step, before, velocity),
        f"v = {momentum:g}·{_n(velocity)} + ({_gradient(arguments, index):.7g} "
        f"+ {decay:g}·{_n(before)}) = {new:.7g}",
        f"w = {before:.7g} − {rate:g}·{_n(new)} = {after:.7g}",
    )


def step_rate(arguments: Arguments, _: tuple[int, ...]) -> Sequence[str]:
    """How often the rate has changed, and what that makes of it."""
    epoch, base, every, factor = (
        arguments[name] for name in ("epoch", "base", "every", "factor")
    )  # fmt: skip
    changes = len(range(every, epoch + 1, every))
    listed = ", ".join(str(at) for at in range(every, epoch + 1, every)) or "none yet"
    return (
        f"it changes when epochs {every}, {2 * every}, … begin; up to {epoch}: {listed}",
        f"{base:g} · {factor:g}^{changes} = {base * factor**changes:.6g}",
    )


def onecycle(arguments: Arguments, _: tuple[int, ...]) -> Sequence[str]:
    """Which of the two lines the step lies on, and how far along it."""
    step, steps, peak, highest = (
        arguments[name] for name in ("step", "steps", "peak", "highest")
    )  # fmt: skip
    up = step <= peak
    start, end = (0, peak) if up else (peak, steps - 1)
    low, high = (highest / 25, highest) if up else (highest, highest / 250_000)
    share = (step - start) / (end - start)
    return (
        f"step {step} lies on the line from {low:.6g} at step {start} to {high:.6g} at step {end}",
        f"{step - start} of its {end - start} steps are gone",
        f"{low:.6g} + ({high:.6g} − {low:.6g}) · {step - start} / {end - start} "
        f"= {low + (high - low) * share:.6g}",
    )


def why_steps(arguments: Arguments) -> str:
    """A row per step, a column per weight."""
    steps, weights = arguments["gradients"].shape
    return f"the {weights} weights are told after each of the {steps} steps, a row per step"


def why_number(_: Arguments) -> str:
    """One rate."""
    return "a rate is one number"


def _of_one(
    arguments: Arguments, weight: int
) -> tuple[float, list[float], list[float], float, float]:
    return (
        float(arguments["weight"][weight]),
        arguments["gradients"][:, weight].tolist(),
        arguments["rates"],
        arguments["momentum"],
        arguments["decay"],
    )


def _before(
    arguments: Arguments, history: oracle.History, index: tuple[int, ...]
) -> tuple[float, float]:
    step, weight = index
    return history[step - 1] if step else (0.0, float(arguments["weight"][weight]))


def _gradient(arguments: Arguments, index: tuple[int, ...]) -> float:
    return float(arguments["gradients"][index])


def _told(step: int, weight: float, velocity: float) -> str:
    when = f"after step {step - 1}" if step else "before step 0"
    return f"{when}: w = {weight:.7g}, v = {velocity:.7g}"


def _n(value: float) -> str:
    return f"{value:.7g}" if value >= 0 else f"({value:.7g})"
