"""Right and wrong: the map under the cursor beside what known mistakes of the course make of it."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.records import Mistaken, Place
from alexnet_tutor.records.walk_layer import span
from alexnet_tutor.show import numbers
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.terminal.theme import DIM, STRONG
from alexnet_tutor.show.terminal.view import cut, spelt_out
from alexnet_tutor.show.walk.lines import beside, written
from alexnet_tutor.show.walk.maps import Line, Look, draw, lie, shrunk
from alexnet_tutor.show.walk.panes import bars, squared
from alexnet_tutor.show.walk.screen import Drawn, finished
from alexnet_tutor.show.walk.stand import Stand

WORKING = "Working: the course's known mistakes run on this layer…"
NONE_SHOWS = "No mistake that the course knows shows here."
_GAP, _FEWEST = 2, 8  # cells between maps; lines of a map before sentences leave
_CLASSES = 10  # lines of bars before they do
_HEAD, _FOOT = 4, 2  # lines above the maps, and below the sentences with the one above them
_LETTERS, _HERE = "ABC", " here"
Floats = NDArray[np.floating]


class Wrongs:
    """The right map and the mistaken ones, all on the scale of the right one."""

    def __init__(self, stand: Stand, found: Sequence[Mistaken]) -> None:
        self.stand, self.place, self.stop, self.found = stand, stand.place, stand.stop, found
        mine = stand.walked.mine
        own = mine.kits.get(self.place.layer) if mine else None
        if own is None:
            self.right: Floats = stand.walked.map(self.place.layer, stand.map)
        else:
            self.right = own[stand.map] if own.ndim == 3 else own
        self.at = self.place.index[-2:] if len(self.place.index) == 3 else self.place.index

    def do(self, _word: str) -> Place | None:
        """There is nothing to pick."""
        return None

    def compose(self, width: int, height: int, look: Look) -> Drawn:
        """Captions, the maps beside one another, a sentence for each mistake."""
        count = len(self.found) + 1
        cells = (width - _GAP * (count - 1)) // count
        fewest, most = _FEWEST, (cells + 1) // 2
        if self.stand.is_bars(self.stop):
            most = self.stop.output_shape[0]
            fewest = min(most, _CLASSES)
        texts = self._texts(width, look, whole=True)
        if height - _HEAD - len(texts) - _FOOT < fewest:
            texts = self._texts(width, look, whole=False)
        lines = max(1, min(most, height - _HEAD - len(texts) - _FOOT))
        panes = [self._pane("right", self.right, cells, lines, look)]
        for letter, one in zip(_LETTERS, self.found, strict=False):
            panes.append(self._pane(letter, one.values, cells, lines, look, one.shape))
        title = f"{self.place}: right, and as {numbers.counted(count - 1, 'known mistake')} "
        title += "make it" if count > 2 else "makes it"
        rows = [written(cut(title, width), STRONG), []]
        rows += beside([(pane, cells) for pane in panes], _GAP, lines + _HEAD - 2)
        rows += [[], *map(written, texts)]
        return finished(Drawn(rows[: height - 1]), ("w or Esc closes", DIM), width, height, look)

    def _pane(
        self,
        name: str,
        values: Floats | None,
        cells: int,
        lines: int,
        look: Look,
        shape: tuple[int, ...] = (),
    ) -> list[Line]:
        """Two captions and a map; of another shape that shape."""
        if values is None:
            told = _in_place_of(shape, (1, *self.stop.output_shape))
            head = written(cut(f"{name}: another shape", cells), STRONG)
            return [head, *map(written, wrap(told, cells))]
        here = f"{name}: {number(float(values[self.at]))}"
        named = len(self.at) == 1 and self.stand.is_bars(self.stop)
        here += "" if named or len(here) + len(_HERE) > cells else _HERE
        captions = [
            written(cut(here, cells), STRONG),
            written(cut(_ends(values), cells), DIM),
        ]
        return captions + self._drawn(values, (cells, lines), look)

    def _drawn(self, values: Floats, pane: tuple[int, int], look: Look) -> list[Line]:
        low, high = span(self.right)
        ends, at = (min(0.0, low), high), self.at
        if len(at) == 1:
            if self.stand.is_bars(self.stop):
                return bars(self.stand, self.stop, at[0], values, pane, look, high).lines
            columns = self.stand.columns(self.stop)
            values, at = squared(values, columns), divmod(at[0], columns)
        place = lie((values.shape[0], values.shape[1]), pane, (at[0], at[1]), look)
        if (place.height, place.width) == values.shape:
            return draw(values, place, look, ends=ends, cursor=(at[0], at[1]))
        return shrunk(values[None], pane, look, (at[0], at[1], at[0], at[1]), ends)

    def _texts(self, width: int, look: Look, *, whole: bool) -> list[str]:
        lines: list[str] = []
        for letter, one in zip(_LETTERS, self.found, strict=False):
            said = one.said if whole else f"{one.said.split('. ')[0].rstrip('.')}."
            if one.difference is not None:
                said += f" Largest difference here: {number(one.difference)}."
            said = f"{letter}  {spelt_out(said) if look.ascii_only else said}"
            lines += wrap(said, width, subsequent_indent="   ", break_on_hyphens=False)
        return lines


def _in_place_of(sizes: Sequence[int], right: Sequence[int]) -> str:
    """Two shapes, as the walk writes them where both are of one picture, else with every dimension."""
    if len(sizes) == len(right) and sizes[0] == right[0]:
        return f"{numbers.shape(sizes[1:])} in place of {numbers.shape(right[1:])}"
    return f"{_shape(sizes)} in place of {_shape(right)}"


def _shape(sizes: Sequence[int]) -> str:
    return f"({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''})"


def _ends(values: Floats) -> str:
    if not np.isfinite(values).all():
        return "not all are numbers"
    return numbers.interval(float(values.min()), float(values.max()))
