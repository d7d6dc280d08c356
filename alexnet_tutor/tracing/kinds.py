"""What each kind of layer costs and how far it looks: the kit's own layers and torch's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from torch import nn

from alexnet_tutor.geometry import Field, grid_window
from alexnet_tutor.layers import Layer, MaxPool

# torch's classes by the field's word; a layer of the kit tells its own.
_TORCH_KINDS: tuple[tuple[type[nn.Module], str], ...] = (
    (nn.Conv2d, "conv"),
    (nn.Linear, "linear"),
    (nn.MaxPool2d, "pool"),
    (nn.AvgPool2d, "pool"),
    (nn.AdaptiveMaxPool2d, "pool"),
    (nn.AdaptiveAvgPool2d, "pool"),
    (nn.ReLU, "relu"),
    (nn.LocalResponseNorm, "lrn"),
    (nn.Dropout, "dropout"),
    (nn.Flatten, "flatten"),
    (nn.Softmax, "softmax"),
)
_MIXERS = ("linear", "flatten", "softmax")


@dataclass(frozen=True, slots=True)
class Kind:
    """One layer's word, parameters, MACs of one picture, and the window it looks through.

    ``window`` is (kernel, stride, padding, outputs) along one axis, or ``None`` where every output
    sees all.
    """

    word: str
    params: int
    macs: int
    window: tuple[int, int, int, int] | None

    def field(self, before: Field, image_size: int) -> Field:
        """What an output of this layer sees of the picture, given what its inputs see."""
        if self.window is None or before.stride == 0:
            return Field.whole(image_size)
        return before.through(*self.window)


def kind_of(module: nn.Module, input_shape: Sequence[int], output_shape: Sequence[int]) -> Kind:
    """The kind of a leaf module that turned ``input_shape`` into ``output_shape`` (with batch)."""
    word = _word(module)
    weight = getattr(module, "weight", None)
    counted = word in ("conv", "linear") and weight is not None
    return Kind(
        word=word,
        params=sum(parameter.numel() for parameter in module.parameters(recurse=False)),
        macs=weight.numel() * prod(output_shape[2:]) if counted and weight is not None else 0,
        window=None if word in _MIXERS else _window(module, input_shape, output_shape),
    )


def _word(module: nn.Module) -> str:
    if isinstance(module, Layer):
        return module.kind
    for kind, word in _TORCH_KINDS:
        if isinstance(module, kind):
            return word
    return type(module).__name__.lower()


def _window(
    module: nn.Module, input_shape: Sequence[int], output_shape: Sequence[int]
) -> tuple[int, int, int, int]:
    outputs = output_shape[2] if len(output_shape) == 4 else 1
    adaptive = isinstance(module, nn.AdaptiveMaxPool2d | nn.AdaptiveAvgPool2d) or (
        isinstance(module, MaxPool) and module.grid is not None
    )
    if adaptive:
        return (*grid_window(input_shape[2], outputs), 0, outputs)
    side = _first(getattr(module, "kernel_size", getattr(module, "kernel", 1)))
    dilation = _first(getattr(module, "dilation", 1))
    stride = _first(getattr(module, "stride", 1) or side)
    reach = dilation * (side - 1) + 1
    padding = getattr(module, "padding", 0)
    if isinstance(padding, str):  # torch's "same" and "valid"
        padding = (reach - 1) // 2 if padding == "same" else 0
    return reach, stride, _first(padding), outputs


def _first(value: int | Sequence[int]) -> int:
    return value if isinstance(value, int) else value[0]
