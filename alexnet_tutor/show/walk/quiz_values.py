"""What can be asked of the values that will come: their signs, their sizes. The recorded pass answers."""

from __future__ import annotations

from math import prod

import numpy as np

from alexnet_tutor.records import DropoutWork, LrnWork, PixelWork, Stop, Walked
from alexnet_tutor.show.numbers import activation, counted, integer, percent
from alexnet_tutor.show.terminal.view import clean
from alexnet_tutor.show.walk.drafts import VALUES, Draft, apart, shares, sizes
from alexnet_tutor.show.walk.peaks import strongest, values_of

_FAR = 14  # scores so far apart: e to the power of it is beyond a million
_BOTH_SIGNS = "Weights have both signs, so a sum of what comes in can have either."


def pixel(walked: Walked, stop: Stop, _: Stop, /) -> Draft | None:
    """What a grey becomes."""
    record = walked.unit(strongest(walked, stop))
    work = record.work
    if not isinstance(work, PixelWork) or work.grey is None or not work.std:
        return None
    share, mean, std = work.grey / 255, work.mean, work.std
    wrong = [
        (share, "It is divided by 255 and left there: the normalising is forgotten."),
        ((work.grey - mean) / std, f"The division by 255 is forgotten: ({work.grey:.1f} − {mean:g}) / {std:g}."),
        (share - mean, f"The division by the standard deviation is forgotten: {share:.3f} − {mean:g}."),
        (share / std, f"The mean is forgotten: {share:.3f} / {std:g}."),
    ]  # fmt: skip
    return sizes(
        f"The brightest pixel has the grey {work.grey:.1f} of 255. It is divided by 255, then normalised with mean {mean:g} and standard deviation {std:g}. Which number enters the network?",
        (record.value, f"({share:.3f} − {mean:g}) / {std:g}."),
        wrong,
    )


def sums_below_zero(walked: Walked, stop: Stop, before: Stop, /) -> Draft | None:
    """Which share of a convolution's sums is below 0."""
    values = values_of(walked, stop)
    if values is None:
        return None
    share, mean = float((values < 0).mean()), float(values.mean())
    return shares(
        f"{stop.name} gives {integer(values.size)} sums of products, from {_named(before)} and its own weights. Which share of them is below 0?",
        (share, f"{integer(int((values < 0).sum()))} sums are below 0; the mean of all is {activation(mean)}."),
        [
            (0.0, f"As if no sum could be negative. {_BOTH_SIGNS}"),
            (0.5, f"As if as many had to be above 0 as below. Nothing balances them: their mean is {activation(mean)}."),
            (1 - share, "That is the share of the others: the two are exchanged."),
        ],
    )  # fmt: skip


def zeros_of_relu(walked: Walked, stop: Stop, before: Stop, /) -> Draft | None:
    """Which share a ReLU makes 0."""
    values, given = values_of(walked, stop), values_of(walked, before)
    if values is None or given is None:
        return None
    low, mean, high = (activation(float(n)) for n in (given.min(), given.mean(), given.max()))
    share = float((values == 0).mean())
    return shares(
        f"The values of {before.name} reach from {low} to {high}, their mean is {mean}. Which share of the values of {stop.name} is exactly 0?",
        (share, f"What is not positive becomes 0: {integer(int((values == 0).sum()))} of {integer(values.size)}."),
        [
            (1 - share, "That is the share that passes: the two are exchanged."),
            (0.5, f"As if as many were above 0 as below. Their mean is {mean}."),
            (0.0, "As if the sign were only left out, |x|. A ReLU makes 0 of all that is negative."),
        ],
    )  # fmt: skip


def zeros_of_pool(walked: Walked, stop: Stop, before: Stop, /) -> Draft | None:
    """Which share of the largest values is 0."""
    values, given = values_of(walked, stop), values_of(walked, before)
    if values is None or given is None or stop.window is None or given.min() < 0:
        return None
    share, was = float((values == 0).mean()), float((given == 0).mean())
    cells, side = stop.window.kernel**2, stop.window.kernel
    return shares(
        f"{percent(was)} of the values of {before.name} are 0, none is negative. {stop.name} keeps the largest of each {side}×{side} window. Which share of its values is 0?",
        (share, f"A largest value is 0 only where all {cells} are. That is so in {integer(int((values == 0).sum()))} of {integer(values.size)} windows."),
        [
            (was, f"As if each value had the same chance to be kept. A 0 is kept only where all {cells} are 0."),
            (was**cells, f"{was:.3f} to the power of {cells}: as if zeros were strewn by chance. They lie together, in flat parts of the picture."),
            (1 - (1 - was) ** cells, f"As if one 0 among the {cells} were enough. That would be the smallest value."),
            (0.0, f"As if a window always held something. Where all {cells} are 0, their largest is 0."),
        ],
    )  # fmt: skip


