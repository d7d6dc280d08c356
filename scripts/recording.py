"""A terminal (tmux) that a script or a test types into, and its screens as SVG."""

import os
import shlex
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.terminal_theme import MONOKAI
from rich.text import Text

PROMPT = "$ "
PATIENCE = 60.0  # seconds for one command
_PACE = 0.05  # seconds between two looks


class Terminal:
    """tmux with one window, apart from any other; its prompt is a dollar sign."""

    def __init__(self, home: Path, width: int, height: int, **environment: str) -> None:
        self.name = f"tutor-{os.getpid()}"
        (home / "rc").write_text(f"PS1='{PROMPT}'\n", encoding="utf-8")
        known = {
            "TUTOR_HOME": str(home / "kept"), "TERM": "xterm-256color", "COLORTERM": "truecolor",
            "LC_ALL": "C.UTF-8", **environment,
        }  # fmt: skip
        words = [word for key, value in known.items() for word in ("-e", f"{key}={value}")]
        self._tmux(
            "-f", os.devnull, "new-session", "-d", "-x", str(width), "-y", str(height),
            "-c", str(home), *words, f"env -u COLUMNS -u LINES bash --noprofile --rcfile {shlex.quote(str(home))}/rc",
        )  # fmt: skip
        self.wait()

    def type(self, command: str) -> None:
        """Type a line, without waiting for what comes."""
        self._tmux("send-keys", "-l", command)
        self.press("Enter")

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: ``Left``, ``BSpace``, ``C-c``."""
        self._tmux("send-keys", *keys)

    def screen(self) -> list[str]:
        """The lines of the screen, without colours."""
        return self._tmux("capture-pane", "-p").rstrip().splitlines()

    def coloured(self, *, history: bool = False) -> str:
        """The screen with its escape sequences; with ``history`` what has left it at the top too."""
        return self._tmux("capture-pane", "-p", "-e", *(["-S", "-"] if history else []))

    def forget(self) -> None:
        """An empty screen and nothing before it."""
        self.type("clear")
        time.sleep(0.5)
        self._tmux("clear-history")

    def told(self, form: str) -> str:
        """What tmux knows, ``#{alternate_on}`` say."""
        return self._tmux("display-message", "-p", form).strip()

    def wait(self, until: str | Callable[[list[str]], bool] = "") -> list[str]:
        """The screen once it holds a text, or as told; without ``until``: once the prompt is its last line.

        Raises:
            TimeoutError: it does not come.
        """
        come = until if callable(until) else partial(_holds, until)
        begun = time.monotonic()
        while not come(shown := self.screen()):
            if time.monotonic() - begun > PATIENCE:
                raise TimeoutError("\n".join([f"{until or PROMPT!r} does not come:", *shown]))
            time.sleep(_PACE)
        return shown

    def close(self) -> None:
        """End it."""
        self._tmux("kill-server")

    def _tmux(self, *words: str) -> str:
        command = ["tmux", "-u", "-L", self.name, *words]
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def _holds(text: str, shown: list[str]) -> bool:
    if text:
        return any(text in line for line in shown)
    return bool(shown) and shown[-1].strip() == PROMPT.strip()


# A screen as SVG. A picture of half blocks is drawn as what it is, coloured dots, half a cell each: letters
# in its place would be a hundred times as many bytes, with gaps between them.

CELL, LINE, SIZE, PAD = 8, 16, 13, 12  # pixels: a cell across, down, its letters, the border
_FONT = "ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace"
_PAPER, _INK, _SAID = "#12141a", "#d4d7dd", "#5f6570"
_DIM = 0.6


@dataclass(frozen=True, slots=True)
class Screen:
    """What a terminal showed, with its escape sequences, and a line to say above it."""

    said: str
    shown: str


def drawn(screens: Sequence[Screen], width: int, height: int) -> str:
    """Screens of so many cells and lines, one under another."""
    across = width * CELL + 2 * PAD
    down = LINE + height * LINE + 3 * PAD
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {across} {down * len(screens)}"'
        f' width="{across}" font-family="{_FONT}" font-size="{SIZE}" xml:space="preserve">'
    ]
    for number, screen in enumerate(screens):
        parts.append(f'<g transform="translate(0 {number * down})">')
        parts.append(f'<text x="2" y="{LINE}" fill="{_SAID}">{escape(screen.said)}</text>')
        top = LINE + PAD // 2
        parts.append(
            f'<rect y="{top}" width="{across}" height="{height * LINE + 2 * PAD}" rx="6" fill="{_PAPER}"/>'
        )
        parts.append(f'<g transform="translate({PAD} {top + PAD})">')
        parts += _screen(screen.shown)
        parts.append("</g></g>")
    return "\n".join([*parts, "</svg>"]) + "\n"


@dataclass(frozen=True, slots=True)
class _Cell:
    """A letter and its looks; colours as ``#rrggbb``, ``None`` for the terminal's own."""

    letter: str
    ink: str | None
    paper: str | None
    bold: bool
    dim: bool

    @property
    def halves(self) -> tuple[str | None, str | None]:
        """The colours of its upper and its lower half, where it is no letter to read."""
        if self.letter == "▀":
            return self.ink or _INK, self.paper
        whole = (self.ink or _INK) if self.letter == "█" else self.paper
        return whole, whole


def _screen(shown: str) -> Iterator[str]:
    """The dots, a path for each colour, and the letters over them."""
    rows = [list(_cells(line)) for line in Text.from_ansi(shown.rstrip("\n")).split("\n")]
    runs: dict[str, list[str]] = defaultdict(list)
    for y, row in enumerate(rows):
        for half in (0, 1):
            x = 0
            for colour, same in groupby(cell.halves[half] for cell in row):
                length = len(list(same))
                if colour is not None:
                    runs[colour].append(f"M{x} {2 * y + half}h{length}")
                x += length
    yield f'<g transform="scale({CELL} {LINE / 2:g}) translate(0 .5)" shape-rendering="crispEdges">'
    for colour, path in runs.items():
        yield f'<path stroke="{colour}" d="{"".join(path)}"/>'
    yield "</g>"
    for y, row in enumerate(rows):
        yield from _letters(row, y * LINE + SIZE - 1)


def _letters(row: list[_Cell], y: int) -> Iterator[str]:
    x = 0
    for looks, same in groupby(row, key=lambda c: (c.ink, c.bold, c.dim, c.letter in "▀█")):
        letters = "".join(cell.letter for cell in same)
        ink, bold, dim, dots = looks
        text = letters.strip()
        if text and not dots:
            at = (x + len(letters) - len(letters.lstrip())) * CELL
            extra = ' font-weight="bold"' if bold else ""
            extra += f' opacity="{_DIM}"' if dim else ""
            yield (
                f'<text x="{at}" y="{y}" textLength="{len(text) * CELL}" fill="{ink or _INK}"{extra}>'
                f"{escape(text)}</text>"
            )
        x += len(letters)


def _cells(line: Text) -> Iterator[_Cell]:
    for segment in line.render(_CONSOLE):
        style = segment.style or Style.null()
        ink, paper = (
            None if colour is None or colour.is_default else colour.get_truecolor(MONOKAI).hex
            for colour in (style.color, style.bgcolor)
        )
        if style.reverse:
            ink, paper = paper or _PAPER, ink or _INK
        for letter in segment.text.rstrip("\n"):
            yield _Cell(letter, ink, paper, bool(style.bold), bool(style.dim))


_CONSOLE = Console(width=1000, color_system="truecolor", force_terminal=True)
