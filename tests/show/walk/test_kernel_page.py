"""The kernel page: the numbers on it are the sum's own, and what is printed adds up."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pytest
from passes import followed
from show.units import conv, conv1
from show.walk.test_walk_app import place, text, walk, walked

from alexnet_tutor.records import UnitRecord
from alexnet_tutor.show.walk.kernel import kernel_page
from alexnet_tutor.show.walk.maps import Look
from alexnet_tutor.show.walk.said import PADDING
from alexnet_tutor.show.walk.stand import Stand
from alexnet_tutor.show.walk.subtotals import subtotal_lines

NUMBER = r"[+-]?[\d,]*\d(?:\.\d+)?"


def decimal(text_: str) -> Decimal:
    return Decimal(text_.replace(",", ""))


def numbers_of(line: str) -> list[Decimal]:
    return [decimal(word) for word in re.findall(NUMBER, line)]


def sums_close(lines: list[str], record: UnitRecord, chosen: int) -> None:
    """The sums in sight, the others and the bias make the total; each sum is its channel's."""
    whole = "\n".join(lines)
    sentence = re.search(rf"(-?[\d.,]+) = th(.*?bias\s+{NUMBER})", whole, re.DOTALL)
    assert sentence, whole
    cells = re.findall(r"([ >]) *(\d+) +([+-]\d\S*|0\.0+)(?= |$)", whole[: sentence.start()], re.M)
    channels = [int(channel) for _, channel, _ in cells]
    assert [int(channel) for mark, channel, _ in cells if mark == ">"] == [chosen]
    unit = Decimal(1).scaleb(decimal(cells[0][2]).as_tuple().exponent)
    for channel, (*_, written) in zip(channels, cells, strict=True):
        exact = record.work.subtotals[channel - record.work.channels[0]]
        assert abs(float(written.replace(",", "")) - exact) <= float(unit)
    rest = re.findall(rf"(?:channels?|bias)\s+({NUMBER})", sentence[2])
    others = re.search(r"other\s+([\d,]+)\s+channel", sentence[2])
    assert len(set(channels)) + (int(others[1]) if others else 0) == len(record.work.subtotals)
    parts = [*(cell[2] for cell in cells), *rest]
    assert sum(map(decimal, parts)) == decimal(sentence[1])


