"""The screen of the walk, from where the learner stands: strip, maps, sum. What does not fit leaves by rule."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from alexnet_tutor.records import UnitRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.terminal.theme import (
    DIM,
    RIGHT,
    RIGHT_MARK,
    STRONG,
    WRONG,
    WRONG_MARK,
)
from alexnet_tutor.show.terminal.view import cut, to_ascii
from alexnet_tutor.show.walk import mine
from alexnet_tutor.show.walk.about import about_lines
from alexnet_tutor.show.walk.keys import HINT
from alexnet_tutor.show.walk.lines import beside, written
from alexnet_tutor.show.walk.maps import Lie, Line, Look
from alexnet_tutor.show.walk.panes import after, before, class_name, picture
from alexnet_tutor.show.walk.stand import Stand
from alexnet_tutor.show.walk.sums import arithmetic, in_ascii, laid_out
from alexnet_tutor.show.walk.title import title

LEAST = (80, 24)
_SUM, _WHY, _STRIP = 4, 1, 2  # lines: at least of the sum and the why-line, at most of the strip
_PICTURE, _WIDE = 26, 168  # the picture's pane; from so many columns on it grows with the maps'
_HERE = "reverse"


@dataclass(frozen=True, slots=True)
class Spot:
    """Cells of a line that can be clicked, and what a click does: ``go conv2``."""

    line: int
    first: int
    end: int
    does: str


@dataclass(slots=True)
class Drawn:
    """A whole screen.

    Attributes:
        map_at: (column, line) of the first cell of the output's map.
        lie: how that map lies there; ``None`` where there is none.
    """

    lines: list[Line] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    map_at: tuple[int, int] = (0, 0)
    lie: Lie | None = None


def compose(stand: Stand, width: int, height: int, look: Look) -> Drawn:
    """The walk on a terminal of this size."""
    if width < LEAST[0] or height < LEAST[1]:
        return too_small(width, height)
    drawn = Drawn()
    drawn.lines.append(_line(*title(stand, width)))
    _strip(drawn, stand, width)
    drawn.lines.append(_where(stand, width))
    if own := mine.line(stand):
        drawn.lines.append(_line((cut(own, width), "")))
    drawn.lines += _maps(drawn, stand, (width, height), look)
    terms = arithmetic(stand.record, stand.terms, stand.walked.labels)
    terms = in_ascii(terms) if look.ascii_only else terms
    room = height - len(drawn.lines) - 1
    drawn.lines += [_line(*line) for line in laid_out(terms, stand.marked, width, room - _WHY)]
    room = height - len(drawn.lines) - 1
    told = about_lines(stand.walked.about(stand.place.layer), width, room)
    drawn.lines += [[]] * (len(told) < room)
    drawn.lines += [_line(line) for line in told]
    return finished(drawn, (stand.said, STRONG) if stand.said else (HINT, DIM), width, height, look)


def finished(drawn: Drawn, last: tuple[str, str], width: int, height: int, look: Look) -> Drawn:
    """The screen filled up, its last line, every line as wide as the terminal, in letters it has."""
    drawn.lines += [[]] * (height - 1 - len(drawn.lines))
    drawn.lines.append(_line((cut(last[0], width), last[1])))
    drawn.lines = [Segment.adjust_line_length(line, width) for line in drawn.lines]
    if look.ascii_only:
        drawn.lines = [[Segment(to_ascii(s.text), s.style) for s in line] for line in drawn.lines]
    return drawn


def too_small(width: int, height: int) -> Drawn:
    """One line, and nothing garbled."""
    least = "x".join(map(str, LEAST))
    said = f"{width}x{height} is too small: the walk needs {least}. q leaves. As text: --plain."
    lines = [
        _line((said[start : start + width], "")) for start in range(0, len(said), max(1, width))
    ]
    return Drawn([Segment.adjust_line_length(line, width) for line in lines[:height]])


def _strip(drawn: Drawn, stand: Stand, width: int) -> None:
    """The whole network; of more than two lines those around the present layer."""
    rows: list[list[tuple[str, int]]] = [[]]
    used = 0
    for name in stand.names:
        shown = mine.named(stand, name)
        if used and used + 1 + cell_len(shown) > width:
            rows.append([])
            used = 0
        start = used + 1 if used else 0
        rows[-1].append((name, start))
        used = start + cell_len(shown)
    here = next(n for n, row in enumerate(rows) if stand.place.layer in [name for name, _ in row])
    first = min(max(0, here - _STRIP + 1), max(0, len(rows) - _STRIP))
    for row in rows[first : first + _STRIP]:
        parts: list[tuple[str, str]] = []
        for name, start in row:
            shown = mine.named(stand, name)
            parts += [(" ", "")] if parts else []
            parts.append((shown, _HERE if name == stand.place.layer else ""))
            end = start + cell_len(shown)
            drawn.spots.append(Spot(len(drawn.lines), start, end, f"go {name}"))
        drawn.lines.append(_line(*parts))


def _where(stand: Stand, width: int) -> Line:
    record, stop = stand.record, stand.stop
    shapes = [numbers.shape(stop.output_shape)]
    if record.before is not None:
        shapes.insert(0, numbers.shape(stop.input_shape))
    checked, style = mine.judged(stand) or _checked(record)
    value = f"  {number(record.value)} "
    told = cut(f"{' → '.join(shapes)}  {_named(stand)}", width - len(value) - len(checked))
    return _line((told, ""), (value, STRONG), (checked, style))


def _checked(record: UnitRecord) -> tuple[str, str]:
    """(how the value compares with the one by hand, its style)."""
    if record.agrees:
        return f"{RIGHT_MARK} by hand too", RIGHT
    return f"{WRONG_MARK} by hand {number(record.by_hand)}", WRONG


def _named(stand: Stand) -> str:
    index = stand.place.index
    if len(index) == 3:
        return f"map {index[0]}, row {index[1]}, column {index[2]}"
    if not stand.is_bars(stand.stop):
        return f"unit {index[0]}; its neighbours mean nothing"
    label = class_name(stand, stand.stop, index[0])
    return f"unit {index[0]}{f', {label}' if label else ''}"


def widths(width: int) -> tuple[int, int]:
    """Cells of a map's pane, and of the picture's."""
    shown = _PICTURE if width < _WIDE else (width - 2) // 3
    return (width - 2 - shown) // 2, shown


def _maps(drawn: Drawn, stand: Stand, size: tuple[int, int], look: Look) -> list[Line]:
    """Captions, and under them the map before, the map after and the picture."""
    map_width, picture_width = widths(size[0])
    lines = min((map_width + 1) // 2, size[1] - len(drawn.lines) - 2 - _SUM - _WHY)
    own = after(stand, (map_width, lines), look)
    panes = [
        (before(stand, (map_width, lines), look), map_width),
        (own, map_width),
        (picture(stand, (picture_width, lines), look), picture_width),
    ]
    drawn.map_at, drawn.lie = (map_width + 1, len(drawn.lines) + 1), own.lie
    blocks = [
        ([written(cut(pane.caption, cells), DIM), *pane.lines], cells) for pane, cells in panes
    ]
    return beside(blocks, 1, lines + 1)


def _line(*parts: tuple[str, str]) -> Line:
    return [Segment(text, Style.parse(style)) for text, style in parts]
