"""The walk, by keys and clicks: what the screen shows is what the pass holds."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from passes import followed
from show.units import conv1, pixel
from thorough import THOROUGH, cases

from alexnet_tutor.cli.walk_pass import Followed
from alexnet_tutor.records import AboutRecord, Place, Prediction, Stop, Term, UnitRecord
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.walk import keys, said
from alexnet_tutor.show.walk.app import APPS, WalkApp
from alexnet_tutor.show.walk.guide import Guide
from alexnet_tutor.show.walk.maps import Look
from alexnet_tutor.show.walk.stand import Stand

SIZE = (80, 24)


def walked() -> Followed:
    return Followed(followed("fashion"))


def place(text: str) -> Place:
    return followed("fashion").place(text)


def walk(
    steps: Callable[[WalkApp, object], Awaitable[None]],
    start: str | None = "conv2:3,3,3",
    size: tuple[int, int] = SIZE,
    look: Look | None = None,
    what: object = None,
    others: Sequence[object] = (),
    guide: Guide | None = None,
) -> WalkApp:
    """Run the app without a terminal; ``steps(app, pilot)`` presses and looks."""
    at = place(start) if start else None
    app = WalkApp(what or walked(), at, look or Look(), pace=0.001, guide=guide, others=others)

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await steps(app, pilot)

    asyncio.run(run())
    return app


def text(app: WalkApp) -> str:
    """What is on the screen."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


def value_shown(app: WalkApp) -> str:
    found = re.search(r"(\S+) [✓✗] by hand", text(app))
    assert found, text(app)
    return found[1]


def holds(app: WalkApp) -> None:
    """The screen names the cursor's value, and it is the pass's own."""
    at = app.stand.place
    assert text(app).splitlines()[0].rstrip().endswith(str(at))
    assert value_shown(app) == number(followed("fashion").value(at))


def closes(app: WalkApp) -> None:
    """Total = the other terms + bias + the terms in sight, as they are printed."""
    lines = text(app).splitlines()
    begin = next(n for n, line in enumerate(lines) if re.match(r"-?[\d.,]+ = ", line))
    lead, said, _ = lines[begin].partition(" and")  # after it the marked term's factors may stand
    assert said
    numbers = [Decimal(word.replace(",", "")) for word in re.findall(r"[+-]?[\d,]+\.\d+", lead)]
    total, *parts = numbers
    terms = [
        Decimal(found.replace(",", ""))
        for line in lines[begin + 1 : -2]
        for found in re.findall(r"\S+:\S+ +(?:\S+×\S+ +)?([+-]?[\d,]+\.\d+|0\.0+)(?= |$)", line)
    ]
    assert len(terms) == len(app.stand.terms)
    assert total == sum(parts) + sum(terms), lines[begin:]


def test_moving_changes_the_value_and_it_is_the_pass_s() -> None:
    async def steps(app, pilot):
        shown = []
        for key in ("left", "up", "right", "right", "down", "full_stop", "comma", "comma"):
            await pilot.press(key)
            holds(app)
            closes(app)
            shown.append(app.stand.place)
        assert shown[:5] == [place(f"conv2:3,{at}") for at in ("3,2", "2,2", "2,3", "2,4", "3,4")]
        assert [at.index[0] for at in shown[5:]] == [4, 3, 2]
        await pilot.press("g")
        assert app.stand.place.index[0] == 2
        assert (
            followed("fashion").value(app.stand.place)
            == followed("fashion").values("conv2")[2].max()
        )
        await pilot.press("g")
        assert app.stand.place == followed("fashion").strongest("conv2")
        holds(app)

    walk(steps)


def test_the_cursor_cannot_leave_the_map() -> None:
    async def steps(app, pilot):
        await pilot.press(*["up"] * 2, *["left"] * 2)
        assert app.stand.place == place("conv2:3,0,0")
        last = followed("fashion").values("conv2").shape[1] - 1
        app.stand.go(place(f"conv2:3,{last - 1},{last - 1}"))
        await pilot.press(*["down"] * 2, *["right"] * 2)
        assert app.stand.place == place(f"conv2:3,{last},{last}")
        holds(app)

    walk(steps, start="conv2:3,1,1")


def test_every_layer_is_reached_by_keys_alone() -> None:
    async def steps(app, pilot):
        reached = [app.stand.place.layer]
        for _ in app.stand.names[1:]:
            await pilot.press("n")
            holds(app)
            reached.append(app.stand.place.layer)
        assert reached == app.stand.names == followed("fashion").layers
        await pilot.press("n")
        assert "This is the last layer." in text(app)
        for digit, layer in keys.LAYERS.items():
            await pilot.press(digit)
            assert app.stand.place.layer == layer
        holds(app)
        await pilot.press("p")
        assert app.stand.place.layer == "fc8"

    walk(steps, start="input:0,3,4")


def test_every_layer_is_reached_by_clicks_alone() -> None:
    async def steps(app, pilot):
        for layer in cases(followed("fashion").layers[::-1], 8):
            (spot,) = [spot for spot in app.drawn.spots if spot.does == f"go {layer}"]
            await pilot.click(offset=(spot.first, spot.line))
            assert app.stand.place.layer == layer
            holds(app)

    walk(steps)


