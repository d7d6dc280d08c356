"""A key that can do nothing says why; what the lines of the walk say agrees, and is cut where it reads."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from passes import followed
from show.walk.test_walk_app import place, text, walk, walked

from alexnet_tutor.cli.walk_pass import Followed
from alexnet_tutor.records import AboutRecord, Mistaken, Place
from alexnet_tutor.show.walk import said
from alexnet_tutor.show.walk.about import about_lines
from alexnet_tutor.show.walk.app import Lines, WalkApp
from alexnet_tutor.show.walk.guide import Guide
from alexnet_tutor.show.walk.maps import Look
from alexnet_tutor.show.walk.panes import bars
from alexnet_tutor.show.walk.stand import Stand


@pytest.mark.parametrize(
    ("start", "word", "told"),
    [
        ("input:0,1,1", "mark +", said.PIXEL),
        ("input:0,1,1", "input +", said.PIXEL),
        ("input:0,1,1", "map +", said.ONE_MAP.format(layer="input")),
        ("input:0,1,1", "previous", said.FIRST),
        ("relu2:1,1,1", "mark -", said.ONE_TERM),
        ("relu2:1,1,1", "input -", said.ONE_CHANNEL),
        ("relu6:1", "input +", said.NO_CHANNELS.format(layer="relu6")),
        ("relu6:1", "map -", said.NO_MAPS.format(layer="relu6")),
        ("softmax:1", "next", said.LAST),
    ],
)
def test_a_key_that_can_do_nothing_says_why_and_does_nothing(start, word, told) -> None:
    here = Stand(walked(), place(start))
    marked = here.marked
    here.do(word)
    assert here.said == told
    assert (here.place, here.marked) == (place(start), marked)


def test_the_strongest_value_of_the_layer_is_said_to_be_it() -> None:
    best = followed("fashion").strongest("conv2")
    here = Stand(walked(), Place("conv2", (best.index[0] - 1, 0, 0)))
    here.do("strongest")
    here.do("strongest")
    assert (here.place, here.said) == (best, "")
    here.do("strongest")
    assert (here.place, here.said) == (best, said.STRONGEST.format(layer="conv2"))


def test_the_picture_says_how_much_of_what_a_value_sees_the_edge_cuts_off() -> None:
    whole = followed("fashion")
    seen = {}

    async def steps(app, pilot):
        for start in ("conv1:1,0,0", "conv1:1,5,5", "flatten:1", "fc6:1"):
            app.stand.go(place(start))
            app.redraw()
            seen[start] = text(app)

    walk(steps, "conv2:1,5,5", size=(120, 40))
    side = whole.record.layer("conv1").field.size
    for start, shown in seen.items():
        top, left, bottom, last = whole.unit(place(start), 0).clipped
        extent = f"{bottom - top + 1}×{last - left + 1}"
        cut_off = start == "conv1:1,0,0"
        assert cut_off == (start.startswith("conv1") and extent != f"{side}×{side}")
        assert f"it sees {extent} {f'of {side}×{side}' if cut_off else 'pixels'}" in shown
    assert "; a value sees all that the last maps see" in seen["fc6:1"]
    assert "; a value sees what it saw in the maps" in seen["flatten:1"]


def test_a_sentence_is_cut_where_a_clause_ends() -> None:
    about = AboutRecord("It is 1,024 of them, nearly all; and the rest of it is told here.")
    assert about_lines(about, 40, 1) == [("It is 1,024 of them, nearly all …", "")]
    assert about_lines(about, 60, 1) == [("It is 1,024 of them, nearly all …", "")]
    assert about_lines(about, 16, 1) == [("It is 1,024 of …", "")]


class Halved(Followed):
    """A row too few, and half of everything."""

    def mistakes(self, at: Place, /) -> tuple[Mistaken, ...]:
        values = followed("fashion").values(at.layer)
        right = values[at.index[0]] if values.ndim == 3 else values
        whole = (1, *values.shape)
        away = float(np.abs(right / 2).max())
        return (
            Mistaken(2, "half", "You halve it.", whole, right / 2, away),
            Mistaken(2, "row", "You lose a row.", (*whole[:-1], whole[-1] - 1), None, None),
        )


def test_shapes_and_bars_of_mistakes_compare_with_the_right_ones() -> None:
    async def steps(app, pilot):
        await pilot.press("w")
        await pilot.pause()
        maps, rows, columns = followed("fashion").values("conv2").shape
        assert f"{maps}×{rows}×{columns - 1} in place of" in text(app)
        assert "(1, " not in text(app)
        await pilot.press("w", "9", "w")
        await pilot.pause()
        top = int(followed("fashion").values("softmax").argmax())
        line = text(app).splitlines()[4 + top]
        right, half = line[:26].count("█"), line[26:54].count("█")
        assert half == pytest.approx(right / 2, abs=1)
        assert right > 2

    walk(steps, what=Halved(followed("fashion")))


def test_names_that_would_be_cut_to_the_same_are_numbers() -> None:
    here = Stand(walked(), place("softmax:3"))
    values = followed("fashion").values("softmax")
    for labels, shown in (("class ", "3"), ("", "3"), ("kind of shirt ", "3"), ("x", "x3")):
        here.walked.labels = tuple(f"{labels}{n}" for n in range(10))
        lines = bars(here, here.stop, 3, values, (16, 10), Look()).lines
        assert [line[0].text[1:8].split()[0] for line in lines][3] == shown


def test_after_a_stop_in_the_shell_the_whole_screen_is_drawn_again() -> None:
    async def steps(app, pilot):
        screen = app.query_one(Lines)
        drawn = []
        screen.refresh = lambda *regions, **_: drawn.append(regions)
        app.app_resume_signal.publish(app)
        await pilot.pause()
        assert drawn == [()]

    walk(steps)


def test_a_key_that_is_bound_to_nothing_stops_the_path_and_ends_a_note() -> None:
    async def steps(app, pilot):
        assert "Below: the sum" in text(app)
        await pilot.press("space")
        assert "Below: the sum" not in text(app)
        app.pace = 60
        await pilot.press("t")
        assert app._walking is not None
        at = app.stand.place
        await pilot.press("x")
        assert app._walking is None
        assert app.stand.place == at

    app = WalkApp(walked(), place("conv2:3,3,3"), Look(), guide=Guide(set()))

    async def run() -> None:
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.pause()
            await steps(app, pilot)

    asyncio.run(run())
