"""The mathematics that conv1 to conv5 share.

A kernel is a small block of weights. It is laid over every window of the input, multiplied number
by number, and summed: one output value per window, one output map per kernel. The same weights at
every place: what was learnt in one corner is known in all.

Paper: section 3.5.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_tutor.architecture import ConvSpec
from alexnet_tutor.geometry import output_size
from alexnet_tutor.layers.base import Layer, times


class Convolution(Layer):
    """K kernels of R×R over C channels: (N, C, H, W) -> (N, K, H', W').

    With G groups the channels and the kernels are dealt into G towers, and a kernel sees only the
    C/G channels of its own.

    Attributes:
        weight: (K, C/G, R, R).
        bias: (K,).
    """

    kind = "conv"
    formula = "out[k, y, x] = bias[k] + Σ over c, r, s of  in[c, y·stride + r − pad, x·stride + s − pad] · weight[k, c, r, s]"

    def __init__(self, spec: ConvSpec, in_channels: int) -> None:
        super().__init__(spec.name)
        self.kernel, self.stride = spec.kernel, spec.stride
        self.padding, self.groups = spec.padding, spec.groups
        self.weight = nn.Parameter(
            torch.empty(spec.out_channels, in_channels // spec.groups, spec.kernel, spec.kernel)
        )
        self.bias = nn.Parameter(torch.empty(spec.out_channels))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, K, H', W')."""
        return F.conv2d(x, self.weight, self.bias, self.stride, self.padding, groups=self.groups)

    def by_hand(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, K, H', W'): one kernel position at a time, all windows at once."""
        groups, (batch, channels) = self.groups, x.shape[:2]
        kernels = self.weight.reshape(groups, -1, *self.weight.shape[1:])  # (G, K/G, C/G, R, R)
        padded = self.pad(x)
        total = torch.zeros((), dtype=x.dtype, device=x.device)
        for row in range(self.kernel):
            for column in range(self.kernel):
                tap = self.tap(padded, row, column)  # (N, C, H', W')
                seen = tap.reshape(batch, groups, channels // groups, *tap.shape[2:])
                total = total + torch.einsum("ngchw,gkc->ngkhw", seen, kernels[..., row, column])
        return total.flatten(1, 2) + self.bias[:, None, None]  # (N, K, H', W')

    def pad(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H + 2·padding, W + 2·padding): zeros all round."""
        *front, height, width = x.shape
        edge = self.padding
        padded = x.new_zeros(*front, height + 2 * edge, width + 2 * edge)
        padded[..., edge : edge + height, edge : edge + width] = x
        return padded

    def tap(self, padded: Tensor, row: int, column: int) -> Tensor:
        """What kernel position (row, column) meets in every window: (N, C, H', W')."""
        height = output_size(padded.shape[-2], self.kernel, self.stride)
        width = output_size(padded.shape[-1], self.kernel, self.stride)
        last_row = row + (height - 1) * self.stride + 1
        last_column = column + (width - 1) * self.stride + 1
        return padded[..., row : last_row : self.stride, column : last_column : self.stride]

    def explain(self, input_shape: Sequence[int]) -> list[str]:
        """Output size, what one value costs, parameters and MACs, for an input of (C, H, W)."""
        channels, height, width = input_shape
        kernels, per_group, side, _ = self.weight.shape
        window = (self.kernel, self.stride, self.padding)
        out_height, out_width = output_size(height, *window), output_size(width, *window)
        lines = [
            f"height out = {self._size_rule(height)} = {out_height}",
            f"width out = {self._size_rule(width)} = {out_width}",
            f"maps out = {kernels}, one per kernel: {times(channels, height, width)} → {times(kernels, out_height, out_width)}",
            f"one value = {per_group}·{side}·{side} = {per_group * side * side:,} products, summed, plus a bias",
            f"parameters = {kernels}·({per_group}·{side}·{side} + 1) = {self.weight.numel() + kernels:,}",
            f"MACs = {out_height}·{out_width}·{kernels}·({per_group}·{side}·{side}) = {out_height * out_width * self.weight.numel():,}",
        ]
        if self.groups > 1:
            lines.append(
                f"groups = {self.groups}: each kernel sees {channels}/{self.groups} = {per_group} channels, those of its own tower; c in the formula counts only these"
            )
        return lines

    def _size_rule(self, size: int) -> str:
        return f"⌊({size} + 2·{self.padding} − {self.kernel}) / {self.stride}⌋ + 1"

    def extra_repr(self) -> str:
        """For ``print(network)``."""
        kernels, channels, side, _ = self.weight.shape
        return (
            f"{times(kernels, channels, side, side)}, stride={self.stride}, "
            f"padding={self.padding}, groups={self.groups}"
        )
