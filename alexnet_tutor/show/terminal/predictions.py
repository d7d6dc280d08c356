"""What ``tutor predict`` shows: a row for each picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rich.cells import cell_len, set_cell_size
from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import ImageFacts, Prediction
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.bars import prediction_bars
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.table import Column, Table
from alexnet_tutor.show.terminal.theme import DIM, STRONG
from alexnet_tutor.show.terminal.trace import UNTRAINED
from alexnet_tutor.show.terminal.view import View, clean, cut, loud, next_line, weights_line

_LEAST_NAME = 20


@dataclass(frozen=True, slots=True)
class PredictionsView(View):
    """What a network takes each picture for.

    Attributes:
        rows: each picture with its classes, most probable first.
        weights: the file they came from, ``None`` when they are untrained.
    """

    rows: Sequence[tuple[ImageFacts, Sequence[Prediction]]]
    weights: str | None
    next_command: str

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """One picture: its bars. Several: a table."""
        one = len(self.rows) == 1
        if one:
            image, top = self.rows[0]
            best = f"{clean(top[0].label)} {numbers.percent(top[0].probability)}"
            said = (best, STRONG) if self.weights else "untrained network"
            yield Text.assemble(f"{clean(image.path)}: ", said)
        yield weights_line(self.weights) if self.weights else loud(UNTRAINED)
        if one:
            yield prediction_bars(top)
        else:
            yield from self._table(screen.width)
        yield Text()
        yield next_line(self.next_command)

    def _table(self, width: int) -> Iterator[RenderableType]:
        """As many places as fit beside the names, the first always; then which are left out."""
        count = max(len(top) for _, top in self.rows)
        places = [
            Column(_ordinal(place + 1), _cells([top[place : place + 1] for _, top in self.rows]), left=True)
            for place in range(count)
        ]  # fmt: skip
        room = max(_LEAST_NAME, width - sum(column.width + 1 for column in places))
        files = [cut(clean(image.path), room, front=True) for image, _ in self.rows]
        names = Column("file", files, left=True)
        ends = accumulate([names.width, *(column.width + 1 for column in places)])
        fitting = max(1, sum(end <= width for end in ends) - 1)
        yield Table([names, *places[:fitting]])
        if fitting < count:
            first, last = places[fitting].name, places[-1].name
            gone = first if first == last else f"{first} to {last}"
            yield Text(f"Not shown at this width: {gone} (--json has them).", style=DIM)


def _ordinal(place: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{place}{'th' if 10 < place % 100 < 14 else endings.get(place % 10, 'th')}"


def _cells(items: Sequence[Sequence[Prediction]]) -> list[str]:
    """Labels left, percents right, under one another; empty where a picture has no such place."""
    longest = max((cell_len(clean(item.label)) for found in items for item in found), default=0)
    return [
        "".join(
            f"{set_cell_size(clean(item.label), longest)} {numbers.percent(item.probability):>6}"
            for item in found
        )
        for found in items
    ]
