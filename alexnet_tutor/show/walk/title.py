"""The first line of the walk: which picture, what the network says of it, and where the cursor stands."""

from __future__ import annotations

from rich.cells import cell_len

from alexnet_tutor.records import Walked
from alexnet_tutor.show.terminal.theme import ACCENT, DIM, STRONG, WRONG
from alexnet_tutor.show.terminal.view import clean, cut
from alexnet_tutor.show.walk.dropout import both
from alexnet_tutor.show.walk.stand import Stand

Parts = list[tuple[str, str]]  # text and style
_GAP, _COLON = "  ", ": "
_LEAST = 8  # cells of a picture's name


def title(stand: Stand, width: int) -> Parts:
    """Of two pictures both, a mark before the one that is shown; where both have no room, that one."""
    place = str(stand.place)
    room = width - len(place) - len(_GAP)
    parts: Parts = []
    for number, walked in enumerate(stand.pictures):
        shown = number == stand.shown
        parts += [(_GAP, "")] if parts else []
        parts += _picture(stand.walked if shown else walked, shown=shown)
    if len(stand.pictures) == 1 or _length(parts) > room:
        parts = _alone(stand, room)
    gap = " " * (width - _length(parts) - len(place))
    return [*parts, (gap, ""), (place, ACCENT)]


def _picture(walked: Walked, *, shown: bool) -> Parts:
    """One of two."""
    answer, style = _answer(walked)
    name = f"{'>' if shown else ' '}{clean(walked.picture)}: "
    return [(name, STRONG if shown else DIM), (answer, style if shown else DIM)]


def _alone(stand: Stand, room: int) -> Parts:
    """The picture that is shown, which of how many it is, its name cut to fit."""
    answer, style = _answer(stand.walked)
    count = len(stand.pictures)
    which = f"{stand.shown + 1}/{count} " if count > 1 else ""
    answer = cut(answer, max(0, room - _LEAST - len(which)))
    named = cut(clean(stand.walked.picture), room - cell_len(answer) - len(which) - len(_COLON))
    return [(which, STRONG), (f"{named}{_COLON}", ""), (answer, style)]


def _answer(walked: Walked) -> tuple[str, str]:
    """The network's answer, and its style."""
    return both(walked), STRONG if walked.trained else WRONG


def _length(parts: Parts) -> int:
    return sum(cell_len(text) for text, _ in parts)
