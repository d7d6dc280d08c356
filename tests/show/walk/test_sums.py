"""The few lines of arithmetic close as they are printed, whatever the kind of layer."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from show.units import UNITS

from alexnet_tutor.records import Place, Term
from alexnet_tutor.show.walk.order import ordered
from alexnet_tutor.show.walk.sums import PADDED, arithmetic, laid_out


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("unit_conv", r"(-?[\d,.]+) ="),
        ("unit_towers", r"(-?[\d,.]+) ="),
        ("unit_fc", r"(-?[\d,.]+) ="),
        ("unit_lrn", r"\(2 \+ ([\d.]+)\)"),
        ("unit_softmax", r"= \S+ / ([\d.,]+) ="),
        ("unit_many_classes", r"= \S+ / ([\d.,]+) ="),
    ],
)
def test_printed_terms_and_the_rest_make_the_printed_total(name: str, total: str) -> None:
    record = UNITS[name]()
    sum_ = arithmetic(record, ordered(record), ())
    found = re.search(total, sum_.lead)
    assert found
    rest = re.findall(r"(?:terms|bias|classes) ([+-]?[\d,.]*\d)", sum_.lead)
    parts = [*rest, *(cell.gives for cell in sum_.cells)]
    assert sum(Decimal(part.replace(",", "")) for part in parts) == Decimal(
        found[1].replace(",", "")
    )
    assert len(sum_.cells) == len(record.terms)


@pytest.mark.parametrize("name", UNITS)
def test_every_kind_fits_its_room_and_keeps_the_marked_term_in_sight(name: str) -> None:
    record = UNITS[name]()
    terms = ordered(record)
    for width, room in ((80, 5), (120, 9), (200, 20)):
        sum_ = arithmetic(record, terms, ())
        for marked in range(len(sum_.cells)):
            lines = laid_out(sum_, marked, width, room)
            assert len(lines) <= room
            texts = ["".join(text for text, _ in line) for line in lines]
            assert all(len(text) <= width for text in texts)
            at = terms[marked].at
            assert any(f">{PADDED if at is None else at}" in text for text in texts)


def test_terms_come_largest_first_and_what_is_no_number_before_them() -> None:
    record = UNITS["unit_conv"]()
    nan = Term(Place("relu4", (0, 0, 0)), 0.0, 1.0, float("nan"))
    terms = (*record.terms[1:], nan)
    sizes = [abs(term.product) for term in record.terms[1:]]
    shown = ordered(replace(record, terms=terms, producers=None))
    assert shown[0] is nan
    assert [abs(term.product) for term in shown[1:]] == sorted(sizes, reverse=True)
