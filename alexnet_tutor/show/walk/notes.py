"""Six short notes for a first time, each for the moment at which it helps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alexnet_tutor.records import Place, SumWork
from alexnet_tutor.show.walk.stand import Stand


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the learner stands, and how they came there.

    Attributes:
        stand: where they stand.
        word: what the last key does; empty before the first.
        before: where they stood when the last screen was drawn.
    """

    stand: Stand
    word: str = ""
    before: Place | None = None

    @property
    def moved(self) -> bool:
        """Whether the cursor moved over the values of a layer."""
        moves = self.word in ("left", "right", "up", "down", "click")
        return moves and self.before is not None and self.before != self.stand.place

    @property
    def stepped_back(self) -> bool:
        """Whether this value is a term of the one where they stood."""
        fed = self.before is not None and self.before.layer != self.stand.place.layer
        return fed and self.word in ("enter", "path")

    @property
    def pads(self) -> bool:
        """Whether some of what the value sums up lies in the padding."""
        work = self.stand.record.work
        return isinstance(work, SumWork) and work.padded > 0


@dataclass(frozen=True, slots=True)
class Note:
    """A note.

    Attributes:
        name: by which it is remembered.
        when: whether this is the moment for it.
    """

    name: str
    text: str
    when: Callable[[Moment], bool]


NOTES = (
    Note(
        "panes",
        "Left: what goes in, what this value sees of it framed. Middle: what comes out, the cursor on a value. Right: the picture. Below: the sum. ? lists the keys.",
        lambda _: True,
    ),
    Note(
        "moved",
        "Another place, the same arithmetic with other numbers: the sum below is this value's own. ✓ says that by hand it comes out as well.",
        lambda moment: moment.moved,
    ),
    Note(
        "back",
        "You stepped back: this value went into the one where you were. Step by step Enter leads to the pixels; Backspace returns.",
        lambda moment: moment.stepped_back,
    ),
    Note(
        "padding",
        "Part of what this value sees lies beyond the border. There stands padding: zeros that no layer made, so these terms give nothing.",
        lambda moment: moment.pads,
    ),
    Note(
        "row",
        "From here on numbers stand in a row. They are drawn line by line to fit: neighbours on the screen have nothing to do with one another.",
        lambda moment: moment.stand.stop.kind in ("flatten", "linear"),
    ),
    Note(
        "softmax",
        "Here scores become probabilities: e to the power of each, divided by the sum of all. Only the distance between two scores counts.",
        lambda moment: moment.stand.stop.kind == "softmax",
    ),
)

NAMES = frozenset(note.name for note in NOTES)
