"""A set of labelled pictures: what every source of data gives, whatever it reads from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from alexnet_tutor.records import Preparation


class Dataset(Protocol):
    """Labelled pictures of one size, fetched by number.

    Attributes:
        name: as a person would name it, ``fashion-mnist test``.
        labels: the classes by number.
        fingerprint: changes whenever the pictures or their order do.
    """

    name: str
    labels: tuple[str, ...]
    fingerprint: str

    def __len__(self) -> int: ...

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """int64 (B,) -> pictures uint8 (B, C, H, W) and class numbers int64 (B,), on the CPU."""
        ...


@dataclass(frozen=True, eq=False)
class ArrayDataset:
    """Pictures held in memory as bytes: ``images`` uint8 (N, C, H, W), ``targets`` int64 (N,)."""

    name: str
    labels: tuple[str, ...]
    fingerprint: str
    images: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.images)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """int64 (B,) -> uint8 (B, C, H, W), int64 (B,)."""
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
        """The whole set's and how many were taken: the choice itself follows from fixed rules."""
        return f"{self.whole.fingerprint}[{len(self)}]"

    def __len__(self) -> int:
        return len(self.indices)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """int64 (B,) -> uint8 (B, C, H, W), int64 (B,)."""
        return self.whole.take(self.indices[indices])


@dataclass(frozen=True, eq=False)
class DataSplits:
    """What a source of data gives: pictures to learn from, pictures to be judged by.

    Attributes:
        preparation: how these pictures become the network's input.
    """

    train: Dataset
    test: Dataset
    preparation: Preparation


def hold_out(train: Dataset, limit: int | None, validation: int | None) -> tuple[Subset, Subset]:
    """Split the training pictures into those learnt from and those held out to choose by.

    A fixed shuffle, the same for every seed, so that runs compare. ``limit`` pictures are learnt
    from; ``validation`` others are held out, by default one for every eleven (5,000 of 60,000).
    """
    total = len(train)
    wanted = total if limit is None else min(limit, total)
    held = validation if validation is not None else max(1, round(min(wanted, total * 11 / 12) / 11))
    held = min(held, total - 1)
    shuffled = torch.randperm(total, generator=torch.Generator().manual_seed(20120930))
    learnt = shuffled[: min(wanted, total - held)]
    return Subset(train, learnt), Subset(train, shuffled[total - held :])
