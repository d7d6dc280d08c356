"""What a file of weights says of itself: ModelFacts as text, and back with nothing taken on trust."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from math import isfinite
from typing import Any

from alexnet_tutor import __version__
from alexnet_tutor.architecture import PRESETS, Architecture, LayerSpec
from alexnet_tutor.errors import TutorError
from alexnet_tutor.geometry import walk
from alexnet_tutor.records import ModelFacts, Preparation

KEY = "alexnet_tutor"
LARGEST_HEADER = 1 << 20  # bytes; ours are a few thousand
_LARGEST_METADATA = LARGEST_HEADER - (1 << 14)  # the rest is for names and places of the tensors
_LARGEST_NUMBER = 1 << 16
_LARGEST_ACTIVATIONS = 1 << 30  # bytes of one picture's way through the network
_KINDS: Mapping[str, tuple[type, ...]] = {
    "int": (int,),
    "int | None": (int,),
    "float": (int, float),
    "str": (str,),
}
_AT_LEAST_ONE = {"out_channels", "out_features", "kernel", "stride", "groups", "size", "grid"}


def to_metadata(
    facts: ModelFacts, ranks: Mapping[str, int] | None = None, digest: str | None = None
) -> dict[str, str]:
    """``facts`` as the metadata of a safetensors file; with ``ranks``, of compressed weights.

    ``digest`` is the sum over the weights as stored.

    All under one key: safetensors writes several keys in random order, and the same run shall give
    the same bytes.
    """
    told: dict[str, Any] = {
        "kit": __version__,
        "architecture": facts.architecture.to_dict(),
        "labels": list(facts.labels),
        "preparation": asdict(facts.preparation),
        "history": dict(facts.history),
    }
    if ranks is not None:
        told["compressed"] = {"ranks": dict(ranks)}
    if digest is not None:
        told["sha256"] = digest
    return {KEY: json.dumps(told, sort_keys=True)}


def recorded_digest(metadata: Mapping[str, str]) -> str | None:
    """The sum over the weights that a file states, ``None`` where it states none."""
    told = json.loads(metadata[KEY]).get("sha256") if KEY in metadata else None
    return None if told is None else str(told)


def from_metadata(metadata: Mapping[str, str], source: str) -> ModelFacts | None:
    """The facts in a file's metadata, or ``None`` where the kit has not written it.

    Raises:
        ValueError: it has, but what it says makes no sense.
    """
    if KEY not in metadata:
        return None
    told = json.loads(metadata[KEY])
    if not isinstance(told, dict):
        raise ValueError("the metadata is not a table")
    try:
        architecture = checked(Architecture.from_dict(told["architecture"]))
        return ModelFacts(
            architecture=architecture,
            labels=_labels(told["labels"], architecture.classes),
            preparation=_preparation(told["preparation"], architecture),
            source=source,
            history=_history(told["history"]),
        )
    except (KeyError, TypeError, ArithmeticError, IndexError, TutorError) as error:
        raise ValueError(str(error)) from error


def compressed_ranks(metadata: Mapping[str, str]) -> dict[str, int] | None:
    """Layer → rank of its two factors, in a file of compressed weights; ``None`` in any other.

    Raises:
        ValueError: it says that it is compressed, but not how.
    """
    told = json.loads(metadata[KEY]).get("compressed") if KEY in metadata else None
    if told is None:
        return None
    ranks = told.get("ranks") if isinstance(told, dict) else None
    if not isinstance(ranks, dict) or not all(type(rank) is int for rank in ranks.values()):
        raise ValueError("it does not say how it is compressed")
    return ranks


def require_readable(facts: ModelFacts) -> None:
    """Make sure that weights saved with ``facts`` can be loaded again.

    Raises:
        ValueError: they could not.
    """
    told = to_metadata(facts)
    if len(json.dumps(told)) > _LARGEST_METADATA:
        raise ValueError("the names of the classes are too long for a file of weights")
    from_metadata(told, "")


def checked(architecture: Architecture) -> Architecture:
    """``architecture``, if it is one the kit can build: known layers, sane numbers, bounded memory.

    Raises:
        ValueError: it is not.
        TutorError: its numbers do not fit together.
    """
    base = PRESETS.get(architecture.name)
    if base is None:
        raise ValueError(f"no preset is called {architecture.name!r}")
    known = {spec.name: spec.kind for spec in base.layers}
    names = [spec.name for spec in architecture.layers]
    if len(set(names)) < len(names):
        raise ValueError("two layers share a name")
    for spec in architecture.layers:
        if known.get(spec.name) != spec.kind:
            raise ValueError(f"the preset has no layer {spec.name!r} of kind {spec.kind!r}")
        _check_numbers(spec)
    for value in (architecture.channels, architecture.image_size):
        if not 1 <= value <= _LARGEST_NUMBER:
            raise ValueError(f"{value} is out of range")
    if sum(layer.activation_bytes for layer in walk(architecture)) > _LARGEST_ACTIVATIONS:
        raise ValueError("one picture would need more than a gibibyte")
    return architecture


def _check_numbers(spec: LayerSpec) -> None:
    for entry in fields(spec):
        value: Any = getattr(spec, entry.name)
        kinds = _KINDS[str(entry.type)]
        if value is None and "None" in str(entry.type):
            continue
        least = 1 if entry.name in _AT_LEAST_ONE else 0
        if (
            isinstance(value, bool)
            or not isinstance(value, kinds)
            or (isinstance(value, int | float) and not least <= value <= _LARGEST_NUMBER)
        ):
            raise ValueError(f"{spec.name}.{entry.name} is {value!r}")


def _labels(told: Sequence[Any], classes: int) -> tuple[str, ...]:
    labels = tuple(told)
    if len(labels) != classes or not all(map(_is_text, labels)):
        raise ValueError(f"{classes} labels of plain text are needed")
    return labels


def _history(told: Mapping[str, Any]) -> dict[str, str]:
    if not all(_is_text(key) and _is_text(value) for key, value in dict(told).items()):
        raise ValueError("the history is not plain text")
    return dict(told)


def _is_text(value: object) -> bool:
    """Whether it can be shown: control characters would command the reader's terminal."""
    return isinstance(value, str) and value.isprintable()


def _preparation(told: Mapping[str, Any], architecture: Architecture) -> Preparation:
    preparation = Preparation(
        **{**told, "mean": tuple(map(float, told["mean"])), "std": tuple(map(float, told["std"]))}
    )
    size, source = preparation.image_size, preparation.source_size
    right = (
        (preparation.channels, size) == architecture.input_shape[:2]
        and len(preparation.mean) == len(preparation.std) == architecture.channels
        and all(isfinite(value) for value in preparation.mean)
        and all(isfinite(value) and value > 0 for value in preparation.std)
        and (source is None or (isinstance(source, int) and 1 <= source <= _LARGEST_NUMBER))
        and isinstance(preparation.light_on_dark, bool)
    )
    if not right:
        raise ValueError("the preparation of pictures does not fit the network")
    return preparation
