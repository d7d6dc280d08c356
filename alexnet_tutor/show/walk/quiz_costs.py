"""What can be asked of costs: parameters, and multiply-accumulates."""

from __future__ import annotations

from math import prod

from alexnet_tutor.records import LrnWork, Stop, Walked, Window
from alexnet_tutor.show.numbers import integer, shape
from alexnet_tutor.show.walk.drafts import MACS, PARAMETERS, Answer, Draft
from alexnet_tutor.show.walk.peaks import strongest

_ASKS_MACS = "How many MACs is that for one picture, a MAC being one product and its addition?"


def conv_parameters(_: Walked, stop: Stop, _before: Stop, /) -> Draft | None:
    """What a convolution learns."""
    per = _per_kernel(stop)
    if per is None or stop.window is None:
        return None
    kernels, places = stop.output_shape[0], stop.output_shape[1:]
    window, channels = stop.window, stop.input_shape[0]
    square = window.kernel**2
    wrong: list[Answer] = [
        (integer(kernels * per), f"The biases are forgotten: one per kernel, {kernels} more."),
    ]
    if window.groups > 1:
        wrong.append((integer(kernels * (channels * square + 1)), f"As if each kernel saw all {channels} channels. In {window.groups} towers it sees {channels // window.groups}."))  # fmt: skip
    wrong += [
        (integer(stop.macs), f"Those are the multiplications. A weight is used at each of {shape(places)} places and stays the same one number."),
        (integer(kernels * (square + 1)), f"The channels are forgotten: a kernel has {window.kernel}·{window.kernel} weights for each channel that it sees."),
        (integer(per + 1), f"That is one kernel. There are {kernels}."),
    ]  # fmt: skip
    return Draft(
        PARAMETERS,
        f"{_conv(stop, window)} How many numbers does it learn?",
        (integer(stop.params), f"A kernel has {_factors(stop, window)} = {integer(per)} weights and a bias: {kernels}·({integer(per)} + 1) = {integer(stop.params)}."),
        tuple(wrong),
    )  # fmt: skip


def linear_parameters(_: Walked, stop: Stop, _before: Stop, /) -> Draft | None:
    """What a fully connected layer learns."""
    inputs, units = prod(stop.input_shape), stop.output_shape[0]
    if stop.params != units * inputs + units:
        return None
    n, m = integer(inputs), integer(units)
    numbers = [
        (units * inputs, f"{m}·{n}: the biases are forgotten, one per unit."),
        (inputs * (units + 1), f"{n}·({m} + 1): as if each input had a bias. Each unit has one."),
        (inputs + units, f"{n} + {m}: as if each number were met once. Each of {m} units has a weight for each of {n} inputs."),
        (inputs + 1, f"That is one unit. There are {m}."),
    ]  # fmt: skip
    return Draft(
        PARAMETERS,
        f"{stop.name} makes {m} numbers out of {n}, each out of all. How many numbers does it learn?",
        (integer(stop.params), f"A unit has {n} weights and a bias: {m}·({n} + 1) = {integer(stop.params)}."),
        tuple((integer(number), why) for number, why in numbers),
    )  # fmt: skip


def nothing_learned(walked: Walked, stop: Stop, _: Stop, /) -> Draft | None:
    """That pooling and LRN learn nothing."""
    if stop.params:
        return None
    maps = stop.input_shape[0]
    work = walked.unit(strongest(walked, stop)).work
    numbers: list[tuple[int, str]] = []
    if isinstance(work, LrnWork):
        n = work.size
        asks = f"{stop.name} divides each value by a formula with n = {n}, k = {work.k:g}, α = {work.alpha:g} and β = {work.beta:g}."
        right = "The four constants are chosen once, by people, with a validation set (section 3.3). No training changes them."
        numbers = [(4, "k, n, α and β: four numbers, but they are chosen once and no training changes them.")]  # fmt: skip
        numbers.append((n, f"As if each of the {n} maps in the window had a weight. Their squares are only added."))  # fmt: skip
    elif stop.window is not None:
        side = stop.window.kernel
        asks = f"{stop.name} keeps the largest value of each {side}×{side} window of {shape(stop.input_shape)}."
        right = "To find a largest value nothing has to be learned."
        numbers = [(side * side, f"As if it were a kernel of {side}·{side} weights. The window is only searched for its largest value."), (maps * side * side, f"As if each of {maps} maps had a kernel of its own. The window is only searched for its largest value.")]  # fmt: skip
    else:
        return None
    numbers.append((maps, f"As if each of the {maps} maps had a bias. Nothing is added."))
    return Draft(
        PARAMETERS,
        f"{asks} How many numbers does it learn?",
        (integer(stop.params), right),
        tuple((integer(number), why) for number, why in numbers),
    )


