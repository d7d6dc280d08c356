"""Time to accuracy of the two recipes: a table, and the figure docs/time-to-accuracy.png.

    python scripts/compare_recipes.py --origin RUN --quick RUN --bench benchmarks/results/FILE.json

Each RUN is the folder of a `tutor train --recipe …`. The quick run's time is its own, the judging
after each epoch included. The origin's is what its notebook needs: epochs × pictures / the rate at
which `tutor bench` measured its step on the machine of the quick run; it judges nothing. Its run may
have been made with --precision bf16, and may be unfinished: both are told.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import BenchRecord, EpochRecord
from alexnet_tutor.records.bench import KIND
from alexnet_tutor.show import numbers, plots
from alexnet_tutor.show.terminal.bench import machine_in_words, ratio, unrest_in_words
from alexnet_tutor.training.metrics import read_history
from alexnet_tutor.training.named import RECIPES, RecipeName
from alexnet_tutor.training.run import RunFacts, read_run
from alexnet_tutor.training.run_folder import RunFolder

FIGURE = Path(__file__).parents[1] / "docs" / "time-to-accuracy.png"
HIGHEST_TARGET = 0.92


@dataclass(frozen=True)
class Curve:
    """How far a recipe came and when: a value per epoch."""

    name: str
    hours: tuple[float, ...]
    accuracy: tuple[float, ...]
    finished: bool = True
    precision: str = "fp32"

    def hours_to(self, target: float) -> float | None:
        """When the first epoch that reached ``target`` ended; ``None`` if none did."""
        reached = (at for at, got in zip(self.hours, self.accuracy, strict=True) if got >= target)
        return next(reached, None)


@dataclass(frozen=True)
class Run:
    """A finished run of a recipe: what its folder tells."""

    facts: RunFacts
    history: list[EpochRecord]
    pictures: int
    machine: dict[str, str | int]

    @property
    def accuracy(self) -> tuple[float, ...]:
        """Of the pictures held out, by epoch."""
        return tuple(row.validation_accuracy or 0.0 for row in self.history)


def main() -> None:
    """Draw the figure and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--origin", type=Path, required=True, help="folder of its run")
    parser.add_argument("--quick", type=Path, required=True, help="folder of its run")
    parser.add_argument("--bench", type=Path, required=True, help="what tutor bench saved")
    parser.add_argument("--save", type=Path, default=FIGURE, help="the figure (%(default)s)")
    options = parser.parse_args()
    try:
        bench = read_bench(options.bench)
        origin, quick = curves(
            read_recipe(options.origin, "origin"), read_recipe(options.quick, "quick"), bench
        )
    except TutorError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    plots.save(figure(origin, quick, bench), options.save)
    print(table(origin, quick, bench))


def read_bench(file: Path) -> BenchRecord:
    """What ``tutor bench`` saved.

    Raises:
        TutorError: the file holds something else.
    """
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if told.get("kind") != KIND:
            raise ValueError("it is of another kind")
        return BenchRecord.from_json(told)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TutorError(f"{file} is no result of tutor bench: {error}.") from error


def read_recipe(folder: Path, recipe: RecipeName) -> Run:
    """The run in ``folder``; the origin's in any precision and as far as it is.

    Raises:
        TutorError: it is not of this recipe, quick is not finished, or nothing was held out.
    """
    facts, history = read_run(folder), read_history(folder)
    told = json.loads(RunFolder(folder).settings.read_text(encoding="utf-8"))
    own = facts.settings.to_dict()
    free = {"precision"} if recipe == "origin" else set()
    wanted = {name: value for name, value in RECIPES[recipe].items() if name not in free}
    other = [name for name, value in wanted.items() if own[name] != value]
    if other:
        raise TutorError(
            f"The run in {folder} is not the recipe {recipe}: it has its own {', '.join(other)}.",
            f"Train one: tutor train --recipe {recipe}.",
        )
    if not history or (recipe == "quick" and len(history) < facts.settings.epochs):
        raise TutorError(
            f"The run in {folder} is not finished.", "Resume it: tutor train --resume."
        )
    if any(row.validation_accuracy is None for row in history):
        raise TutorError(f"The run in {folder} held nothing out to be judged by.")
    return Run(facts, history, told["pictures"]["learnt"], told["machine"])


