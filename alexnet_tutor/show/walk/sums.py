"""The arithmetic of the value under the cursor, in few lines: what is printed adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from textwrap import wrap

from rich.cells import cell_len, set_cell_size

from alexnet_tutor.records import (
    DropoutWork,
    FlattenWork,
    LrnWork,
    PixelWork,
    PoolWork,
    ReluWork,
    SoftmaxWork,
    SumWork,
    Term,
    UnitRecord,
)
from alexnet_tutor.show import numbers
from alexnet_tutor.show.closing import closing, number
from alexnet_tutor.show.terminal.view import clean, spelt_out

_GAP = 2
PADDED = "padding"
_FACTORS = ("input·weight ", "in·weight ", "in·w ")


@dataclass(frozen=True, slots=True)
class Cell:
    """A term: where, its factors long and short, what it gives."""

    name: str
    factors: tuple[str, str]
    gives: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What is said of a sum, and its terms.

    Attributes:
        factors: what the factors of a term are, the longest name first; none where they say it themselves.
    """

    lead: str
    cells: tuple[Cell, ...]
    factors: tuple[str, ...] = ()


def arithmetic(record: UnitRecord, terms: Sequence[Term], labels: Sequence[str]) -> Arithmetic:
    """Of any kind of layer; ``terms`` are the record's, in the order in which they are shown."""
    match record.work:
        case SumWork():
            return _sum(record, terms)
        case LrnWork() as lrn:
            return _lrn(record, terms, lrn)
        case PoolWork() as pool:
            winner = record.terms[pool.winner]
            cells = tuple(Cell(_name(term), ("", ""), number(term.input)) for term in terms)
            count = numbers.integer(record.count)
            return Arithmetic(
                f"the largest of {count} is {number(winner.input)}, {winner.at}:", cells
            )
        case SoftmaxWork() as softmax:
            return _softmax(record, terms, softmax, labels)
        case _:
            said = _single(record)
            known = [term for term in terms if record.before is not None]
            return Arithmetic(
                said, tuple(Cell(_name(term), ("", ""), number(term.input)) for term in known)
            )


def _name(term: Term) -> str:
    return PADDED if term.at is None else str(term.at)


def _sum(record: UnitRecord, terms: Sequence[Term]) -> Arithmetic:
    parts = [term.product for term in terms]
    hidden = record.count - len(parts)
    said, absorbs = [], None
    if hidden:
        absorbs = len(parts)
        parts.append(record.rest or 0.0)
        said.append(f"the other {numbers.counted(hidden, 'term')} {{}}")
    if record.bias is not None:
        parts.append(record.bias)
        said.append("bias {}")
    written, total = closing(parts, record.total, absorbs)
    lead = ", ".join([*said, "and"]).format(*written[len(terms) :])
    cells = (
        Cell(_name(term), _factors(term), part) for term, part in zip(terms, written, strict=False)
    )
    return Arithmetic(f"{total} = {lead}", tuple(cells), _FACTORS)


def _factors(term: Term) -> tuple[str, str]:
    weight = term.weight or 0.0
    return (
        f"{number(term.input)}×{number(weight)}",
        f"{numbers.activation(term.input)}×{numbers.activation(weight)}",
    )


def _lrn(record: UnitRecord, terms: Sequence[Term], lrn: LrnWork) -> Arithmetic:
    written, total = closing([term.product for term in terms], record.total)
    inner = lrn.k + record.total
    a = number(lrn.own)
    lead = (
        f"b = a / (k + S)^β = {a} / ({lrn.k:g} + {total})^{lrn.beta:g}"
        f" = {a} / {number(inner**lrn.beta)} = {number(record.by_hand)}; S, the sum of α·a²:"
    )
    cells = (
        Cell(_name(term), (f"{lrn.alpha:g}·{number(term.input)}²",) * 2, part.lstrip("+"))
        for term, part in zip(terms, written, strict=True)
    )
    return Arithmetic(lead, tuple(cells))


def _softmax(
    record: UnitRecord, terms: Sequence[Term], softmax: SoftmaxWork, labels: Sequence[str]
) -> Arithmetic:
    parts, hidden = [term.product for term in terms], record.count - len(terms)
    if hidden:
        parts.append(record.rest or 0.0)
    written, total = closing(parts, record.total, len(parts) - 1 if hidden else None, 6)
    others = f" the other {numbers.integer(hidden)} classes {written[-1]} and" if hidden else ""
    lead = (
        f"p = e^(z−m)/Σ = {number(softmax.power)} / {total} = {number(record.by_hand)},"
        f" m = max z = {number(softmax.largest)}; Σ of e^(z−m):{others}"
    )
    cells = []
    for term, part in zip(terms, written, strict=False):
        unit = term.at.index[0] if term.at else -1
        label = f" {clean(labels[unit])}" if 0 <= unit < len(labels) else ""
        cells.append(Cell(f"{_name(term)}{label}", ("", ""), part.lstrip("+")))
    return Arithmetic(lead, tuple(cells))


