"""What can be asked of shapes: the geometry answers."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from alexnet_tutor.errors import TutorError
from alexnet_tutor.geometry import output_size
from alexnet_tutor.records import FlattenWork, LrnWork, Stop, Walked, Window
from alexnet_tutor.show.numbers import integer, shape
from alexnet_tutor.show.walk.drafts import SHAPE, Answer, Draft
from alexnet_tutor.show.walk.peaks import strongest


def conv_shape(_: Walked, stop: Stop, _before: Stop, /) -> Draft | None:
    """How large the maps of a convolution are, and how many."""
    window = stop.window
    if window is None:
        return None
    channels, maps = stop.input_shape[0], stop.output_shape[0]
    kernel, stride, padding = window.kernel, window.stride, window.padding
    wrong: list[Answer] = []
    if padding:
        none = Window(kernel, stride, 0)
        wrong += _sized(maps, stop, none, f"The padding is forgotten: {{}}. It lays {padding} of zeros on each side, so that more windows fit.")  # fmt: skip
    if stride > 1:
        wrong += _sized(maps, stop, Window(kernel, 1, padding), f"The stride is forgotten: {{}} places if the window moved by 1. It moves by {stride}.")  # fmt: skip
    sides = stop.output_shape[1:]
    wrong += [
        (shape((channels, *sides)), f"{channels} is the number of maps that come in. Each kernel makes one map out of all that it sees: {maps} kernels, {maps} maps."),
        (shape((maps, *(side - 1 for side in sides))), "The + 1 is forgotten: the division counts the steps, and the place before the first step counts too."),
        (shape((channels * maps, *sides)), "A kernel does not make a map for each channel: it adds up over all channels that it sees."),
    ]  # fmt: skip
    side = f"kernels of {kernel}×{kernel}, stride {stride}, padding {padding}"
    towers = f", in {window.groups} towers" if window.groups > 1 else ""
    return Draft(
        SHAPE,
        f"{stop.name} lays {maps} {side}{towers}, over {shape(stop.input_shape)}. What shape comes out?",
        (shape(stop.output_shape), f"{_rules(stop, window)}; and one map per kernel: {maps}."),
        tuple(wrong),
    )


def pool_shape(_: Walked, stop: Stop, _before: Stop, /) -> Draft | None:
    """How large pooled maps are."""
    window = stop.window
    if window is None:
        return None
    maps, *sides = stop.input_shape
    kernel, stride = window.kernel, window.stride
    wrong: list[Answer] = []
    if stride < kernel:
        wrong += _sized(maps, stop, Window(kernel, kernel), f"As if windows lay side by side: {{}}. They begin every {stride} cells, so that neighbours overlap.")  # fmt: skip
    if stride > 1:
        wrong += _sized(maps, stop, Window(kernel, 1), f"The stride is forgotten: {{}} places if the window moved by 1. It moves by {stride}.")  # fmt: skip
    halved = [-(-side // stride) for side in sides]
    wrong += [
        (shape((maps, *halved)), f"As if {sides[0]} were only divided by {stride}. The last window must fit as well: {_rules(stop, window)}."),
        (shape((maps, *(side - 1 for side in stop.output_shape[1:]))), "The + 1 is forgotten: the division counts the steps, and the place before the first step counts too."),
    ]  # fmt: skip
    if maps >= kernel:
        pooled = output_size(maps, kernel, stride)
        wrong.append((shape((pooled, *stop.output_shape[1:])), "As if maps were pooled as well. Each map is pooled by itself, and as many come out as go in."))  # fmt: skip
    return Draft(
        SHAPE,
        f"{stop.name} keeps the largest value of each {kernel}×{kernel} window, stride {stride}, of {shape(stop.input_shape)}. What shape comes out?",
        (shape(stop.output_shape), f"{_rules(stop, window)}; each of the {maps} maps by itself."),
        tuple(wrong),
    )


def lrn_shape(walked: Walked, stop: Stop, _: Stop, /) -> Draft | None:
    """That normalising across maps loses none of them."""
    work = walked.unit(strongest(walked, stop)).work
    if not isinstance(work, LrnWork) or work.size < 2 or len(stop.input_shape) != 3:
        return None
    maps, *sides = stop.input_shape
    n, edge = work.size, 2 * (work.size // 2)
    wrong: list[Answer] = []
    if maps > edge:
        wrong.append((shape((maps - edge, *sides)), f"As if the window had to fit: the first {n // 2} maps and the last {n // 2} would be lost. There it is cut off instead, and sums fewer squares."))  # fmt: skip
    if min(sides) > edge:
        wrong.append((shape((maps, *(side - edge for side in sides))), f"As if the window of {n} lay on rows and columns. It goes across the maps, at one row and column."))  # fmt: skip
    wrong.append((shape((-(-maps // n), *sides)), f"As if {n} maps became one. Each value stays, divided by what its neighbours make of it."))  # fmt: skip
    return Draft(
        SHAPE,
        f"{stop.name} divides each value by what {n} neighbouring maps have at its place. {shape(stop.input_shape)} goes in. What shape comes out?",
        (shape(stop.output_shape), "Each value is divided where it stands: nothing comes and nothing goes."),
        tuple(wrong),
    )  # fmt: skip


def flatten_shape(_: Walked, stop: Stop, _before: Stop, /) -> Draft | None:
    """How many numbers the row has."""
    if len(stop.input_shape) != 3:
        return None
    channels, height, width = stop.input_shape
    numbers = [
        (height * width, f"{height}·{width} is one map. The row holds all {channels}, one after the other."),
        (channels, f"As if one number were kept of each map. All {height}·{width} of each are."),
        (channels + height + width, "The sides are added. A block has as many numbers as their product."),
        (channels * height, f"One side is forgotten: {channels}·{height} is the number of lines, {width} numbers each."),
    ]  # fmt: skip
    return Draft(
        SHAPE,
        f"{stop.name} lays {shape(stop.input_shape)} out in a row. How many numbers has it?",
        (
            shape(stop.output_shape),
            f"{channels}·{height}·{width} = {integer(prod(stop.input_shape))}: none is left out.",
        ),
        tuple((integer(number), why) for number, why in numbers),
    )


def flatten_place(walked: Walked, stop: Stop, before: Stop, /) -> Draft | None:
    """Where in the row a value comes to stand."""
    record = walked.unit(strongest(walked, stop))
    (term,) = record.terms
    if not isinstance(record.work, FlattenWork) or term.at is None or len(term.at.index) != 3:
        return None
    (channels, height, width), (channel, row, column) = record.work.shape, term.at.index
    whole = f"{channel}·{height * width} + {row}·{width} + {column}"
    numbers = [
        ((row * width + column) * channels + channel, f"({row}·{width} + {column})·{channels} + {channel}: as if each spot listed its {channels} maps. PyTorch goes map by map."),
        (channel * height * width + column * height + row, f"{channel}·{height * width} + {column}·{height} + {row}: column by column. A map is read row by row."),
        (row * width + column, f"{row}·{width} + {column}: the place in its own map. {channel} whole maps stand before it."),
        (channel + row + column, "The three numbers are only added. A map holds many numbers, a row several."),
    ]  # fmt: skip
    return Draft(
        SHAPE,
        f"{before.name} is {shape(stop.input_shape)}. Its value in channel {channel}, row {row}, column {column} goes into the row of {stop.name}. To which place, counted from 0?",
        (integer(record.place.index[0]), f"{whole} = {integer(record.place.index[0])}: whole maps, then whole rows, then cells."),
        tuple((integer(number), why) for number, why in numbers),
    )  # fmt: skip


def _sized(maps: int, stop: Stop, window: Window, why: str) -> list[Answer]:
    """The shape that another window would give, where it fits."""
    try:
        sides = [_side(side, window) for side in stop.input_shape[1:]]
    except TutorError:
        return []
    return [(shape((maps, *sides)), why.format(_rules(stop, window)))]


def _side(size: int, window: Window) -> int:
    return output_size(size, window.kernel, window.stride, window.padding)


def _rules(stop: Stop, window: Window) -> str:
    """``⌊(27 + 2·2 − 5) / 1⌋ + 1 = 27``, of rows and columns where they differ."""
    sides: Sequence[int] = list(dict.fromkeys(stop.input_shape[1:]))
    pad = f" + 2·{window.padding}" if window.padding else ""
    rules = [
        f"⌊({side}{pad} − {window.kernel}) / {window.stride}⌋ + 1 = {_side(side, window)}"
        for side in sides
    ]
    return " and ".join(rules)
