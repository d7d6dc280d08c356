"""Tables without boxes that fit: columns leave in a fixed order, and the footer says which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from alexnet_tutor.show.terminal.theme import DIM
from alexnet_tutor.show.terminal.view import cut


@dataclass(frozen=True, slots=True)
class Column:
    """One quantity of a table, a cell per row, as text.

    Attributes:
        name: the quantity's name, the same as in ``--json``.
        unit: second line of the heading; without it, a name of two words takes both lines.
        left: text stands left, numbers right.
        styles: row number → style of that cell.
    """

    name: str
    cells: Sequence[str]
    unit: str = ""
    left: bool = False
    styles: Mapping[int, str] = field(default_factory=dict)

    @property
    def heads(self) -> tuple[str, str]:
        """The two lines of the heading."""
        first, _, second = self.name.partition(" ")
        return (self.name, self.unit) if self.unit else (first, second)

    @property
    def width(self) -> int:
        """Cells of the terminal that the column takes."""
        return max(map(cell_len, (*self.heads, *self.cells)))

    def line(self, text: str, width: int) -> str:
        """``text`` in a column of ``width`` cells, cut with … where it is longer."""
        text = cut(text, width)
        space = " " * (width - cell_len(text))
        return text + space if self.left else space + text


def fit(
    columns: Sequence[Column], leave: Sequence[str], width: int
) -> tuple[list[Column], list[str]]:
    """(columns that fit in ``width``, names of those dropped), dropping in the order of ``leave``."""
    kept, dropped = list(columns), []
    for name in leave:
        if sum(column.width + 1 for column in kept) - 1 <= width:
            break
        if any(column.name == name for column in kept):
            kept = [column for column in kept if column.name != name]
            dropped.append(name)
    return kept, dropped


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of columns. What still does not fit is taken from the first column, which is text.

    Attributes:
        leave: names of columns in the order in which they leave a narrow screen.
        rows_in: row number → style of the whole row.
        elsewhere: where dropped columns can be found, for the footer.
    """

    columns: Sequence[Column]
    leave: Sequence[str] = ()
    rows_in: Mapping[int, str] = field(default_factory=dict)
    elsewhere: str = "--json has them"

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        kept, dropped = fit(self.columns, self.leave, options.max_width)
        widths = [column.width for column in kept]
        gap = 2 if not dropped and sum(widths) + 2 * (len(kept) - 1) <= options.max_width else 1
        widths[0] -= max(0, sum(widths) + gap * (len(kept) - 1) - options.max_width)
        for heads in zip(*(column.heads for column in kept), strict=True):
            if any(heads):
                yield _line(kept, widths, gap, heads, DIM)
        for row in range(len(kept[0].cells)):
            cells = [column.cells[row] for column in kept]
            styles = [column.styles.get(row, "") for column in kept]
            yield _line(kept, widths, gap, cells, self.rows_in.get(row, ""), styles)
        if dropped:
            names = ", ".join(dropped)
            yield Text(f"Not shown at this width: {names} ({self.elsewhere}).", style=DIM)


def _line(
    columns: Sequence[Column],
    widths: Sequence[int],
    gap: int,
    cells: Sequence[str],
    style: str,
    styles: Sequence[str] = (),
) -> Text:
    line = Text(style=style, no_wrap=True, overflow="crop")
    for number, (column, width, cell) in enumerate(zip(columns, widths, cells, strict=True)):
        line.append(" " * gap if number else "")
        line.append(column.line(cell, max(1, width)), styles[number] if styles else "")
    line.rstrip()
    return line
