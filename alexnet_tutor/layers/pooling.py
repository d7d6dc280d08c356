"""an overlapping max pooling: keep the strongest answer nearby.

Of each 3×3 window only the largest value goes on. Where it lay inside the window no longer matters.
About a quarter of the places remain. Windows start every 2 cells and are 3 wide, so neighbours share
a row or a column: that is the overlap.

What is lost is the exact place. Nothing is learnt here: there are no parameters. In training the
gradient goes back to the winner alone.

From 56 rows, the windows end at row 54, counted from 0: row 55 is not used. From 55 rows they fit.

Look: tutor trace, rows lrn1 and pool1. "zeros" falls and "mean" rises.

Paper: section 3.4: 0.4 and 0.3 points less top-1 and top-5 error than windows of 2×2 at stride 2.
Doubt: one run against one, a gain of about 1.2 standard errors, and the other run also had other
paddings in conv2 and conv5.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from alexnet_tutor.architecture import PoolSpec
from alexnet_tutor.geometry import grid_windows, output_size
from alexnet_tutor.layers.base import Layer, times
from alexnet_tutor.machine import to_device


class MaxPool(Layer):
    """The largest value of each window: (N, C, H, W) -> (N, C, H', W')."""

    kind = "pool"
    formula = "out[c, y, x] = max over r, s of  in[c, y·stride + r, x·stride + s]"

    def __init__(self, spec: PoolSpec) -> None:
        super().__init__(spec.name)
        self.kernel, self.stride, self.grid = spec.kernel, spec.stride, spec.grid
        self.padding = 0

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H', W')."""
        kernel, stride = self.kernel, self.stride
        if self.grid is not None:
            rows, columns = self.windows(x.shape[-2]), self.windows(x.shape[-1])
            if rows != columns or not _are_regular(rows):
                return _uneven(x, rows, columns)
            kernel, stride = rows[0][1], rows[1][0] if len(rows) > 1 else 1
        return F.max_pool2d(x, kernel, stride)

    def by_hand(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, C, H', W'): the maximum of each window, rows first, then columns."""
        rows = self.windows(x.shape[-2])
        columns = self.windows(x.shape[-1])
        tallest = torch.stack([x[..., first:end, :].amax(-2) for first, end in rows], dim=-2)
        return torch.stack([tallest[..., first:end].amax(-1) for first, end in columns], dim=-1)

    def windows(self, size: int) -> list[tuple[int, int]]:
        """(first cell, end) of each window along a side of ``size`` cells; the end is not in it."""
        if self.grid is not None:
            return grid_windows(size, self.grid)
        count = output_size(size, self.kernel, self.stride)
        return [(i * self.stride, i * self.stride + self.kernel) for i in range(count)]

    def explain(self, input_shape: Sequence[int]) -> list[str]:
        """Output size and the first windows, for an input of (C, H, W)."""
        channels, height, width = input_shape
        rows, columns = self.windows(height), self.windows(width)
        first = ", ".join(f"{start}–{end - 1}" for start, end in rows[:3])
        lines = [
            f"rows of the first windows: {first}",
            f"{times(*input_shape)} → {times(channels, len(rows), len(columns))}: each map by itself",
            f"values per map: {height * width:,} → {len(rows) * len(columns):,}",
            "parameters = 0",
        ]
        if self.grid is not None:
            return [f"windows laid so that {self.grid}×{self.grid} come out of any size", *lines]
        rule = f"⌊({height} − {self.kernel}) / {self.stride}⌋ + 1 = {len(rows)}"
        return [f"height out = {rule}", *lines]

    def extra_repr(self) -> str:
        """For ``print(network)``."""
        return f"{times(self.kernel, self.kernel)}, stride={self.stride}, grid={self.grid}"


def _are_regular(windows: list[tuple[int, int]]) -> bool:
    """Whether all windows have one size and one distance, as 13 cells in 6 windows have: 3 and 2."""
    (_, kernel), *rest = windows
    stride = rest[0][0] if rest else 1
    return stride > 0 and windows == [
        (i * stride, i * stride + kernel) for i in range(len(windows))
    ]


def _uneven(x: Tensor, rows: list[tuple[int, int]], columns: list[tuple[int, int]]) -> Tensor:
    """Windows of differing sizes: (N, C, H, W) -> (N, C, H', W').

    Not torch's adaptive pooling: that has no deterministic backward pass on CUDA.
    """
    down, across = _cells(rows, x.device), _cells(columns, x.device)  # (H', R), (W', S)
    windows = x[:, :, down[:, None, :, None], across[None, :, None, :]]  # (N, C, H', W', R, S)
    return windows.flatten(-2).max(dim=-1).values


def _cells(windows: list[tuple[int, int]], device: torch.device) -> Tensor:
    """The cells of each window, the last repeated where it is smaller than others: (windows, size)."""
    size = max(end - first for first, end in windows)
    cells = [[min(first + i, end - 1) for i in range(size)] for first, end in windows]
    return to_device(torch.tensor(cells), device)
