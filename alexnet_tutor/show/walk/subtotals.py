"""A convolution's value as the sum of what each channel gives: all of them, closing to the total."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, isfinite
from textwrap import wrap

import numpy as np
from rich.segment import Segment
from rich.style import Style

from alexnet_tutor.records import UnitRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.show.closing import closing
from alexnet_tutor.show.terminal.theme import DIM
from alexnet_tutor.show.walk.maps import Line, Look, dotted

_GAP = 2
_SMALL = 0.05  # of the largest: a smaller sum is a dot where there is no colour
_SENTENCE = 80  # letters of the line that closes


def subtotal_lines(
    record: UnitRecord, sums: dict[int, float], chosen: int, size: tuple[int, int], look: Look
) -> list[Line]:
    """A strip of all channels, the sums of those around the chosen one, and how they close.

    Args:
        record: of a convolution's value.
        sums: what each channel of the layer before gives, largest first.
        chosen: the channel that is shown.
        size: (width, lines) to fill at most.
        look: how the terminal draws.
    """
    width, room = size
    channels = list(sums)
    rank = channels.index(chosen) if chosen in sums else 0
    strip = _strip(list(sums.values()), width, look) if len(sums) > 1 else []
    widest = max(map(len, closing([*sums.values(), record.bias or 0.0], record.total)[0]))
    digits = len(str(max(channels)))
    columns = max(1, (width + _GAP) // (2 + digits + widest + _GAP))
    rows = max(1, room - len(strip) - -(-_SENTENCE // width))
    per = min(len(channels), columns * rows)
    shown = channels[rank // per * per :][:per]
    written, told = _closed(record, sums, shown)
    texts = [
        f"{'>' if channel == chosen else ' '}{channel:>{digits}} {text:>{widest}}"
        for channel, text in zip(shown, written, strict=True)
    ]
    return [*strip, *_columns(texts, columns), *([Segment(text)] for text in wrap(told, width))]


def _closed(
    record: UnitRecord, sums: dict[int, float], shown: Sequence[int]
) -> tuple[list[str], str]:
    """(the sums that are shown, as written; the sentence in which they and the others make the total)."""
    parts = [sums[channel] for channel in shown]
    said, absorbs = [f"these {len(shown)} sums" if len(shown) > 1 else "this sum"], None
    others = len(sums) - len(shown)
    if others:
        absorbs = len(parts)
        rest = [record.total, -(record.bias or 0.0), *(-part for part in parts)]
        parts.append(fsum(rest) if all(map(isfinite, rest)) else sum(rest))
        said.append(f"the other {numbers.counted(others, 'channel')} {{}}")
    if record.bias is not None:
        parts.append(record.bias)
        said.append("bias {}")
    written, total = closing(parts, record.total, absorbs)
    told = ", ".join(said).format(*written[len(shown) :])
    return written[: len(shown)], f"{total} = {told}"


def _columns(texts: Sequence[str], columns: int) -> list[Line]:
    """Column by column, the marked one bold."""
    per = -(-len(texts) // columns)
    lines: list[Line] = []
    for row in range(per):
        line: Line = []
        for text in texts[row::per]:
            line += [Segment(" " * _GAP)] if line else []
            line.append(Segment(text, Style(bold=text.startswith(">"))))
        lines.append(line)
    return lines


def _strip(sums: Sequence[float], width: int, look: Look) -> list[Line]:
    """A dot or a sign per channel, largest first, and how to read it."""
    largest = max((abs(one) for one in sums if isfinite(one)), default=0.0)
    told = f"All {len(sums)} channels, largest first; "
    if not look.colour:
        told += "a dot is under 5% of the largest:"
        signs = "".join(
            "." if abs(one) <= _SMALL * largest else "+" if one > 0 else "-" for one in sums
        )
        texts = [signs[at : at + width] for at in range(0, len(signs), width)]
        return [*_dim(told, width), *([Segment(row)] for row in texts)]
    rows = 2 * -(-len(sums) // (2 * width))
    columns = -(-len(sums) // rows)
    dots = np.zeros(rows * columns)
    dots[: len(sums)] = sums
    far = largest or 1.0
    lines = dotted(
        dots.reshape(rows, columns), np.zeros((rows, columns), dtype=int), (-far, far), look
    )
    return [*_dim(f"{told}blue is below 0:", width), *lines]


def _dim(text: str, width: int) -> list[Line]:
    return [[Segment(line, Style.parse(DIM))] for line in wrap(text, width)]
