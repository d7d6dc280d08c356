"""The layers that sum products: convolutions and fully connected layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from alexnet_tutor.records import Box, KernelRecord, Place, SumWork, Term
from alexnet_tutor.tracing.work import Array, Task, Worked, around, exact_sum, windows

SHOWN = 8  # terms
_PRODUCERS = 3


def conv(task: Task) -> Worked:
    """bias[k] + Σ over c, r, s of in · weight[k, c, r, s], over the channels of the kernel's own tower."""
    module: Any = task.module
    weight, first = _kernel(task)
    rows, columns = windows(task, *task.index[1:])
    patch, inside = _patch(
        task.x[first : first + len(weight)], rows, columns
    )  # (C/G, R, S), (R, S)

    def at(number: int) -> Place | None:
        channel, down, across = (int(i) for i in np.unravel_index(number, patch.shape))
        there = task.place(first + channel, rows[down], columns[across])
        return there if inside[down, across] else None

    work = SumWork(
        channels=(first, first + len(weight) - 1),
        groups=module.groups,
        subtotals=tuple(exact_sum(products) for products in patch * weight),
        padded=len(weight) * int((~inside).sum()),
    )
    in_picture = np.broadcast_to(inside, patch.shape)
    return _summed(task, patch, weight, in_picture, at, work, around(rows, columns))


def one_channel(task: Task, channel: int) -> KernelRecord:
    """What one channel of the input gives to a convolution's value.

    Raises:
        ValueError: the kernel does not see this channel.
    """
    weight, first = _kernel(task)
    if not first <= channel < first + len(weight):
        raise ValueError(f"this kernel sees channels {first} to {first + len(weight) - 1}")
    rows, columns = windows(task, *task.index[1:])
    patch, inside = _patch(task.x[channel : channel + 1], rows, columns)
    return KernelRecord(
        task.before, channel, tuple(rows), tuple(columns), patch[0], weight[channel - first], inside
    )


def _kernel(task: Task) -> tuple[Array, int]:
    """(the weights (C/G, R, S) that make the value, the first channel that they see)."""
    module: Any = task.module
    kernel = task.index[0]
    weight = _array(module.weight[kernel])
    return weight, kernel // (len(module.weight) // module.groups) * len(weight)


def linear(task: Task) -> Worked:
    """bias[k] + Σ over i of in[i] · weight[k, i]."""
    module: Any = task.module
    weight = _array(module.weight[task.index[0]])  # (features,)
    everywhere = np.ones(weight.shape, dtype=np.bool_)
    return _summed(task, task.x, weight, everywhere, task.place, SumWork(), None)


def _summed(
    task: Task,
    inputs: Array,
    weight: Array,
    inside: NDArray[np.bool_],
    at: Callable[[int], Place | None],
    work: SumWork,
    window: Box | None,
) -> Worked:
    """The sum, its strongest terms; ``inside`` is false in the padding, ``at`` tells a term's place."""
    module: Any = task.module
    bias = None if module.bias is None else module.bias[task.index[0]].item()
    products = (inputs * weight).reshape(-1)
    strongest = np.lexsort((~inside.reshape(-1), -np.abs(products)))[:SHOWN]  # padding after zeros
    terms = tuple(
        Term(
            at(number),
            float(inputs.flat[number]),
            float(weight.flat[number]),
            float(products[number]),
        )
        for number in strongest.tolist()
    )
    known = bias or 0.0
    total = exact_sum([known, *products])
    return Worked(
        by_hand=total,
        size=abs(known) + exact_sum(np.abs(products)),
        terms=terms,
        work=work,
        total=total,
        count=len(products),
        rest=exact_sum([total, -known, *(-term.product for term in terms)]),
        bias=bias,
        window=window,
        producers=tuple(term for term in terms if term.product and term.at)[:_PRODUCERS],
    )


def _patch(x: Array, rows: list[int], columns: list[int]) -> tuple[Array, NDArray[np.bool_]]:
    """((C, R, S), (R, S)): what lies in a window, zeros in the padding; and where it is no padding."""
    height, width = x.shape[1:]
    down, across = np.array(rows), np.array(columns)
    inside = ((down >= 0) & (down < height))[:, None] & ((across >= 0) & (across < width))
    there = x[:, down.clip(0, height - 1)][:, :, across.clip(0, width - 1)]
    return np.where(inside, there, 0.0), inside


def _array(tensor: Tensor) -> Array:
    array: Array = tensor.detach().to("cpu", torch.float64).numpy()
    return array
