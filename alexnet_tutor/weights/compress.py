"""A network's weights made small, as in Han, Mao and Dally's Deep Compression (2016), by other means.

Two steps, each a function from weights to weights. ``low_rank`` writes a large matrix as the product
of two thin ones. ``eight_bit`` rounds every weight to one of 255 steps, the step chosen per row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod

import torch
from torch import Tensor

from alexnet_tutor.architecture import Architecture, LinearSpec
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.weights.factors import factorise, fit

RANKS: Mapping[str, int] = {"fc6": 128, "fc7": 100}  # of 4,096 rows: `fashion` then takes 6.3 MB
_ROWS = 4096
_LEAST_RANK = 32  # ten classes need about as many directions in a narrow network as in a wide one
_STEPS = 127  # on each side of 0
_SMALLEST = torch.finfo(torch.float32).tiny
_LARGEST_RESTORED = 1 << 32  # bytes; the widest network that `tutor train` makes takes 3.9 GB
_LARGEST_GAIN = 1000  # times the bytes of the file; with rank 1 everywhere AlexNet gains 62

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Quantised:
    """A tensor in 8 bits: ``values`` int8 (K, …) times ``scale`` float32 (K,)."""

    values: Tensor
    scale: Tensor

    def restored(self) -> Tensor:
        """(K, …) float32, each number within half a step of what it was."""
        return self.values * self.scale.view(-1, *[1] * (self.values.dim() - 1))


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """A matrix (K, C) of rank r as a sum of r outer products: ``outputs`` (r, K), ``inputs`` (r, C)."""

    outputs: Tensor | Quantised
    inputs: Tensor | Quantised

    @property
    def rank(self) -> int:
        """How many outer products."""
        return len(parts(self.outputs).popitem()[1])

    def restored(self) -> Tensor:
        """(K, C) float32."""
        return restored(self.outputs).T @ restored(self.inputs)


Form = Tensor | Quantised | Factors
Forms = Mapping[str, Form]  # by state key: conv1.weight … fc8.bias


def restored(form: Form) -> Tensor:
    """The float32 tensor that ``form`` stands for."""
    return form if isinstance(form, Tensor) else form.restored()


def quantise(weight: Tensor) -> Quantised:
    """(K, …) in 8 bits, symmetric: a row's largest weight becomes ±127 steps."""
    largest = weight.abs().amax(tuple(range(1, weight.dim())))
    scale = (largest / _STEPS).clamp(min=_SMALLEST)  # a row of zeros stays one
    steps = weight / scale.view(-1, *[1] * (weight.dim() - 1))
    return Quantised(steps.round().clamp(-_STEPS, _STEPS).to(torch.int8), scale)


def eight_bit(forms: Forms) -> dict[str, Form]:
    """Every weight in 8 bits, factors too; biases, which are few, as they were."""
    small: dict[str, Form] = {}
    for key, form in forms.items():
        if isinstance(form, Factors):
            small[key] = Factors(quantise(restored(form.outputs)), quantise(restored(form.inputs)))
        else:
            small[key] = form if key.endswith(".bias") else quantise(restored(form))
    return small


def low_rank(
    weights: Mapping[str, Tensor],
    ranks: Mapping[str, int],
    *,
    seen: Mapping[str, Tensor] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Form]:
    """The layers of ``ranks`` as two factors each, the others as they were.

    Args:
        weights: by state key.
        ranks: layer → number of outer products, as :func:`ranks_for` gives them.
        seen: layer → inputs (N, C) to which the product shall answer as the layer does; without them
            it is the product nearest to the layer's weights.
        progress: told (layers done, layers in all).
    """
    small: dict[str, Form] = dict(weights)
    for done, (layer, rank) in enumerate(ranks.items(), 1):
        key, seed = f"{layer}.weight", seed_of(0, "compress", layer)
        if seen:
            small[key] = Factors(*fit(weights[key], seen[layer], rank, seed=seed))
        else:
            small[key] = Factors(*factorise(weights[key], rank, seed=seed))
        if progress:
            progress(done, len(ranks))
    return small


def ranks_for(
    architecture: Architecture,
    shapes: Mapping[str, Shape],
    wanted: Mapping[str, int | None] | None = None,
) -> dict[str, int]:
    """The rank of each layer that is worth factorising: those of ``RANKS``, fewer in narrow networks.

    Args:
        architecture: whose layers they are.
        shapes: of its weights, by state key.
        wanted: ranks to use instead; larger than the matrix means the whole of it.
    """
    ranks = {}
    for layer, usual in RANKS.items():
        if not any(s.name == layer and isinstance(s, LinearSpec) for s in architecture.layers):
            continue
        rows, columns = shapes[f"{layer}.weight"]
        rank = (wanted or {}).get(layer) or max(_LEAST_RANK, round(usual * rows / _ROWS))
        if rank * (rows + columns) < rows * columns:  # else the factors are larger than the matrix
            ranks[layer] = rank
    return ranks


def bytes_of(form: Form) -> int:
    """What the numbers of ``form`` take on disk."""
    return sum(value.numel() * value.element_size() for value in parts(form).values())


def parts(form: Form, name: str = "") -> dict[str, Tensor]:
    """The tensors that make up ``form``, by ``name`` and what is appended to it."""
    match form:
        case Tensor():
            return {name: form}
        case Quantised(values, scale):
            return {f"{name}.values": values, f"{name}.scale": scale}
        case Factors(outputs, inputs):
            return parts(outputs, f"{name}.outputs") | parts(inputs, f"{name}.inputs")


def stored_shapes(shapes: Mapping[str, Shape], ranks: Mapping[str, int]) -> dict[str, Shape]:
    """The shape of every tensor in a file that holds ``eight_bit(low_rank(…, ranks))``.

    Raises:
        ValueError: a rank is not one of its matrix, or a small file would fill the memory.
    """
    stored: dict[str, Shape] = {}
    for key, shape in shapes.items():
        rank = ranks.get(key.removesuffix(".weight"))
        if key.endswith(".bias"):
            stored[key] = shape
        elif rank is None:
            stored |= _quantised(key, shape)
        elif len(shape) == 2 and 1 <= rank <= min(shape):
            stored |= _quantised(f"{key}.outputs", (rank, shape[0]))
            stored |= _quantised(f"{key}.inputs", (rank, shape[1]))
        else:
            raise ValueError(f"{key} of shape {shape} cannot have rank {rank}")
    whole, kept = 4 * sum(map(prod, shapes.values())), sum(map(prod, stored.values()))
    if whole > min(_LARGEST_RESTORED, _LARGEST_GAIN * kept):
        raise ValueError(f"restored, its weights would take {whole:,} bytes")
    return stored


def _quantised(name: str, shape: Shape) -> dict[str, Shape]:
    return {f"{name}.values": shape, f"{name}.scale": shape[:1]}


def from_parts(
    stored: Mapping[str, Tensor], keys: Mapping[str, Shape], ranks: Mapping[str, int]
) -> dict[str, Form]:
    """The inverse of :func:`parts` for a file's tensors, whose shapes have been checked."""

    def quantised(name: str) -> Quantised:
        return Quantised(stored[f"{name}.values"], stored[f"{name}.scale"])

    forms: dict[str, Form] = {}
    for key in keys:
        if key in stored:
            forms[key] = stored[key]
        elif key.removesuffix(".weight") in ranks:
            forms[key] = Factors(quantised(f"{key}.outputs"), quantised(f"{key}.inputs"))
        else:
            forms[key] = quantised(key)
    return forms
