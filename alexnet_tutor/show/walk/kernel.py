"""The kernel at work on the value under the cursor: patch × kernel = products, a channel at a time."""

from __future__ import annotations

import numpy as np

from alexnet_tutor.records import KernelRecord, Place, SumWork
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.terminal.theme import DIM, STRONG
from alexnet_tutor.show.terminal.view import cut
from alexnet_tutor.show.walk import grids
from alexnet_tutor.show.walk.lines import beside, written
from alexnet_tutor.show.walk.maps import Line, Look
from alexnet_tutor.show.walk.said import PADDING
from alexnet_tutor.show.walk.screen import LEAST, Drawn, finished, too_small
from alexnet_tutor.show.walk.stand import Stand
from alexnet_tutor.show.walk.subtotals import subtotal_lines

_HINT = "arrows a number  i u channel  [ ] kernel  j term  Enter steps back  Esc closes"
_GAP = 3
_NARROWEST = 30  # columns that the sums of the channels take beside the pictures
_AROUND, _FEWEST = 4, 6  # lines: title, term, blank and the last; at least of the sums below
_PICTURES = 12  # lines of the pictures without numbers, at most: 11 rows and the caption
_UNDER = 8  # lines under them: the cursor's row of each, a blank, the fewest that three sums take

_NONE = {
    "input": "This is a pixel: no kernel made it.",
    "pool": "{layer} has no kernel: the {count} candidates below are already the whole of it.",
    "linear": "{layer} has no window: a weight for each of {count} inputs; the largest are below.",
    "relu": "{layer} has no kernel: one value goes in, and it comes out or 0 does.",
    "lrn": "{layer} has no kernel: it reads {count} maps at this one pixel, and has no weights.",
    "flatten": "{layer} has no kernel: it gives a value another place.",
    "dropout": "{layer} has no kernel: it lets a value pass or drops it.",
    "softmax": "{layer} has no kernel: the exponents of all {count} classes are its sum.",
}


def kernel_page(stand: Stand) -> KernelPage | None:
    """The page; where the layer has no kernel the last line says why."""
    kernel = stand.walked.kernel(stand.place, stand.channel) if stand.before else None
    if kernel is not None:
        return KernelPage(stand, kernel)
    told = _NONE.get(stand.record.kind, "{layer} has no kernel.")
    stand.said = told.format(layer=stand.place.layer, count=f"{stand.record.count:,}")
    return None


class KernelPage:
    """One channel's products and the sums of all; a small cursor on one product.

    Attributes:
        cursor: (row, column) of the kernel.
    """

    def __init__(self, stand: Stand, kernel: KernelRecord) -> None:
        self.stand = stand
        largest = int(np.abs(np.nan_to_num(kernel.products)).argmax())
        self.cursor = divmod(largest, kernel.weight.shape[1])
        self._to_term()

    @property
    def kernel(self) -> KernelRecord:
        """Of the channel that is shown."""
        found = self.stand.walked.kernel(self.stand.place, self.stand.channel)
        assert found is not None
        return found

    def do(self, word: str) -> Place | None:
        """Move, or show another channel, kernel or term; ``enter`` gives the place under the cursor."""
        self.stand.said = ""
        what = word.partition(" ")[0]
        if what in ("input", "map", "mark"):
            self.stand.do(word)
        if what == "mark":
            self._to_term()
        if what == "enter":
            return self._entered()
        down, across = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}.get(
            what, (0, 0)
        )
        rows, columns = self.kernel.weight.shape
        row, column = self.cursor
        self.cursor = min(max(0, row + down), rows - 1), min(max(0, column + across), columns - 1)
        return None

    def _entered(self) -> Place | None:
        place = self.kernel.at(*self.cursor)
        if place is None:
            self.stand.said = PADDING
        return place

    def _to_term(self) -> None:
        """Put the cursor on the marked term, where it lies in the channel that is shown."""
        term, kernel = self.stand.term, self.kernel
        if term is None or term.at is None or term.at.index[0] != kernel.channel:
            return
        _, row, column = term.at.index
        if row in kernel.rows and column in kernel.columns:
            self.cursor = kernel.rows.index(row), kernel.columns.index(column)

    def compose(self, width: int, height: int, look: Look) -> Drawn:
        """The page as large as the terminal."""
        if width < LEAST[0] or height < LEAST[1]:
            return too_small(width, height)
        kernel = self.kernel
        title = written(cut(self._title(kernel), width), STRONG)
        lines = [title, written(cut(self._term(kernel), width)), []]
        lines += self._body(kernel, (width, height - _AROUND), look)
        last = (self.stand.said, STRONG) if self.stand.said else (_HINT, DIM)
        return finished(Drawn(lines), last, width, height, look)

    def _title(self, kernel: KernelRecord) -> str:
        inputs = self.stand.inputs
        rank = inputs.index(kernel.channel) + 1
        order = f"number {rank} of {len(inputs)} by size" if len(inputs) > 1 else "the only one"
        return (
            f"{self.stand.place}: what channel {kernel.channel} of {kernel.before} gives, {order}"
        )

    def _term(self, kernel: KernelRecord) -> str:
        """The product under the cursor, in full."""
        x, weight = (float(values[self.cursor]) for values in (kernel.patch, kernel.weight))
        place = kernel.at(*self.cursor) or "padding"
        row, column = self.cursor
        product = number(x * weight)
        sign = "" if product.startswith("-") or x * weight == 0 else "+"
        return (
            f"row {row}, column {column}: {place}  {number(x)} × {number(weight)} = {sign}{product}"
        )

    def _body(self, kernel: KernelRecord, size: tuple[int, int], look: Look) -> list[Line]:
        """Numbers side by side, else one over the other, else pictures and the cursor's row of numbers."""
        width, room = size
        unit, side = self.stand.map, kernel.weight.shape[0] + 1
        found = grids.widest(kernel, unit, width, stacked=False)
        if found and side + 1 + _FEWEST <= room:
            return self._with_sums(grids.side_by_side(found, self.cursor, look), size, look)
        found = grids.widest(kernel, unit, width - _GAP - _NARROWEST, stacked=True)
        if found and 3 * side <= room:
            drawn = [line for grid in found for line in grid.lines(self.cursor, look)]
            return self._with_sums(drawn, size, look)
        found = grids.fitting(kernel, unit, width - 1)
        drawn = grids.pictures(found, self.cursor, (width, min(_PICTURES, room - _UNDER)), look)
        row = grids.row_of(found, self.cursor, width)
        return self._with_sums([*drawn, *row], size, look)

    def _with_sums(self, drawn: list[Line], size: tuple[int, int], look: Look) -> list[Line]:
        """The sums of the channels beside what is drawn or below it, where there is more room."""
        width, room = size
        used = max(sum(part.cell_length for part in line) for line in drawn)
        left = width - used - _GAP
        below = left < _NARROWEST or width * (room - len(drawn) - 1) > left * room
        place = (width, room - len(drawn) - 1) if below else (left, room)
        record = self.stand.record
        assert isinstance(record.work, SumWork)
        assert record.work.channels is not None
        first = record.work.channels[0]
        sums = {channel: record.work.subtotals[channel - first] for channel in self.stand.inputs}
        told = subtotal_lines(record, sums, self.stand.channel, place, look)
        if below:
            return [*drawn, [], *told]
        return beside([(drawn, used), (told, left)], _GAP)
