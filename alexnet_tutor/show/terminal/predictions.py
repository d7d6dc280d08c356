"""What ``tutor predict`` shows: a row for each picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import ImageFacts, Prediction
from alexnet_tutor.show.terminal import numbers
from alexnet_tutor.show.terminal.bars import prediction_bars
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.table import Column, Table
from alexnet_tutor.show.terminal.theme import STRONG
from alexnet_tutor.show.terminal.trace import UNTRAINED
from alexnet_tutor.show.terminal.view import View, clean, loud, next_line

_PLACES = ("first", "second", "third")
_CLASSES_WIDTH, _LEAST_NAME = 58, 20


@dataclass(frozen=True, slots=True)
class PredictionsView(View):
    """What a network takes each picture for.

    Attributes:
        rows: each picture with its classes, most probable first.
        trained: whether the weights came from a file.
    """

    rows: Sequence[tuple[ImageFacts, Sequence[Prediction]]]
    trained: bool
    next_command: str

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """One picture: its bars. Several: a table."""
        if not self.trained:
            yield loud(UNTRAINED)
        if len(self.rows) == 1:
            image, top = self.rows[0]
            best = f"{clean(top[0].label)} {numbers.percent(top[0].probability)}"
            yield Text.assemble(f"{clean(image.path)}: ", (best, STRONG if self.trained else ""))
            yield prediction_bars(top)
        else:
            yield self._table(screen.width)
        yield Text()
        yield next_line(self.next_command)

    def _table(self, width: int) -> Table:
        files = [_shortened(clean(image.path), width - _CLASSES_WIDTH) for image, _ in self.rows]
        columns = [Column("file", files, left=True)]
        for place, name in enumerate(_PLACES):
            items = [top[place] if place < len(top) else None for _, top in self.rows]
            columns.append(Column(name, _cells(items), left=True))
        return Table(columns, ("third", "second"))


def _cells(items: Sequence[Prediction | None]) -> list[str]:
    """Labels left, percents right, under one another."""
    longest = max((cell_len(clean(item.label)) for item in items if item), default=0)
    return [
        f"{set_cell_size(clean(item.label), longest)} {numbers.percent(item.probability):>6}"
        if item
        else ""
        for item in items
    ]


def _shortened(path: str, room: int) -> str:
    """The end of a long path: that is where pictures differ."""
    room = max(room, _LEAST_NAME)
    return path if len(path) <= room else "…" + path[1 - room :]
