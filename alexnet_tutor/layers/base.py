"""What every layer of the kit can do beyond computing: show its arithmetic and tell its page."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Page:
    """A layer's page, read from the head of its file: what it is for and where in the paper."""

    title: str
    purpose: tuple[str, ...]
    paper: str
    formula: str


class Layer(nn.Module):
    """A layer that can be inspected.

    Attributes:
        kind: the field's word for it.
        formula: one line of mathematics, in the paper's symbols where it has them.
        name: its place in the network, ``conv1`` … ``fc8``.
    """

    kind: ClassVar[str]
    formula: ClassVar[str]

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def by_hand(self, x: Tensor) -> Tensor:
        """The same mathematics as ``forward`` in plain tensor arithmetic, for reading and for checks."""
        raise NotImplementedError

    def explain(self, input_shape: Sequence[int]) -> list[str]:
        """The arithmetic with the real numbers, a line each, for one input of shape (C, H, W)."""
        raise NotImplementedError

    @classmethod
    def page(cls) -> Page:
        """The page of this kind of layer. Its text is the head of the file that defines it."""
        head = sys.modules[cls.__module__].__doc__ or ""
        title, *paragraphs = [" ".join(part.split()) for part in head.strip().split("\n\n")]
        paper = [part for part in paragraphs if part.startswith("Paper: ")]
        return Page(
            title=title,
            purpose=tuple(part for part in paragraphs if part not in paper),
            paper=" ".join(part.removeprefix("Paper: ") for part in paper),
            formula=cls.formula,
        )


def times(*numbers: int) -> str:
    """``96×56×56``."""
    return "×".join(str(number) for number in numbers)


def sizes(shape: Sequence[int]) -> str:
    """``96×56×56`` of maps, ``4,096`` of a row."""
    return f"{shape[0]:,}" if len(shape) == 1 else times(*shape)
