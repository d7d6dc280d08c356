"""Figures as files: curves, confusion, pictures with their labels, maps and kernels.

Functions return a figure; ``save`` writes it. Colours are Okabe and Ito's, which colour-blind people
tell apart, and a mark or a word always says the same.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from math import ceil, floor
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import NDArray

from alexnet_tutor.records import (
    EpochRecord,
    EvaluationRecord,
    JudgedPicture,
    LayerRecord,
    TraceRecord,
)
from alexnet_tutor.show import numbers, tiles

BLUE, ORANGE, GREEN, VERMILLION, PURPLE, SKY, BLACK = (
    "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#000000",
)  # fmt: skip
_RUN_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
_DPI = 100
_THINNEST, _WIDER = 1.5, 4.0  # points: the last run, and how much more the first may have
_SHEET_WIDTH, _MARGIN, _TITLE_LINE = 1400, 44, 18  # pixels
_LONGEST_NAME = 28
_FEW_UNITS = 32
_GREY = "Each on its own scale, from its lowest value (black) to its highest (white)."
_DIVERGING = "Each on its own scale: white is 0, blue below, orange above."
_DIVERGING_ONE = "White is 0, blue below, orange above;"
_MOST_NUMBERS = 30  # classes up to which a confusion matrix has its numbers written in


def save(figure: Figure, path: Path) -> None:
    """Write ``figure`` as PNG, its folder made where needed, and let go of its memory."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a label in a script the font lacks
        figure.savefig(path, dpi=_DPI, format="png", pil_kwargs={"compress_level": 3})
    figure.clear()


def loss_curves(runs: Mapping[str, Sequence[EpochRecord]]) -> Figure:
    """Loss and accuracy by epoch: a colour per run, solid for validation, dashed for train.

    The first run is drawn thickest: where curves coincide, each still shows beside the next. The loss
    starts at 0, the accuracy at the last full 10% below its values, which its label says.
    """
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    losses, accuracies = figure.subplots(1, 2)
    for number, (name, epochs) in enumerate(runs.items()):
        colour = _RUN_COLOURS[number % len(_RUN_COLOURS)]
        before = f"{name}: " if len(runs) > 1 else ""
        width = _THINNEST + _WIDER * (len(runs) - 1 - number) / max(2, len(runs) - 1)
        for axes, quantity in ((losses, "loss"), (accuracies, "accuracy")):
            for part, style in (("train", "--"), ("validation", "-")):
                look = (colour, style, width)
                _curve(axes, epochs, f"{part}_{quantity}", f"{before}{part}", look)
    _label(losses, "epoch", f"cross-entropy loss, {numbers.NATS}")
    lowest = floor(10 * min((min(line.get_ydata()) for line in accuracies.lines), default=0)) / 10
    accuracies.set_ylim(bottom=lowest)
    starts = f" (the axis starts at {lowest:.0%})" if lowest else ""
    _label(accuracies, "epoch", f"accuracy{starts}")
    losses.set_ylim(bottom=0)
    accuracies.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=None))
    for axes in (losses, accuracies):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if losses.lines:
        losses.legend(frameon=False)
    if len(runs) == 1:
        figure.suptitle(next(iter(runs)))
    return figure


def confusion(record: EvaluationRecord) -> Figure:
    """The share of each true class that was taken for each class; counts written in."""
    count = len(record.labels)
    side = min(14.0, 3.0 + 0.55 * count)
    figure = Figure(figsize=(side + 0.8, side), layout="constrained")
    axes = figure.subplots()
    totals = record.confusion.sum(axis=1, keepdims=True)
    shares = record.confusion / np.maximum(totals, 1)
    drawn = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    figure.colorbar(
        drawn, ax=axes, label="share of the true class", shrink=0.8, format=PercentFormatter(1.0)
    )
    pictures = numbers.counted(record.images, "picture")
    axes.set_title(
        _plain(f"accuracy {numbers.percent(record.accuracy)} on {pictures}: {record.data}")
    )
    axes.set_xlabel("predicted class")
    axes.set_ylabel("true class")
    if count <= _MOST_NUMBERS:
        axes.set_xticks(
            range(count), record.labels, rotation=45, ha="right", rotation_mode="anchor"
        )
        axes.set_yticks(range(count), record.labels)
        for (row, column), value in np.ndenumerate(record.confusion):
            if value:
                tone = "white" if shares[row, column] > 0.5 else "black"
                axes.text(
                    column, row, f"{value:,}", ha="center", va="center", color=tone, fontsize=9
                )
    axes.tick_params(length=0)
    return figure


