"""What can be known of a layer before any pixel arrives: sizes, windows, costs. Integers only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from alexnet_tutor.architecture import (
    Architecture,
    ConvSpec,
    FlattenSpec,
    LayerSpec,
    LinearSpec,
    PoolSpec,
)
from alexnet_tutor.errors import TutorError

BYTES_PER_FLOAT32 = 4


def output_size(size: int, kernel: int, stride: int, padding: int = 0) -> int:
    """⌊(size + 2·padding − kernel) / stride⌋ + 1: how many places a window fits.

    Raises:
        TutorError: the window is larger than the padded input.
    """
    if size + 2 * padding < kernel:
        raise TutorError(
            f"A window of {kernel} does not fit on a side of {size} with padding {padding}.",
            "Use a larger picture or a smaller kernel.",
        )
    return (size + 2 * padding - kernel) // stride + 1


def grid_windows(size: int, grid: int) -> list[tuple[int, int]]:
    """``size`` cells shared out among ``grid`` windows: (first cell, end) of each, the end not in it.

    Window i covers cells ⌊i·size/grid⌋ up to, not including, ⌈(i+1)·size/grid⌉.
    """
    return [(i * size // grid, -(-(i + 1) * size // grid)) for i in range(grid)]


@dataclass(frozen=True, slots=True)
class Field:
    """What the values of one layer see of a square picture, in pixels along one axis.

    Attributes:
        size: side of the square that one value sees, borders included even where they are padding.
            Where windows differ in size, the largest.
        stride: pixels between the squares of two neighbouring values, where they differ the least;
            0 where there are no neighbours because each value sees the whole picture.
        spans: (first, last) pixel of the picture that each value along the axis sees, inclusive.
        unclipped: the same with what lies in the padding: pixels before 0 or after the last.
    """

    size: int
    stride: int
    spans: tuple[tuple[int, int], ...]
    unclipped: tuple[tuple[int, int], ...]

    @staticmethod
    def pixel(image_size: int) -> Field:
        """The field of the picture itself: each pixel sees itself."""
        pixels = tuple((i, i) for i in range(image_size))
        return Field(size=1, stride=1, spans=pixels, unclipped=pixels)

    @staticmethod
    def whole(image_size: int) -> Field:
        """The field of a fully connected layer: each value sees all of the picture."""
        return Field(size=image_size, stride=0, spans=(), unclipped=())

    def through(self, kernel: int, stride: int, padding: int, outputs: int) -> Field:
        """The field one layer further on: (r, j) → (r + (kernel − 1)·j, j·stride)."""
        starts = [i * stride - padding for i in range(outputs)]
        return self._through([(start, start + kernel) for start in starts], kernel, stride)

    def through_grid(self, grid: int) -> Field:
        """The field after windows that are laid so that ``grid`` values come out."""
        windows = grid_windows(len(self.spans), grid)
        largest = max(end - first for first, end in windows)
        return self._through(windows, largest, max(1, len(self.spans) // grid))

    def _through(self, windows: list[tuple[int, int]], kernel: int, stride: int) -> Field:
        last = len(self.spans) - 1
        return Field(
            size=self.size + (kernel - 1) * self.stride,
            stride=self.stride * stride,
            spans=tuple(
                (self.spans[min(max(first, 0), last)][0], self.spans[max(min(end - 1, last), 0)][1])
                for first, end in windows
            ),
            unclipped=tuple(
                (self._reach(first)[0], self._reach(end - 1)[1]) for first, end in windows
            ),
        )

    def _reach(self, place: int) -> tuple[int, int]:
        """What the value at ``place`` sees, padding included; beyond an end as if more values stood there."""
        inside = min(max(place, 0), len(self.unclipped) - 1)
        shift = (place - inside) * self.stride
        first, last = self.unclipped[inside]
        return first + shift, last + shift


@dataclass(frozen=True, slots=True)
class LayerGeometry:
    """One layer of an architecture with everything that follows from integers.

    Shapes are of one picture, without the batch: (C, H, W), or (features,) after flatten.
    MACs are multiply-accumulates of one forward pass of one picture; layers without weights count 0.
    """

    spec: LayerSpec
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    weight_shape: tuple[int, ...] | None
    params: int
    macs: int
    field: Field

    @property
    def activation_bytes(self) -> int:
        """Bytes of this layer's output for one picture in 32-bit floats."""
        return prod(self.output_shape) * BYTES_PER_FLOAT32


def walk(architecture: Architecture) -> Iterator[LayerGeometry]:
    """Every layer of ``architecture`` in order, with its shapes, costs and receptive field.

    Raises:
        TutorError: the picture is too small for some layer, or channels do not divide into groups.
    """
    shape: tuple[int, ...] = architecture.input_shape
    field = Field.pixel(architecture.image_size)
    for spec in architecture.layers:
        try:
            layer = _advance(spec, shape, field, architecture.image_size)
        except TutorError as error:
            raise TutorError(f"{spec.name}: {error.what}", error.remedy) from None
        yield layer
        shape, field = layer.output_shape, layer.field


def _advance(
    spec: LayerSpec, shape: tuple[int, ...], field: Field, image_size: int
) -> LayerGeometry:
    weight: tuple[int, ...] | None = None
    output = shape
    if isinstance(spec, ConvSpec):
        channels, height, width = shape
        if channels % spec.groups or spec.out_channels % spec.groups:
            raise TutorError(
                f"{channels} channels in and {spec.out_channels} out do not divide into {spec.groups} groups.",
                "Choose channels that are multiples of the groups.",
            )
        window = (spec.kernel, spec.stride, spec.padding)
        output = (spec.out_channels, output_size(height, *window), output_size(width, *window))
        weight = (spec.out_channels, channels // spec.groups, spec.kernel, spec.kernel)
        field = field.through(*window, outputs=output[1])
    elif isinstance(spec, PoolSpec):
        channels, height, width = shape
        if spec.grid is None:
            side = output_size(height, spec.kernel, spec.stride)
            output = (channels, side, output_size(width, spec.kernel, spec.stride))
            field = field.through(spec.kernel, spec.stride, 0, outputs=side)
        else:
            output = (channels, spec.grid, spec.grid)
            field = field.through_grid(spec.grid)
    elif isinstance(spec, FlattenSpec):
        output = (prod(shape),)
        field = Field.whole(image_size) if len(shape) == 3 else field
    elif isinstance(spec, LinearSpec):
        weight = (spec.out_features, prod(shape))
        output = (spec.out_features,)
        field = Field.whole(image_size)
    return LayerGeometry(
        spec=spec,
        input_shape=shape,
        output_shape=output,
        weight_shape=weight,
        params=prod(weight) + weight[0] if weight else 0,
        macs=prod(weight) * prod(output[1:]) if weight else 0,
        field=field,
    )


def parameters(architecture: Architecture) -> int:
    """Weights and biases of the whole network."""
    return sum(layer.params for layer in walk(architecture))


def macs(architecture: Architecture) -> int:
    """Multiply-accumulates of one picture's forward pass."""
    return sum(layer.macs for layer in walk(architecture))


def learning_flops(architecture: Architecture) -> int:
    """Operations of learning from one picture, matrix products alone: 6.3 · 10⁹ for ``fashion``.

    A multiply-accumulate counts 2. There are three passes of them: the scores, the gradient of each
    weight, the gradient of each layer's input. The first layer needs no gradient of its input, the
    picture. ReLU, LRN, pooling and the optimiser count 0.
    """
    costs = [layer.macs for layer in walk(architecture) if layer.weight_shape]
    return 2 * (3 * sum(costs) - costs[0])
