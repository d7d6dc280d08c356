"""A set of labelled pictures: what every source of data gives, whatever it reads from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol

import torch
from torch import Tensor

from alexnet_tutor.errors import TutorError
from alexnet_tutor.machine import to_device
from alexnet_tutor.records import Preparation

HELD_OUT_SHARE = 12  # one picture of every twelve: 5,000 of 60,000
_SHUFFLE = 20120930  # the day of the ILSVRC-2012 deadline; never changed, so that runs compare

Split = Literal["train", "test"]
Progress = Callable[[str, int, int], None]
"""Told (what is loaded, how much is done, how much there is) now and then; bytes or pictures."""


class Dataset(Protocol):
    """Labelled pictures of one size, fetched by number."""

    @property
    def name(self) -> str:
        """As a person would name it, ``fashion-mnist test``."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes by number."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the pictures or their order do."""
        ...

    @property
    def on_disk(self) -> bool:
        """Whether taking pictures reads files, so that it is worth doing a batch ahead."""
        ...

    def __len__(self) -> int: ...

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """int64 (B,) -> pictures uint8 (B, C, H, W) and class numbers int64 (B,), where they are kept."""
        ...


@dataclass(frozen=True, eq=False)
class ArrayDataset:
    """Pictures held as bytes in memory, or a GPU's: ``images`` uint8 (N, C, H, W), ``targets`` int64 (N,)."""

    name: str
    labels: tuple[str, ...]
    fingerprint: str
    images: Tensor
    targets: Tensor

    @property
    def on_disk(self) -> bool:
        """No: all are in memory."""
        return False

    def __len__(self) -> int:
        return len(self.images)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """int64 (B,) -> uint8 (B, C, H, W), int64 (B,)."""
        indices = to_device(indices, self.images.device)
        return self.images[indices], self.targets[indices]


@dataclass(frozen=True, eq=False)
class Subset:
    """Some pictures of another set, in a given order: ``indices`` int64 (M,)."""

    whole: Dataset
    indices: Tensor

    @property
    def name(self) -> str:
        """As the whole set."""
        return self.whole.name

    @property
    def labels(self) -> tuple[str, ...]:
        """As the whole set."""
        return self.whole.labels

    @property
    def fingerprint(self) -> str:
        """The whole set's, how many were taken, and a sum over which."""
        chosen = hashlib.blake2b(self.indices.numpy().astype("<i8").tobytes(), digest_size=4)
        return f"{self.whole.fingerprint}[{len(self)}:{chosen.hexdigest()}]"

    @property
    def on_disk(self) -> bool:
        """As the whole set."""
        return self.whole.on_disk

    def __len__(self) -> int:
        return len(self.indices)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """int64 (B,) -> uint8 (B, C, H, W), int64 (B,)."""
        return self.whole.take(self.indices[indices])


@dataclass(frozen=True, eq=False)
class DataSplits:
    """What a source of data gives; each part is opened when it is first asked for.

    Attributes:
        opened: gives the set of a split, reading or drawing its pictures.
        prepared: tells from the training pictures how a picture becomes the network's input.
    """

    opened: Callable[[Split], Dataset]
    prepared: Callable[[Dataset], Preparation]

    @cached_property
    def train(self) -> Dataset:
        """Pictures to learn from."""
        return self.opened("train")

    @cached_property
    def test(self) -> Dataset:
        """Pictures to be judged by."""
        return self.opened("test")

    @cached_property
    def preparation(self) -> Preparation:
        """How these pictures become the network's input."""
        return self.prepared(self.train)


def held_out_beside(learnt: int) -> int:
    """How many pictures are held out, by default, beside ``learnt`` that are learnt from."""
    return max(1, round(learnt / (HELD_OUT_SHARE - 1)))


def hold_out(train: Dataset, limit: int | None, validation: int | None) -> tuple[Subset, Subset]:
    """Split the training pictures into those learnt from and those held out to choose by.

    A fixed shuffle, the same for every seed, so that runs compare: those learnt from are its first,
    those held out its last, and no picture is both.

    Args:
        train: all training pictures.
        limit: how many to learn from, at least 1; ``None``, or more than there are, means all that
            are left.
        validation: how many to hold out; ``None`` is one for every eleven learnt from (5,000 of
            60,000), 0 none.

    Raises:
        TutorError: no picture would be left to learn from.
    """
    total = len(train)
    if total == 0:
        raise TutorError(f"{train.name} has no pictures to learn from.", "Choose other data.")
    wanted = total if limit is None else min(limit, total)
    if validation is None:
        usual = held_out_beside(min(wanted, total * (HELD_OUT_SHARE - 1) // HELD_OUT_SHARE))
        held = min(usual, total - 1)
    elif validation < total:
        held = validation
    else:
        raise TutorError(
            f"Holding {validation:,} of {total:,} pictures out leaves none to learn from.",
            "Give a smaller --validation.",
        )
    shuffled = torch.randperm(total, generator=torch.Generator().manual_seed(_SHUFFLE))
    learnt = shuffled[: min(wanted, total - held)]
    return Subset(train, learnt), Subset(train, shuffled[total - held :])


def some_of(whole: Dataset, count: int | None) -> Dataset:
    """``count`` pictures of a set, chosen by the fixed shuffle, since folders lie sorted by class.

    ``None``, or more than there are: all of them, in their own order.
    """
    if count is None or count >= len(whole):
        return whole
    shuffled = torch.randperm(len(whole), generator=torch.Generator().manual_seed(_SHUFFLE))
    return Subset(whole, shuffled[:count])