@pytest.mark.parametrize("look", [Look(), Look(colour=False)])
def test_a_click_puts_the_cursor_on_the_value(look: Look) -> None:
    async def steps(app, pilot):
        left, top = app.drawn.map_at
        lie = app.drawn.lie
        across = 2 * lie.scale if not look.colour else lie.scale
        down = lie.scale if not look.colour else lie.scale // 2
        await pilot.click(offset=(left + across, top + 2 * down))
        assert app.stand.place.index[1:] == (lie.top + 2, lie.left + 1)
        holds(app)

    walk(steps, "relu5:3,2,2", look=look)


def test_enter_steps_back_to_the_marked_term_and_backspace_returns() -> None:
    async def steps(app, pilot):
        begin, terms = app.stand.place, app.stand.terms
        assert [abs(term.product) for term in terms] == sorted(
            (abs(term.product) for term in terms), reverse=True
        )
        await pilot.press("j", "j", "J", "enter")
        assert app.stand.place == terms[1].at
        assert app.stand.place.layer == "pool1"
        holds(app)
        await pilot.press("enter", "right", "enter", "backspace", "backspace", "backspace")
        assert app.stand.place == begin
        await pilot.press("backspace")
        assert said.START in text(app)

    walk(steps)


def test_the_strongest_path_is_the_lineage() -> None:
    async def steps(app, pilot):
        await pilot.press("t")
        for _ in range(200):
            await pilot.pause(0.005)
            if app.stand.place.layer == "input" and said.PIXEL in text(app):
                break
        below = followed("fashion").unit(place("conv2:3,3,3")).producers
        path = []
        while below:
            path.append(below[0].place)
            below = below[0].producers
        assert list(app.stand.seen)[1:] == path
        assert path[-1].layer == "input"

    walk(steps)


class Padded:
    """A layer of invented values whose largest terms lie in the padding."""

    picture, labels, trained, dropout = "invented.png", ("boot",), True, None
    mine = None
    pixels = np.linspace(0, 1, 227 * 227, dtype=np.float32).reshape(1, 227, 227)
    top = (Prediction("boot", 0.9),)
    stops = (
        Stop("input", "input", (1, 227, 227), (1, 227, 227)),
        Stop("conv1", "conv", (1, 227, 227), (9, 56, 56)),
    )

    @property
    def evaluation(self) -> Padded:
        return self

    def unit(self, at: Place, /) -> UnitRecord:
        record = pixel() if at.layer == "input" else conv1()
        terms = (
            (Term(None, 0.0, 0.3, 0.0), *record.terms[1:]) if at.layer == "conv1" else record.terms
        )
        terms = tuple(replace(term, product=0.0) for term in terms)
        return replace(record, place=at, terms=terms, producers=None)

    def map(self, layer: str, channel: int, /) -> np.ndarray:
        return self.pixels[0] if layer == "input" else np.zeros((56, 56), np.float32)

    def peaks(self, layer: str, /) -> np.ndarray:
        return np.zeros(9 if layer == "conv1" else 1, np.float32)

    def about(self, layer: str, /) -> AboutRecord:
        return AboutRecord(f"{layer} is invented.")

    def page(self, layer: str, width: int, /) -> str:
        return f"About {layer}."

    def mistakes(self, at: Place, /) -> tuple:
        return ()


def test_padding_and_pixels_cannot_be_entered_and_say_so() -> None:
    async def steps(app, pilot):
        await pilot.press("enter")
        assert said.PADDING in text(app)
        assert app.stand.place.layer == "conv1"
        await pilot.press("0", "enter")
        assert said.PIXEL in text(app)

    walk(steps, None, what=Padded())


def test_a_value_that_the_layer_does_not_give_is_marked() -> None:
    class Wrong(Followed):
        def unit(self, at: Place, /) -> UnitRecord:
            record = super().unit(at)
            return replace(record, value=record.value + 1)

    async def steps(app, pilot):
        assert f"✗ by hand {number(app.stand.record.by_hand)}" in text(app)

    walk(steps, what=Wrong(followed("fashion")))


