"""One sentence per layer: what it did to this picture. Every number in it is a fact of the record."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, floor, log

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from alexnet_tutor.records import Box, LayerRecord, TraceRecord
from alexnet_tutor.records.why import (
    ConvFacts,
    DropoutFacts,
    FlattenFacts,
    LinearFacts,
    LrnFacts,
    Peak,
    PoolFacts,
    ReluFacts,
    SoftmaxFacts,
)
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.theme import PROSE_WIDTH
from alexnet_tutor.show.terminal.view import clean, heading


def why_list(trace: TraceRecord, screen: Screen) -> Iterator[RenderableType]:
    """A layer's name and its sentence, for each that has one."""
    said = [(layer.name, sentence(layer, trace)) for layer in trace.layers]
    told = [(clean(name), words) for name, words in said if words is not None]
    if not told:
        return
    yield heading("What each layer did to this picture")
    width = min(screen.width, PROSE_WIDTH)
    rows = Table.grid(padding=(0, 1, 0, 0))
    rows.width = width
    rows.add_column(no_wrap=True, max_width=width // 3, overflow="ellipsis")
    rows.add_column(ratio=1, overflow="fold")
    for name, words in told:
        rows.add_row(Text(name), Text(words))
    yield rows


def sentence(layer: LayerRecord, trace: TraceRecord) -> str | None:
    """What a layer did to this picture; ``None`` where nothing is known of it."""
    why = layer.why
    if why is None:
        return None
    if why.broken:
        count = numbers.integer(why.broken)
        return f"{count} of {numbers.integer(layer.values[0].size)} values are no finite numbers."
    if why.peak is None:
        return None
    match why.facts:
        case ConvFacts() as conv:
            return _conv(conv, why.peak)
        case LinearFacts() as linear if _gives_scores(layer, trace):
            return _scores(linear, layer, trace, why.peak)
        case LinearFacts() as linear:
            return _linear(linear, layer, why.peak)
        case ReluFacts() as relu:
            return _relu(relu, layer)
        case LrnFacts() as lrn:
            return _lrn(lrn)
        case PoolFacts() as pool:
            return _pool(pool, layer)
        case FlattenFacts() as flatten:
            return _flatten(flatten, layer, why.peak)
        case DropoutFacts() as dropout:
            return _dropout(dropout)
        case SoftmaxFacts() as softmax:
            return _softmax(softmax, layer, trace)
    return _any(layer, why.peak)


def _conv(conv: ConvFacts, peak: Peak) -> str:
    negative = f"{numbers.percent(conv.negative)} of the sums are negative."
    if peak.value <= 0:
        return f"No sum is above 0: the highest is {_at(peak)}."
    if peak.maps > 1:
        return f"The strongest answer is {_at(peak)}; {negative}"
    return f"Map {peak.index[0]} answers strongest, {_at(peak)}{_sees(peak.box)}; {negative}"


def _relu(relu: ReluFacts, layer: LayerRecord) -> str:
    size = layer.values[0].size
    if layer.maps is None:
        if not relu.positive:
            return f"All {numbers.counted(size, 'unit')} are 0."
        above = f"{numbers.integer(relu.positive)} of {numbers.counted(size, 'unit')}"
        most = numbers.integer(relu.half)
        return f"{above} stay above 0; the strongest {most} of them hold half of the sum."
    maps = len(layer.maps)
    if not relu.positive:
        return f"Every value is 0: all {numbers.counted(maps, 'map')} are silent."
    silent = f"{layer.silent} of {numbers.counted(maps, 'map')}" if layer.silent else "no map"
    broad = f"{relu.broad or 'none'} answer{'' if relu.broad > 1 else 's'}"
    return (
        f"{numbers.percent(layer.zeros)} of the values are 0; {silent}"
        f" {'is' if layer.silent < 2 else 'are'} silent, {broad} at more than half of the places."
    )


def _lrn(lrn: LrnFacts) -> str:
    if lrn.largest is None or lrn.index is None or lrn.before is None or lrn.after is None:
        return "Every value is 0: there is nothing to divide."
    more = numbers.percent(lrn.largest / lrn.quiet - 1)
    before, after = numbers.activation(lrn.before), numbers.activation(lrn.after)
    sees = f", which sees {numbers.box(lrn.box)}," if lrn.box else ""
    return (
        f"Divides by {lrn.k:g}^{lrn.beta:g} = {lrn.quiet:.3f} among quiet neighbours, at most by"
        f" {lrn.largest:.3f}, {more} more: {before} of map {lrn.index[0]}{sees} becomes {after}."
    )


def _pool(pool: PoolFacts, layer: LayerRecord) -> str:
    lost = f"{numbers.percent(pool.lost)} of the values win no window and go no further"
    if pool.lost_sum is not None:
        lost += f", with them {numbers.percent(pool.lost_sum)} of the sum"
    before, after = numbers.percent(pool.zeros_before), numbers.percent(layer.zeros)
    if before == after:
        return f"{lost}; zeros stay at {after}."
    turn = "fall" if layer.zeros < pool.zeros_before else "rise"
    return f"{lost}; zeros {turn} from {before} to {after}."


def _flatten(flatten: FlattenFacts, layer: LayerRecord, peak: Peak) -> str:
    before, after = (numbers.shape(sizes[1:]) for sizes in (layer.input_shape, layer.output_shape))
    told = f"{before} become {after} in a row, {numbers.percent(layer.zeros)} of them 0"
    if peak.count > 1 or len(flatten.origin) != 3:
        return f"{told}."
    channel, row, column = flatten.origin
    return (
        f"{told}; the strongest, {_value(peak)} of map {channel}, row {row}, column {column},"
        f" is number {peak.index[0]}."
    )


def _linear(linear: LinearFacts, layer: LayerRecord, peak: Peak) -> str:
    units = numbers.integer(layer.values[0].size)
    above = f"{numbers.integer(linear.positive)} of {units} sums are above 0"
    if peak.count > 1:
        return f"{above}; the highest is {_at(peak)}."
    term = _largest_term(linear, "its largest term")
    highest = f"{above}; the highest, {_value(peak)}, is unit {peak.index[0]}'s"
    return f"{highest}, and {term}." if term else f"{highest}."


def _scores(linear: LinearFacts, layer: LayerRecord, trace: TraceRecord, peak: Peak) -> str:
    """The layer that softmax reads: classes, not units."""
    scores = layer.values[0]
    if peak.count > 1:
        return f"{peak.count} of {len(scores)} classes share the highest score, {_value(peak)}."
    first, second = (int(k) for k in (-scores).argsort(kind="stable")[:2])
    one, two = (
        f"{_label(trace, k, len(scores))}, {numbers.activation(float(scores[k]))}"
        for k in (first, second)
    )
    term = _largest_term(linear, "the largest term of the first")
    return f"The highest scores are {one}, and {two}{f'; {term}' if term else ''}."


def _largest_term(linear: LinearFacts, whose: str) -> str:
    if linear.product is None:
        return ""
    sign = "+" if linear.product > 0 else ""
    product = f"{sign}{numbers.activation(linear.product)}"
    return f"{whose}, {product}, comes from input {linear.input or 0}"


def _dropout(dropout: DropoutFacts) -> str:
    values = f"{numbers.integer(dropout.nonzero)} values that are not 0"
    if not dropout.nonzero:
        return "Every value is 0: there is nothing to drop."
    if not dropout.dropped and dropout.factor == 1:
        return f"A prediction drops nothing: the {values} pass unchanged."
    if dropout.dropped == dropout.nonzero:
        return f"All {values} are dropped."
    dropped = numbers.integer(dropout.dropped)
    return f"{dropped} of the {values} are dropped, the others multiplied by {dropout.factor:g}."


def _softmax(softmax: SoftmaxFacts, layer: LayerRecord, trace: TraceRecord) -> str:
    shares = layer.values[0]
    one, two = (_label(trace, k, len(shares)) for k in (softmax.first, softmax.second))
    high, low = (numbers.percent(float(shares[k])) for k in (softmax.first, softmax.second))
    if softmax.margin == 0:
        return f"The scores of {one} and {two} are equal: {high} each."
    power = f"e^{softmax.margin:.3f} = {_times(softmax.margin)}"
    return (
        f"{one} leads {two} by {softmax.margin:.3f} in the scores, which makes {power} times"
        f" the probability: {high} against {low}."
    )


def _any(layer: LayerRecord, peak: Peak) -> str:
    """What can be said of a layer of any kind."""
    told = f"{numbers.percent(layer.zeros)} of the values are 0"
    if layer.maps is not None and layer.silent:
        told += f", and {layer.silent} of {len(layer.maps)} maps silent"
    if peak.maps > 1 or layer.values.ndim not in (2, 4):
        return f"The highest value is {_at(peak)}; {told}."
    what = "Map" if layer.maps is not None else "Unit"
    return f"{what} {peak.index[0]} has the highest value, {_at(peak)}{_sees(peak.box)}; {told}."


def _gives_scores(layer: LayerRecord, trace: TraceRecord) -> bool:
    """Whether softmax reads this layer."""
    following = dict(zip([each.name for each in trace.layers], trace.layers[1:], strict=False))
    after = following.get(layer.name)
    return after is not None and after.kind == "softmax" and layer.values[0].size > 1


def _label(trace: TraceRecord, number: int, classes: int) -> str:
    labels = trace.facts.labels if trace.facts else ()
    return clean(labels[number]) if len(labels) == classes else f"class {number}"


def _value(peak: Peak) -> str:
    return numbers.activation(peak.value)


def _at(peak: Peak) -> str:
    """The value, and at how many places it stands."""
    return _value(peak) + (f" at {numbers.integer(peak.count)} places" if peak.count > 1 else "")


def _sees(box: Box | None) -> str:
    return f", seeing {numbers.box(box)}" if box else ""


def _times(margin: float) -> str:
    """e^margin to three digits, however large."""
    power = margin / log(10)
    if power < 6:
        ratio = float(f"{exp(margin):.3g}")
        return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"
    whole = floor(power)
    return f"{10 ** (power - whole):.2f}·10^{whole}"
