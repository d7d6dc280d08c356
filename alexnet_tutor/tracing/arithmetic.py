"""The arithmetic of one value, by the kind of its layer, in float64.

The layers' ``forward`` is not used: only their weights, their numbers, and the values that reached them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from torch import nn

from alexnet_tutor.errors import TutorError
from alexnet_tutor.layers import MaxPool
from alexnet_tutor.records import (
    DropoutWork,
    FlattenWork,
    LrnWork,
    PoolWork,
    ReluWork,
    SoftmaxWork,
    Term,
    Work,
)
from alexnet_tutor.tracing.sums import SHOWN, conv, linear
from alexnet_tutor.tracing.work import Task, Worked, around, exact_sum, windows

_FEW_CLASSES = 10  # up to so many are all shown


def work_out(task: Task) -> Worked:
    """The value of ``task`` by hand.

    Raises:
        TutorError: the kit knows no arithmetic for this kind of layer.
    """
    by_kind: dict[str, Callable[[Task], Worked]] = {
        "conv": conv,
        "linear": linear,
        "relu": _relu,
        "lrn": _lrn,
        "pool": _pool,
        "dropout": _dropout,
        "flatten": _flatten,
        "softmax": _softmax,
    }
    if task.kind not in by_kind or not _is_usual(task):
        raise TutorError(
            f"The kit has no arithmetic for one value of {type(task.module).__name__}.",
            f"It has for: {', '.join(by_kind)}.",
        )
    with np.errstate(all="ignore"):  # a network of infinities is shown, not hidden
        return by_kind[task.kind](task)


def _is_usual(task: Task) -> bool:
    """Whether a layer of a kind that has an arithmetic is of its usual form."""
    match task.kind:
        case "conv":
            return getattr(task.module, "padding_mode", "zeros") == "zeros"
        case "pool":
            return isinstance(task.module, MaxPool | nn.MaxPool2d | nn.AdaptiveMaxPool2d)
        case "linear" | "softmax":
            return task.x.ndim == 1
    return True


def _pool(task: Task) -> Worked:
    channel, row, column = task.index
    rows, columns = windows(task, row, column)
    height, width = task.x.shape[1:]
    down = [y for y in rows if 0 <= y < height]  # padding is less than any number: never chosen
    across = [x for x in columns if 0 <= x < width]
    candidates = task.x[channel][np.ix_(down, across)]
    places = [task.place(channel, y, x) for y in down for x in across]
    values = candidates.reshape(-1).tolist()
    winner = int(candidates.argmax())
    terms = tuple(Term(at, one, None, one) for at, one in zip(places, values, strict=True))
    return Worked(
        by_hand=values[winner],
        size=abs(values[winner]),
        terms=terms,
        work=PoolWork(columns=len(across), winner=winner),
        total=values[winner],
        count=len(terms),
        rest=None,
        window=around(rows, columns),
        producers=(terms[winner],),
    )


def _lrn(task: Task) -> Worked:
    channel, row, column = task.index
    size, k, alpha, beta = lrn_numbers(task.module)
    maps, reach = len(task.x), size // 2
    window = range(max(0, channel - reach), min(maps, channel - reach + size))
    values = [float(task.x[i, row, column]) for i in window]
    terms = tuple(
        Term(task.place(i, row, column), a, None, alpha * a * a)
        for i, a in zip(window, values, strict=True)
    )
    own = float(task.x[task.index])
    total = exact_sum([term.product for term in terms])
    by_hand = float(np.float64(own) / np.float64(k + total) ** beta)
    return Worked(
        by_hand=by_hand,
        size=abs(by_hand),
        terms=terms,
        work=LrnWork(own, maps, size, k, alpha, beta),
        total=total,
        count=len(terms),
        window=(row, column, row, column),
        producers=(terms[channel - window[0]],),
    )


def lrn_numbers(module: Any) -> tuple[int, float, float, float]:
    """(n, k, α, β) of a local response normalisation; α is the number that multiplies the sum."""
    torchs = isinstance(module, nn.LocalResponseNorm)  # it divides the α it is given
    alpha = float(module.alpha / module.size if torchs else module.alpha)
    return module.size, float(module.k), alpha, float(module.beta)


def _relu(task: Task) -> Worked:
    x = float(task.x[task.index])
    return _single(task, task.index, x, x if not x <= 0 else 0.0, ReluWork())


def _dropout(task: Task) -> Worked:
    module: Any = task.module
    x = float(task.x[task.index])
    if task.mask is None:
        return _single(task, task.index, x, x, DropoutWork(p=module.p))
    kept = bool(task.mask.kept[task.index])
    out = x / (1 - module.p) if kept else 0.0 * x
    return _single(task, task.index, x, out, DropoutWork(module.p, task.mask.seed, kept))


def _flatten(task: Task) -> Worked:
    index = tuple(int(i) for i in np.unravel_index(task.index[0], task.x.shape))
    x = float(task.x[index])
    return _single(task, index, x, x, FlattenWork(task.x.shape))


def _single(task: Task, index: tuple[int, ...], x: float, out: float, work: Work) -> Worked:
    """A value that is made of one other."""
    term = Term(task.place(*index), x, None, out)
    return Worked(
        by_hand=out,
        size=abs(out),
        terms=(term,),
        work=work,
        total=out,
        window=(*index[1:], *index[1:]) if len(index) == 3 else None,
        producers=(term,),
    )


def _softmax(task: Task) -> Worked:
    (own,) = task.index
    z = task.x
    powers = np.exp(z - z.max())
    strongest = np.argsort(-powers, kind="stable").tolist()
    if len(z) > _FEW_CLASSES:
        strongest = [k for k in strongest if k != own][: SHOWN - 1]
        strongest = sorted([own, *strongest], key=lambda k: -powers[k])
    terms = {k: Term(task.place(k), float(z[k]), None, float(powers[k])) for k in strongest}
    total = exact_sum(powers)
    by_hand = float(powers[own] / total)
    return Worked(
        by_hand=by_hand,
        size=by_hand,
        terms=tuple(terms.values()),
        work=SoftmaxWork(float(z.max()), float(powers[own])),
        total=total,
        count=len(z),
        rest=exact_sum([total, *(-term.product for term in terms.values())]),
        producers=(terms[own],),
    )
