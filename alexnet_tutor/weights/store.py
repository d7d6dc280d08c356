"""Weights on disk: safetensors, which can hold numbers and text and nothing that runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from alexnet_tutor.architecture import Architecture
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.geometry import walk
from alexnet_tutor.machine import write_atomically
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import ModelFacts
from alexnet_tutor.weights.compress import (
    Factors,
    Forms,
    from_parts,
    parts,
    restored,
    stored_shapes,
)
from alexnet_tutor.weights.digest import digest_of
from alexnet_tutor.weights.metadata import (
    LARGEST_HEADER,
    compressed_ranks,
    from_metadata,
    recorded_digest,
    to_metadata,
)

_FLOATS = {"F64", "F32", "F16", "BF16"}


def save_weights(path: Path, network: nn.Module, facts: ModelFacts) -> None:
    """Write a network's weights and what it says of itself; the same content gives the same bytes.

    The file at ``path`` is the old one or the whole new one, never a part.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """
    tensors = {
        name: value.detach().to("cpu", torch.float32).contiguous()
        for name, value in network.state_dict().items()
    }
    save_tensors(path, tensors, to_metadata(facts, digest=digest_of(tensors)))


def save_compressed(path: Path, forms: Forms, facts: ModelFacts) -> None:
    """Write ``eight_bit(low_rank(weights))``, a file that :func:`load_weights` reads as any other.

    Raises:
        TutorError: it could not be read again.
        OSError: the disk is full or the folder cannot be written.
    """
    ranks = {
        key.removesuffix(".weight"): form.rank
        for key, form in forms.items()
        if isinstance(form, Factors)
    }
    try:
        stored_shapes(expected_shapes(facts.architecture), ranks)
    except ValueError as error:
        raise TutorError(f"This network cannot be compressed: {error}.", "Use another.") from error
    tensors = {
        name: value.detach().cpu().contiguous()
        for key, form in forms.items()
        for name, value in parts(form, key).items()
    }
    save_tensors(path, tensors, to_metadata(facts, ranks, digest_of(tensors)))


def save_tensors(
    path: Path, tensors: Mapping[str, Tensor], metadata: dict[str, str] | None = None
) -> None:
    """Write contiguous tensors by name, atomically.

    Raises:
        OSError: the disk is full or the folder cannot be written.
    """

    def write(temporary: Path) -> None:
        try:
            save_file(dict(tensors), temporary, metadata)
        except SafetensorError as error:
            raise OSError(str(error)) from error

    write_atomically(path, write)


def load_weights(
    path: Path | str, *, fallback: ModelFacts | None = None
) -> tuple[AlexNet, ModelFacts]:
    """A network in evaluation mode with the weights of a file, and what the file says of itself.

    Args:
        path: a safetensors file.
        fallback: facts for a file that the kit has not written, and so says nothing of itself.

    Raises:
        TutorError: there is no such file (exit code 2), or it is damaged, incomplete, hostile, not
            of this architecture, or holds numbers that are not finite (exit code 3).
    """
    path = Path(path)
    if not path.is_file():
        raise TutorError(f"There is no file of weights at {path}.", "Check the path of --weights.")
    try:
        _check_header(path)
        with safe_open(path, framework="pt", device="cpu") as file:
            facts = from_metadata(file.metadata() or {}, str(path))
            if facts is None:
                facts = _stand_in(fallback, str(path))
            tensors = _tensors(file, facts.architecture)
        with torch.device("meta"):
            network = AlexNet(facts.architecture, init=None)
    except (OSError, ValueError, SafetensorError, RecursionError, TutorError) as error:
        raise TutorError(
            f"{path} cannot be used: {_plain(str(error))}.",
            "Name another file with --weights, or train one: tutor train.",
            ExitCode.BAD_CHECKPOINT,
        ) from error
    network.load_state_dict(tensors, assign=True)
    return network.eval(), facts


def expected_shapes(architecture: Architecture) -> dict[str, tuple[int, ...]]:
    """The shape of every weight of ``architecture`` by its state key."""
    shapes: dict[str, tuple[int, ...]] = {}
    for layer in walk(architecture):
        if layer.weight_shape is not None:
            shapes[f"{layer.spec.name}.weight"] = layer.weight_shape
            shapes[f"{layer.spec.name}.bias"] = layer.weight_shape[:1]
    return shapes


def _plain(text: str) -> str:
    """One short line without control characters: a hostile file can put its own words in an error."""
    line = " ".join(text.split()).rstrip(".")
    return "".join(letter if letter.isprintable() else "?" for letter in line)[:200]


def _check_header(path: Path) -> None:
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = file.read(length) if length <= LARGEST_HEADER else b""
    if length != len(header) or not header.startswith(b"{"):
        raise ValueError("it is not a safetensors file, or only the beginning of one")


def _stand_in(fallback: ModelFacts | None, source: str) -> ModelFacts:
    if fallback is None:
        raise ValueError("it does not say which architecture its weights belong to")
    return replace(fallback, source=source)


def _tensors(file: Any, architecture: Architecture) -> dict[str, Tensor]:
    """The weights by state key, whole or compressed as the file says; nothing large before its size."""
    whole = expected_shapes(architecture)
    ranks = compressed_ranks(file.metadata() or {})
    expected = whole if ranks is None else stored_shapes(whole, ranks)
    _check_shapes(file, expected)
    stored: dict[str, Tensor] = {name: file.get_tensor(name) for name in expected}
    digest = recorded_digest(file.metadata() or {})
    if digest is not None and digest != digest_of(stored):
        raise ValueError("its weights are not those that were saved: the file is damaged")
    tensors = {name: _own(tensor, name) for name, tensor in stored.items()}
    if ranks is None:
        return tensors
    forms = from_parts(tensors, whole, ranks)
    return {name: _finite(restored(form), name) for name, form in forms.items()}


def _check_shapes(file: Any, expected: Mapping[str, tuple[int, ...]]) -> None:
    found = set(file.keys())
    wrong = sorted(set(expected) ^ found)
    if wrong:
        kind = "lacks" if wrong[0] in expected else "has an unknown"
        raise ValueError(f"it {kind} {wrong[0]!r}, {len(wrong)} such differences in all")
    for name, shape in expected.items():
        entry = file.get_slice(name)
        actual, kind = tuple(entry.get_shape()), entry.get_dtype()
        if actual != shape:
            raise ValueError(f"{name} has shape {actual}, and the architecture needs {shape}")
        if name.endswith(".values"):
            if kind != "I8":
                raise ValueError(f"{name} holds {kind}, not 8-bit integers")
        elif kind not in _FLOATS:
            raise ValueError(f"{name} holds {kind}, not real numbers")


def _own(tensor: Tensor, name: str) -> Tensor:
    """A copy in memory of our own: the file may change or go while the network is in use."""
    if name.endswith(".values"):
        return tensor.clone()
    return _finite(tensor.to(torch.float32, copy=True), name)


def _finite(tensor: Tensor, name: str) -> Tensor:
    if not torch.stack(tensor.aminmax()).isfinite().all():
        raise ValueError(f"{name} holds numbers that are not finite")
    return tensor
