"""The name of one value, as a person writes it: ``conv5:37,6,6`` or ``fc6:812``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import Place

_PLACE = re.compile(r"([^:]+):\s*(-?[0-9]+(?:\s*,\s*-?[0-9]+)*)")
_MAP_AXES = ("channel", "row", "column")


def place_of(text: str, shapes: Mapping[str, Sequence[int]]) -> Place:
    """The place that ``text`` names.

    Args:
        text: layer:channel,row,column or layer:unit.
        shapes: of every layer's output, (C, H, W) or (features,).

    Raises:
        TutorError: it names none, or one outside; the message says what the range is.
    """
    match = _PLACE.fullmatch(text.strip())
    layer = match[1] if match else text.strip().partition(":")[0]
    if layer not in shapes:
        raise no_layer(layer, shapes)
    if match is None:
        raise TutorError(f"{text} names no value of {layer}.", _range(layer, shapes[layer]))
    index = tuple(int(number) for number in match[2].split(","))
    shape = shapes[layer]
    fits = len(index) == len(shape)
    if not fits or not all(0 <= at < size for at, size in zip(index, shape, strict=True)):
        raise TutorError(f"There is no value {Place(layer, index)}.", _range(layer, shape))
    return Place(layer, index)


def no_layer(layer: str, layers: Iterable[str]) -> TutorError:
    """There is no such layer; the message lists those there are."""
    return TutorError(f"There is no layer {layer!r}.", f"The layers are: {' '.join(layers)}.")


def _range(layer: str, shape: Sequence[int]) -> str:
    """How a value of the layer is named, and how far its numbers go."""
    axes = _MAP_AXES if len(shape) == len(_MAP_AXES) else ("unit",)
    ends = ", ".join(f"{axis} 0 to {size - 1}" for axis, size in zip(axes, shape, strict=True))
    return f"Write {layer}:{','.join(axes)}: {ends}."
