"""A network before pictures it has not learnt from: how often right, in which class, wrong with what."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from alexnet_tutor.data.batches import Batches
from alexnet_tutor.data.dataset import Dataset
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import ClassRecord, EvaluationRecord, JudgedPicture, ModelFacts
from alexnet_tutor.training.devices import Precision, arithmetic
from alexnet_tutor.training.flips import BothWays
from alexnet_tutor.training.score import judging, scores_of

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Judgements:
    """What the network said of every picture, in the set's order; each of shape (N,)."""

    true: Counts
    predicted: Counts
    probability: NDArray[np.float32]
    loss: NDArray[np.float32]


def evaluate(
    network: nn.Module,
    dataset: Dataset,
    facts: ModelFacts,
    *,
    batch_size: int = 128,
    device: torch.device | None = None,
    precision: Precision = "fp32",
    flips: bool = False,
    examples: int = 24,
    mistakes: int = 12,
    progress: Callable[[int, int], None] | None = None,
) -> EvaluationRecord:
    """Judge ``network`` on every picture of ``dataset``, in the arithmetic that a run is judged in.

    Args:
        network: pictures (N, C, S, S) -> scores (N, classes); moved to ``device``, its mode put back.
        dataset: labelled pictures, at least one, of the classes that ``facts.labels`` lists.
        facts: how pictures become input, and what the classes are called.
        batch_size: pictures at a time.
        device: where to compute, by default the CPU.
        precision: ``bf16`` multiplies in bfloat16.
        flips: judge by the mean of the probabilities of each picture and of its mirror image.
        examples: how many of the first pictures to keep.
        mistakes: how many of the most confident wrong ones to keep.
        progress: told (pictures judged, pictures in all) after every batch.

    Raises:
        TutorError: the set is empty, or its classes are not the network's.
    """
    if not len(dataset):
        raise TutorError(f"{dataset.name} has no pictures to judge by.", "Choose other data.")
    if dataset.labels != facts.labels:
        raise TutorError(
            f"The classes of {dataset.name} are not those the network has learnt.",
            "Evaluate on the data it was trained with: --data.",
        )
    begun = time.perf_counter()
    device = device or torch.device("cpu")
    batches = Batches(dataset, facts.preparation, batch_size, seed=0, device=device, shuffle=False)
    if flips:
        network = BothWays(network)
    with arithmetic(deterministic=False):
        judged = judge(network.to(device), batches, precision=precision, progress=progress)
    confusion = confusion_of(judged.true, judged.predicted, len(facts.labels))
    return EvaluationRecord(
        data=dataset.name,
        labels=facts.labels,
        images=len(dataset),
        accuracy=float(np.trace(confusion)) / len(dataset),
        loss=float(judged.loss.astype(np.float64).mean()),
        per_class=per_class(confusion, facts.labels),
        confusion=confusion,
        examples=_pictures(dataset, judged, range(min(examples, len(dataset)))),
        mistakes=_pictures(dataset, judged, confident_mistakes(judged)[:mistakes]),
        seconds=time.perf_counter() - begun,
        weights=facts.source,
        flips=flips,
    )


def judge(
    network: nn.Module,
    batches: Batches,
    *,
    precision: Precision,
    progress: Callable[[int, int], None] | None = None,
) -> Judgements:
    """What ``network`` says of every picture of ``batches``, in their order."""
    found: list[tuple[Tensor, ...]] = []
    done = 0
    with judging(network):
        for pictures, targets in batches.epoch(0):
            scores = scores_of(network, pictures, bf16=precision == "bf16")  # (B, classes)
            probability, predicted = scores.softmax(1).max(1)
            loss = F.cross_entropy(scores, targets, reduction="none")
            found.append((targets, predicted, probability, loss))
            done += len(targets)
            if progress:
                progress(done, batches.pictures_per_epoch)
    columns = [torch.cat(parts).cpu().numpy() for parts in zip(*found, strict=True)]
    return Judgements(*columns)


def confusion_of(true: Counts, predicted: Counts, classes: int) -> Counts:
    """How often each class was taken for each: int64 (classes, classes); row true, column predicted."""
    counts = np.bincount(true * classes + predicted, minlength=classes * classes)
    return counts.astype(np.int64).reshape(classes, classes)


def per_class(confusion: Counts, labels: Iterable[str]) -> tuple[ClassRecord, ...]:
    """Of a class's predictions, how many were right; of its pictures, how many were found.

    0 where there are no predictions, or no pictures.
    """
    right, said, there = confusion.diagonal(), confusion.sum(axis=0), confusion.sum(axis=1)
    return tuple(
        ClassRecord(
            label=label,
            precision=int(right[i]) / int(said[i]) if said[i] else 0.0,
            recall=int(right[i]) / int(there[i]) if there[i] else 0.0,
            support=int(there[i]),
        )
        for i, label in enumerate(labels)
    )


def confident_mistakes(judged: Judgements) -> list[int]:
    """Numbers of the wrongly named pictures, the most confident first, ties in the set's order."""
    wrong = np.flatnonzero(judged.true != judged.predicted)
    order = np.argsort(-judged.probability[wrong], kind="stable")
    return [int(index) for index in wrong[order]]


def _pictures(
    dataset: Dataset, judged: Judgements, indices: Iterable[int]
) -> tuple[JudgedPicture, ...]:
    wanted = list(indices)
    if not wanted:
        return ()
    pixels = dataset.take(torch.tensor(wanted))[0].numpy()
    return tuple(
        JudgedPicture(
            index=index,
            pixels=picture,
            true=int(judged.true[index]),
            predicted=int(judged.predicted[index]),
            probability=float(judged.probability[index]),
        )
        for index, picture in zip(wanted, pixels, strict=True)
    )
