"""Records a walk in a real terminal: docs/walk.svg, its screens one under another.

    python scripts/record_walk.py

Needs tmux. The walk begins at the strongest value of conv5 on the kit's own sample and is led by keys.
"""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from recording import Screen, Terminal, drawn

from alexnet_tutor.show.walk.notes import NAMES

ROOT = Path(__file__).parents[1]
FILE = ROOT / "docs" / "walk.svg"
WIDTH, HEIGHT = 100, 31
SETTLED = 0.4  # seconds without a change


@dataclass(frozen=True)
class Step:
    """A screen: the keys that lead to it, by tmux's names, and what is said above it."""

    keys: tuple[str, ...]
    said: str


START = "tutor walk --from conv5"
STEPS = (
    Step((), f"$ {START}: its strongest value, what it sees, and the sum that makes it"),
    Step(("Enter",) * 8, "Enter, eight times: each steps back to the value that added most, here down to conv2"),
    Step(("k",), "k: the kernel at work, the channel that adds most; i and u step through the others"),
    Step(("m",), "m: all maps of conv2, strongest first"),
    Step(("Escape", *("Enter",) * 5), "Enter, five times more: the pixel from which the strongest path starts"),
)  # fmt: skip


def main() -> None:
    """Walk, and draw what the terminal showed."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    with tempfile.TemporaryDirectory() as home:
        kept = Path(home) / "kept"
        kept.mkdir()
        (kept / "walk-notes.json").write_text(
            json.dumps(sorted(NAMES))
        )  # else they lie over the foot
        terminal = Terminal(Path(home), WIDTH, HEIGHT)
        try:
            terminal.type(START.replace("tutor", f"{sys.executable} -m alexnet_tutor"))
            terminal.wait("by hand")
            screens = [Screen(step.said, shown(terminal, step)) for step in STEPS]
        finally:
            terminal.close()
    FILE.write_text(drawn(screens, WIDTH, HEIGHT), encoding="utf-8")
    print(f"{FILE.relative_to(ROOT)}: {FILE.stat().st_size / 1000:.0f} kB")


def shown(terminal: Terminal, step: Step) -> str:
    """The screen after the keys, once it stands still."""
    for key in step.keys:
        terminal.press(key)
        still(terminal)
    return still(terminal)


def still(terminal: Terminal) -> str:
    """The screen that has stood for a moment."""
    before = terminal.coloured()
    begun = time.monotonic()
    while time.monotonic() - begun < SETTLED:
        now = terminal.coloured()
        if now != before:
            before, begun = now, time.monotonic()
        time.sleep(SETTLED / 8)
    return before


if __name__ == "__main__":
    main()
