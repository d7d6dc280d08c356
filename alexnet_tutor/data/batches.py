"""Batches of a set, in an order and with an augmentation that follow from (seed, epoch, step) alone.

So a run that is interrupted at step k and resumed there sees the very batches it would have seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import Tensor

from alexnet_tutor.data.augment import (
    AUGMENTS,
    colour_axes,
    crop,
    draw,
    mirror,
    shift_colour,
    size_to_crop_from,
)
from alexnet_tutor.data.dataset import Dataset
from alexnet_tutor.data.pixels import moments, to_channels
from alexnet_tutor.data.resident import resident
from alexnet_tutor.images import enlarge, normalise
from alexnet_tutor.machine import to_device
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.records import Augment, Preparation


def order(
    length: int, seed: int, epoch: int, rank: int = 0, world: int = 1, shuffle: bool = True
) -> Tensor:
    """Numbers of the pictures that process ``rank`` of ``world`` sees in an epoch, in order: int64 (M,).

    A function of its arguments alone. All processes deal out one permutation like cards: rank r gets
    places r, r + world, r + 2·world … So ``world`` processes with batches of B see, together, in each
    step what one process with batches of world·B sees. Every rank gets the same count,
    M = ⌊length / world⌋; the last ``length mod world`` pictures of the permutation are left out, other
    ones each epoch. One process alone sees every picture. Without ``shuffle`` the permutation is 0, 1, 2 …
    """
    if shuffle:
        generator = torch.Generator().manual_seed(seed_of(seed, "order", epoch))
        whole = torch.randperm(length, generator=generator)
    else:
        whole = torch.arange(length)
    return whole[: length - length % world][rank::world]


def memory_layout(device: torch.device) -> torch.memory_format:
    """Channels last, which CPU and CUDA convolve fastest; on Apple's GPU there is no reason to."""
    return torch.contiguous_format if device.type == "mps" else torch.channels_last


class Batches:
    """A set of pictures as batches of network input, any number of epochs.

    Args:
        dataset: the pictures.
        preparation: channels, size and normalising of the input.
        batch_size: pictures of a batch of this process; an epoch's last batch may be smaller.
        seed: decides order and augmentation, with the number of the epoch.
        augment: ``none``; ``flip``: each picture mirrored with probability 0.5; ``paper``: section
            4.1, random crops of ``image_size`` from ``image_size``·256/227, mirrored with probability
            0.5, one random colour added along the principal components of the set's pixels (see
            :func:`~alexnet_tutor.data.augment.colour_axes`). No value is clipped.
        device: where batches are made, and left; a GPU with room for it keeps the whole set.
        shuffle: whether each epoch has a random order; without it, and without augmentation, all
            epochs are alike.
        rank, world: number of this process and of all; see :func:`order`.

    Raises:
        ValueError: an argument out of its range.
    """

    def __init__(
        self,
        dataset: Dataset,
        preparation: Preparation,
        batch_size: int,
        *,
        seed: int,
        augment: Augment = "none",
        device: torch.device = torch.device("cpu"),  # noqa: B008 (a value that never changes)
        shuffle: bool = True,
        rank: int = 0,
        world: int = 1,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"a batch has at least 1 picture, not {batch_size}")
        if not 0 <= rank < world:
            raise ValueError(f"there is no process {rank} among {world}")
        if augment not in AUGMENTS:
            raise ValueError(f"augment is one of {', '.join(AUGMENTS)}, not {augment!r}")
        self.dataset = dataset
        self._source = resident(dataset, device)
        self.preparation = preparation
        self.batch_size = batch_size
        self.seed = seed
        self.augment = augment
        self.device = device
        self.shuffle = shuffle
        self.rank = rank
        self.world = world
        if augment == "paper":
            self._axes = colour_axes(moments(dataset, preparation.channels)[1])

    @property
    def pictures_per_epoch(self) -> int:
        """Pictures that this process sees in an epoch."""
        return len(self.dataset) // self.world

    @property
    def steps_per_epoch(self) -> int:
        """Batches of an epoch, a smaller last one included."""
        return -(-self.pictures_per_epoch // self.batch_size)

    def epoch(self, number: int, start: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """The epoch's batches from step ``start`` on, exactly those of an undisturbed epoch.

        Yields:
            Input float32 (B, C, S, S), in the device's :func:`memory_layout`, and class numbers int64
            (B,), both on the device.

        Raises:
            ValueError: ``start`` is negative.
            TutorError: a picture cannot be read (sets on disk only).
        """
        if start < 0:
            raise ValueError(f"an epoch has no step {start}")
        indices = order(len(self.dataset), self.seed, number, self.rank, self.world, self.shuffle)
        parts = torch.split(indices, self.batch_size)[start:] if len(indices) else ()
        fetched = self._ahead(parts) if self._source.on_disk else map(self._source.take, parts)
        for step, (images, targets) in enumerate(fetched, start):
            pixels = to_device(images, self.device)
            yield self._prepare(pixels, number, step), to_device(targets, self.device)

    def _ahead(self, parts: tuple[Tensor, ...]) -> Iterator[tuple[Tensor, Tensor]]:
        """Fetch each part while the one before it is being used; at the end no thread is left."""
        with ThreadPoolExecutor(1, thread_name_prefix="batches") as thread:
            coming = None
            for part in parts:
                ready, coming = coming, thread.submit(self._source.take, part)
                if ready is not None:
                    yield ready.result()
            if coming is not None:
                yield coming.result()

    def _prepare(self, images: Tensor, epoch: int, step: int) -> Tensor:
        """uint8 (B, C', H, W) -> float32 (B, C, S, S)."""
        pixels = to_channels(images.float() / 255, self.preparation.channels)
        pixels = self._augmented(pixels, epoch, step)
        ready = normalise(enlarge(pixels, self.preparation.image_size), self.preparation)
        return ready.contiguous(memory_format=memory_layout(self.device))

    def _augmented(self, pixels: Tensor, epoch: int, step: int) -> Tensor:
        """(B, C, H, W) 0–1 -> the same pictures, changed by chance; ``paper`` also brings them to size."""
        if self.augment == "none":
            return pixels
        size = self.preparation.image_size
        whole = size_to_crop_from(size)
        draws = draw(
            self.batch_size * self.world,
            room=whole - size,
            channels=self.preparation.channels,
            seed=seed_of(self.seed, "augment", epoch, step),
        ).share(self.rank, self.world, len(pixels))
        if self.augment == "flip":
            return mirror(pixels, draws.mirrored)
        pixels = crop(enlarge(pixels, whole), draws.top, draws.left, size)
        return shift_colour(mirror(pixels, draws.mirrored), draws.alpha, self._axes)
