"""Writes docs/course.md, docs/course-matrix.png and docs/course-mutants.png: how the exercises prove themselves.

    python scripts/write_course_page.py

Everything is measured anew: each mistake is diagnosed, each small change to a solution is tried, each
hostile submission is run. Some minutes.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from course import test_apart  # noqa: E402
from course.mutation import caught, mutants  # noqa: E402
from course.test_mutants import SURVIVORS  # noqa: E402

from alexnet_tutor.course import workspace  # noqa: E402
from alexnet_tutor.course.check import probes_of  # noqa: E402
from alexnet_tutor.course.diagnose import APART, NEAR, diagnose  # noqa: E402
from alexnet_tutor.course.exercise import Lesson  # noqa: E402
from alexnet_tutor.course.lessons import all_lessons  # noqa: E402
from alexnet_tutor.records import TROUBLES, Trouble  # noqa: E402
from alexnet_tutor.show import plots  # noqa: E402

HEAD = """# How the exercises prove themselves

Made by `python scripts/write_course_page.py`, which measures all of it anew. `pytest tests/course` holds each statement as a test.
"""


@dataclass(frozen=True)
class Bank:
    """All mistakes in a row, exercise by exercise.

    Attributes:
        names: ``4/lrn``, of each mistake's exercise.
        distance: (M, M) between the outputs of two mistakes of an exercise, in shares of the largest
            right value; NaN where they belong to different exercises.
        right: (M,) from the right outputs.
        named: how many were diagnosed as themselves and as nothing else.
    """

    names: list[str]
    distance: np.ndarray
    right: np.ndarray
    named: int

    @property
    def least(self) -> float:
        """Between any two mistakes of an exercise, or one and the right answer."""
        pairs = self.distance[~np.eye(len(self.names), dtype=bool)]
        return float(min(np.nanmin(pairs), self.right.min()))


def main() -> None:
    """Measure, draw, write."""
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    bank = measured_bank()
    rows = list(mutant_rows())
    plots.save(matrix(bank), ROOT / "docs" / "course-matrix.png")
    plots.save(mutant_bars(rows), ROOT / "docs" / "course-mutants.png")
    text = "\n".join([HEAD, *bank_text(bank), *mutant_text(rows), *hostile_text()])
    (ROOT / "docs" / "course.md").write_text(text + "\n", encoding="utf-8")


def measured_bank() -> Bank:
    """Every mistake of every exercise, seed 0."""
    blocks, right, names, named = [], [], [], 0
    for lesson in all_lessons():
        for exercise in lesson.exercises:
            probes = probes_of(exercise, 0)
            outputs = list(probes.mistaken.values())
            blocks.append(np.array([[probes.distance(a, b) for b in outputs] for a in outputs]))
            right += [probes.distance(a, list(probes.expected)) for a in outputs]
            names += [f"{lesson.number}/{exercise.name}"] * len(outputs)
            for ids, found in probes.mistaken.items():
                told = diagnose(probes, found)
                named += told is not None and told.ids == ids
            print(names[-1], file=sys.stderr)
    whole = np.full((len(names), len(names)), np.nan)
    at = 0
    for block in blocks:
        whole[at : at + len(block), at : at + len(block)] = block
        at += len(block)
    return Bank(names, whole, np.array(right), named)


def matrix(bank: Bank) -> Figure:
    """A row for what was done, a column for each known mistake of that exercise."""
    figure = Figure(figsize=(9.5, 9), layout="constrained")
    axes = figure.subplots()
    shown = np.clip(np.nan_to_num(bank.distance, nan=np.nan, posinf=1e3), NEAR / 10, 10)
    image = axes.imshow(shown, cmap="viridis", norm=LogNorm(NEAR / 10, 10), interpolation="nearest")
    starts = [0, *(n for n in range(1, len(bank.names)) if bank.names[n] != bank.names[n - 1])]
    axes.set_yticks(starts, [bank.names[start] for start in starts], fontsize=6)
    axes.set_xticks([])
    axes.set_title(
        f"{len(bank.names)} mistakes of {len(starts)} exercises: a dark cell is the same output, and lies on the diagonal only.\n"
        f"Least distance of any two, or of one and the right answer: {bank.least:.3g}",
        fontsize=10,
    )
    axes.set_xlabel("the known mistakes of the same exercise, in the same order")
    axes.set_ylabel("what was done")
    figure.colorbar(
        image,
        ax=axes,
        shrink=0.6,
        label="distance, in shares of the largest right value; 10: or more, or another shape",
    )
    return figure


def bank_text(bank: Bank) -> Iterator[str]:
    """What the matrix says."""
    exercises = len(set(bank.names))
    yield "## Each mistake is named, and no other\n"
    yield (
        f"{len(bank.names)} mistakes of {exercises} exercises in {len(all_lessons())} lessons: {bank.named} are diagnosed as themselves and as nothing else. "
        f"A mistake is named where a learner's outputs differ from its own by less than {NEAR:g} of the largest right value. "
        f"The least distance of any two of an exercise, or of one and the right answer, is {bank.least:.3g}; `tests/course/test_bank.py` asks for {APART:g}, in CI over three seeds.\n"
    )
    yield "![The matrix of distances](course-matrix.png)\n"


Row = tuple[Lesson, int, int, int]  # changes made, noticed, equal


def mutant_rows() -> Iterator[Row]:
    """Both solutions of a lesson together."""
    for lesson in all_lessons():
        made, noticed, equal = 0, 0, 0
        for which in (workspace.solution, workspace.alternative):
            every = list(mutants(which(lesson).read_text(encoding="utf-8")))
            made += len(every)
            noticed += sum(caught(lesson, mutant) for mutant in every)
            equal += len(SURVIVORS.get(f"{lesson.folder}/{which.__name__}", {}))
        print(lesson.folder, made, noticed, equal, file=sys.stderr)
        yield lesson, made, noticed, equal


def mutant_bars(rows: list[Row]) -> Figure:
    """A bar per lesson: noticed, and left over."""
    figure = Figure(figsize=(8, 0.32 * len(rows) + 1.4), layout="constrained")
    axes = figure.subplots()
    names = [f"{lesson.number} {lesson.name}" for lesson, *_ in rows]
    noticed = [row[2] for row in rows]
    left = [row[1] - row[2] for row in rows]
    axes.barh(names, noticed, color=plots.BLUE, label="noticed")
    axes.barh(
        names,
        left,
        left=noticed,
        color=plots.ORANGE,
        label="not noticed: as good as a solution",
        hatch="//",
    )
    for place, (_, made, caught_, _) in enumerate(rows):
        axes.text(made + 1, place, f"{caught_} of {made}", va="center", fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel("small changes to the two solutions of a lesson")
    axes.set_xlim(0, 1.14 * max(row[1] for row in rows))
    axes.legend(loc="lower right", fontsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure


def mutant_text(rows: list[Row]) -> Iterator[str]:
    """The sum, the figure and the changes left over."""
    made, noticed, equal = (sum(row[n] for row in rows) for n in (1, 2, 3))  # type: ignore[misc]
    yield "## A changed solution is no solution\n"
    yield (
        f"{made} small changes to the solutions, made from their source (operators, comparisons, constants, ends of slices, names that have a counterpart): "
        f"{noticed} are noticed, {noticed / made:.1%}. The other {equal} are solutions too, or as good as one: the table says why.\n"
    )
    yield "![Changes noticed by lesson](course-mutants.png)\n"
    yield "| where | change | why it is as good as a solution |"
    yield "| --- | --- | --- |"
    for where, changes in SURVIVORS.items():
        for change, why in changes.items():
            yield f"| {where} | `{change}` | {why} |"
    yield ""


def hostile_text() -> Iterator[str]:
    """Each hostile submission, run now, and what was told of it."""
    found = dict(hostile())
    yield "## Code that misbehaves is told by name\n"
    yield f"{len(found)} submissions, each run in a process apart. The other functions of the file still run, where anything of it can.\n"
    yield "| submission | told as | the sentence, with its line |"
    yield "| --- | --- | --- |"
    for name, trouble in found.items():
        line = f", line {trouble.line}: `{trouble.source}`" if trouble.line else ""
        said = trouble.said.replace(f"{ROOT}/", "")
        yield f"| {name} | {trouble.name}: {TROUBLES[trouble.name]} | {said}{line} |"


def hostile() -> Iterator[tuple[str, Trouble]]:
    """Each submission's name, and its trouble."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "exercise.py"
        for name, submission in test_apart.HOSTILE.items():
            answers = test_apart.asked(file, submission.code)["bad"]
            trouble = test_apart.trouble_in(answers, file)
            yield name, replace(trouble, said=trouble.said.replace(f"{folder}/", ""))
        found = test_apart.asked_with_torch(file)
        for name in test_apart.TORCH:
            yield name, test_apart.trouble_in(found[name], file)


if __name__ == "__main__":
    main()
