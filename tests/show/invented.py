"""AlexNet in NumPy with a handful of seeded weights to each unit: invented, yet each layer follows from the last.

What layers with weights put out is rounded to multiples of a millionth or so: screens do not depend on
the last digit of a machine's arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view

from alexnet_tutor.architecture import (
    Architecture,
    ConvSpec,
    FlattenSpec,
    LinearSpec,
    LrnSpec,
    PoolSpec,
    ReluSpec,
)

_GRAIN = 2**20
_INPUTS = 6  # of each unit after conv1


def conv1_kernels(count: int, channels: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """(count, channels, size, size): stripes of every direction and width."""
    row, column = np.mgrid[:size, :size] - size // 2
    angle, speed, phase = (rng.uniform(0, end, (count, 1, 1)) for end in (3.1, 1.2, 6.0))
    wave = (speed + 0.3) * (np.cos(angle) * row + np.sin(angle) * column) + phase
    stripes = 0.1 * np.sin(wave) * np.exp(-(row**2 + column**2) / 18)
    tint = rng.uniform(0.3, 1, size=(count, channels, 1, 1))
    return (stripes[:, None] * tint).astype(np.float32)


def outputs(
    architecture: Architecture,
    x: np.ndarray,
    kernels: np.ndarray,
    rng: np.random.Generator,
    modules: dict[str, SimpleNamespace],
) -> Iterator[np.ndarray]:
    """Each layer's output for one picture (C, H, W), in order.

    ``modules`` gets the weights of each fully connected layer's highest unit, where a module has them.
    """
    for spec in architecture.layers:
        match spec:
            case ConvSpec(name="conv1"):
                weights = kernels.astype(np.float64)
                x = rounded(convolved(x, weights, spec.stride, spec.padding))
            case ConvSpec():
                x = rounded(sparsely_convolved(x, spec, rng))
            case ReluSpec():
                x = np.maximum(x, 0)
            case LrnSpec():
                x = normalised(x, spec)
            case PoolSpec():
                x = windows(x, spec.kernel, spec.stride).max(axis=(3, 4))
            case FlattenSpec():
                x = x.reshape(-1)
            case LinearSpec():
                last = spec is architecture.layers[-1]
                sums, modules[spec.name] = sparsely_connected(
                    x, spec.out_features, rng, favour_last=last
                )
                x = rounded(sums)
            case _:
                pass  # dropout: nothing happens in use
        yield x


def softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max())
    return powers / powers.sum()


def convolved(x: np.ndarray, weights: np.ndarray, stride: int, padding: int) -> np.ndarray:
    looked_at = windows(padded(x, padding), weights.shape[-1], stride)
    return np.tensordot(weights, looked_at, axes=((1, 2, 3), (0, 3, 4)))


def sparsely_convolved(x: np.ndarray, spec: ConvSpec, rng: np.random.Generator) -> np.ndarray:
    """A convolution whose kernels are zero but in six places each."""
    shape = (spec.out_channels, _INPUTS)
    channel = rng.integers(len(x) // spec.groups, size=shape)
    tower = np.arange(spec.out_channels) * spec.groups // spec.out_channels
    channel += (tower * (len(x) // spec.groups))[:, None]
    down, across = rng.integers(spec.kernel, size=(2, *shape))
    weights, bias = rng.normal(0, 0.7, size=shape), rng.normal(0, 0.05, size=shape[0])
    seen = windows(padded(x, spec.padding), spec.kernel, spec.stride)[channel, :, :, down, across]
    return (weights[:, :, None, None] * seen).sum(axis=1) + bias[:, None, None]


def sparsely_connected(
    x: np.ndarray, units: int, rng: np.random.Generator, favour_last: bool
) -> tuple[np.ndarray, SimpleNamespace]:
    """A fully connected layer whose weights are zero but six to each unit, and those of the highest.

    ``favour_last``: the last unit, ankle boots, has learnt to look where most is to be seen.
    """
    shape = (units, _INPUTS)
    weights, bias = rng.normal(0, 0.8, size=shape), rng.normal(0, 0.05, size=units)
    inputs = rng.integers(len(x), size=shape)
    if favour_last:
        inputs[-1], weights[-1] = np.argsort(-x)[:_INPUTS], 0.1
    sums = (weights * x[inputs]).sum(axis=1) + bias
    highest = int(sums.argmax())
    row = np.zeros(len(x))
    np.add.at(row, inputs[highest], weights[highest])
    kept = {
        "weight": {highest: torch.from_numpy(row)},
        "bias": {highest: torch.tensor(bias[highest])},
    }
    return sums, SimpleNamespace(**kept)


def normalised(x: np.ndarray, spec: LrnSpec) -> np.ndarray:
    half = spec.size // 2
    squares = np.pad(x * x, ((half, half), (0, 0), (0, 0)))
    total = sum(squares[shift : shift + len(x)] for shift in range(spec.size))
    return x / (spec.k + spec.alpha * total) ** spec.beta


def windows(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    """(C, H, W) -> (C, H', W', size, size)."""
    return sliding_window_view(x, (size, size), axis=(1, 2))[:, ::stride, ::stride]


def padded(x: np.ndarray, padding: int) -> np.ndarray:
    return np.pad(x, ((0, 0), (padding, padding), (padding, padding)))


def rounded(x: np.ndarray) -> np.ndarray:
    return np.round(x * _GRAIN) / _GRAIN + 0.0
