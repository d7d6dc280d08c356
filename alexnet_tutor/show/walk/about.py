"""What the layer did to this picture, and what it is for: as many lines as there is room."""

from __future__ import annotations

import re
from textwrap import wrap

from alexnet_tutor.records import AboutRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.theme import DIM, PROSE_WIDTH
from alexnet_tutor.show.terminal.view import cut

_MORE = " …"
_CLAUSE = re.compile(r"[,;:.](?= )")


def about_lines(about: AboutRecord, width: int, room: int) -> list[tuple[str, str]]:
    """(text, style), at most ``room`` lines: the sentence on the picture first, then the layer itself.

    What does not fit leaves: the paper's words first, then the sentence's later lines.
    """
    if room <= 1:
        return [(line, "") for line in _first(about.why, width, room)]
    prose = min(width, PROSE_WIDTH)
    facts = [line for line in (about.size, _costs(about)) if line]
    paper = f"In the paper: {about.paper}" if about.paper else ""
    why = _first(about.why, prose, max(1, room - len(facts) - bool(paper)))
    facts = [cut(line, width) for line in facts[: room - len(why)]]
    reason = _first(paper, prose, room - len(why) - len(facts))
    return [*((line, "") for line in why), *((line, DIM) for line in (*facts, *reason))]


def _costs(about: AboutRecord) -> str:
    """Parameters, MACs and what a value sees, on one line."""
    if about.params is None:
        return ""
    told = numbers.counted(about.params, "parameter") if about.params else "no parameters"
    if about.macs:
        told += f", {numbers.counted(about.macs, 'MAC')}"
    if not about.sees:
        return f"{told}; a value sees what it saw in the maps"
    if not about.stride:
        return f"{told}; a value sees all that the last maps see"
    side = numbers.shape((about.sees, about.sees))
    return f"{told}; a value sees {side} pixels, its neighbour {about.stride} further on"


def _first(text: str, width: int, room: int) -> list[str]:
    """So many lines of ``text``; where there are more, cut at a clause if one ends far enough on, else at a word."""
    lines = wrap(text, width, break_on_hyphens=False)
    if len(lines) <= room or room < 1:
        return lines[: max(0, room)]
    last = wrap(lines[room - 1], width - len(_MORE), break_on_hyphens=False)[0]
    ends = [found.start() for found in _CLAUSE.finditer(f"{last} ")]
    if ends and ends[-1] >= width // 2:
        last = last[: ends[-1]]
    return [*lines[: room - 1], last + _MORE]
