"""The figure of a class: how many students made each known mistake."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from alexnet_tutor.records import GradesRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.show.plots import BLUE

_MOST = 40  # bars; grades.json has them all


def misconceptions(record: GradesRecord) -> Figure:
    """A bar per known mistake, the most frequent at the top; the axis is the whole class."""
    made = record.misconceptions
    shown, students = made[:_MOST], len(record.students)
    figure = Figure(figsize=(10, 1.6 + 0.3 * max(len(shown), 2)), layout="constrained")
    axes = figure.subplots()
    counts = [len(one.students) for one in shown]
    bars = axes.barh(range(len(shown)), counts, color=BLUE)
    axes.bar_label(bars, labels=[str(count) for count in counts], padding=3, fontsize=9)
    axes.set_yticks(range(len(shown)), [one.name for one in shown])
    axes.set_xlim(0, max(students, 1) * 1.05)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("students who made it")
    axes.spines[["top", "right"]].set_visible(False)
    axes.invert_yaxis()
    if not shown:
        axes.text(0.5, 0.5, "none", transform=axes.transAxes, ha="center", va="center")
    title = f"Known mistakes of {numbers.counted(students, 'student')}"
    if len(made) > len(shown):
        title += f": the {len(shown)} most frequent of {len(made)}"
    axes.set_title(title, fontsize=11)
    return figure
