"""What every screen shares: plain words, line width, and letters that the terminal can show."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from alexnet_tutor.resources import weights_in_words
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.theme import ACCENT, DIM, LOUD_MARK, PROSE_WIDTH, WRONG

_WORDS = {"±": "+-", "→": "->", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "…": "...", "√": "sqrt"}
_WORDS |= {"Σ": "sum", "∑": "sum", "α": "alpha", "β": "beta", "σ": "sigma", "μ": "mu", "∞": "inf"}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n")
_LETTERS = str.maketrans("×·−–—✓✗→⌊⌋⌈⌉“”‘’•…\xa0", "x*---vx>[][]\"\"''*~ ")
_LETTERS |= str.maketrans("█▉▊▋▌▍▎▏▀", '########"') | str.maketrans("▁▂▃▄▅▆▇", "_.-~=+*")
_LETTERS |= str.maketrans("│├└", "|++")

_MEANINGS = {
    "MACs": "multiply-accumulates with weights",
    "sees": "side of the square of the picture that one value depends on (its receptive field)",
    "stride": "from one such square to the next",
    "zeros": "values that are exactly 0",
    "silent": "maps (units, after flatten) that are 0 everywhere",
    "memory": "the output of one picture",
}


class View:
    """A screen as a value: rich prints it; it prints nothing itself.

    A subclass yields its parts. Prose keeps to a readable width, and on a terminal without Unicode
    every letter becomes one that it has.
    """

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """The screen from top to bottom."""
        raise NotImplementedError

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for part in self.parts(Screen.of(console, options)):
            room = options
            if isinstance(part, Text):
                room = options.update(width=min(options.max_width, PROSE_WIDTH), height=None)
                part = _spelt_out(console, part) if options.ascii_only else part  # noqa: PLW2901
            segments = console.render(part, room)
            yield from _unpadded(map(_in_ascii, segments) if options.ascii_only else segments)


def clean(text: str) -> str:
    """``text`` from outside (a file name, a label) on one line, nothing in it that moves a cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def cut(text: str, width: int, *, front: bool = False) -> str:
    """``text`` in ``width`` cells, with … where letters went: at its end, or at its front."""
    if cell_len(text) <= width:
        return text
    if front:
        return "…" + set_cell_size(text[::-1], width - 1)[::-1]
    return set_cell_size(text, width - 1) + "…"


def loud(text: str) -> Text:
    """A warning that nobody overlooks, with or without colour."""
    return Text(f"{LOUD_MARK} {text}", style=WRONG)


def weights_line(source: str) -> Text:
    """Which trained weights a screen is about."""
    return Text(f"weights: {clean(weights_in_words(source))}", style=DIM)


def next_line(command: str) -> Text:
    """The last line of a screen: what to try now."""
    return Text.assemble(("Next: ", DIM), (clean(command), ACCENT))


def legend(names: Iterable[str]) -> str:
    """What the heads among ``names`` mean: ``zeros: values that are exactly 0; …``."""
    known = set(names)
    words = [f"{name}: {meaning}" for name, meaning in _MEANINGS.items() if name in known]
    return "; ".join(words) + "."


def heading(text: str) -> Text:
    """The title of a section, an empty line above it."""
    return Text(f"\n{text}", style="bold")


def kind_in_words(kind: str) -> str:
    """The field's word for a kind of layer, spelt out: ``fully connected`` for ``linear``."""
    words = {"conv": "convolution", "relu": "ReLU", "lrn": "local response normalisation"}
    words |= {"pool": "overlapping max pooling", "linear": "fully connected"}
    return words.get(kind, clean(kind))


def to_ascii(text: str) -> str:
    """``text`` in ASCII, each letter as wide as it was; ``?`` for what would mean something else."""
    return "".join(
        letter if letter.isascii() else _nearest(letter) for letter in text.translate(_LETTERS)
    )


def _nearest(letter: str) -> str:
    width = cell_len(letter)
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() and base.isalpha() and width == 1 else "?" * width


def _unpadded(segments: Iterable[Segment]) -> Iterator[Segment]:
    """Lines without the blanks at their ends that nobody sees: a pipe or a file does not want them."""
    for line in Segment.split_lines(segments):
        while line and not line[-1].control and not _shows_blanks(line[-1].style):
            text, style, _ = line.pop()
            if text.rstrip(" "):
                line.append(Segment(text.rstrip(" "), style))
                break
        yield from line
        yield Segment.line()


def _shows_blanks(style: Style | None) -> bool:
    return bool(style and (style.bgcolor or style.reverse or style.underline or style.strike))


def _in_ascii(segment: Segment) -> Segment:
    if segment.control or segment.text.isascii():
        return segment
    return Segment(to_ascii(segment.text), segment.style)


def spelling(text: str) -> list[str]:
    """What stands for each letter in ASCII."""
    written, raised = [], False
    for letter in text:
        up = ord(letter) in _RAISED
        power = letter.translate(_RAISED)
        written.append(
            (power if raised else f"^{power}") if up else _WORDS.get(letter, to_ascii(letter))
        )
        raised = up
    return written


def _spelt_out(console: Console, text: Text) -> Text:
    """Styles stay with their letters."""
    if text.plain.isascii():
        return text
    spelt = text.blank_copy()
    for index, written in enumerate(spelling(text.plain)):
        spelt.append(written, text.get_style_at_offset(console, index))
    return spelt


def spelt_out(text: str) -> str:
    """Prose in ASCII, which may grow longer: ``Σ`` becomes ``sum``, ``10⁻³`` ``10^-3``."""
    return "".join(spelling(text))
