"""How well a network does on pictures it has not learnt from: loss and accuracy, nothing else."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_tutor.machine import StopRequest
from alexnet_tutor.network import evaluating
from alexnet_tutor.records import JudgingRecord


class BatchSource(Protocol):
    """The same batches in the same order whenever asked: a pure function of (epoch, step)."""

    @property
    def steps_per_epoch(self) -> int:
        """Batches of every epoch."""
        ...

    def epoch(self, number: int, start: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """Pictures (B, C, S, S), normalised, and class numbers int64 (B,), from batch ``start`` on."""
        ...


@dataclass(frozen=True, slots=True)
class Score:
    """Mean cross-entropy in nats, and the share of pictures named rightly, 0 to 1."""

    loss: float
    accuracy: float


def score(
    network: nn.Module, batches: BatchSource, *, bf16: bool = False, stop: StopRequest | None = None
) -> Generator[JudgingRecord, None, Score | None]:
    """Judge ``network`` on every batch of epoch 0; ``None`` if ``stop`` was set before the end.

    While a record is looked at the network is in its own modes, and gradients are as they were.
    """
    sums: Tensor | None = None
    for step, (pictures, targets) in enumerate(batches.epoch(0), start=1):
        if stop:
            return None
        with judging(network):
            batch = _sums(scores_of(network, pictures, bf16=bf16), targets)
        sums = batch if sums is None else sums + batch
        yield JudgingRecord(step, batches.steps_per_epoch)
    assert sums is not None, "a set of pictures to judge by is never empty"
    nats, right, count = sums.tolist()
    return Score(loss=nats / count, accuracy=right / count)


def _sums(scores: Tensor, targets: Tensor) -> Tensor:
    """(B, classes), (B,) -> (3,): nats, right answers, pictures; on the device."""
    exact = torch.float32 if scores.device.type == "mps" else torch.float64
    loss = F.cross_entropy(scores, targets, reduction="sum")
    correct = (scores.argmax(1) == targets).sum()
    seen = torch.full_like(correct, len(targets))
    return torch.stack([part.to(exact) for part in (loss, correct, seen)])


def scores_of(network: nn.Module, pictures: Tensor, *, bf16: bool) -> Tensor:
    """Scores before softmax, fp32: (N, C, S, S) -> (N, classes)."""
    with torch.autocast(pictures.device.type, torch.bfloat16, enabled=bf16):
        scores: Tensor = network(pictures)
    return scores.float()


@contextmanager
def judging(network: nn.Module) -> Iterator[None]:
    """Evaluation mode without gradients; at the end each module has its own mode back."""
    with evaluating(network), torch.no_grad():
        yield