def zeros_of_dropout(walked: Walked, stop: Stop, before: Stop, /) -> Draft | None:
    """That a prediction drops nothing."""
    values, given = values_of(walked, stop), values_of(walked, before)
    work = walked.unit(strongest(walked, stop)).work
    if values is None or given is None or not isinstance(work, DropoutWork):
        return None
    if work.kept is not None:
        return None
    share, was = float((values == 0).mean()), float((given == 0).mean())
    return shares(
        f"{percent(was)} of the values of {before.name} are 0. {stop.name} has p = {work.p:g}. In this prediction, which share of its values is 0?",
        (share, "Nothing is dropped for a prediction, only while the network learns."),
        [
            (was + (1 - was) * work.p, f"So it is in training: of those that are not 0, {percent(work.p)} are dropped. For a prediction all are kept."),
            (work.p, f"As if {percent(work.p)} of the values were 0 in the end. None is dropped for a prediction, and those that were 0 stay so."),
            (0.0, "As if zeros were filled up. Dropout makes none and takes none away here."),
        ],
    )  # fmt: skip


def kept(walked: Walked, stop: Stop, before: Stop, /) -> Draft | None:
    """What dropout makes of a value in a prediction."""
    record = walked.unit(strongest(walked, stop))
    work, given = record.work, record.terms[0].input
    if not isinstance(work, DropoutWork) or work.kept is not None or given <= 0:
        return None
    p = work.p
    return sizes(
        f"The strongest value of {before.name} is {activation(given)}. {stop.name} has p = {p:g}. What does it make of that value in this prediction?",
        (record.value, "Nothing is dropped and nothing scaled for a prediction."),
        [
            (given / (1 - p) if p < 1 else 0.0, f"So it is in training, if the value is kept: divided by 1 − {p:g}, to make up for those that are dropped."),
            (given * (1 - p), f"So it is in the paper (section 4.2): at test time outputs are multiplied by {1 - p:g}. The kit scales in training instead, and then nothing is left to do here."),
            (0.0, "So it may be in training, where chance drops values. For a prediction all are kept."),
        ],
    )  # fmt: skip


