"""Small networks of both presets, followed once, and each layer once more from the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import oracles
import torch
from hypothesis import strategies as st

from alexnet_tutor.architecture import (
    PRESETS,
    ConvSpec,
    DropoutSpec,
    FlattenSpec,
    LinearSpec,
    LrnSpec,
    PoolSpec,
    ReluSpec,
)
from alexnet_tutor.images.prepare import normalise
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import FASHION_LABELS, ImageFacts, ModelFacts, Place, preparation_of
from alexnet_tutor.tracing.unit import Pass, follow

SIZE = 67
CLASSES = {"fashion": 10, "paper": 12}
LAYERS = ["input", *(spec.name for spec in PRESETS["fashion"].layers), "softmax"]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A picture of chance, as ``load_image`` would give it."""

    tensor: torch.Tensor
    pixels: torch.Tensor
    facts: ImageFacts


@cache
def followed(preset: str, seed: int = 0, dropout_seed: int | None = None) -> Pass:
    architecture = PRESETS[preset].scaled(1 / 16).with_classes(CLASSES[preset]).at_size(SIZE)
    network = AlexNet(architecture, seed=seed, init="torch")  # its biases are not zero
    preparation = preparation_of(preset, SIZE)
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.rand(preparation.channels, SIZE, SIZE, generator=generator)
    about = ImageFacts("chance.png", SIZE, SIZE, "RGB", False, ())
    picture = Drawn(normalise(pixels[None], preparation), pixels, about)
    labels = FASHION_LABELS if preset == "fashion" else tuple(f"class {n}" for n in range(12))
    facts = ModelFacts(architecture, labels, preparation)
    return follow(network, picture, facts, dropout_seed=dropout_seed)


@cache
def by_oracle(preset: str, seed: int = 0) -> dict[str, np.ndarray]:
    """Each layer's output in float64, worked out from the recorded values of the layer before."""
    whole = followed(preset, seed)
    values = {"input": normalised(preset, seed)}
    x = whole.entered.astype(np.float64)
    for spec in whole.network.architecture.layers:
        values[spec.name] = layer(spec, whole.network.get_submodule(spec.name), x[None])[0]
        x = whole.values(spec.name).astype(np.float64)
    values["softmax"] = oracles.softmax(x[None])[0]
    return values


def normalised(preset: str, seed: int) -> np.ndarray:
    preparation, pixels = preparation_of(preset, SIZE), followed(preset, seed).record.pixels
    columns = zip(pixels.astype(np.float64), preparation.mean, preparation.std, strict=True)
    return np.stack([(pixel - mean) / std for pixel, mean, std in columns])


def layer(spec: object, module: torch.nn.Module, x: np.ndarray) -> np.ndarray:
    """(1, …) -> (1, …)."""
    match spec:
        case ConvSpec():
            return oracles.conv2d(x, *weights(module), spec.stride, spec.padding, spec.groups)
        case LinearSpec():
            return oracles.linear(x, *weights(module))
        case ReluSpec():
            return np.maximum(x, 0)
        case LrnSpec():
            return oracles.lrn(x, spec.size, spec.k, spec.alpha, spec.beta)
        case PoolSpec(grid=None):
            return oracles.max_pool(x, spec.kernel, spec.stride)
        case PoolSpec():
            return grid_pool(x, spec.grid)
        case FlattenSpec():
            return x.reshape(1, -1)
        case DropoutSpec():
            return x
    raise AssertionError(spec)


def weights(module: torch.nn.Module) -> tuple[np.ndarray, np.ndarray]:
    return tuple(one.detach().double().numpy() for one in (module.weight, module.bias))  # type: ignore[return-value]


def grid_pool(x: np.ndarray, grid: int) -> np.ndarray:
    size = x.shape[-1]
    spans = [
        (int(np.floor(i * size / grid)), int(np.ceil((i + 1) * size / grid))) for i in range(grid)
    ]
    rows = [[x[..., a:b, c:d].max(axis=(-2, -1)) for c, d in spans] for a, b in spans]
    return np.moveaxis(np.array(rows), (0, 1), (-2, -1))


def drawn(data: st.DataObject, whole: Pass, layer: str) -> Place:
    """Any value of a layer."""
    shape = whole.values(layer).shape
    return Place(layer, tuple(data.draw(st.integers(0, side - 1)) for side in shape))


def all_products(whole: Pass, place: Place) -> np.ndarray:
    """Every input · weight of a sum, from the window cut out of padded maps."""
    module = whole.network.get_submodule(place.layer)
    before = whole.layers[whole.layers.index(place.layer) - 1]
    x, weight = whole.values(before).astype(np.float64), weights(module)[0][place.index[0]]
    if x.ndim == 1:
        return x * weight
    edge, stride = module.padding, module.stride
    tower = place.index[0] // (len(module.weight) // module.groups)
    x = np.pad(x[tower * len(weight) :][: len(weight)], ((0, 0), (edge, edge), (edge, edge)))
    top, left = (stride * at for at in place.index[1:])
    return (x[:, top : top + weight.shape[1], left : left + weight.shape[2]] * weight).reshape(-1)
