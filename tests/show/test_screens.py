"""What every screen keeps: width, letters, colour, and its golden text."""

import ast
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text
from show.screens import LONG_SOURCE, SCREENS, TRACE, WORKED, Page
from show.showing import shown

from alexnet_tutor.show.terminal.page import LayerPage

GOLDEN = Path(__file__).with_name("golden")
HELD = (
    "trace",
    "conv1",
    "evaluation",
    "page",
    "predictions",
    "run",
    "compression",
    "bench",
    "check",
    "lesson",
    "progress",
    "grades",
    "release",
    "unit_conv",
    "unit_lrn",
    "unit_pool",
    "unit_softmax",
)


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", HELD)
def test_a_screen_reads_as_it_was_reviewed(name: str, width: int) -> None:
    """Renew with ``RENEW_GOLDEN=1 pytest tests/show`` and review the difference."""
    text = shown(SCREENS[name](), width)
    file = GOLDEN / f"{name}_{width}.txt"
    if os.environ.get("RENEW_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8")


@given(
    st.sampled_from(sorted(SCREENS)),
    st.integers(60, 200),
    st.sampled_from(["utf-8", "ascii"]),
)
def test_no_line_is_wider_than_the_screen(name: str, width: int, encoding: str) -> None:
    for line in shown(SCREENS[name](), width, encoding).splitlines():
        assert cell_len(line) <= width


@pytest.mark.parametrize("name", SCREENS)
def test_a_terminal_without_unicode_gets_ascii(name: str) -> None:
    text = shown(SCREENS[name](), 80, "ascii")
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("name", SCREENS)
def test_a_pipe_gets_no_escape_sequences(name: str) -> None:
    assert "\x1b" not in shown(SCREENS[name](), 80)


@pytest.mark.parametrize("name", ["trace", "conv1", "evaluation", "run", "page"])
def test_no_color_means_no_colour(name: str) -> None:
    """Bold and dim may stay; nothing that sets a foreground or background does."""
    text = shown(SCREENS[name](), 80, colour="truecolor", no_color=True)
    assert "38;" not in text
    assert "48;" not in text
    assert "▀" not in text


@pytest.mark.parametrize("name", ["trace", "conv1", "fc6", "evaluation", "runs"])
def test_lines_stay_within_the_screen_in_colour_too(name: str) -> None:
    for line in shown(SCREENS[name](), 80, colour="truecolor").splitlines():
        assert Text.from_ansi(line).cell_len <= 80


@pytest.mark.parametrize("name", SCREENS)
def test_the_last_line_names_the_next_command(name: str) -> None:
    assert shown(SCREENS[name](), 80).splitlines()[-1].startswith("Next: tutor ")


@pytest.mark.parametrize("name", SCREENS)
def test_each_thing_has_one_word(name: str) -> None:
    """An option may be called --image: what it takes is a picture all the same."""
    other = r"(?<!--)\bimages?\b|\bground\b|\bright\b|surest|\btraining\b|held.out|looks? at"
    text = shown(SCREENS[name](), 120).partition("Formula")[0]
    assert not re.search(other, text)


@pytest.mark.parametrize("name", SCREENS)
def test_no_line_ends_in_blanks(name: str) -> None:
    assert not re.search(r" $", shown(SCREENS[name](), 80), re.MULTILINE)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_source_is_code_at_any_width(encoding: str) -> None:
    page = LayerPage("conv2", "fashion", Page(), WORKED, LONG_SOURCE, TRACE)
    text = shown(page, 60, encoding).partition("\nSource\n")[2].rpartition("\n\nNext: ")[0]
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(LONG_SOURCE))
    assert text.splitlines() == LONG_SOURCE.splitlines()
    assert LONG_SOURCE.splitlines()[-1] in Text.from_ansi(shown(page, 60, colour="256")).plain


def test_names_from_outside_are_shown_and_not_obeyed() -> None:
    text = shown(SCREENS["predictions"](), 120)
    assert "[red]boot[/red]" in text
    assert "\x1b" not in text
