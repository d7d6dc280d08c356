"""The arithmetic of one value as it is shown, by the kind of its layer: printed numbers add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan

from rich.console import RenderableType
from rich.text import Text

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
from alexnet_tutor.show.terminal.table import Column, Table
from alexnet_tutor.show.terminal.theme import ACCENT, DIM, RIGHT, STRONG
from alexnet_tutor.show.terminal.view import clean

_SUBTOTALS = 8
_POWER_DIGITS = 6  # powers of e differ widely
_ACROSS = 6  # candidates of pooling in a row, and rows of them
PADDING = "in the padding"
OWN = "*"  # a letter that every terminal has


class Formula(Text):
    """A line of arithmetic; other lines are prose."""


def work(record: UnitRecord, labels: Sequence[str]) -> Iterator[RenderableType]:
    """The lines of the arithmetic; ``labels`` of the classes, for softmax."""
    match record.work:
        case PixelWork() as pixel:
            yield from _pixel(record, pixel)
        case SumWork() as summed:
            yield from _sum(record, summed)
        case ReluWork():
            yield from _relu(record)
        case LrnWork() as lrn:
            yield from _lrn(record, lrn)
        case PoolWork() as pool:
            yield from _pool(record, pool)
        case DropoutWork() as dropout:
            yield from _dropout(record, dropout)
        case FlattenWork() as flatten:
            yield from _flatten(record, flatten)
        case SoftmaxWork() as softmax:
            yield from _softmax(record, softmax, labels)


def _pixel(record: UnitRecord, pixel: PixelWork) -> Iterator[RenderableType]:
    if pixel.grey is None:
        yield Text("What entered the network; how it was made is not known.")
        return
    what = ("red", "green", "blue")[record.place.index[0]] if pixel.channels == 3 else "grey"
    share = number(pixel.grey / 255)
    yield Formula(f"{what} value {pixel.grey:.1f} of 255; pixel = {pixel.grey:.1f} / 255 = {share}")
    yield Formula(
        f"in = (pixel − mean) / std = ({share} − {pixel.mean:g}) / {pixel.std:g} = {number(record.by_hand)}"
    )


def _sum(record: UnitRecord, summed: SumWork) -> Iterator[RenderableType]:
    yield _terms(record)
    if len(summed.subtotals) > 1:
        per = numbers.counted(record.count // len(summed.subtotals), "term")
        yield Text(f"\nThe same sum by input channel, {per} each")
        yield _channels(record, summed)


def _terms(record: UnitRecord) -> Table:
    """The strongest terms, the others, the bias, the total."""
    names = [PADDING if term.at is None else str(term.at) for term in record.terms]
    parts = [term.product for term in record.terms]
    hidden = record.count - len(record.terms)
    absorbs = None
    if hidden:
        absorbs = len(parts)
        names.append(f"the other {numbers.counted(hidden, 'term')}")
        parts.append(record.rest or 0.0)
    if record.bias is not None:
        names.append("bias")
        parts.append(record.bias)
    written, total = closing(parts, record.total, absorbs)
    blank = [""] * (len(parts) - len(record.terms) + 1)
    columns = [Column("term", [*names, "total"], left=True)]
    if any(term.grey is not None for term in record.terms):
        greys = ["" if term.grey is None else f"{term.grey:.1f}" for term in record.terms]
        columns.append(Column("pixel", [*greys, *blank], unit="of 255"))
    columns += [
        Column("value", [*(number(term.input) for term in record.terms), *blank]),
        Column("weight", [*(number(term.weight or 0.0) for term in record.terms), *blank]),
        Column("product", [*written, total]),
    ]
    return Table(columns, rows_in={len(parts): STRONG})


def _channels(record: UnitRecord, summed: SumWork) -> Table:
    """The same sum by input channel."""
    assert summed.channels is not None
    order = sorted(range(len(summed.subtotals)), key=lambda c: -abs(summed.subtotals[c]))
    shown = order[:_SUBTOTALS]
    names = [f"channel {summed.channels[0] + c}" for c in shown]
    parts = [summed.subtotals[c] for c in shown]
    hidden = len(order) - len(shown)
    absorbs = None
    if hidden:
        absorbs = len(parts)
        names.append(f"the other {numbers.counted(hidden, 'channel')}")
        parts.append(record.total - (record.bias or 0.0) - sum(parts))
    if record.bias is not None:
        names.append("bias")
        parts.append(record.bias)
    written, total = closing(parts, record.total, absorbs)
    columns = [Column("", [*names, "total"], left=True), Column("", [*written, total])]
    return Table(columns, rows_in={len(parts): STRONG})


def _relu(record: UnitRecord) -> Iterator[RenderableType]:
    (term,) = record.terms
    said = "it is positive and passes" if term.input > 0 else "what is not positive becomes 0"
    if isnan(term.input):
        said = "it is no number"
    yield Formula(f"max(0, in) = max(0, {number(term.input)}) = {number(record.by_hand)}: {said}")


def _lrn(record: UnitRecord, lrn: LrnWork) -> Iterator[RenderableType]:
    parts, total = closing([term.product for term in record.terms], record.total)
    own = next(n for n, term in enumerate(record.terms) if _channel(term) == record.place.index[0])
    names = [f"{term.at}{' ' + OWN if n == own else ''}" for n, term in enumerate(record.terms)]
    yield Table(
        [
            Column("neighbour", [*names, "sum"], left=True),
            Column("a", [*(number(term.input) for term in record.terms), ""]),
            Column("a squared", [*(number(term.input**2) for term in record.terms), ""]),
            Column("times alpha", [*(part.lstrip("+") for part in parts), total]),
        ],
        rows_in={own: ACCENT, len(parts): STRONG},
    )
    if len(record.terms) < lrn.size:
        yield Text(
            f"{lrn.size - len(record.terms)} of {lrn.size} neighbours do not exist:"
            f" the layer has maps 0 to {lrn.maps - 1}.",
            style=DIM,
        )
    inner = lrn.k + record.total
    divisor = inner**lrn.beta
    a = number(lrn.own)
    yield Text()
    yield Formula("b = a / (k + α · Σ a²)^β")
    yield Formula(f"  = {a} / ({lrn.k:g} + {total})^{lrn.beta:g}    with α = {lrn.alpha:g}")
    yield Formula(f"  = {a} / {inner:.6g}^{lrn.beta:g}")
    yield Formula(f"  = {a} / {number(divisor)} = {number(record.by_hand)}")


def _channel(term: Term) -> int:
    return -1 if term.at is None else term.at.index[0]


def _pool(record: UnitRecord, pool: PoolWork) -> Iterator[RenderableType]:
    winner = record.terms[pool.winner]
    rows = [
        record.terms[start : start + pool.columns] for start in range(0, record.count, pool.columns)
    ]
    if pool.columns <= _ACROSS and len(rows) <= _ACROSS:
        yield _candidates(rows, winner)
    else:
        yield Text(f"{numbers.integer(record.count)} candidates, {pool.columns} in a row.")
    equal = sum(term.input == winner.input for term in record.terms)
    said = f"the largest of {numbers.integer(record.count)} is {number(winner.input)}, {winner.at}"
    if equal > 1:
        said += f"; {equal} are equal, the first is taken"
    yield Text(said)


def _candidates(rows: Sequence[Sequence[Term]], winner: Term) -> Table:
    """The window as it lies in the map; the winner has a mark."""
    places = [[term.at for term in row] for row in rows]
    downs = [f"row {row[0].index[1]}" for row in places if row[0] is not None]
    columns = [Column("", downs, left=True)]
    for n in range(len(rows[0])):
        cells = [f"{number(row[n].input)} {OWN if row[n] is winner else ' '}" for row in rows]
        styles = {row: RIGHT for row, terms in enumerate(rows) if terms[n] is winner}
        at = places[0][n]
        head = f"column {at.index[2]}" if at is not None else ""
        columns.append(Column(head, cells, styles=styles))
    return Table(columns)


def _dropout(record: UnitRecord, dropout: DropoutWork) -> Iterator[RenderableType]:
    (term,) = record.terms
    x, out, p = number(term.input), number(record.by_hand), f"{dropout.p:g}"
    factor = f"{1 / (1 - dropout.p):g}"
    if dropout.kept is None:
        yield Formula(f"out = in = {x}")
        yield Text(
            "Nothing is dropped for a prediction: every unit votes. Only while a network learns is"
            f" a unit dropped, with probability {p}, and those that are kept are multiplied by"
            f" 1 / (1 − {p}) = {factor}, so that the next layer's sums keep their expected size."
        )
        yield Text(f"See it: tutor trace unit {record.place} --dropout-seed 1", style=DIM)
        return
    mask, said = (1, "this unit is kept") if dropout.kept else (0, "this unit is dropped")
    yield Text(f"mask {mask}, drawn from seed {dropout.seed}: {said}")
    yield Formula(
        f"out = in · mask / (1 − p) = {x} · {mask} / (1 − {p}) = {x} · {mask} · {factor} = {out}"
    )


def _flatten(record: UnitRecord, flatten: FlattenWork) -> Iterator[RenderableType]:
    (term,) = record.terms
    assert term.at is not None
    _, height, width = flatten.shape
    channel, row, column = term.at.index
    area = height * width
    yield Formula(f"{record.place.index[0]} = {channel}·{area} + {row}·{width} + {column}")
    yield Formula(
        f"place = channel · {height}·{width} + row · {width} + column: the value of {term.at},"
        f" {number(term.input)}, unchanged"
    )


def _softmax(
    record: UnitRecord, softmax: SoftmaxWork, labels: Sequence[str]
) -> Iterator[RenderableType]:
    units = [_channel(term) for term in record.terms]
    own = units.index(record.place.index[0])
    names = [f"{term.at}{' ' + OWN if n == own else ''}" for n, term in enumerate(record.terms)]
    classes = [clean(labels[unit]) if unit < len(labels) else "" for unit in units]
    parts, hidden = [term.product for term in record.terms], record.count - len(record.terms)
    if hidden:
        names.append(f"the other {numbers.counted(hidden, 'class', 'classes')}")
        parts.append(record.rest or 0.0)
    written, total = closing(parts, record.total, len(parts) - 1 if hidden else None, _POWER_DIGITS)
    blank = [""] * (len(parts) - len(units) + 1)
    logits = [number(term.input) for term in record.terms]
    less = [number(term.input - softmax.largest) for term in record.terms]
    yield Table(
        [
            Column("logit", [*names, "sum"], left=True),
            Column("class", [*classes, *blank], left=True),
            Column("z", [*logits, *blank]),
            Column("z−m", [*less, *blank]),
            Column("e^(z−m)", [*(part.lstrip("+") for part in written), total]),
        ],
        ("class",),
        rows_in={own: ACCENT, len(parts): STRONG},
    )
    yield Formula(f"m = {number(softmax.largest)}, the largest z")
    yield Formula(
        f"p = e^(z−m) / Σ = {number(softmax.power)} / {total} = {number(record.by_hand)}"
        f", {numbers.percent(record.by_hand)}"
    )
