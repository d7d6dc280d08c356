"""Made-up values of each kind of layer, worked out: their numbers belong together."""

from __future__ import annotations

from dataclasses import replace
from math import exp, fsum

import numpy as np

from alexnet_tutor.records import (
    DropoutWork,
    FlattenWork,
    LrnWork,
    PixelWork,
    Place,
    PoolWork,
    ProducerRecord,
    ReluWork,
    SoftmaxWork,
    SumWork,
    Term,
    UnitRecord,
    Work,
)


def chain(*units: str) -> tuple[ProducerRecord, ...]:
    """Values that each made the one before; of a convolution two more, not followed."""
    if not units:
        return ()
    first, *rest = units
    layer, _, numbers = first.partition(":")
    index = tuple(int(number) for number in numbers.split(","))
    side = 4 * len(units)
    grey = 212.0 if layer == "input" else None
    strongest = ProducerRecord(
        Place(layer, index), 0.8312, 0.4021, grey, (60, 70, 60 + side, 70 + side), chain(*rest)
    )
    if layer not in ("relu4", "relu3", "pool2", "pool1", "input"):
        return (strongest,)
    channel, row, column = index
    beside = [(0, row, column + n) if grey else (channel + n, row, column) for n in (1, 2)]
    others = [
        ProducerRecord(
            Place(layer, beside[n - 1]), 0.61 / n, (-1) ** n * 0.31 / n, grey,
            (60, 70, 60 + side, 70 + side), None,
        )
        for n in (1, 2)
    ]  # fmt: skip
    return (strongest, *others)


PATH = chain(
    "relu4:12,5,6", "conv4:12,5,6", "relu3:301,5,7", "conv3:301,5,7", "pool2:77,4,8", "lrn2:77,9,17",
    "relu2:77,9,17", "conv2:77,9,17", "pool1:5,10,16", "lrn1:5,21,32", "relu1:5,21,32",
    "conv1:5,21,32", "input:0,86,130",
)  # fmt: skip


def unit(place: str, kind: str, before: str | None, work: Work, **fields: object) -> UnitRecord:
    """A value that the network computed as it is by hand, but for rounding."""
    layer, _, numbers = place.partition(":")
    by_hand = float(fields.pop("by_hand"))  # type: ignore[arg-type]
    common = {
        "value": by_hand - 2**-30, "size": max(1.0, abs(by_hand)), "box": (0, 0, 226, 226),
        "clipped": (0, 0, 226, 226), "window": None, "terms": (), "count": 1, "rest": 0.0,
        "bias": None, "total": by_hand, "producers": (),
    }  # fmt: skip
    index = tuple(int(number) for number in numbers.split(","))
    return UnitRecord(  # type: ignore[arg-type]
        place=Place(layer, index), kind=kind, before=before, by_hand=by_hand, work=work,
        **{**common, **fields},
    )  # fmt: skip


def summed(
    place: str, before: str, maps: tuple[int, int, int], groups: int = 1, **fields: object
) -> UnitRecord:
    """A convolution's value over maps (channels, rows, columns) that begin at row −1 of the layer before."""
    channels, rows, columns = maps
    rng = np.random.default_rng(11)
    inputs = np.round(np.maximum(rng.normal(size=maps), 0), 4)
    weights = np.round(rng.normal(0, 0.05, size=maps), 4)
    inputs[:, 0] = 0
    products, bias = inputs * weights, -0.0211
    total = fsum([bias, *products.reshape(-1)])
    terms = []
    for number in np.argsort(-np.abs(products), axis=None, kind="stable")[:8]:
        c, r, s = (int(i) for i in np.unravel_index(number, maps))
        grey = 212.0 if before == "input" else None
        at = Place(before, (c, r - 1, s + 5))
        terms.append(
            Term(
                at, float(inputs[c, r, s]), float(weights[c, r, s]), float(products[c, r, s]), grey
            )
        )
    work = SumWork(
        (0, channels - 1), groups, tuple(products.sum(axis=(1, 2)).tolist()), channels * columns
    )
    return unit(
        place, "conv", before, work, by_hand=total, bias=bias, total=total, count=products.size,
        terms=tuple(terms), rest=fsum([total, -bias, *(-term.product for term in terms)]),
        size=abs(bias) + float(np.abs(products).sum()), window=(-1, 5, rows - 2, columns + 4),
        box=(-18, 62, 144, 224), clipped=(0, 62, 144, 224), producers=PATH, **fields,
    )  # fmt: skip


def conv() -> UnitRecord:
    return summed("conv5:37,0,6", "relu4", (384, 3, 3))


def towers() -> UnitRecord:
    return summed("conv5:37,0,6", "relu4", (192, 3, 3), groups=2)


def conv1() -> UnitRecord:
    return replace(summed("conv1:5,21,32", "input", (1, 11, 11)), producers=chain("input:0,86,130"))


def tampered() -> UnitRecord:
    return replace(conv(), value=0.5)


