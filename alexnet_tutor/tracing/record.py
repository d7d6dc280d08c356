"""Run any network once on one picture and record every layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from alexnet_tutor.geometry import Field
from alexnet_tutor.layers import Convolution, Dropout, Softmax
from alexnet_tutor.layers.modes import evaluating
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.records import ImageFacts, LayerRecord, ModelFacts, Prediction, TraceRecord
from alexnet_tutor.tracing.kinds import field_after, kind_of
from alexnet_tutor.tracing.why import sees_as_told, why


class Picture(Protocol):
    """What :func:`alexnet_tutor.load_image` gives."""

    @property
    def tensor(self) -> Tensor:
        """(1, C, H, W), normalised."""

    @property
    def pixels(self) -> Tensor:
        """(C, H, W), 0 to 1."""

    @property
    def facts(self) -> ImageFacts:
        """The file and what was done to it."""


def trace(
    network: nn.Module,
    picture: Picture | Tensor,
    facts: ModelFacts | None = None,
    *,
    dropout_seed: int | None = None,
) -> TraceRecord:
    """Follow one picture through a network of any making, in evaluation mode.

    Every leaf module is a row, in the order it ran; softmax over the final scores is the last row.
    What is recorded is each layer's own output, copied before the next can change it in place.
    The network's modes, weights and statistics, and the random state, are left as they were.
    Receptive fields assume square pictures and a chain of layers, each fed by the one before it.

    Args:
        network: the kit's AlexNet or any ``nn.Module`` that takes one tensor (1, C, H, W).
        picture: from ``load_image``, or a tensor (1, C, H, W) as the network wants it.
        facts: where the weights came from and the labels; without it classes are numbered.
        dropout_seed: the kit's dropout layers drop as in training, by the first masks of this seed;
            ``None``: nothing is dropped.

    Raises:
        ValueError: the tensor is not one picture, or no layer gave a tensor.
    """
    given = picture if isinstance(picture, Tensor) else picture.tensor
    tensor = given.to(device_of(network))
    if tensor.ndim != 4 or len(tensor) != 1:
        raise ValueError(f"trace takes one picture (1, C, H, W), not {tuple(tensor.shape)}")
    recorder = _Recorder(tensor)
    with ExitStack() as stack:
        stack.enter_context(_undisturbed(network))
        if dropout_seed is not None:
            for module in network.modules():
                if isinstance(module, Dropout):
                    stack.enter_context(dropping(module, dropout_seed))
        recorder.listen(network, stack)
        out = network(tensor)
    scores = _scores(out)
    softmax = Softmax()
    if recorder.layers and recorder.layers[-1].kind != "softmax":
        recorder.add("softmax", softmax, _array(scores), softmax(scores.float()))
    if not recorder.layers:
        raise ValueError("no layer of this network gave a tensor")
    return TraceRecord(
        image=None if isinstance(picture, Tensor) else picture.facts,
        facts=facts,
        pixels=_array(tensor[0] if isinstance(picture, Tensor) else picture.pixels),
        layers=tuple(recorder.layers),
        top=_ranking(recorder.layers[-1].values[0], facts.labels if facts else ()),
        conv1_kernels=_conv1_kernels(network),
    )


class _Recorder:
    """Turns each module's run into a record, carrying the receptive field along."""

    def __init__(self, picture: Tensor) -> None:
        self.image_size = picture.shape[-1]
        self.field = Field.pixel(self.image_size)
        self.layers: list[LayerRecord] = []
        self.given = _array(picture)  # by the layer before
        self.entered = self.given  # into this layer
        self.placed = picture.shape[-2] == picture.shape[-1]

    def listen(self, network: nn.Module, stack: ExitStack) -> None:
        for name, module in network.named_modules():
            if next(module.children(), None) is None:
                # before it runs: an in-place layer writes over what entered it
                before = module.register_forward_pre_hook(self._enter)
                after = module.register_forward_hook(self._hook(name or type(module).__name__))
                stack.callback(before.remove)
                stack.callback(after.remove)

    def _enter(self, _: nn.Module, inputs: tuple[Any, ...]) -> None:
        if inputs and isinstance(inputs[0], Tensor):
            self.entered = _array(inputs[0])

    def _hook(self, name: str) -> Any:
        def note(module: nn.Module, inputs: tuple[Any, ...], out: Any) -> None:
            if inputs and isinstance(inputs[0], Tensor) and isinstance(out, Tensor):
                self.add(name, module, self.entered, out)

        return note

    def add(self, name: str, module: nn.Module, x: NDArray[np.float32], out: Tensor) -> None:
        kind = kind_of(module, out.shape)
        self.field = field_after(module, self.field, out.shape, self.image_size)
        again = sum(layer.name.split("#")[0] == name for layer in self.layers)
        layer = LayerRecord(
            name=f"{name}#{again + 1}" if again else name,
            kind=kind.word,
            input_shape=tuple(x.shape),
            output_shape=tuple(out.shape),
            params=kind.params,
            macs=kind.macs,
            field=self.field,
            **_statistics(_array(out)),
        )
        chained = np.array_equal(x, self.given)  # receptive fields are those of a chain
        self.placed = self.placed and chained and sees_as_told(layer, x, module)
        self.given = layer.values
        self.layers.append(replace(layer, why=why(layer, x, module, self.placed)))


def _statistics(values: NDArray[np.float32]) -> dict[str, Any]:
    wide = values.astype(np.float64)
    maps = values.reshape(values.shape[0] * values.shape[1], -1) if values.ndim > 1 else values
    return {
        "min": float(wide.min()),
        "mean": float(wide.mean()),
        "max": float(wide.max()),
        "std": float(wide.std()),
        "zeros": float((values == 0).mean()),
        "silent": int((maps == 0).all(axis=-1).sum()),
        "values": values,
    }


def _array(tensor: Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = tensor.detach().to("cpu", torch.float32, copy=True).numpy()
    return array


@contextmanager
def _undisturbed(network: nn.Module) -> Iterator[None]:
    """Evaluation mode, no gradients; each module's mode and the random state put back."""
    device = device_of(network)
    cuda = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(cuda), torch.no_grad(), evaluating(network):
        yield


def dropping(module: Dropout, seed: int) -> AbstractContextManager[None]:
    """A dropout layer as in training, with the masks that ``AlexNet.reseed_dropout`` gives."""
    return module.drawing(seed_of(seed, "dropout", module.name))


def device_of(network: nn.Module) -> torch.device:
    """Where a network's weights lie; the CPU where it has none."""
    weight = next(network.parameters(), None)
    return torch.device("cpu") if weight is None else weight.device


def _scores(out: Any) -> Tensor:
    if not isinstance(out, Tensor) or out.ndim < 2:
        raise ValueError("the network gives no scores (N, classes)")
    return out.flatten(1)


def _ranking(probabilities: NDArray[np.float32], labels: Sequence[str]) -> tuple[Prediction, ...]:
    order = np.argsort(-probabilities, kind="stable")
    named = len(labels) == len(probabilities)
    return tuple(
        Prediction(labels[k] if named else f"class {k}", float(probabilities[k])) for k in order
    )


def _conv1_kernels(network: nn.Module) -> NDArray[np.float32] | None:
    for module in network.modules():
        if isinstance(module, Convolution | nn.Conv2d):
            return _array(module.weight)
    return None
