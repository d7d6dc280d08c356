"""``tutor walk --plain`` and ``--md``: the walk as a page, made of one recorded pass."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from alexnet_tutor.cli import output
from alexnet_tutor.errors import ExitCode, TutorError

if TYPE_CHECKING:
    from alexnet_tutor.records import Mine, Place
    from alexnet_tutor.show.walk.plain import PlainStop, Told
    from alexnet_tutor.tracing.unit import Pass


def show(
    followed: Pass,
    start: Place | None,
    named: list[str],
    mine: Mine | None = None,
    *,
    markdown: bool,
) -> None:
    """Print the page.

    Args:
        followed: the pass.
        start: the first stop, and the value to stand on there; ``None``: the picture.
        named: options that name picture and network again.
        mine: how the learner's layers in it compare. Where they differ it is said, not raised.
        markdown: instead of plain text.

    Raises:
        TutorError: the network's own value of a stop is not what the layer's numbers give. The page
            was printed and says where.
    """
    from alexnet_tutor.show.terminal.document import MarkdownPage, PlainPage  # noqa: PLC0415
    from alexnet_tutor.show.walk.plain import page  # noqa: PLC0415

    stops = list(stops_of(followed, start or followed.strongest(followed.layers[0])))
    last = str(stops[-1].record.place)
    words = ["walk", "--from"] if mine else ["trace", "unit"]  # which knows no --mine
    blocks = page(followed.record, stops, shlex.join(["tutor", *words, last, *named]), mine)
    output.show(MarkdownPage(blocks) if markdown else PlainPage(blocks))
    taken = {one.last for one in mine.stand_ins} if mine else set()
    places = [stop.record.place for stop in stops if not stop.record.agrees]
    wrong = [str(place) for place in places if place.layer not in taken]
    if wrong:
        raise TutorError(
            f"By hand these are not what they are in the network: {' '.join(wrong)}.",
            "Rounding does not explain it: the layer computes something else.",
            ExitCode.FAILED,
        )


def stops_of(followed: Pass, start: Place) -> Iterator[PlainStop]:
    """From ``start`` to the last layer: there that very value, then the strongest of each."""
    from alexnet_tutor.show.walk.plain import PlainStop  # noqa: PLC0415

    for name in followed.layers[followed.layers.index(start.layer) :]:
        best = followed.strongest(name)
        place = start if name == start.layer else best
        yield PlainStop(
            record=followed.unit(place, 0),
            strongest=place == best or followed.value(place) == followed.value(best),
            layer=None if name == followed.layers[0] else followed.record.layer(name),
            told=_told(followed, name),
        )


def _told(followed: Pass, name: str) -> Told | None:
    """What there is to read about a layer; ``None`` of the input, and of what is none of the kit's."""
    from alexnet_tutor.layers import Layer  # noqa: PLC0415
    from alexnet_tutor.show.walk.plain import Told  # noqa: PLC0415

    if name == followed.layers[0]:
        return None
    module = followed.module(name)
    if not isinstance(module, Layer):
        return None
    return Told(module.page(), module.explain(followed.record.layer(name).input_shape[1:]))