def picture_grid(
    pictures: Sequence[JudgedPicture], labels: Sequence[str], title: str = "", columns: int = 6
) -> Figure:
    """Test pictures with what the network said and what is true; a mistake is marked ✗, in orange."""
    rows = max(1, ceil(len(pictures) / columns))
    figure = Figure(
        figsize=(columns * 1.75, rows * 2.15 + (0.4 if title else 0)), layout="constrained"
    )
    cells = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes in cells:
        axes.set_axis_off()
    for axes, picture in zip(cells, pictures, strict=False):
        _show_pixels(axes, picture.pixels)
        wrong = picture.predicted != picture.true
        said = f"{labels[picture.predicted]} {numbers.percent(picture.probability)}"
        words = f"✗ said {said}\nis {labels[picture.true]}" if wrong else f"✓ {said}"
        axes.set_title(_plain(words), fontsize=9, color=VERMILLION if wrong else BLACK)
    if not pictures:
        figure.text(0.5, 0.5, "none", ha="center", va="center")
    if title:
        figure.suptitle(_plain(title))
    return figure


def input_picture(pixels: NDArray[np.float32], about: str = "") -> Figure:
    """The prepared picture, before normalising: (C, H, W), 0 to 1; ``about``: its name."""
    height, width = pixels.shape[-2:]
    figure = Figure(figsize=(4.6, 5), layout="constrained")
    axes = figure.subplots()
    _show_pixels(axes, pixels)
    _label(axes, "column, pixels", "row, pixels")
    title = f"The picture before normalising\n{height}×{width}, 0 (black) to 1 (white)"
    axes.set_title(_plain(_lines(about, title)), fontsize=10)
    return figure


def maps_grid(layer: LayerRecord, labels: Sequence[str] = (), about: str = "") -> Figure:
    """Every map of a layer, each on its own scale; after flatten all units, few of them as bars.

    Args:
        labels: names of the units where they are classes.
        about: whose values they are, a line above the title.
    """
    if layer.maps is None:
        values = layer.values[0].reshape(-1)
        if values.size <= _FEW_UNITS:
            return _unit_bars(layer, labels, about)
        return _unit_grid(layer, about)
    count, height, width = layer.maps.shape
    title = f"{layer.name}: {count} maps of {height}×{width}"
    if layer.silent:
        title += f", {layer.silent} of them silent (0 everywhere)"
    signed = layer.min < 0
    scale = _DIVERGING if signed else _GREY
    return sheet(tiles.drawn(layer.maps, signed), _lines(about, title, scale))


def kernels_grid(kernels: NDArray[np.float32], about: str = "", room: int = _SHEET_WIDTH) -> Figure:
    """conv1's kernels (K, C, R, S), ``room`` pixels wide: of three channels in colour, else by weight."""
    count, channels, height, width = kernels.shape
    title = f"conv1: {count} kernels of {height}×{width}"
    scale = _DIVERGING
    if channels == 3:
        title += ", red, green and blue together"
        scale = "Each on its own scale: grey is near zero."
    elif channels > 1:
        title += f", mean of {channels} channels"
    return sheet(tiles.kernels(kernels), _lines(about, title, scale), room)


def save_trace(record: TraceRecord, folder: Path) -> int:
    """Write the picture, every layer's maps in order, and conv1's kernels; how many files.

    Titles name the picture where there is one, and say of random weights that they are untrained.
    """
    picture = _short(Path(record.image.path).name) if record.image else ""
    random = record.facts is not None and not record.facts.trained
    weights = "UNTRAINED: the weights are random" if random else ""
    about = "; ".join(filter(None, (picture, weights)))
    figures = {"00_input": input_picture(record.pixels, picture)}
    if record.conv1_kernels is not None:
        figures["01_conv1_kernels"] = kernels_grid(record.conv1_kernels, weights)
    for name, figure in figures.items():
        save(figure, folder / f"{name}.png")
    labels = record.facts.labels if record.facts else ()
    for number, layer in enumerate(record.layers, start=1):
        save(maps_grid(layer, labels, about), folder / f"{number:02d}_{layer.name}.png")
    return len(figures) + len(record.layers)


