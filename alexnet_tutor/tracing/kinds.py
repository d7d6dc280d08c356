"""What each kind of layer costs and how far it looks: the kit's own layers and torch's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from torch import nn

from alexnet_tutor.geometry import Field, grid_windows
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
# Value by value, or the mean of a window: no arithmetic of theirs is needed to know what they see.
_PLACEWISE = (nn.BatchNorm2d, nn.Identity, nn.Sigmoid, nn.Tanh, nn.LeakyReLU, nn.ReLU6, nn.SiLU, nn.GELU, nn.Hardswish, nn.AvgPool2d, nn.AdaptiveAvgPool2d)  # fmt: skip
_MIXERS = ("linear", "flatten", "softmax")


@dataclass(frozen=True, slots=True)
class Kind:
    """One layer's word, its parameters, and the MACs of one picture."""

    word: str
    params: int
    macs: int


def kind_of(module: nn.Module, output_shape: Sequence[int]) -> Kind:
    """The kind of a leaf module whose output has ``output_shape``, batch first."""
    word = _word(module)
    weight = getattr(module, "weight", None)
    places = {"conv": output_shape[2:], "linear": output_shape[1:-1]}.get(word)
    return Kind(
        word=word,
        params=sum(parameter.numel() for parameter in module.parameters(recurse=False)),
        macs=0 if weight is None or places is None else weight.numel() * prod(places),
    )


def field_after(
    module: nn.Module, before: Field, output_shape: Sequence[int], image_size: int
) -> Field:
    """What an output of ``module`` sees of the picture, given what its inputs see."""
    if _word(module) in _MIXERS or before.stride == 0 or len(output_shape) != 4:
        return Field.whole(image_size)
    side = output_shape[2]
    adaptive = isinstance(module, nn.AdaptiveMaxPool2d | nn.AdaptiveAvgPool2d)
    if adaptive or (isinstance(module, MaxPool) and module.grid is not None):
        return before.through_grid(side)
    return before.through(*_window(module), outputs=side)


def keeps_places(module: nn.Module) -> bool | None:
    """Whether each value sees a square window of the layer before; ``None``: it depends on its values."""
    if _laid(module, 0) != _laid(module, 1):
        return False
    return True if isinstance(module, _PLACEWISE) else None


def _word(module: nn.Module) -> str:
    if isinstance(module, Layer):
        return module.kind
    for kind, word in _TORCH_KINDS:
        if isinstance(module, kind):
            return word
    return type(module).__name__.lower()


def cells(module: nn.Module, axis: int, place: int, sizes: tuple[int, int]) -> list[int]:
    """The cells of the layer before that a window covers along one axis, 0 down or 1 across.

    Those in the padding are below 0, or not below the number of cells.

    Args:
        module: a convolution or a pooling.
        place: of the output value along the axis.
        sizes: cells before, values after.
    """
    before, after = sizes
    if isinstance(module, MaxPool):
        return list(range(*module.windows(before)[place]))
    if isinstance(module, nn.AdaptiveMaxPool2d):
        return list(range(*grid_windows(before, after)[place]))
    side, stride, padding, dilation = _laid(module, axis)
    return [place * stride - padding + dilation * i for i in range(side)]


def _window(module: nn.Module) -> tuple[int, int, int]:
    """(kernel, stride, padding) along one axis; (1, 1, 0) for layers that work value by value."""
    side, stride, padding, dilation = _laid(module, 0)
    return dilation * (side - 1) + 1, stride, padding


def _laid(module: nn.Module, axis: int) -> tuple[int, int, int, int]:
    """(kernel, stride, padding, dilation) along one axis."""
    side = _along(axis, getattr(module, "kernel_size", getattr(module, "kernel", 1)))
    stride = _along(axis, getattr(module, "stride", 1) or side)
    dilation = _along(axis, getattr(module, "dilation", 1))
    padding = getattr(module, "padding", 0)
    if isinstance(padding, str):  # torch's "same" and "valid"
        padding = dilation * (side - 1) // 2 if padding == "same" else 0
    return side, stride, _along(axis, padding), dilation


def _along(axis: int, value: int | Sequence[int]) -> int:
    return value if isinstance(value, int) else value[axis]
