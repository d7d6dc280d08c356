"""What comes between the learner and the walk: a question before a layer opens, a note the first time."""

from __future__ import annotations

from collections.abc import Collection
from textwrap import wrap

from rich.segment import Segment
from rich.style import Style

from alexnet_tutor.records import Place
from alexnet_tutor.show.terminal.theme import ACCENT
from alexnet_tutor.show.terminal.view import spelt_out
from alexnet_tutor.show.walk.asking import Asking
from alexnet_tutor.show.walk.maps import Look
from alexnet_tutor.show.walk.notes import NAMES, NOTES, Moment
from alexnet_tutor.show.walk.quiz import Score, question
from alexnet_tutor.show.walk.screen import LEAST, Drawn, compose
from alexnet_tutor.show.walk.stand import Stand

_STYLE = Style.parse(f"bold {ACCENT}")


class Guide:
    """Told every key before the walk hears of it; draws the walk's screen.

    Args:
        known: names of the notes that were shown before; by default all, so that none is.
        quiz: whether it asks.

    Attributes:
        asking: the open question.
        shown: names of the notes shown now, in order.
        score: of the answers.
    """

    def __init__(self, known: Collection[str] = NAMES, *, quiz: bool = False) -> None:
        self.asking: Asking | None = None
        self.shown: list[str] = []
        self.score = Score()
        self._known, self._quiz = known, quiz
        self._opened: set[str] = set()
        self._note = ""
        self._word = ""
        self._before: Place | None = None

    def takes(self, word: str) -> bool:
        """Hear of a key or a click; whether it was for the open question alone. Any ends a note."""
        self._note = ""
        asking = self.asking
        if asking is None or word == "keys":
            self._word = word
            return False
        was = asking.chosen
        asking.do(word)
        if was is None and (asking.over or asking.chosen is not None):
            self.score.keep(asking.question.id, asking.right)
        if asking.over:
            self.asking = None
        return True

    def screen(self, stand: Stand, width: int, height: int, look: Look) -> Drawn:
        """The walk, a question in its place, or a note at its foot."""
        if width < LEAST[0] or height < LEAST[1]:
            return compose(stand, width, height, look)
        self._open(stand)
        if self.asking is not None:
            return self.asking.compose(width, height, look, self.score.line())
        drawn = compose(stand, width, height, look)
        if not self._note and not stand.said:
            self._meet(Moment(stand, self._word, self._before))
        self._before = stand.place
        self._put(drawn, width, look)
        return drawn

    def _open(self, stand: Stand) -> None:
        """Ask before a layer is seen for the first time."""
        layer = stand.place.layer
        if self._quiz and layer not in self._opened and self.asking is None:
            self._opened.add(layer)
            found = question(stand.walked, layer)
            self.asking = None if found is None else Asking(layer, found)

    def _meet(self, moment: Moment) -> None:
        """Show the first note whose moment this is."""
        for note in NOTES:
            if note.name not in self._known and note.name not in self.shown and note.when(moment):
                self.shown.append(note.name)
                self._note = note.text
                return

    def _put(self, drawn: Drawn, width: int, look: Look) -> None:
        if not self._note:
            return
        text = spelt_out(self._note) if look.ascii_only else self._note
        lines = wrap(text, width)
        drawn.lines[-len(lines) :] = [
            Segment.adjust_line_length([Segment(line, _STYLE)], width) for line in lines
        ]
