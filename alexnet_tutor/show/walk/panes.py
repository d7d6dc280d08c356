"""The three panes: the layer's input with the window, its output with the cursor, the picture with the box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from alexnet_tutor.records import Box, Stop
from alexnet_tutor.records.walk_layer import span
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.view import clean, cut
from alexnet_tutor.show.walk.maps import Lie, Line, Look, draw, lie, shrunk
from alexnet_tutor.show.walk.stand import Stand

Size = tuple[int, int]  # cells, lines
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Pane:
    """A caption of one line, the lines under it, and how the map lies there."""

    caption: str
    lines: list[Line]
    lie: Lie | None = None


def after(stand: Stand, pane: Size, look: Look) -> Pane:
    """The map of the output that the cursor stands in."""
    stop, index = stand.stop, stand.place.index
    if stand.is_bars(stop):
        return bars(stand, stop, index[0], stand.walked.map(stop.name, 0), pane, look)
    if len(index) == 1:
        return _vector(stand, stop, index[0], pane, look, own=True)
    values = stand.walked.map(stop.name, index[0])
    at = (index[1], index[2])
    place = lie(_shape(values), pane, at, look)
    ends = scale(stand, stop.name, values)
    lines = draw(values, place, look, ends=ends, cursor=at)
    return Pane(_caption(stand, stop.name, f"map {index[0]}", ends, pane[0]), lines, place)


def before(stand: Stand, pane: Size, look: Look) -> Pane:
    """A map of the input, what the value sees of it framed, the marked term in it."""
    stop, term = stand.before, stand.term
    if stop is None:
        return Pane("nothing comes before it", [])
    at = None if term is None or term.at is None else term.at.index
    if len(stop.output_shape) == 1:
        unit = at[0] if at else 0
        if stand.is_bars(stop):
            return bars(stand, stop, unit, stand.walked.map(stop.name, 0), pane, look)
        return _vector(stand, stop, unit, pane, look, own=False)
    channel = stand.channel
    values = stand.walked.map(stop.name, channel)
    here = (at[1], at[2]) if at is not None and at[0] == channel else None
    window = stand.record.window
    focus = _middle(window) if window else (here or (0, 0))
    place = lie(_shape(values), pane, focus, look)
    ends = scale(stand, stop.name, values)
    lines = draw(values, place, look, ends=ends, box=window, other=here)
    return Pane(_caption(stand, stop.name, f"channel {channel}", ends, pane[0]), lines, place)


def picture(stand: Stand, pane: Size, look: Look) -> Pane:
    """The prepared picture, and what the value sees of it: at the edge ``115×163 of 163×163``."""
    box, whole = stand.record.clipped, stand.record.box
    pixels = stand.walked.pixels
    if box is None:
        caption = "the picture"
    elif box == (0, 0, pixels.shape[1] - 1, pixels.shape[2] - 1):
        caption = "it sees the whole picture"
    else:
        cut_off = whole not in (None, box) and len(stand.stop.output_shape) == 3
        caption = f"it sees {_size(box)} {f'of {_size(whole)}' if whole and cut_off else 'pixels'}"
    return Pane(caption, shrunk(pixels, pane, look, box, grey=True))


def squared(values: NDArray[np.floating], columns: int) -> NDArray[np.float64]:
    """Units line by line, (features,) -> (H, columns), NaN where there are no more."""
    filled = np.full(-(-len(values) // columns) * columns, np.nan)
    filled[: len(values)] = values
    return filled.reshape(-1, columns)


def _vector(stand: Stand, stop: Stop, unit: int, pane: Size, look: Look, *, own: bool) -> Pane:
    """Units line by line, said to be no neighbourhood where there is room."""
    values = stand.walked.map(stop.name, 0)
    columns = stand.columns(stop)
    square, at = squared(values, columns), divmod(unit, columns)
    place = lie(_shape(square), pane, at, look)
    cursor, other = (at, None) if own else (None, at)
    ends = scale(stand, stop.name, values)
    lines = draw(square, place, look, ends=ends, cursor=cursor, other=other)
    long = f"{stop.name}, no neighbourhood: {numbers.interval(*ends)}"
    short = f"{stop.name}: {numbers.interval(*ends)}"
    return Pane(long if len(long) <= pane[0] else short, lines, place)


def bars(
    stand: Stand,
    stop: Stop,
    unit: int,
    values: NDArray[np.floating],
    pane: Size,
    look: Look,
    most: float | None = None,
) -> Pane:
    """A line per unit, (features,); those around ``unit`` where there are more than fit.

    ``most`` is the value of a whole bar; unset it is the largest.
    """
    cells, room = pane
    first = min(max(0, unit - room // 2), max(0, len(values) - room))
    chosen = range(first, min(len(values), first + room))
    most = max(span(values)[1] if most is None else most, 1e-30)
    names = [class_name(stand, stop, n) or f"unit {n}" for n in chosen]
    written = [numbers.activation(float(values[n])) for n in chosen]
    longest = max(map(len, written))
    room_for_names = max(1, cells - longest - _SHORTEST - 3)
    if len({cut(name, room_for_names) for name in names}) < len(names):
        names = [str(n) for n in chosen]  # cut names that are all alike tell nothing
    label = min(max(map(cell_len, names)), room_for_names)
    length = cells - label - longest - 3
    lines: list[Line] = []
    for n, name, value in zip(chosen, names, written, strict=True):
        share = max(0.0, float(np.nan_to_num(values[n])) / most)
        bar = ("#" if look.ascii_only else "█") * round(length * min(1.0, share))
        sign = ">" if n == unit else " "
        text = f"{sign}{set_cell_size(name, label)} {bar:<{length}} {value:>{longest}}"
        lines.append([Segment(text, Style(bold=n == unit))])
    return Pane(stop.name, lines, Lie(2 if look.colour else 1, first, 0, len(chosen), cells))


def class_name(stand: Stand, stop: Stop, unit: int) -> str:
    """The class that a unit of the last two layers stands for; empty where it is none, or has no name."""
    labels = stand.walked.labels
    known = stop.name in stand.names[-2:] and unit < len(labels)
    return clean(labels[unit]) if known else ""


def _caption(stand: Stand, name: str, which: str, ends: tuple[float, float], cells: int) -> str:
    """The map and the ends of its scale; where it is narrow ``relu4:365`` for ``relu4 channel 365``."""
    told = numbers.interval(*ends)
    long = f"{name} {which}: {told}{' by layer' if stand.by_layer else ''}"
    return long if len(long) <= cells else f"{name}:{which.split()[1]}: {told}"


def scale(stand: Stand, name: str, values: NDArray[np.float32]) -> tuple[float, float]:
    """The ends of a layer's colours, by map or by layer: from zero where nothing is below it."""
    low, high = stand.walked.ends(name) if stand.by_layer else span(values)
    return min(0.0, low), high


def _size(box: Box) -> str:
    return f"{box[2] - box[0] + 1}×{box[3] - box[1] + 1}"


def _shape(values: NDArray[np.floating]) -> tuple[int, int]:
    return values.shape[0], values.shape[1]


def _middle(box: Box) -> tuple[int, int]:
    return (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
