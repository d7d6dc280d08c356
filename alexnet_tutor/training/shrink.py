"""A network made small and judged after each step: what ``tutor compress`` does."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from alexnet_tutor.data.batches import Batches
from alexnet_tutor.data.dataset import Dataset, DataSplits, Progress, hold_out, some_of
from alexnet_tutor.errors import TutorError
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import CompressedLayer, CompressionRecord, CompressionStep, ModelFacts
from alexnet_tutor.training.devices import Precision, arithmetic
from alexnet_tutor.training.distil import distil
from alexnet_tutor.training.evaluate import evaluate
from alexnet_tutor.training.inputs import inputs_of
from alexnet_tutor.weights.compress import (
    Factors,
    Forms,
    bytes_of,
    eight_bit,
    low_rank,
    ranks_for,
    restored,
)
from alexnet_tutor.weights.store import expected_shapes, load_weights, save_compressed

_BATCH = 128
_TO_FIT = 1024  # pictures: eight times the rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrinking:
    """How to make a network small.

    Attributes:
        wanted: layer → rank, ``None`` for the usual one.
        fitted: pictures learnt from that the factors are fitted to, and then the layers from the
            first of them on taught with; 0 for the nearest factors.
        judged: measure the accuracy after each step.
        limit: test pictures to measure it on, ``None`` for all.
        device, precision: of the arithmetic, for both.
    """

    wanted: Mapping[str, int | None]
    fitted: int
    judged: bool
    limit: int | None
    device: torch.device
    precision: Precision


def shrink(
    network: AlexNet,
    facts: ModelFacts,
    file: Path,
    how: Shrinking,
    *,
    data: DataSplits | None,
    progress: Progress,
) -> CompressionRecord:
    """Make ``file`` from ``network``, and tell what each step saved and cost.

    Args:
        network: with the weights that ``facts`` describe; it is left with those of the last step.
        facts: what it says of itself.
        file: where the small weights go.
        how: to shrink it.
        data: labelled pictures; needed unless ``how`` neither fits nor judges.
        progress: told how far each part of the work is.

    Raises:
        TutorError: the data are not the network's, or the network cannot be compressed.
        OSError: the file cannot be written.
    """
    test = _of_same_classes(some_of(data.test, how.limit), facts) if data and how.judged else None
    whole = dict(network.state_dict())
    ranks = ranks_for(facts.architecture, expected_shapes(facts.architecture), how.wanted)
    seen = _seen(network, facts, ranks, how, data, progress)
    thin = low_rank(whole, ranks, seen=_some(seen), progress=partial(progress, "factors"))
    if seen:
        told = partial(progress, "steps of distilling")
        thin |= distil(network.cpu(), thin, next(iter(seen.values())), progress=told)
    small = eight_bit(thin)
    save_compressed(file, small, facts)
    begun = time.perf_counter()
    load_weights(file)
    seconds = time.perf_counter() - begun
    forms: dict[str, Forms] = {"as trained": whole, "8-bit": eight_bit(whole)}
    forms |= {"low rank": thin, "low rank, 8-bit": small} if ranks else {}
    judge = partial(_accuracy, network, facts, how, test, progress)
    return CompressionRecord(
        source=str(facts.source),
        file=str(file),
        file_bytes=file.stat().st_size,
        steps=tuple(
            CompressionStep(name, sum(map(bytes_of, step.values())), judge(name, step))
            for name, step in forms.items()
        ),
        layers=_layers(whole, small),
        fitted=len(next(iter(seen.values()))) if seen else 0,
        data=test.name if test else None,
        images=len(test) if test else 0,
        restore_seconds=seconds,
    )


def _some(seen: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """As many as the directions of a layer's answers need; distilling then looks at all."""
    return {layer: inputs[:_TO_FIT] for layer, inputs in seen.items()}


def _of_same_classes(pictures: Dataset, facts: ModelFacts) -> Dataset:
    if pictures.labels != facts.labels:
        raise TutorError(
            f"The classes of {pictures.name} are not those the network has learnt.",
            "Name the data it was trained with: --data.",
        )
    return pictures


def _seen(
    network: AlexNet,
    facts: ModelFacts,
    layers: Iterable[str],
    how: Shrinking,
    data: DataSplits | None,
    progress: Progress,
) -> dict[str, Tensor]:
    """What reaches ``layers`` when they see pictures that were learnt from."""
    names = list(layers)
    if not (data and how.fitted and names):
        return {}
    learnt, _ = hold_out(_of_same_classes(data.train, facts), how.fitted, None)
    batches = Batches(learnt, facts.preparation, _BATCH, seed=0, device=how.device, shuffle=False)
    with arithmetic(deterministic=False):
        return inputs_of(
            network.to(how.device),
            names,
            batches,
            precision=how.precision,
            progress=partial(progress, "pictures to fit to"),
        )


def _accuracy(
    network: AlexNet,
    facts: ModelFacts,
    how: Shrinking,
    test: Dataset | None,
    progress: Progress,
    name: str,
    forms: Forms,
) -> float | None:
    if test is None:
        return None
    weights = {key: restored(form) for key, form in forms.items()}
    network.load_state_dict(weights, assign=True)
    told = partial(progress, f"pictures, {name}")
    return evaluate(
        network, test, facts, device=how.device, precision=how.precision,
        batch_size=_BATCH, examples=0, mistakes=0, progress=told,
    ).accuracy  # fmt: skip


def _layers(whole: Mapping[str, Tensor], small: Forms) -> tuple[CompressedLayer, ...]:
    names = [key.removesuffix(".weight") for key in whole if key.endswith(".weight")]
    rows = []
    for name in names:
        keys = (f"{name}.weight", f"{name}.bias")
        form = small[keys[0]]
        rows.append(
            CompressedLayer(
                name=name,
                params=sum(whole[key].numel() for key in keys),
                bytes_before=sum(bytes_of(whole[key]) for key in keys),
                bytes_after=sum(bytes_of(small[key]) for key in keys),
                how=f"rank {form.rank}, 8-bit" if isinstance(form, Factors) else "8-bit",
            )
        )
    return tuple(rows)
