"""The learner's layers in the walk: marked, compared value by value, counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from passes import followed
from show.walk.test_walk_app import text, walk

from alexnet_tutor.cli.walk_pass import Followed
from alexnet_tutor.records import Mine, Place, Prediction, StandInRecord, UnitRecord
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.walk.maps import Look
from alexnet_tutor.show.walk.quiz import question


class Other(Followed):
    """conv2 and fc6 gave ``away`` too much in two places, relu2 what the kit's gives."""

    def __init__(self, away: float) -> None:
        whole = followed("fashion")
        kits = {layer: whole.values(layer).copy() for layer in ("conv2", "relu2", "fc6")}
        self.changed = {layer: values.copy() for layer, values in kits.items()}
        self.changed["conv2"][3, 1, :2] += away
        self.changed["fc6"][5:7] += away
        ones = [
            StandInRecord(
                6, "conv2", ("conv2",), "grouped_conv", (0, 3, 1, 0), 0.0, 0.0, abs(away), 1.0
            ),
            StandInRecord(3, "relu2", ("relu2",), "relu", (0, 0, 0, 0), 0.0, 0.0, 0.0, 1.0),
            StandInRecord(8, "fc6", ("fc6",), "linear", (0, 5), 0.0, 0.0, abs(away), 1.0),
        ]
        top = (Prediction("Bag", 0.5),)
        super().__init__(whole, Mine(tuple(ones), kits, top))

    def map(self, layer: str, channel: int, /) -> np.ndarray:
        if layer not in self.changed:
            return super().map(layer, channel)
        values = self.changed[layer]
        return values[channel] if values.ndim == 3 else values

    def unit(self, at: Place, /) -> UnitRecord:
        record = super().unit(at)
        value = self.changed.get(at.layer)
        return record if value is None else replace(record, value=float(value[at.index]))


@pytest.mark.parametrize("away", [1.0, float("nan")])
def test_where_it_differs_is_marked_and_counted(away: float) -> None:
    other = Other(away)

    async def steps(app, pilot):
        shown = text(app)
        assert "conv2✗ " in shown
        assert "relu2✓ " in shown
        assert "fc6✗ " in shown
        yours, kits = (values["conv2"][3, 1, 1] for values in (other.changed, other.mine.kits))
        assert f" {number(float(yours))} ✗ the kit's {number(float(kits))}" in shown
        size = kits_size(other, "conv2")
        assert f"Your grouped_conv differs in 2 of {size:,} values of this map" in shown
        assert "most of all at 3,1,0." in shown
        await pilot.press("down")
        assert "✓ the kit's too" in text(app)
        await pilot.press("n")
        assert "Your relu gives what the kit's layer gives, but for rounding." in text(app)
        await pilot.press("n")
        assert f"First to differ: conv2. Yours: {other.top[0].label} " in text(app)
        assert "; the kit's: Bag 50.0%." in text(app)
        assert "✓ by hand too" in text(app)
        await pilot.press("6")
        size = other.changed["fc6"].size
        assert f"Your linear differs in 2 of {size:,} values of this layer" in text(app)
        await pilot.press("w")
        await pilot.pause()
        np.testing.assert_array_equal(app.page.right, other.mine.kits["fc6"])

    walk(steps, "conv2:3,1,1", what=other)


def kits_size(other: Other, layer: str) -> int:
    return int(other.mine.kits[layer][0].size)


def test_equal_layers_are_said_to_be_equal_in_ascii_too() -> None:
    async def steps(app, pilot):
        assert "Yours are the kit's but for rounding: conv2, relu2, fc6." in text(app)
        assert "conv2v " in text(app)
        assert text(app).isascii()

    walk(steps, "pool1:1,1,1", look=Look(False, True), what=Other(0.0))


def test_nothing_is_asked_of_a_layer_that_is_not_what_the_paper_says() -> None:
    assert question(Other(0.0), "conv2") is not None
    assert question(Other(1.0), "conv2") is None
    assert question(Other(1.0), "relu2") is not None
