"""What ``tutor evaluate`` shows: how often right, where wrong, and the most confident mistakes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import EvaluationRecord, JudgedPicture
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.picture import CELLS, Picture, PictureRow, rows, scale_words
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.table import Column, Table
from alexnet_tutor.show.terminal.theme import DIM, RIGHT, STRONG, WRONG
from alexnet_tutor.show.terminal.trace import UNTRAINED
from alexnet_tutor.show.terminal.view import View, clean, heading, loud, next_line, weights_line

_PAIRS = 10
_MISTAKES = 6
_MANY, _HARDEST = 50, 20


@dataclass(frozen=True, slots=True)
class EvaluationView(View):
    """A network judged on pictures it has not learnt from."""

    record: EvaluationRecord
    next_command: str

    def parts(self, screen: Screen, /) -> Iterator[RenderableType]:
        """Accuracy, classes, confusion, mistakes, next command."""
        record = self.record
        yield from _headline(record)
        few = len(record.labels) <= _MANY
        yield heading("By class" if few else f"By class, the {_HARDEST} with the lowest recall")
        yield _classes(record, None if few else _HARDEST)
        yield heading("Confusion: a row for each true class, a column for each predicted one")
        yield from _confusion(record, screen)
        if record.mistakes:
            per_row = rows(100, CELLS, screen.width)[0][1]
            shown = record.mistakes[: per_row * ceil(_MISTAKES / per_row)]
            wrong = record.images - int(np.trace(record.confusion))
            yield heading(f"Its most confident mistakes, {len(shown):,} of {wrong:,}")
            yield Text(scale_words(screen), style=DIM)
            yield PictureRow.of([_mistake(picture, record.labels) for picture in shown])
        else:
            yield Text(f"\nNo mistakes among {numbers.counted(record.images, 'picture')}.")
        yield Text()
        yield next_line(self.next_command)


def standard_error(accuracy: float, pictures: int) -> float:
    """Of a share counted on ``pictures`` drawn at random: √(p(1 − p) / n)."""
    return sqrt(accuracy * (1 - accuracy) / pictures) if pictures else 0.0


def _headline(record: EvaluationRecord) -> Iterator[Text]:
    points = standard_error(record.accuracy, record.images) * 100
    yield Text.assemble(
        (f"accuracy {numbers.percent(record.accuracy)}", STRONG),
        f" on {numbers.counted(record.images, 'picture')}, ± {points:.1f} points (standard error)",
    )
    facts = f"{clean(record.data)}; loss {numbers.loss(record.loss)} {numbers.NATS}"
    yield Text(f"{facts}; {numbers.duration(record.seconds)}", style=DIM)
    if record.flips:
        yield Text("each picture judged together with its mirror image", style=DIM)
    yield weights_line(record.weights) if record.weights else loud(UNTRAINED)


def _classes(record: EvaluationRecord, hardest: int | None) -> Table:
    order = list(range(len(record.per_class)))
    if hardest is not None:
        order = sorted(order, key=lambda number: record.per_class[number].recall)[:hardest]
    classes = [record.per_class[number] for number in order]
    names = _numbered(record)
    return Table(
        [
            Column("class", [names[number] for number in order], left=True),
            Column("precision", [numbers.percent_number(row.precision) for row in classes], "%"),
            Column("recall", [numbers.percent_number(row.recall) for row in classes], "%"),
            Column("support", [numbers.integer(row.support) for row in classes], "pictures"),
        ],
    )


def _numbered(record: EvaluationRecord) -> list[str]:
    width = len(str(len(record.labels) - 1))
    return [f"{number:>{width}} {clean(label)}" for number, label in enumerate(record.labels)]


def _confusion(record: EvaluationRecord, screen: Screen) -> Iterator[RenderableType]:
    worst = _worst_pairs(record)
    names = _numbered(record)
    cell = max(3, len(numbers.integer(int(record.confusion.max(initial=0)))) + 2)
    for labels in (names, [str(number) for number in range(len(names))]):
        side = max(map(cell_len, labels))
        if side + cell * len(names) <= screen.width:
            empty = "." if screen.ascii_only else "·"  # no *: that marks the worst pair
            yield from _matrix(record, labels, (side, cell), worst[:1], empty)
            break
    else:
        yield Text(
            f"The matrix of {len(names)} classes does not fit here (--json has it).", style=DIM
        )
    if not worst:
        return
    yield Text(f"* Most often confused: {_pair_words(record, worst[0])}.")
    if side + cell * len(names) > screen.width and len(worst) > 1:
        yield Text("Then:")
        yield from (Text(f"  {_pair_words(record, pair)}") for pair in worst[1:_PAIRS])


def _matrix(
    record: EvaluationRecord,
    labels: list[str],
    widths: tuple[int, int],
    marked: list[tuple[int, int]],
    empty: str,
) -> Iterator[Text]:
    side, cell = widths
    heads = "".join(f"{number:>{cell - 1}} " for number in range(len(labels)))
    yield Text(" " * side + heads.rstrip(), style=DIM, no_wrap=True)
    for true, label in enumerate(labels):
        line = Text(label + " " * (side - cell_len(label)), no_wrap=True)
        for predicted, count in enumerate(record.confusion[true].tolist()):
            mark = "*" if (true, predicted) in marked else " "
            style = RIGHT if true == predicted else WRONG if mark == "*" else "" if count else DIM
            words = numbers.integer(count) if count or true == predicted else empty
            line.append(f"{words:>{cell - 1}}{mark}", style)
        line.rstrip()
        yield line


def _worst_pairs(record: EvaluationRecord) -> list[tuple[int, int]]:
    """(true, predicted) of the wrong cells that hold pictures, most first."""
    wrong = record.confusion.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:_PAIRS]
    pairs = [divmod(int(place), len(wrong)) for place in order]
    return [pair for pair in pairs if wrong[pair] > 0]


def _pair_words(record: EvaluationRecord, pair: tuple[int, int]) -> str:
    true, predicted = (clean(record.labels[number]) for number in pair)
    count, support = int(record.confusion[pair]), int(record.confusion[pair[0]].sum())
    share = numbers.percent(count / support)
    verb = "was" if count == 1 else "were"
    return f"{count:,} of {support:,} pictures of {true} ({share}) {verb} taken for {predicted}"


def _mistake(picture: JudgedPicture, labels: tuple[str, ...]) -> Picture:
    said, true = clean(labels[picture.predicted]), clean(labels[picture.true])
    caption = (f"said {said} {numbers.percent(picture.probability)}", f"is {true}")
    return Picture(picture.pixels, 0.0, 255.0, (*caption, f"test picture {picture.index:,}"))