def conv_macs(_: Walked, stop: Stop, _before: Stop, /) -> Draft | None:
    """What a convolution costs."""
    per = _per_kernel(stop)
    if per is None or stop.window is None:
        return None
    kernels, places, window = stop.output_shape[0], stop.output_shape[1:], stop.window
    channels = stop.input_shape[0]
    wrong: list[Answer] = [
        (integer(stop.params), f"Those are the parameters. Each weight is used again at each of {shape(places)} places."),
    ]  # fmt: skip
    if window.groups > 1:
        wrong.append((integer(stop.macs * window.groups), f"As if each kernel saw all {channels} channels. In {window.groups} towers it sees {channels // window.groups}."))  # fmt: skip
    wrong += [
        (integer(kernels * per * prod(stop.input_shape[1:])), f"Counted at each place of the input, {shape(stop.input_shape[1:])}. The kernels are laid where a value comes out: {shape(places)}."),
        (integer(kernels * window.kernel**2 * prod(places)), "The channels are forgotten: at each place a kernel has a product for each channel that it sees."),
        (integer(2 * stop.macs), "Product and addition are counted apart. One MAC is both."),
        (integer(stop.macs // kernels), f"That is one kernel. There are {kernels}."),
    ]  # fmt: skip
    return Draft(
        MACS,
        f"{_conv(stop, window)} {_ASKS_MACS}",
        (integer(stop.macs), f"A value takes {_factors(stop, window)} = {integer(per)} products, and {shape(stop.output_shape)} values come out: {integer(stop.macs)}."),
        tuple(wrong),
    )  # fmt: skip


def linear_macs(_: Walked, stop: Stop, _before: Stop, /) -> Draft | None:
    """What a fully connected layer costs."""
    inputs, units = prod(stop.input_shape), stop.output_shape[0]
    if stop.macs != units * inputs:
        return None
    n, m = integer(inputs), integer(units)
    numbers = [
        (stop.params, f"Those are the parameters: the {m} biases are added, not multiplied."),
        (2 * stop.macs, "Product and addition are counted apart. One MAC is both."),
        (inputs + units, f"{n} + {m}: as if each number were met once. Each of {m} units meets all {n}."),
        (inputs, f"That is one unit. There are {m}."),
    ]  # fmt: skip
    return Draft(
        MACS,
        f"{stop.name} makes {m} numbers out of {n}, each out of all. {_ASKS_MACS}",
        (integer(stop.macs), f"{m} units, {n} products each: {integer(stop.macs)}. Each weight is used once."),
        tuple((integer(number), why) for number, why in numbers),
    )  # fmt: skip


def _per_kernel(stop: Stop) -> int | None:
    """Weights of a kernel; ``None`` where the layer's figures are not those of kernels with a bias each."""
    if stop.window is None:
        return None
    per = stop.input_shape[0] // stop.window.groups * stop.window.kernel**2
    weights = stop.output_shape[0] * per
    usual = stop.params == weights + stop.output_shape[0]
    return per if usual and stop.macs == weights * prod(stop.output_shape[1:]) else None


def _conv(stop: Stop, window: Window) -> str:
    towers = f", in {window.groups} towers," if window.groups > 1 else ""
    kernels = f"{stop.output_shape[0]} kernels of {window.kernel}×{window.kernel}{towers}"
    return (
        f"{stop.name} lays {kernels} over {shape(stop.input_shape)}; "
        f"{shape(stop.output_shape)} comes out."
    )


def _factors(stop: Stop, window: Window) -> str:
    return f"{stop.input_shape[0] // window.groups}·{window.kernel}·{window.kernel}"
