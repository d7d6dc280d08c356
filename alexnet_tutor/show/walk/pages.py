"""What covers the screen for a while: all keys, a layer's page, the sheet of maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from alexnet_tutor.records import Place
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.theme import DIM, STRONG
from alexnet_tutor.show.walk import keys
from alexnet_tutor.show.walk.lines import beside, written
from alexnet_tutor.show.walk.maps import Line, Look, shrunk
from alexnet_tutor.show.walk.panes import scale
from alexnet_tutor.show.walk.screen import Drawn, Spot, finished
from alexnet_tutor.show.walk.stand import Stand

_SMALL = (17, 8)  # cells and lines of a map on the sheet
_GAP = 2


@dataclass(slots=True)
class TextPage:
    """Lines to read, as many as fit; arrows scroll.

    Attributes:
        broken: the lines, of at most so many columns.
        lines: for the terminal as wide as it is.
        first: the number of the first in sight.
    """

    title: str
    broken: Callable[[int], Sequence[str]]
    lines: Sequence[str] = ()
    first: int = 0
    _width: int = field(default=0, repr=False)

    def do(self, word: str) -> Place | None:
        """Scroll; there is nothing to pick."""
        self.first += {"down": 1, "up": -1, "right": 10, "left": -10}.get(word, 0)
        return None

    def compose(self, width: int, height: int, look: Look) -> Drawn:
        """What is in sight."""
        if width != self._width:
            self.lines, self._width = self.broken(width), width
        room = height - 3
        self.first = min(max(0, self.first), max(0, len(self.lines) - room))
        shown = self.lines[self.first : self.first + room]
        lines = [written(self.title, STRONG), [], *(written(line) for line in shown)]
        more = "arrows scroll, " if len(self.lines) > room else ""
        return finished(Drawn(lines), (f"{more}Esc closes", DIM), width, height, look)


class Sheet:
    """All maps of a layer, strongest first, a page at a time; one is picked."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.layer = stand.place.layer
        peaks = stand.walked.peaks(self.layer)
        self.order = [int(n) for n in np.argsort(-peaks, kind="stable")]
        self.peaks = peaks
        self.chosen = self.order.index(stand.map)
        self._across = 1

    def do(self, word: str) -> Place | None:
        """Move over the maps; ``enter`` gives the strongest value of the one that is chosen."""
        if word == "scale":
            self.stand.do(word)
        if word == "enter":
            return self.stand.strongest(self.layer, self.order[self.chosen])
        step = {"right": 1, "left": -1, "down": self._across, "up": -self._across}.get(word, 0)
        if 0 <= self.chosen + step < len(self.order):
            self.chosen += step
        return None

    def pick(self, rank: int) -> Place:
        """The strongest value of the map of this rank."""
        self.chosen = rank
        return self.stand.strongest(self.layer, self.order[rank])

    def compose(self, width: int, height: int, look: Look) -> Drawn:
        """The page that the chosen map is on."""
        cells, rows = _SMALL
        self._across = max(1, (width + _GAP) // (cells + _GAP))
        down = max(1, (height - 3) // (rows + 1))
        per = self._across * down
        first = self.chosen // per * per
        count = len(self.order)
        title = f"{self.layer}: {numbers.counted(count, 'map')}, strongest first"
        title += f"; {first + 1} to {min(count, first + per)}"
        drawn = Drawn([written(title, STRONG), []])
        for start in range(first, min(count, first + per), self._across):
            ranks = range(start, min(count, start + self._across, first + per))
            for n, rank in enumerate(ranks):
                at = n * (cells + _GAP)
                drawn.spots += [
                    Spot(len(drawn.lines) + row, at, at + cells, f"pick {rank}")
                    for row in range(rows + 1)
                ]
            drawn.lines += beside([(self._map(rank, look), cells) for rank in ranks], _GAP)
        last = "arrows choose, Enter or a click picks, Esc closes"
        return finished(drawn, (last, DIM), width, height, look)

    def _map(self, rank: int, look: Look) -> list[Line]:
        number = self.order[rank]
        values = self.stand.walked.map(self.layer, number)
        here = rank == self.chosen
        caption = f"{'>' if here else ' '}{number}: {numbers.activation(float(self.peaks[number]))}"
        lines = shrunk(values[None], _SMALL, look, ends=scale(self.stand, self.layer, values))
        return [written(caption, "reverse" if here else ""), *lines]


def keys_page() -> TextPage:
    """All keys."""
    return TextPage("All keys", lambda _: keys.lines())