def sheet(pictures: NDArray[np.uint8], title: str, room: int = _SHEET_WIDTH) -> Figure:
    """Tiles pixel for pixel under a title; before each row the number of its first tile."""
    columns = tiles.columns_for(len(pictures))
    array, pitch = tiles.tiled(pictures, columns, room if len(pictures) > 1 else room // 2)
    height, width = array.shape[:2]
    head = 8 + _TITLE_LINE * (title.count("\n") + 1)
    wide, high = max(width, 420) + _MARGIN + 10, height + head + 10
    figure = Figure(figsize=(wide / _DPI, high / _DPI), dpi=_DPI)
    figure.figimage(array, xo=_MARGIN, yo=10, origin="upper")
    figure.text(_MARGIN / wide, 1 - 8 / high, _plain(title), va="top", fontsize=10)
    for first in range(0, len(pictures) if len(pictures) > 1 else 0, columns):
        middle = 10 + height - (first // columns + 0.5) * pitch
        place = ((_MARGIN - 6) / wide, middle / high)
        figure.text(*place, str(first), ha="right", va="center", fontsize=8)
    return figure


def _unit_grid(layer: LayerRecord, about: str) -> Figure:
    values = layer.values[0].reshape(-1)
    square = tiles.square(values)
    title = f"{layer.name}: {values.size:,} units, {square.shape[-1]} to a line; their order means nothing"
    low, high, signed = numbers.activation(layer.min), numbers.activation(layer.max), layer.min < 0
    scale = f"{_DIVERGING_ONE} {low} to {high}." if signed else f"Black {low}, white {high}."
    return sheet(tiles.drawn(square, signed), _lines(about, title, scale))


def _unit_bars(layer: LayerRecord, labels: Sequence[str], about: str) -> Figure:
    values = layer.values[0].reshape(-1)
    names = (
        labels if len(labels) == values.size else [f"unit {unit}" for unit in range(values.size)]
    )
    shares = layer.kind == "softmax"
    written = numbers.percent if shares else numbers.activation
    shown = [written(value) for value in values.tolist()]
    figure = Figure(figsize=(6.4, 1.2 + 0.32 * values.size), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh(range(values.size), values, color=BLUE)
    axes.bar_label(bars, labels=shown, padding=3, fontsize=9)
    axes.set_yticks(range(values.size), [_plain(name) for name in names])
    axes.invert_yaxis()
    axes.margins(x=0.15)
    if shares:
        axes.set_xlim(0, 1.12)
        axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    _label(axes, "probability" if shares else "value", "")
    axes.set_title(_plain(_lines(about, layer.name)), fontsize=10)
    return figure


def _curve(
    axes: Axes, epochs: Sequence[EpochRecord], field: str, label: str, look: tuple[str, str, float]
) -> None:
    colour, style, width = look
    points = [(epoch.epoch, getattr(epoch, field)) for epoch in epochs]
    points = [(epoch, value) for epoch, value in points if value is not None]
    if points:
        marker = "o" if len(points) < 20 else None
        hollow = "white" if style == "--" else colour
        axes.plot(
            *zip(*points, strict=True), style, color=colour, label=_plain(label),
            linewidth=width, marker=marker, markersize=2.5 + width, markerfacecolor=hollow,
            clip_on=False,  # a marker on the edge is whole
        )  # fmt: skip


def _label(axes: Axes, across: str, up: str) -> None:
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.spines[["top", "right"]].set_visible(False)


def _show_pixels(axes: Axes, pixels: NDArray[Any]) -> None:
    """(C, H, W), bytes or 0 to 1."""
    top = 255 if pixels.dtype == np.uint8 else 1.0
    axes.imshow(tiles.channels_last(pixels), cmap="gray", vmin=0, vmax=top, interpolation="nearest")


def _lines(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def _short(name: str) -> str:
    """A name from outside on one line of a title."""
    name = "".join(letter if letter.isprintable() else "?" for letter in name)
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _plain(text: str) -> str:
    """A dollar in a label is no formula."""
    return text.replace("$", r"\$")
