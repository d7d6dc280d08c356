"""Sums over a window of neighbouring maps, in memory that is used again and again."""

from __future__ import annotations

import torch
from torch import Tensor


class Window:
    """Values of C maps between edges, and their sums over ``size`` maps around each: s_i = Σ_j v_j.

    Args:
        x: (N, C, H, W): the sums are laid out like it, in float32 (float64 where it is that).
        pictures: most pictures at once.
        size: maps in the window, odd.
        edge: the value of the places beyond the first and the last map.
    """

    def __init__(self, x: Tensor, pictures: int, size: int, *, edge: float) -> None:
        self.maps, self.half = x.shape[1], size // 2
        self._values = scratch(x, pictures, 2 * self.half).fill_(edge)
        self._pairs = scratch(x, pictures, max(0, 2 * self.half - 1))

    def values(self, pictures: int) -> Tensor:
        """Where to write the values of the first pictures: (n, C, H, W)."""
        return self._values[:pictures].narrow(1, self.half, self.maps)

    def sums(self, pictures: int, *, out: Tensor) -> Tensor:
        """The sums of what was written, in ``out`` (n, C, H, W). Pairs are summed once, then used twice."""
        values, pairs, maps = self._values[:pictures], self._pairs[:pictures], self.maps
        if self.half == 0:
            return out.copy_(values)
        width = maps + 2 * self.half - 1
        torch.add(values.narrow(1, 0, width), values.narrow(1, 1, width), out=pairs)
        torch.add(pairs.narrow(1, 0, maps), values.narrow(1, 2 * self.half, maps), out=out)
        for first in range(2, 2 * self.half, 2):
            out.add_(pairs.narrow(1, first, maps))
        return out


def scratch(x: Tensor, pictures: int, more_maps: int = 0) -> Tensor:
    """Unset memory for ``pictures`` like those of x (N, C, H, W), in the precision that sums need."""
    _, maps, height, width = x.shape
    layout = torch.channels_last if _channels_lie_last(x) else torch.contiguous_format
    return torch.empty(
        (pictures, maps + more_maps, height, width),
        dtype=working_type(x),
        device=x.device,
        memory_format=layout,
    )


def working_type(x: Tensor) -> torch.dtype:
    """float64 for float64, otherwise float32."""
    return torch.float64 if x.dtype == torch.float64 else torch.float32


def _channels_lie_last(x: Tensor) -> bool:
    return not x.is_contiguous() and x.is_contiguous(memory_format=torch.channels_last)
