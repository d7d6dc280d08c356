"""Writes ``docs/performance.md`` from what ``tutor bench`` saved: never edit that page by hand.

python scripts/write_performance.py
"""

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from alexnet_tutor.records import BenchRecord
from alexnet_tutor.records.bench import KIND
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.bench import (
    TASKS,
    bound_in_words,
    headline,
    machine_in_words,
    ratio,
    seconds,
    spread,
    unrest_in_words,
)

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "performance.md"
INTRO = """# How fast it is

Made by `python scripts/write_performance.py` from the files that `tutor bench` saved in `benchmarks/results`. To add your machine: run `tutor bench`, then that script.
"""
NOTHING = "No result file exists yet: nothing has been measured."
METHOD = """Every contestant is a process of its own, and each has its turn in every round. After a round to warm up, figures are medians, with the quickest and the slowest round beside them. The origin's recipe: fp32, NCHW, `nn.LocalResponseNorm`, a `DataLoader` that enlarges each picture with PIL, torch's default SGD. The kit's: the job that `tutor train` runs. Both learn the same network from the same sketches. Memory is the most that a process held at once (on a GPU, the most that torch held there)."""


def main() -> None:
    """Write the page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    PAGE.write_text(page(RESULTS.glob("*.json")), encoding="utf-8")


def page(files: Iterable[Path]) -> str:
    """The page that these result files give, those of other kinds left out."""
    ordered = sorted(files, key=lambda file: file.stem)  # of one day, the plain command first
    told = {file: json.loads(file.read_text(encoding="utf-8")) for file in ordered}
    records = {
        file.name: BenchRecord.from_json(values)
        for file, values in told.items()
        if isinstance(values, dict) and values.get("kind") == KIND
    }
    if not records:
        return f"{INTRO}\n{NOTHING}\n"
    parts = [INTRO, f"{METHOD}\n"]
    for name, record in records.items():
        parts.append("\n".join(section(name, record)) + "\n")
    if not any(record.device == "cuda" for record in records.values()):
        parts.append("GPU: not measured.\n")
    return "\n".join(parts)


def section(name: str, record: BenchRecord) -> Iterator[str]:
    """One file's figures."""
    yield f"## `{record.command}`, {record.date}, {record.machine['cores']} cores"
    yield ""
    yield headline(record)
    yield ""
    if warning := unrest_in_words(record):
        yield f"**{warning}**"
        yield ""
    yield f"[`{name}`](../benchmarks/results/{name}): {machine_in_words(record)}"
    yield ""
    yield "| what | median s | min–max s | pictures/s | ratio | of the roof | peak memory |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for task, timing in record.timings.items():
        label = TASKS[task]
        cells = [seconds(timing.median), spread(timing), *_compared(record, task)]
        cells.append(numbers.size_in_bytes(record.memory[task]) if task in record.memory else "")
        yield f"| {label} | {' | '.join(cells)} |"
    yield ""
    yield f"A step is {record.batch_size} pictures of {record.image_size}×{record.image_size}, the kit's in {record.precision}. {bound_in_words(record)}"
    yield ""
    yield f"LRN: forward and backward at {numbers.shape(record.lrn_shape)} in fp32, of values drawn with deviation 10; the largest difference between the two, gradients included, was {record.lrn_difference:.1e}. Matrix products: side {record.matrix_side:,}."


def _compared(record: BenchRecord, task: str) -> tuple[str, str, str]:
    """(pictures/s, ratio, share of the roof) where they mean something."""
    if task in ("origin_step", "kit_step"):
        speed = record.pictures_per_second(task)
        times = record.timings["origin_step"].median / record.timings[task].median
        return numbers.speed(speed), ratio(times), numbers.percent(speed / record.bound)
    if task in ("torch_lrn", "kit_lrn"):
        return "", ratio(record.timings["torch_lrn"].median / record.timings[task].median), ""
    return "", "", ""


if __name__ == "__main__":
    main()
