"""A question before it is asked: its right answer, and each wrong one with the mistake that leads to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from alexnet_tutor.records import Option, Question, Stop, Walked
from alexnet_tutor.show.numbers import activation, percent

SHAPE, PARAMETERS, MACS, VALUES = TOPICS = ("shape", "parameters", "MACs", "values")
_FEWEST, _MOST = 2, 3  # wrong answers of a question
_NEAR = 0.05  # in shares of the whole, or of the right answer: nearer numbers are no choice

Answer: TypeAlias = tuple[str, str]  # as it is offered, and its working


@dataclass(frozen=True, slots=True)
class Draft:
    """A question.

    Attributes:
        topic: one of ``TOPICS``.
        wrong: the likeliest mistakes first; those that lead to the right answer, or to one that is
            there already, are left out when it is asked.
    """

    topic: str
    prompt: str
    right: Answer
    wrong: tuple[Answer, ...]


Maker: TypeAlias = Callable[[Walked, Stop, Stop], Draft | None]
"""(the pass, a layer, the layer before it) → what can be asked of it, or ``None``."""


def asked(draft: Draft, seed: int) -> Question | None:
    """The draft with its answers in an order drawn from ``seed``; ``None`` where too few are left."""
    wrong: dict[str, str] = {}
    for text, why in draft.wrong:
        if text != draft.right[0]:
            wrong.setdefault(text, why)
    if len(wrong) < _FEWEST:
        return None
    options = [Option(draft.right[0], True, draft.right[1])]
    options += [Option(text, False, why) for text, why in list(wrong.items())[:_MOST]]
    order = np.random.default_rng(seed).permutation(len(options))
    return Question(draft.topic, draft.prompt, tuple(options[n] for n in order))


def apart(
    right: float, wrong: Iterable[tuple[float, str]], whole: float | None = None
) -> list[tuple[float, str]]:
    """Those numbers that can be told from the right one and from one another.

    Args:
        right: the right number.
        wrong: other numbers, each with what is said of it.
        whole: what all are parts of; without it numbers are compared by their ratio.
    """
    kept: list[tuple[float, str]] = []
    for number, why in wrong:
        others = [right, *(one for one, _ in kept)]
        if np.isfinite(number) and all(
            abs(number - other) > _NEAR * (whole or max(abs(number), abs(other), 1e-9))
            for other in others
        ):
            kept.append((number, why))
    return kept


def shares(asks: str, right: tuple[float, str], wrong: list[tuple[float, str]]) -> Draft:
    """Of parts of a whole, in percent."""
    found = apart(right[0], wrong, whole=1.0)
    return Draft(
        VALUES,
        asks,
        (percent(right[0]), right[1]),
        tuple((percent(share), why) for share, why in found),
    )


def sizes(asks: str, right: tuple[float, str], wrong: list[tuple[float, str]]) -> Draft:
    """Of numbers."""
    found = apart(right[0], wrong)
    return Draft(
        VALUES,
        asks,
        (activation(right[0]), right[1]),
        tuple((activation(number), why) for number, why in found),
    )
