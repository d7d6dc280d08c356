"""The numbers on the screen of one value add up, and are the record's."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from passes import LAYERS, followed
from show.screens import SCREENS
from show.showing import fake_trace, shown
from show.units import UNITS, chain, conv

from alexnet_tutor.records import Place, SumWork, UnitRecord
from alexnet_tutor.show.closing import closing, number
from alexnet_tutor.show.terminal.unit import WRONG_VALUE, UnitView


def screen(record: UnitRecord, width: int = 80) -> str:
    return shown(UnitView(record, fake_trace(), "tutor trace unit"), width)


def sums(text: str) -> list[tuple[list[Decimal], Decimal]]:
    """(parts, total) of every sum on the screen: the last number of each line down to the total."""
    found, parts = [], []
    for line in text.partition("The arithmetic")[2].partition("The check")[0].splitlines():
        words = line.split()
        last = words[-1].replace(",", "") if words else ""
        if words[:1] == ["of"] or not re.fullmatch(r"[+-]?\d+(\.\d+)?", last):
            parts = []
        elif words[0] in ("total", "sum"):
            found.append((parts, Decimal(last)))
            parts = []
        else:
            parts.append(Decimal(last))
    return found


def close(record: UnitRecord) -> int:
    """How many sums the screen shows, all of which must close."""
    shown_sums = sums(screen(record))
    for parts, total in shown_sums:
        assert sum(parts) == total, (parts, total)
        last_digit = Decimal(1).scaleb(total.as_tuple().exponent)
        assert abs(Fraction(total) - Fraction(record.total)) <= Fraction(last_digit) / 2
    return len(shown_sums)


@pytest.mark.parametrize("name", UNITS)
def test_printed_sums_close(name: str) -> None:
    record = UNITS[name]()
    expected = {"conv": 2, "linear": 1, "lrn": 1, "softmax": 1}.get(record.kind, 0)
    assert close(record) == (1 if name == "unit_conv1" else expected)


@given(st.sampled_from(["fashion", "paper"]), st.integers(0, 1), st.sampled_from(LAYERS), st.data())
def test_printed_sums_of_a_real_network_close(preset, seed, layer, data) -> None:
    whole = followed(preset, seed)
    shape = whole.values(layer).shape
    index = tuple(data.draw(st.integers(0, side - 1)) for side in shape)
    record = whole.unit(Place(layer, index))
    one_channel = preset == "fashion" and layer == "conv1"
    expected = {"conv": 2 - one_channel, "linear": 1, "lrn": 1, "softmax": 1}.get(record.kind, 0)
    assert close(record) == expected


parts = st.lists(st.floats(-1e4, 1e4, allow_subnormal=False), min_size=1, max_size=9)


@given(parts, st.booleans())
def test_closing_numbers_add_up_and_are_off_by_the_last_digit_only(values, absorbs) -> None:
    total = float(sum(map(Fraction, values)))
    written, whole = closing(values, total, len(values) - 1 if absorbs else None)
    exact = [Decimal(text.replace(",", "")) for text in written]
    assert sum(exact) == Decimal(whole.replace(",", ""))
    unit = Decimal(1).scaleb(exact[0].as_tuple().exponent)
    for n, (text, value) in enumerate(zip(exact, values, strict=True)):
        room = len(values) if absorbs and n == len(values) - 1 else 2
        assert abs(Fraction(text) - Fraction(value)) <= room * Fraction(unit)


def test_a_number_has_five_digits_and_zero_is_exact() -> None:
    values = (0.0, 1.0, -0.831246, 12345.678, 2e-9, float("nan"))
    expected = ["0", "1.0000", "-0.83125", "12,346", "2e-09", "nan"]
    assert [number(value) for value in values] == expected
    assert closing([float("inf"), 1.0], float("inf"))[1] == "inf"


def test_the_terms_are_the_record_s_and_the_rest_is_named() -> None:
    record, text = conv(), screen(conv())
    for term in record.terms:
        (line,) = [line for line in text.splitlines() if line.startswith(f"{term.at} ") and "adds" not in line]  # fmt: skip
        _, value, weight, product = line.split()
        assert float(value) == pytest.approx(term.input, rel=1e-4)
        assert float(weight) == pytest.approx(term.weight, rel=1e-4)
        assert float(product) == pytest.approx(term.product, abs=2e-4)
    assert "the other 3,448 terms" in text
    assert "the other 376 channels" in text


def test_padding_is_told_of_the_picture_and_of_the_maps() -> None:
    text = screen(conv())
    assert "in the picture: rows -18 to 144, columns 62 to 224: 163×163 pixels" in text
    assert "Zeros of the padding stand for 18 rows above." in text
    assert "in relu4: channels 0 to 383, rows -1 to 1, columns 5 to 7: 3,456 values" in text
    assert "Of these values 1,152 are zeros of the padding." in text
    assert "towers" not in text
    assert "2 towers" in screen(UNITS["unit_towers"]())
    wide = " ".join(screen(UNITS["unit_fc"]()).split())
    assert "66 rows above, 64 rows below, 66 columns before it and 64 columns after it" in wide


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("unit_pixel", ["grey value 200.0 of 255; pixel = 200.0 / 255 = 0.78431", "(0.78431 − 0.286) / 0.353 = 1.4117"]),
        ("unit_blue", ["blue value 200.0 of 255"]),
        ("unit_conv1", ["pixel 212 of 255", "212.0"]),
        ("unit_relu", ["max(0, in) = max(0, -0.70000) = 0"]),
        ("unit_flatten", ["1337 = 37·36 + 0·6 + 5", "pool5:37,0,5"]),
        ("unit_dropout", ["out = in = 1.5000", "with probability 0.5", "1 / (1 − 0.5) = 2"]),
        ("unit_kept", ["mask 1, drawn from seed 3", "1.5000 · 1 · 2 = 3.0000"]),
        ("unit_dropped", ["mask 0, drawn from seed 3", "1.5000 · 0 · 2 = 0"]),
        ("unit_lrn", ["relu1:1,21,32 *", "1 of 5 neighbours do not exist", "= 1.2500 / 1.6918", "= 1.2500 / (2 + 0.015838)^0.75"]),
        ("unit_softmax", ["fc8:1 *", "m = 3.1000", "p = e^(z−m) / Σ = "]),
        ("unit_many_classes", ["the other 992 classes"]),
        ("unit_pool", ["the largest of 9 is ", "row 20"]),
        ("unit_silent_pool", ["the largest of 9 is 0, lrn1:5,20,32; 9 are equal, the first is taken"]),
        ("unit_large_pool", ["121 candidates, 11 in a row"]),
    ],
)  # fmt: skip
def test_each_kind_says_its_arithmetic(name: str, words: list[str]) -> None:
    text = " ".join(screen(UNITS[name](), 120).split())
    for word in words:
        assert word in text, (word, text)


def test_the_largest_candidate_is_marked() -> None:
    record = UNITS["unit_pool"]()
    text = screen(record)
    assert text.count("*") == 1
    (marked,) = re.findall(r"([\d.]+) \*", text)
    assert float(marked) == pytest.approx(record.value, abs=1e-4)
    (line,) = [line for line in text.splitlines() if "*" in line]
    assert line.startswith(f"row {record.terms[record.work.winner].at.index[1]}")


def test_the_lineage_is_a_tree_down_to_a_pixel() -> None:
    tree = screen(conv()).partition("Where it comes from")[2].partition("\n\nNext")[0]
    lines = [line for line in tree.splitlines() if ":" in line]
    assert len(lines) == 1 + 13 + 2 * 5
    assert lines[0].startswith("conv5:37,0,6")
    assert lines[1].startswith("├ relu4:12,5,6")
    assert lines[2].startswith("│ conv4:12,5,6")
    assert sum("pixel 212 of 255" in line for line in lines) == 3
    deep = UNITS["unit_softmax"]()
    unfollowed = screen(deep)
    assert "Where it comes from" not in unfollowed
    assert len(chain("relu4:12,5,6")) == 3


def test_a_value_that_does_not_agree_is_an_error_on_the_screen() -> None:
    wrong, fine = screen(UNITS["unit_wrong"]()), screen(conv())
    assert WRONG_VALUE in " ".join(wrong.split())
    assert "✗ difference" in wrong
    assert "✓ difference" in fine
    assert WRONG_VALUE not in fine


def test_random_weights_are_said_and_classes_have_their_names() -> None:
    from show.screens import unit_screen

    assert "! UNTRAINED: these weights are random." in shown(unit_screen("unit_lrn", None))
    assert shown(SCREENS["unit_softmax"]()).startswith("softmax:1 (Trouser) is ")


def test_only_a_sum_measures_rounding_by_its_terms() -> None:
    for make in UNITS.values():
        record = make()
        assert ("(|bias| + Σ|terms|)" in screen(record, 120)) == isinstance(record.work, SumWork)