def curves(origin: Run, quick: Run, bench: BenchRecord) -> tuple[Curve, Curve]:
    """Accuracy by hours of both.

    Raises:
        TutorError: the runs learnt from different pictures, or times of two machines would be mixed.
    """
    if origin.facts.fingerprint != quick.facts.fingerprint:
        raise TutorError("The two runs learnt from different pictures, or held out others.")
    settings = origin.facts.settings
    if (bench.batch_size, bench.image_size) != (settings.batch_size, settings.image_size):
        raise TutorError(
            f"The benchmark's step is not the origin's: {bench.batch_size} pictures of {bench.image_size}.",
            "Name the file of a full tutor bench.",
        )
    if place(bench.machine, bench.device) != place(quick.machine, quick.facts.device):
        raise TutorError("The quick run and the benchmark are not of the same machine.")
    epoch = origin.pictures / bench.pictures_per_second("origin_step") / 3600  # hours
    spent = accumulate(row.seconds / 3600 for row in quick.history)
    return (
        Curve(
            "origin",
            tuple(epoch * row.epoch for row in origin.history),
            origin.accuracy,
            len(origin.history) == settings.epochs,
            origin.facts.precision,
        ),
        Curve("quick", tuple(spent), quick.accuracy),
    )


def place(machine: object, device: str) -> tuple[object, ...]:
    """What two measurements must share to be compared."""
    assert isinstance(machine, dict)
    return (machine["processor"], machine["cores"], device)


def target_of(origin: Curve, quick: Curve) -> float:
    """The accuracy to reach: the origin's after its last epoch, 92% at most.

    While the origin's last epoch is not known: as far as quick comes, 92% at most.
    """
    return min(HIGHEST_TARGET, origin.accuracy[-1] if origin.finished else max(quick.accuracy))


def target_in_words(origin: Curve, quick: Curve) -> str:
    """The target, and why it is that."""
    told = numbers.percent(target_of(origin, quick))
    epochs = numbers.counted(len(origin.accuracy), "epoch")
    if origin.finished:
        return f"{told}, the lower of {HIGHEST_TARGET:.0%} and the origin's accuracy after {epochs}"
    return (
        f"{told}, the lower of {HIGHEST_TARGET:.0%} and quick's highest; the origin was followed "
        f"for {epochs} only"
    )


def ratio_in_words(origin: Curve, quick: Curve) -> str:
    """How many times sooner quick is; at least so many where the origin was not followed to the end."""
    slow, fast = (curve.hours_to(target_of(origin, quick)) for curve in (origin, quick))
    if fast is None or (slow is None and origin.finished):
        return "none"
    return ratio(slow / fast) if slow else f"more than {ratio(origin.hours[-1] / fast)}"


def naive_rate(bench: BenchRecord) -> str:
    """Where the origin's time comes from, in words."""
    return (
        f"{numbers.speed(bench.pictures_per_second('origin_step'))} pictures/s, its measured rate"
    )


def table(origin: Curve, quick: Curve, bench: BenchRecord) -> str:
    """The comparison as Markdown."""
    target = target_of(origin, quick)
    lines = [
        f"Target, of the pictures held out: {target_in_words(origin, quick)}.",
        "",
        "| recipe | epochs | accuracy at the end | hours in all | hours to the target |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    times = [curve.hours_to(target) for curve in (origin, quick)]
    for curve, time in zip((origin, quick), times, strict=True):
        end = f"{numbers.percent(curve.accuracy[-1])} | {curve.hours[-1]:.2f}"
        reached = "not reached" if time is None else f"{time:.2f}"
        lines.append(f"| {curve.name} | {len(curve.hours)} | {end} | {reached} |")
    lines += ["", f"Ratio: {ratio_in_words(origin, quick)}."]
    lines += [
        "",
        f"The origin's hours are epochs × pictures / {naive_rate(bench)}; its accuracy was learnt "
        f"in {origin.precision} by this kit. Quick's hours are measured.",
    ]
    lines += [machine_in_words(bench), *filter(None, [unrest_in_words(bench)])]
    return "\n".join(lines)


def figure(origin: Curve, quick: Curve, bench: BenchRecord) -> Figure:
    """Accuracy against hours on a logarithmic axis, the target, and in the legend when it was reached."""
    drawn = Figure(figsize=(8, 4.6), layout="constrained")
    axes = drawn.subplots()
    labels = (
        f"origin, accuracy in {origin.precision}: epochs × pictures / {naive_rate(bench)}",
        "quick: as measured",
    )
    looks = ((plots.VERMILLION, "s"), (plots.BLUE, "o"))
    target = target_of(origin, quick)
    for curve, label, (colour, marker) in zip((origin, quick), labels, looks, strict=True):
        time = curve.hours_to(target)
        reached = (
            "not reached" if time is None else f"reached after {numbers.duration(3600 * time)}"
        )
        told = f"{label}; {reached}"
        axes.plot(curve.hours, curve.accuracy, marker=marker, color=colour, label=told)
    axes.axhline(target, color=plots.BLACK, linewidth=0.8, linestyle=":")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=None))
    axes.set_xlabel("hours of training, logarithmic")
    axes.set_ylabel("accuracy on the pictures held out")
    axes.spines[["top", "right"]].set_visible(False)
    title = f"Time to an accuracy of {numbers.percent(target)} (dotted)"
    drawn.legend(frameon=False, loc="outside upper left", fontsize=9, title=title)
    return drawn


if __name__ == "__main__":
    main()
