"""Colour channels: turning grey into RGB or back, and how a set's pixels vary."""

from __future__ import annotations

import torch
from torch import Tensor

from alexnet_tutor.data.dataset import Dataset, Progress
from alexnet_tutor.machine import to_device

LUMA = (0.299, 0.587, 0.114)  # grey from red, green, blue: ITU-R BT.601, as Pillow does
SAMPLED = 1000
_AT_ONCE = 16


def mixing(given: int, wanted: int) -> Tensor:
    """The matrix (wanted, given), float64, that turns a pixel's channels into those wanted.

    Raises:
        ValueError: there is no such conversion; there is from 1 to any, from 3 to 1, and to the same.
    """
    if given == wanted:
        return torch.eye(given, dtype=torch.float64)
    if given == 1:
        return torch.ones(wanted, 1, dtype=torch.float64)
    if (given, wanted) == (3, 1):
        return torch.tensor([LUMA], dtype=torch.float64)
    raise ValueError(f"pictures of {given} channels cannot be given {wanted}")


def to_channels(pixels: Tensor, channels: int) -> Tensor:
    """Floats (N, C, H, W) -> (N, channels, H, W): grey is repeated, RGB becomes its luma.

    Raises:
        ValueError: as :func:`mixing`.
    """
    given = pixels.shape[1]
    if given == channels:
        return pixels
    if given == 1:
        return pixels.expand(-1, channels, -1, -1)
    matrix = to_device(mixing(given, channels).to(pixels.dtype), pixels.device)
    return torch.einsum("nchw,kc->nkhw", pixels, matrix)


def moments(
    dataset: Dataset, channels: int, progress: Progress | None = None
) -> tuple[Tensor, Tensor]:
    """Mean (channels,) and covariance (channels, channels) of pixels scaled to 0–1, float64.

    Of at most 1,000 pictures, evenly spaced through the set. Sums of bytes and of their products are
    whole numbers that float64 holds exactly, so the result does not depend on threads or order.
    ``progress`` is told the set's name, pictures looked at, pictures to look at.
    """
    sampled = min(len(dataset), SAMPLED)
    chosen = torch.linspace(0, len(dataset) - 1, sampled, dtype=torch.float64).long()
    total, products, count, looked_at = torch.zeros(()), torch.zeros(()), 0, 0
    for some in torch.split(chosen, _AT_ONCE):
        values = dataset.take(some)[0].transpose(0, 1).flatten(1).double()  # (C, n·H·W)
        total = total + values.sum(1)
        products = products + values @ values.T
        count += values.shape[1]
        looked_at += len(some)
        if progress:
            progress(f"{dataset.name}, mean and deviation", looked_at, sampled)
    mean = total / count
    covariance = products / count - torch.outer(mean, mean)
    matrix = mixing(len(mean), channels)
    return matrix @ mean / 255, matrix @ covariance @ matrix.T / 255**2
