"""Augmentation: the same picture, a little different each time it is learnt from (section 4.1).

What is random is drawn first, on the CPU, for every picture of a batch; then it is applied on the
training device. So a run draws the same on every kind of device.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import torch
from torch import Tensor

from alexnet_tutor.machine import to_device
from alexnet_tutor.records import Augment

AUGMENTS: tuple[str, ...] = get_args(Augment)
COLOUR_SPREAD = 0.1  # standard deviation of the paper's α


def size_to_crop_from(image_size: int) -> int:
    """Side of the picture that ``paper`` takes crops of ``image_size`` from: the paper's 256 for 227."""
    return round(image_size * 256 / 227)


@dataclass(frozen=True, slots=True)
class Draws:
    """What chance decided for each picture of a batch.

    Attributes:
        mirrored: bool (N,), true with probability 0.5.
        top, left: int64 (N,), the corner of the crop, each of the ``room + 1`` places equally likely.
        alpha: float32 (N, C), the paper's α: normal, mean 0, standard deviation 0.1.
    """

    mirrored: Tensor
    top: Tensor
    left: Tensor
    alpha: Tensor

    def share(self, rank: int, world: int, count: int) -> Draws:
        """The draws for ``count`` pictures of process ``rank``: every ``world``-th from there on."""
        mine = slice(rank, rank + world * count, world)
        return Draws(self.mirrored[mine], self.top[mine], self.left[mine], self.alpha[mine])


def draw(count: int, *, room: int, channels: int, seed: int) -> Draws:
    """The draws for ``count`` pictures: a function of the arguments alone.

    Args:
        count: number of pictures.
        room: pixels a crop can move along each axis.
        channels: colour channels.
        seed: of this batch.
    """
    generator = torch.Generator().manual_seed(seed)
    return Draws(
        mirrored=torch.rand(count, generator=generator) < 0.5,
        top=torch.randint(room + 1, (count,), generator=generator),
        left=torch.randint(room + 1, (count,), generator=generator),
        alpha=torch.randn(count, channels, generator=generator) * COLOUR_SPREAD,
    )


def mirror(pixels: Tensor, mirrored: Tensor) -> Tensor:
    """(N, C, H, W), bool (N,) -> (N, C, H, W): left and right exchanged where ``mirrored``."""
    return torch.where(
        to_device(mirrored, pixels.device)[:, None, None, None], pixels.flip(-1), pixels
    )


def crop(pixels: Tensor, top: Tensor, left: Tensor, size: int) -> Tensor:
    """(N, C, H, W), corners int64 (N,) -> (N, C, size, size): each picture's own window."""
    windows = pixels.unfold(2, size, 1).unfold(
        3, size, 1
    )  # (N, C, tops, lefts, size, size): a view
    every = torch.arange(len(pixels), device=pixels.device)
    top, left = to_device(top, pixels.device), to_device(left, pixels.device)
    return windows[every, :, top, left]  # (N, C, size, size)


def colour_axes(covariance: Tensor) -> Tensor:
    """Covariance of the channels (C, C) -> (C, C): principal components as columns, of length √λ.

    √λ is the standard deviation of the pixels along the component.

    The paper's formula multiplies the components by the eigenvalues λ themselves. An eigenvalue is a
    square of pixel values, so that noise would be strong or faint by the choice of unit: with pixels
    counted 0 to 255 it comes to hundreds of levels, with pixels 0 to 1 to a few. The authors' own code
    multiplies by an array that it calls ``stdevs``: √λ, about ten levels in either unit. So does this.

    With one channel there is one component, and the noise is noise in brightness.
    """
    values, vectors = torch.linalg.eigh(covariance.double().cpu())
    strongest = vectors.gather(0, vectors.abs().argmax(0, keepdim=True))
    axes: Tensor = vectors * strongest.sign() * values.clamp_min(0).sqrt()
    return axes


def shift_colour(pixels: Tensor, alpha: Tensor, axes: Tensor) -> Tensor:
    """(N, C, H, W), α (N, C), axes (C, C) -> (N, C, H, W): one colour added to each whole picture."""
    shift = (alpha @ axes.T.to(alpha.dtype)).to(pixels.dtype)  # (N, C)
    return pixels + to_device(shift, pixels.device)[:, :, None, None]
