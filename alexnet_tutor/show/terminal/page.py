"""What ``tutor inspect conv2`` shows: a layer's page, without any picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Protocol

from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.architecture import preset
from alexnet_tutor.geometry import LayerGeometry, walk
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.theme import ACCENT, DIM, STRONG
from alexnet_tutor.show.terminal.view import View, heading, legend, next_line


class PageText(Protocol):
    """What a layer's file tells of it: ``alexnet_tutor.layers.base.Page`` has these."""

    @property
    def title(self) -> str:
        """What it is, in one sentence."""

    @property
    def purpose(self) -> Sequence[str]:
        """What it is for, in paragraphs."""

    @property
    def formula(self) -> str:
        """One line of mathematics."""

    @property
    def paper(self) -> str:
        """Where in the paper, and what it claims."""


@dataclass(frozen=True, slots=True)
class LayerPage(View):
    """A layer to read about.

    Attributes:
        preset: the network whose numbers are meant.
        worked: the formula with these numbers, a line each.
        source: the layer's code, shown when asked.
    """

    name: str
    preset: str
    page: PageText
    worked: Sequence[str]
    source: str | None
    next_command: str

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """Title, purpose, formula, numbers, parameters, paper, source."""
        page = self.page
        named = page.title.startswith(f"{self.name}:")
        yield Text(page.title if named else f"{self.name} is {page.title}", style=STRONG)
        for paragraph in page.purpose:
            yield Text(f"\n{paragraph}")
        yield heading("Formula")
        yield Text(page.formula, style=ACCENT)
        if self.worked:
            yield heading(f"With the numbers of the {self.preset} network")
            yield from (Text(line) for line in self.worked)
        layers = [place for place in walk(preset(self.preset)) if place.spec.name == self.name]
        if layers:  # softmax is no module of the network
            yield heading("In the network")
            yield from _place(layers[0], "->" if screen.ascii_only else "→")
        words = [legend(("MACs", "sees"))] * bool(layers)
        words += ["⌊ ⌋ rounds down."] * any("⌊" in line for line in self.worked)
        if words:
            yield Text(" ".join(words), style=DIM)
        if page.paper:
            yield heading("In the paper")
            yield Text(page.paper)
        if self.source is not None:
            yield heading("Source")
            yield from _highlighted(self.source)
        yield Text()
        yield next_line(self.next_command)


def _place(layer: LayerGeometry, arrow: str) -> Iterator[Text]:
    before, after = numbers.shape(layer.input_shape), numbers.shape(layer.output_shape)
    lines = [(f"in {arrow} out", f"{before} {arrow} {after}")]
    if layer.weight_shape is not None:
        weights, biases = prod(layer.weight_shape), layer.weight_shape[0]
        lines.append(("weight", f"{numbers.shape(layer.weight_shape)} = {weights:,}"))
        lines.append(("bias", numbers.integer(biases)))
    lines.append(("params", numbers.integer(layer.params)))
    lines.append(("MACs", numbers.integer(layer.macs)))
    lines.append(("output", numbers.size_in_bytes(layer.activation_bytes)))
    field = layer.field
    whole = field.stride == 0
    lines.append(
        ("sees", "all of the picture" if whole else f"{field.size} px, stride {field.stride} px")
    )
    for name, value in lines:
        yield Text.assemble((f"{name:<11}", DIM), value)


def _highlighted(source: str) -> Iterator[Text]:
    """Code, line by line as it was written: what is copied from a screen or a file still runs."""
    from rich.syntax import Syntax  # noqa: PLC0415  pygments takes time to import

    source = source.rstrip()
    syntax = Syntax(source, "python", theme="ansi_dark", background_color="default")
    for line in syntax.highlight(source).split("\n", allow_blank=True)[: source.count("\n") + 1]:
        line.no_wrap, line.overflow, line.justify = True, "ignore", None
        yield line