@pytest.mark.parametrize("look", [Look(), Look(colour=False)])
@pytest.mark.parametrize(
    ("record", "size"), [(conv(), (37, 16)), (conv(), (80, 12)), (conv1(), (30, 9))]
)
def test_the_sums_in_sight_and_the_others_make_the_total(
    record: UnitRecord, size: tuple[int, int], look: Look
) -> None:
    sums = dict(enumerate(record.work.subtotals))
    order = sorted(sums, key=lambda channel: -abs(sums[channel]))
    for chosen in {order[0], order[len(order) // 2], order[-1]}:
        lines = subtotal_lines(record, {c: sums[c] for c in order}, chosen, size, look)
        texts = ["".join(segment.text for segment in line) for line in lines]
        assert len(lines) <= size[1]
        assert all(len(line) <= size[0] for line in texts)
        sums_close(texts, record, chosen)


def test_numbers_beside_one_another_are_patch_kernel_and_products() -> None:
    async def steps(app, pilot):
        await pilot.press("k", "i")
        kernel = app.page.kernel
        lines = text(app).splitlines()
        at = next(n for n, line in enumerate(lines) if "× kernel" in line)
        rows = np.array([numbers_of(line) for line in lines[at + 1 : at + 4]])
        assert rows.shape == (3, 9)
        for n, exact in enumerate((kernel.patch, kernel.weight, kernel.products)):
            part = rows[:, 3 * n : 3 * n + 3]
            unit = 10.0 ** min(number.as_tuple().exponent for number in part.flat)
            np.testing.assert_allclose(part.astype(float), exact, atol=1.01 * unit)
        total = re.search(rf"= products, ({NUMBER})", lines[at])
        assert total
        assert rows[:, 6:].sum() == decimal(total[1])
        sums_close(lines[at + 5 : -1], app.stand.record, app.stand.channel)

    walk(steps, "conv3:1,1,1")


def test_numbers_one_over_the_other_leave_room_for_the_sums() -> None:
    async def steps(app, pilot):
        await pilot.press("k")
        for _ in range(2):
            lines = text(app).splitlines()
            left = next(line.index("All ") for line in lines if "All " in line)
            sums_close([line[left:] for line in lines[3:-1]], app.stand.record, app.stand.channel)
            at = next(n for n, line in enumerate(lines) if line.startswith("= products"))
            total = re.search(rf"= products, ({NUMBER})", lines[at])
            products = [numbers_of(line[: left - 1]) for line in lines[at + 1 : at + 6]]
            assert total
            assert sum(sum(row) for row in products) == decimal(total[1])
            await pilot.press("i")

    walk(steps, "conv2:3,3,3")


def test_where_numbers_do_not_fit_the_cursor_s_row_is_written_out() -> None:
    async def steps(app, pilot):
        await pilot.press("k")
        for word in (*["up"] * 11, *["left"] * 11, "down", "down"):
            app.page.do(word)
        await pilot.press("right")
        kernel, lines = app.page.kernel, text(app).splitlines()
        assert app.page.cursor == (2, 1)
        assert f"row 2, column 1: {kernel.at(2, 1)} " in lines[1]
        at = next(n for n, line in enumerate(lines) if line.startswith("×"))
        for line, exact in zip(
            lines[at - 1 : at + 2], (kernel.patch, kernel.weight, kernel.products), strict=True
        ):
            shown = numbers_of(line[1:])
            unit = 10.0 ** min(number.as_tuple().exponent for number in shown)
            np.testing.assert_allclose(np.array(shown, float), exact[2], atol=1.01 * unit)
            assert line.count(">") == 1

    walk(steps, "conv1:2,7,7")


def test_enter_steps_to_the_number_and_padding_says_so() -> None:
    async def steps(app, pilot):
        await pilot.press("k")
        for word in (*["up"] * 5, *["left"] * 5):
            app.page.do(word)
        await pilot.press("enter")
        assert PADDING in text(app)
        await pilot.press("escape")
        assert PADDING not in text(app)
        await pilot.press("k")
        for word in (*["down"] * 5, *["right"] * 5):
            app.page.do(word)
        wanted = app.page.kernel.at(4, 4)
        await pilot.press("enter")
        assert app.page is None
        assert app.stand.place == wanted
        await pilot.press("backspace", "k", "j", "j")
        assert app.stand.place == place("conv2:3,0,0")
        assert app.page.kernel.at(*app.page.cursor) == app.stand.term.at
        await pilot.press("full_stop")
        assert app.page.kernel.weight[0, 0] == pytest.approx(
            followed("fashion").network.conv2.weight[4, app.stand.channel, 0, 0].item()
        )
        await pilot.press("k")
        assert app.page is None

    walk(steps, "conv2:3,0,0")


def test_layers_without_a_kernel_say_so() -> None:
    whole = followed("fashion")
    for layer in whole.layers:
        here = Stand(walked(), whole.strongest(layer))
        page = kernel_page(here)
        assert (page is not None) == (here.stop.kind == "conv")
        if page is None:
            assert re.search(r"has no (kernel|window)|This is a pixel", here.said)
            assert len(here.said) <= 80
            assert "{" not in here.said


def test_the_key_says_so_where_there_is_no_kernel() -> None:
    async def steps(app, pilot):
        await pilot.press("k")
        assert app.page is None
        assert "pool1 has no kernel: the 9 candidates" in text(app).splitlines()[-1]

    walk(steps, "pool1:1,1,1")
