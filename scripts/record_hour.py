"""Records a learner's hour with lesson 4 in a real terminal: docs/hour.md and the screens beside it.

    python scripts/record_hour.py

Needs tmux. Each command is typed into a terminal of 80 columns; what that terminal then holds, colours
and all, becomes an SVG. The learner's three attempts are below.
"""

import argparse
import tempfile
import time
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from recording import PROMPT, Terminal
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "hour"
PAGE = ROOT / "docs" / "hour.md"
WIDTH, HEIGHT = 80, 50
QUOTES = '"""'

SUM = """
    channels = a.shape[1]
    sums = []
    for i in range(channels):
        low, high = max(0, i - n // 2), min(channels - 1, i + n // 2)
        total = (a[:, low : high + 1] ** 2).sum(dim=1)
        sums.append(total)
    return torch.stack(sums, dim=1)
"""
FIRST = "    return a / (k + alpha / n * sum_of_squares(a, n)) ** beta\n"
SECOND = "    return a / (k + alpha * sum_of_squares(a, n)) ** beta\n"
LAST = "    return lrn(torch.relu(z), n, k, alpha, beta)\n"


@dataclass(frozen=True)
class Step:
    """A screen: what is said of it, what is typed, and what the learner wrote before.

    Attributes:
        first: lines from the top that are kept; 0 for all.
        until: text at which a command that asks is left; "" for one that ends.
    """

    name: str
    said: str
    typed: str
    writes: str = ""
    first: int = 0
    until: str = ""


STEPS = (
    Step("start", "A course folder from the installed kit, no network needed.", "tutor start course && cd course"),
    Step("where", "Where am I? A learner who has done lessons 1 to 3 elsewhere goes straight to 4.", "tutor lesson"),
    Step("lesson", "The lesson, its figures computed from the learner's own picture. Here as far as its first question.", "tutor lesson 4 --image sample.png", until="Your answer"),
    Step("wrong", "A first attempt: the sum is right, in the formula α is divided by n, as PyTorch does it. The check shows the smallest input where it differs, the arithmetic by hand, and the mistake by name.", "tutor check 4", writes="first"),
    Step("hint", "The hint fits the mistake.", "tutor hint 4"),
    Step("mine-wrong", "What does the mistake do in the whole network? Little, on this picture: that is why no one notices it there.", "tutor trace --mine 4 | head -6"),
    Step("right", "The formula as the paper has it.", "tutor check 4", writes="second"),
    Step("mine", "The learner's LRN in the trained network, in the place of the kit's.", "tutor trace --mine 4", writes="last", first=48),
    Step("pytest", "pytest counts what is still to do apart.", "pytest -q | tail -20"),
    Step("progress", "How far.", "tutor progress"),
)  # fmt: skip


def main() -> None:
    """Type everything, keep every screen, write the page."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    FOLDER.mkdir(exist_ok=True)
    text = [
        "# A learner's hour",
        "",
        f"Recorded by `python scripts/record_hour.py` in a terminal (tmux) of {WIDTH} columns.",
    ]
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal(Path(home), WIDTH, HEIGHT)
        try:
            for number, step in enumerate(STEPS, start=1):
                write(Path(home) / "course", step.writes)
                lines = typed(terminal, step.typed, step.until)
                name = f"{number:02}-{step.name}.svg"
                shown = lines[: step.first] if step.first else lines
                draw(shown, FOLDER / name, step.typed)
                alternative = f"{step.typed}, as the terminal shows it"
                text += ["", f"{number}. {step.said}", "", f"   ![{alternative}](hour/{name})"]
        finally:
            terminal.close()
    PAGE.write_text("\n".join(text) + "\n", encoding="utf-8")


def write(course: Path, which: str) -> None:
    """What the learner wrote: nothing, or one of the attempts at lesson 4."""
    if not which:
        return
    file = course / "lessons" / "04-lrn" / "exercise.py"
    stub = ROOT / "lessons" / "04-lrn" / "exercise.py"
    head, *functions = stub.read_text(encoding="utf-8").split("\ndef ")
    bodies = [SUM, SECOND if which != "first" else FIRST, LAST if which == "last" else None]
    written = [head]
    for function, body in zip(functions, bodies, strict=True):
        after_docstring = function.rindex(QUOTES) + len(QUOTES)
        whole = function if body is None else f"{function[:after_docstring]}\n{body.strip(chr(10))}"
        written.append(f"{whole.rstrip()}\n\n")
    file.write_text("\ndef ".join(written), encoding="utf-8")


def typed(terminal: Terminal, command: str, until: str) -> list[str]:
    """The lines of the screen, and of what has left it at the top, after ``command``."""
    terminal.forget()
    terminal.wait()
    terminal.type(command)
    time.sleep(0.5)
    terminal.wait(until)
    held = terminal.coloured(history=True)
    if until:
        terminal.press("C-c")
        terminal.wait()
    lines = held.rstrip().splitlines()
    return lines[:-1] if Text.from_ansi(lines[-1]).plain.strip() == PROMPT.strip() else lines


def draw(lines: list[str], file: Path, title: str) -> None:
    """The lines with their colours as SVG."""
    screen = Console(
        record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor"
    )
    for line in Text.from_ansi("\n".join(lines)).split("\n"):  # a colour may last for lines
        screen.print(line, no_wrap=True, crop=True)
    file.write_text(screen.export_svg(title=title), encoding="utf-8")


if __name__ == "__main__":
    main()