def units_below_zero(walked: Walked, stop: Stop, _: Stop, /) -> Draft | None:
    """How many sums of a fully connected layer are below 0."""
    values = values_of(walked, stop)
    if values is None:
        return None
    units, below = values.size, int((values < 0).sum())
    wrong = [
        (0, f"As if no sum could be negative. {_BOTH_SIGNS}"),
        (units // 2, "As if as many had to be above 0 as below. Nothing balances them."),
        (units - below, "That is the number of the others: the two are exchanged."),
        (units - 1, "As if only one could be positive. Each unit has weights of its own."),
    ]
    found = apart(below, [(float(n), why) for n, why in wrong], whole=units)
    return Draft(
        VALUES,
        f"{stop.name} gives {integer(units)} sums of {integer(prod(stop.input_shape))} products each. How many of them are below 0?",
        (integer(below), f"{counted(below, 'sum')} of {integer(units)}; their mean is {activation(float(values.mean()))}."),
        tuple((integer(int(n)), why) for n, why in found),
    )  # fmt: skip


def normalised(walked: Walked, stop: Stop, before: Stop, /) -> Draft | None:
    """What LRN makes of a value."""
    record = walked.unit(strongest(walked, stop))
    work = record.work
    if not isinstance(work, LrnWork) or not work.own or not work.alpha or record.total <= 0:
        return None
    a, k, alpha, beta = work.own, work.k, work.alpha, work.beta
    squares = record.total / alpha
    inner = k + record.total
    return sizes(
        f"{before.name} has {activation(a)} at row {record.place.index[1]}, column {record.place.index[2]} of map {record.place.index[0]}, and the squares of the {counted(record.count, 'map')} around it there, its own among them, sum to {activation(squares)}. {stop.name} makes a / (k + α · sum)^β of it, k = {k:g}, α = {alpha:g}, β = {beta:g}. How much is that?",
        (record.value, f"{activation(a)} / ({k:g} + {alpha:g}·{activation(squares)})^{beta:g} = {activation(a)} / {inner**beta:.3f}."),
        [
            (a, f"As if a small α left it as it is. k = {k:g} alone divides by {k**beta:.3f}."),
            (a / inner, f"The power β is forgotten: {activation(a)} / {inner:.3f}."),
            (a / (k + squares) ** beta, f"α is forgotten: the divisor would be {(k + squares) ** beta:.3f}."),
            (a / record.total**beta, f"k is forgotten: the divisor would be {record.total**beta:.3f}. k keeps it from becoming small where it is quiet."),
        ],
    )  # fmt: skip


def times_as_likely(walked: Walked, stop: Stop, before: Stop, /) -> Draft | None:
    """What softmax makes of the distance between the two highest scores."""
    scores, chances = values_of(walked, before), values_of(walked, stop)
    if scores is None or chances is None or scores.size < 2:
        return None
    first, second = (int(n) for n in np.argsort(-scores, kind="stable")[:2])
    top, other = float(scores[first]), float(scores[second])
    margin = top - other
    if not chances[second] or margin > _FAR:
        return None
    wrong = [
        (margin, "That is the difference of the scores. e is raised to it first."),
        (2.0**margin, f"2 is raised to {activation(margin)}. Softmax raises e, which is 2.718."),
    ]
    if other > 0:
        said = f"{activation(top)} / {activation(other)}: that is the ratio of the scores. The scores become powers of e first, and their difference counts."
        wrong.insert(0, (top / other, said))
    return sizes(
        f"The highest scores are {activation(top)} ({_label(walked, first)}) and {activation(other)} ({_label(walked, second)}). {stop.name} makes probabilities of them. How many times as likely as the second does the first become?",
        (float(chances[first]) / float(chances[second]), f"e to the power of {activation(top)} − {activation(other)} = {activation(margin)}: the sum below the fraction is the same for both."),
        wrong,
    )  # fmt: skip


def sum_of_probabilities(walked: Walked, stop: Stop, before: Stop, /) -> Draft | None:
    """What all probabilities add up to."""
    scores, chances = values_of(walked, before), values_of(walked, stop)
    if scores is None or chances is None:
        return None
    total = float(scores.sum())
    return sizes(
        f"{stop.name} makes probabilities of the {scores.size} scores. What do they add up to?",
        (round(float(chances.sum(dtype=np.float64)), 4), "Each is divided by the sum of all: together they are 1."),
        [
            (total, "That is what the scores add up to. They are no probabilities yet: they may be negative."),
            (float(scores.size), f"As if each of the {scores.size} could reach 1 by itself. What one class gains the others lose."),
            (float(chances.max()), "That is the largest alone."),
        ],
    )  # fmt: skip


def strongest_of_two(walked: Walked, stop: Stop, before: Stop, /) -> Draft | None:
    """Whether the strongest value grows, stays or shrinks."""
    was, now = (float(walked.peaks(one.name).max()) for one in (before, stop))
    if not (np.isfinite(was) and np.isfinite(now)):
        return None
    said = _STRONGEST.get((stop.kind, _relation(was, now)))
    if said is None:
        return None
    texts = {"larger": f"larger than {activation(was)}", "same": f"the same, {activation(was)}"}
    texts["smaller"] = f"smaller than {activation(was)}"
    right = _relation(was, now)
    return Draft(
        VALUES,
        f"The strongest value of {before.name} is {activation(was)}. What is the strongest of {stop.name}?",
        (texts[right], f"It is {activation(now)}. {said[right]}"),
        tuple((texts[one], said[one]) for one in texts if one != right),
    )


_STRONGEST = {
    ("relu", "same"): {
        "same": "What is positive passes as it is.",
        "larger": "As if what passes were multiplied, as dropout does in training. It passes as it is.",
        "smaller": "As if it were divided, as LRN does. It passes as it is.",
    },
    ("relu", "larger"): {
        "larger": "None was above 0, and all became 0.",
        "same": "As if it passed. Only what is positive does.",
        "smaller": "max(0, x) is never smaller than x.",
    },
    ("pool", "same"): {
        "same": "The largest of all is the largest of its own window.",
        "larger": "As if a window were added up. One of its values is taken.",
        "smaller": "As if the mean of a window were taken. Its largest value is.",
    },
    ("pool", "smaller"): {
        "smaller": "The largest lies in a last row or column that no window reaches.",
        "same": "So it would be if a window reached it. Windows end before the last row or column where another would not fit.",
        "larger": "As if a window were added up. One of its values is taken.",
    },
    ("lrn", "smaller"): {
        "smaller": "Each value is divided by (k + α · sum of squares)^β, which is above 1.",
        "same": "As if only loud neighbours counted. k alone divides each value.",
        "larger": "As if the divisor were below 1. k alone makes it larger.",
    },
}


def _relation(was: float, now: float) -> str:
    return "same" if now == was else "larger" if now > was else "smaller"


def _named(stop: Stop) -> str:
    return "the picture" if stop.kind == "input" else stop.name


def _label(walked: Walked, unit: int) -> str:
    known = unit < len(walked.labels)
    return clean(walked.labels[unit]) if known else f"class {unit}"
