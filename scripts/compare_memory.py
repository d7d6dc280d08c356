"""What training and a trace hold in memory, measured, beside what geometry predicts.

python scripts/compare_memory.py [--largest-gb 6]

Every row is a ``tutor`` command in a process of its own, run to its end on the CPU: a trace, or two
steps on sketches with their checkpoints and final weights. Rows predicted above --largest-gb are left out.
"""

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from alexnet_tutor.architecture import Architecture, preset
from alexnet_tutor.footprint import Footprint
from alexnet_tutor.machine import ended_process

GIGABYTE = 1e9
SAMPLE = Path(__file__).parents[1] / "sample.png"


@dataclass(frozen=True)
class Point:
    """One run to measure; ``batch`` 0 is a trace."""

    batch: int
    precision: Literal["fp32", "bf16"] = "fp32"
    name: str = "fashion"
    width: float = 1.0
    size: int = 227

    def architecture(self) -> Architecture:
        """The network that the command makes."""
        given = preset(self.name)
        if self.batch:
            given = given.with_classes(10)  # sketches' kinds
        return given.scaled(self.width).at_size(self.size)

    def predicted(self) -> int:
        """Bytes, by geometry."""
        needed = Footprint.of(self.architecture(), self.batch)
        return getattr(needed, self.precision) if self.batch else needed.trace

    def measured(self, folder: Path) -> int:
        """Most bytes that the process held."""
        tutor = [sys.executable, "-m", "alexnet_tutor"]
        if not self.batch:
            words = [*tutor, "trace", "--image", str(SAMPLE), "--preset", self.name]
        else:
            options = {
                "run": folder / "run",
                "data": "sketches",
                "device": "cpu",
                "epochs": 1,
                "validation": 0,
                "limit": 2 * self.batch,
                "batch-size": self.batch,
                "precision": self.precision,
                "preset": self.name,
                "width": self.width,
                "image-size": self.size,
            }
            pairs = ([f"--{option}", str(value)] for option, value in options.items())
            words = [*tutor, "train", *(word for pair in pairs for word in pair)]
        code, _, memory = ended_process(words)
        if code or memory is None:
            raise SystemExit(f"{' '.join(words)} ended with {code}, memory {memory}")
        return memory


POINTS = (
    Point(0),
    Point(0, name="paper"),
    *(Point(batch, precision) for precision in ("fp32", "bf16") for batch in (1, 32, 128, 256)),
    *(Point(64, precision, name="paper") for precision in ("fp32", "bf16")),
    *(Point(128, precision, width=0.25) for precision in ("fp32", "bf16")),
    *(Point(64, precision, width=0.5, size=131) for precision in ("fp32", "bf16")),
    *(Point(16, precision, size=451) for precision in ("fp32", "bf16")),
    *(Point(128, precision, width=0.125, size=67) for precision in ("fp32", "bf16")),
)


def main() -> None:
    """Print a row per point, and how far the predictions lie from what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest-gb", type=float, default=6.0)
    options = parser.parse_args()
    print("| network | width | size | batch | precision | predicted | measured | off by |")
    print("| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: |")
    off = []
    for point in POINTS:
        predicted = point.predicted()
        if predicted > options.largest_gb * GIGABYTE:
            continue
        with tempfile.TemporaryDirectory() as folder:
            os.environ["TUTOR_HOME"] = folder  # nobody's settings.toml
            measured = point.measured(Path(folder))
        off.append(predicted / measured - 1)
        batch = f"{point.batch} | {point.precision}" if point.batch else "trace | fp32"
        print(
            f"| {point.name} | {point.width:g} | {point.size} | {batch} "
            f"| {predicted / GIGABYTE:.2f} GB | {measured / GIGABYTE:.2f} GB | {off[-1]:+.1%} |",
            flush=True,
        )
    print(f"\noff by {min(off):+.1%} to {max(off):+.1%}")


if __name__ == "__main__":
    main()
