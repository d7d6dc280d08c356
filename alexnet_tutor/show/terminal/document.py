"""A page to read, block by block; as plain text that can be heard too, and as Markdown to hand out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.table import Column
from alexnet_tutor.show.terminal.theme import PROSE_WIDTH, STRONG
from alexnet_tutor.show.terminal.view import View, clean, spelt_out

_SPECIAL = re.compile(r"[\\`*_\[\]~#]|<(?=[A-Za-z/!?])|&(?=[A-Za-z#])")
_BEGINS = re.compile(r">|[-+](?=[- ]|$)|[0-9]+(?=[.)](?: |$))")  # a quotation, a list, a rule
_ITEM, _SUM = "- ", "    "


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of the page (1) or of a part of it (2)."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Prose; ``lead`` says what it, or the block after it, is about."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sums:
    """Lines of arithmetic, kept as they are."""

    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Rows:
    """A table. As plain text each row is a sentence of its own, its first cell what it is about."""

    columns: Sequence[Column]


Block: TypeAlias = Heading | Paragraph | Items | Sums | Rows


@dataclass(frozen=True, slots=True)
class PlainPage(View):
    """The page as text: nothing is drawn, and no line leans on the one above it."""

    blocks: Sequence[Block]

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """Block by block, an empty line between; two before a heading."""
        width = min(screen.width, PROSE_WIDTH)
        for number, block in enumerate(self.blocks):
            style = STRONG if isinstance(block, Heading) else ""
            if number:
                yield Text("\n" if style else "")
            for line, hanging in _plain(block):
                told = spelt_out(line) if screen.ascii_only else line
                yield from (_verbatim(part, style) for part in wrapped(told, width, hanging))


@dataclass(frozen=True, slots=True)
class MarkdownPage(View):
    """The same page as Markdown (CommonMark, with the tables of GitHub), a paragraph a line."""

    blocks: Sequence[Block]

    def parts(self, _: Screen, /) -> Iterator[RenderableType]:
        """Block by block, an empty line between."""
        for number, block in enumerate(self.blocks):
            if number:
                yield Text()
            yield from map(_verbatim, _markdown(block))


def _verbatim(line: str, style: str = "") -> Text:
    return Text(line, style=style, no_wrap=True, overflow="ignore")


def wrapped(line: str, width: int, hanging: str = "") -> list[str]:
    """``line`` in lines of ``width`` cells, later ones behind ``hanging``; a longer word stays whole."""
    if cell_len(line) <= width:
        return [line]
    first = line[: len(line) - len(line.lstrip(" "))]
    words = line.split()
    lines = [first + words[0]]
    for word in words[1:]:
        if cell_len(lines[-1]) + 1 + cell_len(word) > width:
            lines.append(hanging + word)
        else:
            lines[-1] += f" {word}"
    return lines


def _plain(block: Block) -> Iterator[tuple[str, str]]:
    """(line, what stands before its later lines where it is wrapped)."""
    match block:
        case Heading():
            yield _one_line(block.text), ""
        case Paragraph():
            yield _one_line(f"{block.lead}: {block.text}" if block.lead else block.text), ""
        case Items():
            yield from ((_ITEM + _one_line(item), " " * len(_ITEM)) for item in block.items)
        case Sums():
            yield from ((_SUM + clean(line), _SUM * 2) for line in block.lines)
        case Rows():
            yield from ((_ITEM + _one_line(row), " " * len(_ITEM)) for row in _sentences(block))


def _sentences(table: Rows) -> Iterator[str]:
    """``relu4:42,11,8: value = 1.0571, weight = 0.082616, product = +0.0873``; ``total: 1.9446``."""
    first, *others = table.columns
    for row, about in enumerate(first.cells):
        filled = [column for column in others if column.cells[row].strip()]
        alone = len(filled) == 1 and (len(others) > 1 or not filled[0].name)
        told = [
            column.cells[row] if alone else f"{column.name} = {column.cells[row]} {column.unit}"
            for column in filled
        ]
        yield f"{about}: {', '.join(map(_one_line, told))}"


def _markdown(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * block.level} {escaped(block.text)}"
        case Paragraph():
            lead = f"**{escaped(block.lead)}:** " if block.lead else ""
            yield (lead + escaped(block.text)).strip()
        case Items():
            yield from (_ITEM + escaped(item) for item in block.items)
        case Sums():
            ticks = max((len(run) for run in re.findall("`+", "\n".join(block.lines))), default=0)
            fence = "`" * max(3, ticks + 1)
            yield from (fence, *map(clean, block.lines), fence)
        case Rows():
            heads = [f"{column.name} {column.unit}" for column in block.columns]
            rows = zip(*(column.cells for column in block.columns), strict=True)
            yield _row(map(_cell, heads))
            yield _row(":---" if column.left else "---:" for column in block.columns)
            yield from (_row(map(_cell, row)) for row in rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def escaped(text: str) -> str:
    """``text`` as Markdown that shows just this text."""
    whole = _SPECIAL.sub(r"\\\g<0>", _one_line(text))
    begins = _BEGINS.match(whole)
    if begins is None:
        return whole
    at = begins.end() if begins[0].isdigit() else 0
    return f"{whole[:at]}\\{whole[at:]}"


def _cell(text: str) -> str:
    return escaped(text).replace("|", "\\|")


def _one_line(text: str) -> str:
    return clean(" ".join(text.split()))