def _single(record: UnitRecord) -> str:
    (term,) = record.terms
    x, out = number(term.input), number(record.by_hand)
    match record.work:
        case ReluWork():
            said = "positive, it passes" if term.input > 0 else "not positive, it becomes 0"
            said = "it is no number" if isnan(term.input) else said
            return f"max(0, in) = max(0, {x}) = {out}: {said}"
        case FlattenWork() as flatten if term.at is not None:
            _, height, width = flatten.shape
            channel, row, column = term.at.index
            place = (
                f"{record.place.index[0]} = {channel}·{height * width} + {row}·{width} + {column}"
            )
            return f"{place}: channel, row and column become one number; the value stays {out}"
        case DropoutWork(kept=None):
            return f"out = in = {out}: nothing is dropped for a prediction, only while it learns"
        case DropoutWork() as dropout:
            mask = int(bool(dropout.kept))
            return f"out = in · mask / (1 − p) = {x} · {mask} / (1 − {dropout.p:g}) = {out}"
        case PixelWork(grey=None) | FlattenWork():
            return f"in = {out}"
        case PixelWork() as pixel:
            grey = 0.0 if pixel.grey is None else pixel.grey
            share = number(grey / 255)
            return (
                f"grey {grey:.1f} of 255; in = (pixel − mean) / std"
                f" = ({share} − {pixel.mean:g}) / {pixel.std:g} = {out}"
            )
    return out


def in_ascii(sum_: Arithmetic) -> Arithmetic:
    """With names for the letters that a terminal lacks: ``β`` becomes ``beta``."""
    cells = (
        Cell(spelt_out(one.name), (spelt_out(one.factors[0]), spelt_out(one.factors[1])), one.gives)
        for one in sum_.cells
    )
    return Arithmetic(spelt_out(sum_.lead), tuple(cells), tuple(map(spelt_out, sum_.factors)))


def laid_out(sum_: Arithmetic, marked: int, width: int, room: int) -> list[list[tuple[str, str]]]:
    """Lines of (text, style): the lead, then the terms in columns; the marked one is in sight.

    What does not fit in width: long factors become short, then leave, but for the marked term's, which
    go to the end of the lead. In height: other terms leave.
    """
    lead = wrap(sum_.lead, width, break_on_hyphens=False)[: max(1, room - 1)]
    lines: list[list[tuple[str, str]]] = [[(line, "")] for line in lead]
    if not sum_.cells:
        return lines
    texts, columns, bare = _cells(sum_.cells, width, room - len(lead))
    if bare:
        factors, left = sum_.cells[marked].factors[0], width - cell_len(lead[-1])
        ends = (_at_the_end(f">{name}{factors}", left) for name in (*sum_.factors, ""))
        lines[-1] += next(filter(None, ends), [])
    per = -(-len(texts) // columns)
    first = min(max(0, marked % per - (room - len(lead)) + 1), max(0, per - 1))
    for row in range(first, min(per, first + room - len(lead))):
        line: list[tuple[str, str]] = []
        for n in range(row, len(texts), per):
            line += [(" " * _GAP, "")] if line else []
            line.append((f"{'>' if n == marked else ' '}{texts[n]}", "bold" if n == marked else ""))
        lines.append(line)
    return lines


def _at_the_end(text: str, width: int) -> list[tuple[str, str]]:
    """``text`` at the right of what is left of a line; nothing where it does not fit."""
    gap = width - cell_len(text)
    return [(" " * gap, ""), (text, "bold")] if gap >= _GAP and len(text) > 1 else []


def _cells(cells: Sequence[Cell], width: int, room: int) -> tuple[list[str], int, bool]:
    """(the terms, each as wide as the others; how many stand side by side; whether factors left)."""
    best: tuple[list[str], int, bool] | None = None
    for length in (0, 1, 2):
        factors = ["" if length == 2 else cell.factors[length] for cell in cells]
        names, middles, ends = (
            max(map(cell_len, words))
            for words in ([c.name for c in cells], factors, [c.gives for c in cells])
        )
        texts = [
            f"{set_cell_size(cell.name, names)} {factor:>{middles}}{' ' if middles else ''}{cell.gives:>{ends}}"
            for cell, factor in zip(cells, factors, strict=True)
        ]
        wide = 1 + cell_len(texts[0])
        most = max(1, (width + _GAP) // (wide + _GAP))
        best = texts, most, length == 2
        if -(-len(texts) // most) <= room and wide <= width:
            break
    assert best is not None
    return best
