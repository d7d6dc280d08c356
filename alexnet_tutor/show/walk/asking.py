"""A question on the screen: its answers to choose from, then what each of them means."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import wrap

from alexnet_tutor.records import Question
from alexnet_tutor.show.terminal.theme import (
    DIM,
    PROSE_WIDTH,
    RIGHT,
    RIGHT_MARK,
    STRONG,
    WRONG,
    WRONG_MARK,
)
from alexnet_tutor.show.terminal.view import spelt_out
from alexnet_tutor.show.walk.lines import written
from alexnet_tutor.show.walk.maps import Line, Look
from alexnet_tutor.show.walk.screen import Drawn, Spot, finished

_CHOOSE = "a digit answers, or arrows and Enter; Esc or s skips; q leaves"


class Asking:
    """What is asked before a layer opens.

    Attributes:
        chosen: the answer; ``None`` as long as there is none.
        over: whether the layer may open.
    """

    def __init__(self, layer: str, question: Question) -> None:
        self.layer, self.question = layer, question
        self.chosen: int | None = None
        self.over = False
        self._at = 0
        self._first = 0

    @property
    def right(self) -> bool | None:
        """Whether the answer is right; ``None`` where the question was skipped."""
        return None if self.chosen is None else self.question.options[self.chosen].correct

    def do(self, word: str) -> None:
        """What a key or a click on an answer does."""
        what, _, which = word.partition(" ")
        step = {"down": 1, "up": -1}.get(what, 0)
        count = len(self.question.options)
        if self.chosen is not None:
            self._first += step
            self.over = not step
        elif what in ("close", "save"):
            self.over = True
        elif what == "enter":
            self.chosen = self._at
        elif what == "layer" and 1 <= int(which) <= count:
            self.chosen = int(which) - 1
        elif what == "pick":
            self.chosen = int(which)
        else:
            self._at = min(max(0, self._at + step), count - 1)

    def compose(self, width: int, height: int, look: Look, score: str) -> Drawn:
        """The question; once it is answered the reasons, and ``score``."""
        spelt: Callable[[str], str] = spelt_out if look.ascii_only else str
        room = min(width, PROSE_WIDTH)
        title = f"Before {self.layer} opens, predict: {self.question.id}"
        drawn = Drawn([written(title, STRONG), []])
        drawn.lines += [written(one) for one in wrap(spelt(self.question.prompt), room)]
        drawn.lines.append([])
        if self.chosen is None:
            self._offer(drawn, spelt, width)
            return finished(drawn, (_CHOOSE, DIM), width, height, look)
        lines = [*self._reveal(spelt, room), [], *(written(one) for one in wrap(score, room))]
        free = height - 1 - len(drawn.lines)
        self._first = min(max(0, self._first), max(0, len(lines) - free))
        drawn.lines += lines[self._first : self._first + free]
        more = "up and down scroll, " if len(lines) > free else ""
        return finished(drawn, (f"{more}Enter opens {self.layer}", DIM), width, height, look)

    def _offer(self, drawn: Drawn, spelt: Callable[[str], str], width: int) -> None:
        for n, option in enumerate(self.question.options):
            here = n == self._at
            text = f"{'>' if here else ' '} {n + 1}. {spelt(option.text)}"
            drawn.spots.append(Spot(len(drawn.lines), 0, width, f"pick {n}"))
            drawn.lines.append(written(text, STRONG if here else ""))

    def _reveal(self, spelt: Callable[[str], str], room: int) -> list[Line]:
        lines = [
            written("That is it.", RIGHT) if self.right else written("It is another one.", WRONG)
        ]
        for n, option in enumerate(self.question.options):
            mark, style = (RIGHT_MARK, RIGHT) if option.correct else (WRONG_MARK, WRONG)
            own = STRONG if n == self.chosen else ""
            said = spelt(f"{option.text}: {option.why}")
            start = f"{'>' if n == self.chosen else ' '}{mark} {n + 1}. "
            for one in wrap(said, room - len(start)):
                lines.append([*written(start, style), *written(one, own)])
                start = " " * len(start)
        return lines
