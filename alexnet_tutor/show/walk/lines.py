"""Lines of cells: a text as one, and blocks of them side by side."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

from alexnet_tutor.show.walk.maps import Line


def written(text: str, style: str = "") -> Line:
    """A line of one style."""
    return [Segment(text, Style.parse(style))]


def beside(
    blocks: Sequence[tuple[Sequence[Line], int]], gap: int, height: int | None = None
) -> list[Line]:
    """Blocks of (lines, width) with ``gap`` cells between, by default as high as the highest."""
    rows: list[Line] = []
    for row in range(max(len(lines) for lines, _ in blocks) if height is None else height):
        whole: Line = []
        for n, (lines, width) in enumerate(blocks):
            whole += [Segment(" " * gap)] if n else []
            whole += Segment.adjust_line_length(lines[row] if row < len(lines) else [], width)
        rows.append(whole)
    return rows
