"""The walk through networks that are not the kit's two: few units, wide names, broken weights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import torch
from passes import followed
from rich.cells import cell_len
from show.units import conv
from show.walk.test_walk_app import text, walk

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.cli.walk_pass import Followed
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import FASHION_LABELS, Mistaken, ModelFacts, Place, preparation_of
from alexnet_tutor.show.numbers import activation
from alexnet_tutor.show.walk.kernel import kernel_page
from alexnet_tutor.show.walk.maps import Look
from alexnet_tutor.show.walk.screen import Drawn, compose
from alexnet_tutor.show.walk.stand import Stand
from alexnet_tutor.show.walk.subtotals import subtotal_lines
from alexnet_tutor.show.walk.sums import arithmetic
from alexnet_tutor.show.walk.wrong import Wrongs
from alexnet_tutor.tracing import follow

WIDE = tuple(f"とても長い日本語の名前{n}" for n in range(10))


def small(
    broken: str = "", value: float = 0.0, labels: Sequence[str] = FASHION_LABELS, scale: int = 16
) -> Followed:
    """A pass of chance; the first weights of each kernel of the layer ``broken`` are ``value``."""
    network = AlexNet(FASHION.scaled(1 / scale).at_size(67), init="torch")
    if broken:
        with torch.no_grad():
            network.get_submodule(broken).weight[:, 0] = value
    picture = torch.rand(1, 1, 67, 67, generator=torch.Generator().manual_seed(0))
    facts = ModelFacts(network.architecture, tuple(labels), preparation_of("fashion", 67))
    return Followed(follow(network, picture, facts))


def written(drawn: Drawn) -> str:
    return "\n".join("".join(segment.text for segment in line) for line in drawn.lines)


def test_few_hidden_units_are_not_called_by_the_classes_names() -> None:
    walked = small(scale=128)
    stand = Stand(walked, Place("fc6", (3,)))
    assert stand.is_bars(stand.stop)
    shown = written(compose(stand, 80, 40, Look()))
    assert not any(label in shown for label in FASHION_LABELS[1:])
    stand.layer("fc8")
    assert all(label in written(compose(stand, 120, 40, Look())) for label in FASHION_LABELS)


@pytest.mark.parametrize("layer", ["fc8", "softmax"])
def test_labels_of_wide_letters_leave_the_numbers_in_sight(layer: str) -> None:
    walked = small(labels=WIDE)
    stand = Stand(walked, Place(layer, (0,)))
    drawn = compose(stand, 80, 30, Look())
    bars = [line for line in written(drawn).splitlines() if "█" in line]
    assert bars
    for line in written(drawn).splitlines():
        assert cell_len(line) == 80
    shown = written(drawn)
    assert all(f" {activation(float(value))} " in shown for value in walked.map(layer, 0))


@pytest.mark.parametrize("layer", ["fc8", "softmax", "pool2", "conv2"])
def test_what_is_no_number_is_drawn_without_a_warning(layer: str) -> None:
    walked = small("conv2", float("nan"))
    stand = Stand(walked)
    stand.layer(layer)
    assert "nan" in written(compose(stand, 80, 24, Look()))
    values = walked.map(layer, 0)
    one = Mistaken(2, "all", "You do nothing.", (1, *stand.stop.output_shape), values, np.inf)
    assert "nan" in written(Wrongs(stand, [one]).compose(80, 24, Look()))


def test_a_mistake_s_numbers_beyond_all_bounds_are_shown_as_they_are() -> None:
    stand = Stand(Followed(followed("fashion")), Place("softmax", (0,)))
    values = np.array([0.5, np.inf, np.nan, *[0.0] * 7])
    one = Mistaken(10, "far", "You do not subtract.", (1, 10), values, np.inf)
    shown = written(Wrongs(stand, [one]).compose(80, 24, Look()))
    assert " inf" in shown
    assert " nan" in shown
    assert " 0.500" in shown


def test_a_kernel_without_bounds_has_its_page() -> None:
    walked = small("conv2", float("inf"))
    for index in ((0, 3, 3), (3, 0, 0)):
        page = kernel_page(Stand(walked, Place("conv2", index)))
        assert page is not None
        assert "inf" in written(page.compose(80, 24, Look()))


def test_sums_without_bounds_are_listed_where_not_all_have_room() -> None:
    record = replace(conv(), total=np.inf)
    sums = dict(enumerate([np.inf, -2.0, *[1.0] * 30]))
    for look in (Look(), Look(colour=False)):
        lines = subtotal_lines(record, sums, 1, (30, 8), look)
        shown = " ".join("".join(segment.text for segment in line) for line in lines)
        assert re.search(r"0 +\+inf ", shown)
        assert "other" in shown


def test_a_relu_lets_pass_what_is_no_number() -> None:
    walked = small("conv2", float("nan"))
    record = walked.unit(Place("relu2", (0, 3, 3)))
    assert np.isnan(record.value)
    said = arithmetic(record, record.terms, ()).lead
    assert "no number" in said
    assert "positive" not in said


def test_a_page_of_text_is_broken_anew_where_the_terminal_grows_narrow() -> None:
    async def steps(app, pilot):
        await pilot.press("h")
        wide = " ".join(text(app).split())
        await pilot.resize_terminal(80, 40)
        await pilot.pause()
        narrow = " ".join(text(app).split())
        words = wide.split()[:60]
        assert narrow.split()[:60] == words

    walk(steps, "conv2:3,3,3", size=(140, 40))
