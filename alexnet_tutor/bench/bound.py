"""What the machine's matrix product allows: no step is faster than its multiplications.

:func:`alexnet_tutor.geometry.learning_flops` counts those of one picture.
"""

from __future__ import annotations

from collections.abc import Callable

import torch


def matrix_product(side: int, dtype: torch.dtype, device: torch.device) -> Callable[[], object]:
    """A product of two square matrices of ``side``, to be timed: 2 · side³ operations."""
    generator = torch.Generator().manual_seed(0)
    left, right = (torch.randn(side, side, generator=generator).to(device, dtype) for _ in range(2))
    out = torch.empty_like(left)
    return lambda: torch.mm(left, right, out=out)
