"""The walk as a page: sums close as printed, every stop is there once, both renderings say the same."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from passes import LAYERS, drawn, followed
from show.showing import shown
from show.units import UNITS

from alexnet_tutor.cli.walk_plain import stops_of
from alexnet_tutor.records import Place
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.terminal.document import (
    Block,
    Heading,
    Items,
    MarkdownPage,
    Paragraph,
    PlainPage,
    Rows,
    Sums,
    wrapped,
)
from alexnet_tutor.show.terminal.table import Column
from alexnet_tutor.show.walk.plain import PlainStop, page

MARKDOWN = MarkdownIt("commonmark").enable("table")
PRESETS = ["fashion", "paper"]


def blocks_from(preset: str, start: Place) -> list[Block]:
    whole = followed(preset)
    return page(whole.record, list(stops_of(whole, start)), "tutor trace unit")


@cache
def blocks(preset: str, layer: str = "input") -> list[Block]:
    return blocks_from(preset, followed(preset).strongest(layer))


def plain(some: list[Block], width: int = 80) -> str:
    return shown(PlainPage(some), width)


def markdown(some: list[Block]) -> str:
    return shown(MarkdownPage(some))


def tokens(text: str, kind: str) -> list[str]:
    """What is shown inside every token of this kind that opens."""
    parsed = MARKDOWN.parse(text)
    return [
        "".join(child.content for child in parsed[n + 1].children or ())
        for n, token in enumerate(parsed)
        if token.type == f"{kind}_open"
    ]


def decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def sums_as_text(text: str) -> list[tuple[list[Decimal], Decimal]]:
    """(parts, total) of every sum: the last number of each line of its list."""
    found, parts = [], []
    for line in text.splitlines():
        last = re.match(r"- (.*?)(?: \(its own\))?: (?:.*[ ,])?([+-]?[\d,]*\d(?:\.\d+)?)$", line)
        if last is None:
            parts = []
        elif last[1] in ("total", "sum"):
            found.append((parts, decimal(last[2])))
            parts = []
        else:
            parts.append(decimal(last[2]))
    return found


def sums_as_markdown(text: str) -> list[tuple[list[Decimal], Decimal]]:
    """The same of the tables, as a Markdown reader sees them."""
    found, parts, row = [], [], []
    parsed = MARKDOWN.parse(text)
    for n, token in enumerate(parsed):
        if token.type == "table_open":
            parts = []
        elif token.type in ("td_open", "th_open"):
            row.append("".join(child.content for child in parsed[n + 1].children or ()))
        elif token.type == "tr_close":
            if row[0] in ("total", "sum"):
                found.append((parts, decimal(row[-1])))
            elif re.fullmatch(r"[+-]?[\d,]*\d(\.\d+)?", row[-1]):
                parts.append(decimal(row[-1]))
            row = []
    return found


@settings(max_examples=12)
@given(st.sampled_from(PRESETS), st.sampled_from(LAYERS), st.data())
def test_every_printed_sum_closes_in_both_renderings(preset: str, layer: str, data) -> None:
    some = blocks_from(preset, drawn(data, followed(preset), layer))
    sums = sums_as_text(plain(some, 200))
    assert sums == sums_as_markdown(markdown(some))
    kinds = {"conv": 2, "linear": 1, "lrn": 1, "softmax": 1}
    after = followed(preset).record.layers[max(0, LAYERS.index(layer) - 1) :]
    expected = sum(kinds.get(one.kind, 0) for one in after)
    alone = preset == "fashion" and LAYERS.index(layer) <= 1  # one channel has no subtotals
    assert len(sums) == expected - alone
    for parts, total in sums:
        assert len(parts) > 1
        assert sum(parts) == total


@pytest.mark.parametrize("preset", PRESETS)
def test_every_layer_has_its_heading_once_from_the_picture_to_softmax(preset: str) -> None:
    text = markdown(blocks(preset))
    headings = [token.tag for token in MARKDOWN.parse(text) if token.type == "heading_open"]
    assert headings == ["h1", *["h2"] * len(LAYERS)]
    told = tokens(text, "heading")
    assert told[0] == "A walk through the network: chance.png"
    stops = [re.fullmatch(r"Stop (\d+) of 25: (\S+?)(, .*)?", one) for one in told[1:]]
    assert [(int(stop[1]), stop[2]) for stop in stops if stop] == list(enumerate(LAYERS, 1))
    lines = plain(blocks(preset)).splitlines()
    assert [line for line in lines if line in told] == told
    assert text.count("UNTRAINED") == 2


@pytest.mark.parametrize("layer", ["conv5", "softmax"])
def test_it_goes_from_the_value_that_was_asked_for_to_the_end(layer: str) -> None:
    whole = followed("fashion")
    at = Place(layer, (0,) * whole.values(layer).ndim)
    text = " ".join(plain(blocks_from("fashion", at)).split())
    assert f"The page begins at {layer}." in text
    told = re.findall(r"Stop \d+ of 25: (\w+)", text)
    assert told == LAYERS[LAYERS.index(layer) :]
    shown_at = re.search(
        rf"A value by hand: {at}.*?, the one that was asked for, is (\S+)\. ", text
    )
    assert shown_at
    assert shown_at[1] == number(whole.value(at))
    for later in told[1:]:
        best = whole.strongest(later)
        assert re.search(
            rf"{best}.{{0,14}}, the strongest here, is {number(whole.value(best))}\.", text
        )


def test_the_page_of_a_kind_is_told_once_and_then_where_it_stands() -> None:
    text = " ".join(plain(blocks("fashion", "relu4")).split())
    assert text.count("max(0, x) between them prevents this.") == 1
    assert text.count("the paper's words (section 3.1) stand at relu4.") == 3  # relu5, 6, 7
    assert text.count("(section 3.5, section 4.2) stand at fc6.") == 2
    assert text.count("max(0, 2.5) = 2.5") == 1
    assert text.count("each value by itself") == 4
    assert "relu4 is a ReLU (rectified linear unit): keep what is positive." in text


def test_sizes_costs_and_formula_are_the_layer_s() -> None:
    whole = followed("paper")
    text = plain(blocks("paper", "conv2"), 200)
    for layer in whole.record.layers[4:]:
        part = text.partition(f" of 25: {layer.name}")[2].partition("Stop ")[0]
        assert f"Parameters: {layer.params:,}; MACs: {layer.macs:,}" in part
        told = "all that the maps of pool5 see"
        if layer.field.stride:
            told = f"a value sees {layer.field.size}×{layer.field.size} pixels;"
        assert (told in part) == (layer.kind != "flatten")
        made = [line for line in part.splitlines() if line.startswith("    parameters = ")]
        assert all(line.endswith(f" = {layer.params:,}") for line in made)
        assert len(made) == (layer.params > 0)


def test_what_a_value_sees_is_said_once_of_one_square() -> None:
    whole = followed("fashion")
    text = " ".join(plain(blocks("fashion")).split())
    at = {name: whole.strongest(name) for name in LAYERS}
    boxes = {name: whole.box(at[name])[0] for name in LAYERS}
    for one, other in pairwise(LAYERS[1:]):
        part = text.partition(f" of 25: {other}")[2].partition("The arithmetic:")[0]
        same = f"in the picture: the same as {at[one]} " in part
        assert same == (boxes[one] == boxes[other])


def test_no_mark_is_left_without_words() -> None:
    for preset in PRESETS:
        drawing = "[\u2500-\u259f\x1b]"
        assert not re.search(drawing, plain(blocks(preset)) + markdown(blocks(preset)))
        text = " ".join(plain(blocks(preset)).split())
        assert " *" not in text
        assert ": = " not in text
        assert text.count("(the largest)") == 3
        assert text.count("(its own)") == 3  # both LRN and softmax


def test_a_value_that_the_layer_does_not_give_is_marked() -> None:
    whole = followed("fashion")
    (last,) = stops_of(whole, whole.strongest("softmax"))
    wrong = PlainStop(UNITS["unit_wrong"](), False, whole.record.layer("conv5"), None)
    text = plain(page(whole.record, [wrong, last], ""))
    assert "- ✗ difference " in text
    assert "! The network's own value is not what the layer's numbers give." in text
    assert "conv5 is no layer of the kit" in text


@pytest.mark.parametrize("width", [40, 72, 120])
def test_wrapping_keeps_every_word_and_the_width(width: int) -> None:
    some = blocks("fashion")
    text = plain(some, width)
    assert text.split() == plain(some, 100).split()
    assert max(map(len, text.splitlines())) <= min(width, 100)
    assert not re.search(r" $|\n{4}", text, re.MULTILINE)


def test_without_unicode_every_letter_is_ascii() -> None:
    for view in (PlainPage(blocks("fashion")), MarkdownPage(blocks("fashion"))):
        text = shown(view, 80, "ascii")
        assert text.isascii()
        assert text.count("?") == shown(view).count("?")
    narrow = shown(PlainPage([Items(["Σ → " * 30])]), 40, "ascii").splitlines()
    assert len(narrow) > 1
    assert all(len(line) <= 40 for line in narrow)
    assert all(line.startswith("  ") for line in narrow[1:])


words = st.text(st.sampled_from("ab1.)(*_`#-+>|<&\\[]!~=:é× "), min_size=1).filter(str.strip)
texts = words.map(lambda text: " ".join(text.split()))


@given(texts, texts, texts, st.lists(texts, min_size=1, max_size=3))
def test_markdown_shows_any_text_as_it_is(
    title: str, lead: str, text: str, cells: list[str]
) -> None:
    some = [
        Heading(title),
        Paragraph(text, lead),
        Paragraph(text),
        Items(cells),
        Sums(cells),
        Rows([Column(lead, cells, unit=" ", left=True), Column(title, cells, unit=" ")]),
    ]
    told = markdown(some)
    assert tokens(told, "heading") == [title]
    assert tokens(told, "paragraph") == [f"{lead}: {text}", text, *cells]
    assert tokens(told, "th") == [lead, title]
    assert tokens(told, "td") == [cell for cell in cells for _ in range(2)]
    (sums,) = [token for token in MARKDOWN.parse(told) if token.type == "fence"]
    assert sums.content.splitlines() == cells


@given(st.lists(st.sampled_from(["a", "bb", "ccccc", "界界"]), min_size=1), st.integers(5, 30))
def test_wrapped_lines_hold_the_same_words(some: list[str], width: int) -> None:
    lines = wrapped(" ".join(some), width, "  ")
    assert " ".join(lines).split() == some
    assert all(line.startswith("  ") for line in lines[1:])
    assert all(len(line.encode("utf-16-le")) >= 2 for line in lines)
