"""Numbers, pictures, bars and tables, each by itself."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text
from show.screens import SCREENS
from show.showing import fake_evaluation, fake_trace, shown

from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.bars import histogram, prediction_bars, round_edges
from alexnet_tutor.show.terminal.evaluation import EvaluationView, standard_error
from alexnet_tutor.show.terminal.picture import Picture, PictureRow, resample, rows
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.table import Column, Table
from alexnet_tutor.show.terminal.view import View, cut, to_ascii


class TextView(View):
    def __init__(self, text: str) -> None:
        self.text = text

    def parts(self, _screen: Screen, /) -> Iterator[Text]:
        yield Text(self.text)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.0, "0"), (0.0004, "0.000"), (0.0412, "0.041"), (-1.2345, "-1.23"), (9.996, "10.0"),
     (12.34, "12.3"), (99.96, "100"), (123456.7, "123,457"), (math.nan, "nan"), (-math.inf, "-inf")],
)  # fmt: skip
def test_an_activation_has_three_digits(value: float, text: str) -> None:
    assert numbers.activation(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0.0%"), (1e-9, "<0.1%"), (0.9305, "93.0%"), (0.99999, ">99.9%"), (1, "100.0%")],
)
def test_a_share_is_0_or_100_percent_only_when_it_is(share: float, text: str) -> None:
    assert numbers.percent(share) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.42, "0.42 s"), (12.34, "12.3 s"), (59.99, "1 min 00 s"), (185, "3 min 05 s"), (3725, "1 h 02 min"),
     (180000, "2 d 02 h"), (math.inf, "–")],
)  # fmt: skip
def test_a_duration_has_two_units_at_most(seconds: float, text: str) -> None:
    assert numbers.duration(seconds) == text


def test_bytes_are_powers_of_a_thousand() -> None:
    assert [numbers.size_in_bytes(n) for n in (816, 16_400, 233_200_000)] == [
        "816 B",
        "16.4 kB",
        "233 MB",
    ]


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_resampling_keeps_the_mean_and_constants(old: int, height: int, width: int) -> None:
    pixels = np.random.default_rng(old).normal(size=(2, old, old))
    new = resample(pixels, height, width)
    assert new.shape == (2, height, width)
    np.testing.assert_allclose(new.mean(axis=(1, 2)), pixels.mean(axis=(1, 2)), atol=1e-12)


def test_a_map_of_13_comes_out_twice_as_large_exactly() -> None:
    pixels = np.random.default_rng(0).normal(size=(1, 13, 13))
    np.testing.assert_allclose(
        resample(pixels, 26, 26), pixels.repeat(2, 1).repeat(2, 2), atol=1e-12
    )


@given(st.integers(0, 30), st.integers(1, 60), st.integers(1, 200))
def test_rows_hold_every_picture_once_and_fit(count: int, width: int, room: int) -> None:
    spans = rows(count, width, room)
    assert [n for start, end in spans for n in range(start, end)] == list(range(count))
    most = max((end - start for start, end in spans), default=0)
    assert most <= 6
    assert most <= 1 or most * (width + 1) - 1 <= room


def test_a_picture_in_colour_is_half_blocks_in_few_colours() -> None:
    picture = Picture(np.linspace(0, 1, 52 * 52).reshape(52, 52), 0, 1, ("ramp",))
    text = shown(PictureRow.of([picture]), colour="256")
    assert text.count("▀") == 26 * 13
    assert len({part.split("m")[0] for part in text.split("\x1b[")[1:]}) <= 60


def test_zero_is_black_in_a_signed_picture() -> None:
    picture = Picture(np.zeros((2, 2)), -1.0, 3.0, signed=True, cells=2)
    assert "38;5;16;48;5;16" in shown(PictureRow.of([picture]), colour="256")


def test_without_colour_a_picture_is_shades_and_without_unicode_ascii() -> None:
    picture = Picture(np.array([[0.0, 1.0]] * 2), 0, 1, cells=2)
    assert shown(PictureRow.of([picture])).splitlines()[0] == " █"
    assert shown(PictureRow.of([picture]), encoding="ascii").splitlines()[0] == " @"


def test_the_histogram_counts_every_value_and_tells_zeros_apart() -> None:
    values = np.array([0, 0, 0, 0.5, 1.5, -2.0, np.nan], dtype=np.float32)
    bars = histogram(values).bars
    assert bars[0].label == "exactly 0"
    assert sum(int(bar.number.split()[0].replace(",", "")) for bar in bars) == 6


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_histogram_edges_are_round_and_cover_the_values(low: float, span: float) -> None:
    edges = round_edges(low, low + span)
    assert edges[0] <= low
    assert edges[-1] >= low + span
    assert 2 <= len(edges) <= 30


def test_a_bar_says_its_number() -> None:
    lines = shown(prediction_bars(fake_trace().top[:5])).splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("Ankle boot")
    assert lines[0].endswith("87.7%")


@given(st.text("ab靴é", max_size=30), st.integers(1, 30), st.booleans())
def test_a_text_is_cut_to_cells_at_the_end_or_at_the_front(
    text: str, width: int, front: bool
) -> None:
    short = cut(text, width, front=front)
    assert cell_len(short) <= width
    if cell_len(text) <= width:
        assert short == text
    else:
        assert short[0 if front else -1] == "…"
        assert cell_len(short) == width


def test_a_head_of_two_words_takes_two_lines() -> None:
    table = Table([Column("learning rate", ["0.01"]), Column("loss", ["1.2"], "a b")])
    assert shown(table).splitlines() == ["learning  loss", "    rate   a b", "    0.01   1.2"]


def test_a_text_column_is_cut_where_nothing_else_can_go() -> None:
    table = Table([Column("name", ["x" * 200], left=True), Column("n", ["1,234"])])
    (_, row) = shown(table, 60).splitlines()
    assert len(row) == 60
    assert row.endswith("… 1,234")


def test_ascii_letters_are_as_wide_as_they_were() -> None:
    text = "é × – ✗ 靴 ⌊x⌋ α"
    assert to_ascii(text).isascii()
    assert Segment(to_ascii(text)).cell_length == Segment(text).cell_length


def test_signs_keep_their_meaning_without_unicode() -> None:
    assert shown(TextView("50² · 2³ ≠ 10⁻³"), encoding="ascii") == "50^2 * 2^3 != 10^-3\n"
    assert to_ascii("5² 3½ x₁ ≠ ≤ é") == "5? 3? x? ? ? e"  # no room for more


def test_an_empty_cell_is_not_marked_as_the_worst_without_unicode() -> None:
    text = shown(SCREENS["evaluation"](), 120, "ascii").partition("Confusion")[2]
    matrix = text.partition("* Most often")[0]
    assert matrix.count("*") == 1
    assert " . " in matrix


def test_the_standard_error_is_binomial() -> None:
    assert standard_error(0.883, 10_000) == pytest.approx(0.003214, rel=1e-3)


def test_the_worst_pair_is_named_from_the_data() -> None:
    record = fake_evaluation()
    text = " ".join(shown(EvaluationView(record, "tutor plot")).split())
    wrong = record.confusion - np.diag(np.diag(record.confusion))
    true, predicted = np.unravel_index(wrong.argmax(), wrong.shape)
    assert (
        f"* Most often confused: {wrong.max()} of 1,000 pictures of {record.labels[true]} " in text
    )
    assert f"were taken for {record.labels[predicted]}." in text


def test_accuracy_and_its_error_come_first() -> None:
    assert shown(SCREENS["evaluation"]()).startswith(
        "accuracy 78.9% on 10,000 pictures, ± 0.4 points"
    )


def test_a_perfect_network_has_nothing_confused() -> None:
    from dataclasses import replace

    record = replace(fake_evaluation(), confusion=np.diag([1000] * 10), accuracy=1.0, mistakes=())
    text = shown(EvaluationView(record, "tutor plot"))
    assert "No mistakes among 10,000 pictures." in text
    assert "Most often confused" not in text
    assert "confident" not in text


def test_mistakes_are_counted_and_few_are_all_shown() -> None:
    from dataclasses import replace

    record = fake_evaluation()
    assert "Its most confident mistakes, 6 of 2,111" in shown(SCREENS["evaluation"]())
    confusion = np.diag([1000] * 10)
    confusion[9, :2] = 1
    two = replace(record, images=10_002, confusion=confusion, mistakes=record.mistakes[:2])
    assert "Its most confident mistakes, 2 of 2" in shown(EvaluationView(two, "tutor plot"))
