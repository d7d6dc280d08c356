"""Draws ``docs/trace.svg`` for the README: a real trace of the sample, as the terminal shows it.

python scripts/draw_trace.py

With the weights in the box, or with those of ``--weights FILE``.
"""

import argparse
import io
from pathlib import Path

from rich.console import Console

from alexnet_tutor import load_image, load_weights, resources, trace
from alexnet_tutor.show.terminal.trace import TraceView

ROOT = Path(__file__).parents[1]
WIDTH = 112


def main() -> None:
    """Trace the sample with the given weights and write what the terminal would show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=resources.weights())
    file = parser.parse_args().weights
    if file is None:
        parser.error("there are no weights in the box: name some with --weights")
    network, facts = load_weights(file)
    record = trace(network, load_image(ROOT / "sample.png", facts.preparation), facts)
    screen = Console(
        record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    screen.print(TraceView(record, "tutor trace --image sample.png --layer conv2"))
    (ROOT / "docs" / "trace.svg").write_text(
        screen.export_svg(title="tutor trace --image sample.png"), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