def test_resizing_keeps_the_place_and_a_small_terminal_is_told() -> None:
    async def steps(app, pilot):
        for size in ((200, 60), (80, 24), (79, 24), (40, 10), (3, 2)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            await pilot.press("right", "left", "m")
            shown = text(app).splitlines()
            assert len(shown) == size[1]
            assert ("16 maps" in shown[0]) == (size[0] >= 80)
            await pilot.press("escape")
            if size[0] >= 80:
                holds(app)
            elif size[1] >= 10:
                assert "is too small" in text(app)
                assert "--plain" in text(app)

    walk(steps)


def test_the_sheet_has_all_maps_strongest_first_and_one_is_picked() -> None:
    async def steps(app, pilot):
        peaks = followed("fashion").values("conv3").max(axis=(1, 2))
        order = np.argsort(-peaks, kind="stable").tolist()
        await pilot.press("g", "g", "m")
        shown = [int(n) for n in re.findall(r"(?:^| |>)(\d+): ", text(app), re.MULTILINE)]
        assert shown == order[: len(shown)]
        await pilot.press("right", "enter")
        assert app.stand.place.index[0] == order[1]
        assert followed("fashion").value(app.stand.place) == peaks[order[1]]
        holds(app)
        await pilot.press("m")
        (spot,) = [s for s in app.drawn.spots if s.does == "pick 2" and s.line == 3]
        await pilot.click(offset=(spot.first + 1, spot.line))
        assert app.stand.place.index[0] == order[2]
        await pilot.press("6", "m")
        assert "fc6 has no maps." in text(app)

    walk(steps, "conv3:1,2,2")


def test_the_page_of_the_layer_and_of_the_keys() -> None:
    async def steps(app, pilot):
        await pilot.press("h")
        assert "tutor inspect conv2" in text(app)
        first = text(app)
        await pilot.press("right")
        assert text(app) != first
        await pilot.press("question_mark")
        shown = text(app)
        for key in keys.KEYS:
            assert key.shown in shown
            assert key.words in shown
        await pilot.press("escape")
        holds(app)

    walk(steps)


def test_other_channels_of_the_input_largest_first() -> None:
    async def steps(app, pilot):
        subtotals = np.abs(app.stand.record.work.subtotals)
        order = (app.stand.record.work.channels[0] + np.argsort(-subtotals, kind="stable")).tolist()
        assert re.search(rf"pool1( channel |:){order[0]}: ", text(app))
        await pilot.press("i")
        assert re.search(rf"pool1( channel |:){order[1]}: ", text(app))
        await pilot.press("u", "u")
        assert re.search(rf"pool1( channel |:){order[-1]}: ", text(app))

    walk(steps)


def test_the_screen_is_saved(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)

    async def steps(app, pilot):
        await pilot.press("s")
        assert "Saved walk-conv2-3-3-3.svg." in text(app)

    walk(steps)
    assert "conv2:3,3,3" in (tmp_path / "walk-conv2-3-3-3.svg").read_text(encoding="utf-8")


def test_q_leaves_with_the_place_and_ctrl_c_with_130() -> None:
    async def leave(app, pilot):
        await pilot.press("left", "q")

    assert walk(leave).return_value == place("conv2:3,3,2")

    async def stop(app, pilot):
        await pilot.press("ctrl+c")

    assert walk(stop).return_code == 130


@pytest.mark.parametrize(
    "presses", [75 if THOROUGH else 15, pytest.param(500, marks=pytest.mark.stress)]
)
@pytest.mark.parametrize(
    ("size", "look"),
    cases(
        [
            ((80, 24), Look()),
            ((140, 40), Look(False, True)),
            ((80, 24), Look(False)),
            ((200, 60), Look()),
        ],
    ),
)
def test_random_keys_end_in_no_exception(size: tuple[int, int], look: Look, presses: int) -> None:
    rng = np.random.default_rng(size[0])
    words = [
        name for key in keys.KEYS for name in key.does if key.does[name] not in ("quit", "save")
    ]

    async def steps(app, pilot):
        for name in rng.choice(words, size=presses):
            await pilot.press(str(name))
            lines = app.drawn.lines
            assert len(lines) == size[1]
            assert all(sum(part.cell_length for part in line) == size[0] for line in lines)
            assert not look.ascii_only or all(
                part.text.isascii() for line in lines for part in line
            )

    walk(steps, size=size, look=look)


def test_every_key_of_the_table_does_something() -> None:
    bound = [name for key in keys.KEYS for name in key.does]
    assert len(bound) == len(set(bound))
    here = Stand(walked(), place("conv2:3,3,3"))
    for key in keys.KEYS:
        for word in key.does.values():
            assert here.do(word) != (word in APPS), word
    assert set(keys.LAYERS.values()) <= set(followed("fashion").layers)


def test_the_docs_have_the_table_of_keys() -> None:
    docs = (Path(__file__).parents[3] / "docs" / "walk.md").read_text(encoding="utf-8")
    assert keys.table() in docs


def test_the_app_knows_no_torch() -> None:
    code = "import sys, alexnet_tutor.show.walk.app; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_click_puts_the_cursor_on_a_class_and_on_a_unit() -> None:
    async def steps(app, pilot):
        left, top = app.drawn.map_at
        await pilot.click(offset=(left + 9, top + 3))
        assert app.stand.place == place("softmax:3")
        holds(app)
        await pilot.press("6")
        columns, lie = app.stand.columns(app.stand.stop), app.drawn.lie
        await pilot.click(offset=(left + 5 * lie.scale, top + 2 * lie.scale))
        assert app.stand.place == place(f"fc6:{(lie.top + 4) * columns + lie.left + 5}")
        holds(app)

    walk(steps, "softmax:9")


def test_every_value_s_sum_closes_as_it_is_shown_at_every_width() -> None:
    async def steps(app, pilot):
        for size in ((80, 24), (200, 60)):
            await pilot.resize_terminal(*size)
            for digit in "1238":
                await pilot.press(digit)
                closes(app)

    walk(steps)
