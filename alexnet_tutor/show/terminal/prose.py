"""A lesson's Markdown as text: headings, paragraphs, lists, formulas, tables, code, emphasis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.show.terminal.table import Column, Table
from alexnet_tutor.show.terminal.theme import ACCENT, STRONG
from alexnet_tutor.show.terminal.view import clean

_INLINE = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*|(?<![\w*])\*([^*\s][^*]*)\*")


def prose(markdown: str) -> Iterator[RenderableType]:
    """Paragraph by paragraph, an empty line between."""
    for number, part in enumerate(re.split(r"\n\s*\n", markdown.strip("\n"))):
        if number:
            yield Text()
        yield from _paragraph(part)


def inline(text: str) -> Text:
    """One paragraph with its code, bold and emphasis."""
    found, place = Text(), 0
    for match in _INLINE.finditer(text):
        found.append(text[place : match.start()])
        code, strong, emphasis = match.groups()
        found.append(code or strong or emphasis, ACCENT if code else STRONG if strong else "italic")
        place = match.end()
    found.append(text[place:])
    return found


def _paragraph(part: str) -> Iterator[RenderableType]:
    lines = part.splitlines()
    heading = re.match(r"#+ (.*)", part)
    if heading:
        yield Text(clean(heading[1]), style=STRONG)
    elif all(line.startswith("    ") for line in lines):
        yield from (Text(clean(line), style=ACCENT) for line in lines)
    elif lines[0].startswith("|"):
        yield _table(lines)
    elif re.match(r"(-|\d+\.) ", lines[0]):
        for item in re.split(r"\n(?=-|\d+\. )", part):
            yield inline(f"  {_joined(item)}")
    else:
        yield inline(_joined(part))


def _joined(text: str) -> str:
    return clean(" ".join(text.split()))


def _table(lines: list[str]) -> Table:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    heads, cells = rows[0], rows[2:]
    return Table(
        [Column(head, [row[n] for row in cells], unit=" ") for n, head in enumerate(heads)]
    )