def lrn() -> UnitRecord:
    values, alpha, k, beta = (0.0, 1.25, 12.5, 0.75), 1e-4, 2.0, 0.75
    places = [Place("relu1", (i, 21, 32)) for i in range(4)]
    terms = tuple(Term(at, a, None, alpha * a * a) for at, a in zip(places, values, strict=True))
    total = fsum(term.product for term in terms)
    by_hand = values[1] / (k + total) ** beta
    return unit(
        "lrn1:1,21,32", "lrn", "relu1", LrnWork(values[1], 96, 5, k, alpha, beta), by_hand=by_hand,
        terms=terms, count=4, total=total, window=(21, 32, 21, 32), box=(82, 126, 92, 136),
        clipped=(82, 126, 92, 136),
    )  # fmt: skip


def pool(side: int = 3, strength: float = 1.0) -> UnitRecord:
    rng = np.random.default_rng(3)
    values = strength * np.round(rng.normal(size=(side, side)).clip(0), 4).reshape(-1)
    terms = tuple(
        Term(Place("lrn1", (5, 20 + n // side, 32 + n % side)), float(v), None, float(v))
        for n, v in enumerate(values)
    )
    winner = int(values.argmax())
    return unit(
        "pool1:5,10,16", "pool", "lrn1", PoolWork(side, winner), by_hand=float(values[winner]),
        terms=terms, count=len(terms), rest=None, window=(20, 32, 19 + side, 31 + side),
        box=(78, 126, 96, 144), clipped=(78, 126, 96, 144),
    )  # fmt: skip


def single(place: str, kind: str, at: str, x: float, out: float, work: Work) -> UnitRecord:
    layer, _, numbers = at.partition(":")
    index = tuple(int(number) for number in numbers.split(","))
    window = (*index[1:], *index[1:]) if len(index) == 3 else None
    term = Term(Place(layer, index), x, None, out)
    return unit(place, kind, layer, work, by_hand=out, terms=(term,), window=window)


def relu() -> UnitRecord:
    return single("relu5:37,6,6", "relu", "conv5:37,6,6", -0.7, 0.0, ReluWork())


def flatten() -> UnitRecord:
    work = FlattenWork((256, 6, 6))
    return single("flatten:1337", "flatten", "pool5:37,0,5", 2.5, 2.5, work)


def dropout(kept: bool | None = None) -> UnitRecord:
    seed = None if kept is None else 3
    out = {None: 1.5, True: 3.0, False: 0.0}[kept]
    return single("drop6:812", "dropout", "relu6:812", 1.5, out, DropoutWork(0.5, seed, kept))


def pixel(channels: int = 1) -> UnitRecord:
    by_hand = (200 / 255 - 0.286) / 0.353
    place = Place("input", (channels - 1, 86, 130))
    work = PixelWork(200.0, 0.286, 0.353, channels)
    return unit(
        str(place), "input", None, work, by_hand=by_hand, box=(86, 130, 86, 130),
        terms=(Term(place, 200.0, None, by_hand, 200.0),), clipped=(86, 130, 86, 130),
    )  # fmt: skip


def softmax(classes: int = 10, shown: int = 10) -> UnitRecord:
    z = [(-1) ** k * 0.4 * k - 0.1 for k in range(classes)]
    largest, own = max(z), 1
    powers = [exp(one - largest) for one in z]
    order = sorted(range(classes), key=lambda k: -powers[k])
    order = [*[k for k in order if k != own][: shown - 1], own]
    terms = tuple(Term(Place("fc8", (k,)), z[k], None, powers[k]) for k in order)
    total = fsum(powers)
    return unit(
        f"softmax:{own}", "softmax", "fc8", SoftmaxWork(largest, powers[own]), total=total,
        by_hand=powers[own] / total, terms=terms, count=classes,
        rest=total - fsum(term.product for term in terms),
    )  # fmt: skip


def fully_connected() -> UnitRecord:
    record = summed("fc6:812", "flatten", (1, 1, 9216))
    terms = tuple(
        replace(
            term, at=Place("flatten", (100 * n,)), input=0.5, product=0.5 * (term.weight or 0.0)
        )
        for n, term in enumerate(record.terms)
    )
    rest = record.total - (record.bias or 0.0) - fsum(term.product for term in terms)
    return replace(
        record, kind="linear", work=SumWork(), window=None, terms=terms, rest=rest,
        box=(-66, -66, 288, 288), clipped=(0, 0, 224, 224), producers=None,
    )  # fmt: skip


UNITS = {
    "unit_conv": conv, "unit_towers": towers, "unit_conv1": conv1, "unit_wrong": tampered,
    "unit_lrn": lrn, "unit_pool": pool, "unit_large_pool": lambda: pool(11),
    "unit_silent_pool": lambda: pool(3, 0.0), "unit_relu": relu,
    "unit_flatten": flatten, "unit_dropout": dropout, "unit_kept": lambda: dropout(True),
    "unit_dropped": lambda: dropout(False), "unit_pixel": pixel, "unit_blue": lambda: pixel(3),
    "unit_softmax": softmax, "unit_many_classes": lambda: softmax(1000, 8),
    "unit_fc": fully_connected,
}  # fmt: skip
