"""A folder of pictures, a subfolder per class, as torchvision's ``ImageFolder`` reads it.

Pictures are cut to the middle square and brought to one size when they are read. They are held in
memory when they fit, and otherwise read by a few threads (Pillow decodes without holding Python's lock).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from alexnet_tutor.data.class_folders import Sample, find
from alexnet_tutor.data.dataset import ArrayDataset, Dataset, DataSplits, Progress, Split
from alexnet_tutor.data.pixels import moments
from alexnet_tutor.errors import TutorError
from alexnet_tutor.images.files import open_picture
from alexnet_tutor.machine import cores
from alexnet_tutor.records import Preparation

MEMORY_LIMIT = 2 << 30
_SMALLEST_STD = 1 / 255


@dataclass(frozen=True, eq=False)
class DiskDataset:
    """Pictures that are decoded each time they are taken.

    Attributes:
        source: the folder that the samples' names start from.
        channels, size: what each picture becomes, uint8 (channels, size, size).
        targets: int64 (N,).
    """

    name: str
    labels: tuple[str, ...]
    fingerprint: str
    source: Path
    samples: tuple[Sample, ...]
    channels: int
    size: int
    targets: Tensor = field(init=False)

    def __post_init__(self) -> None:
        targets = torch.tensor([sample.target for sample in self.samples], dtype=torch.int64)
        object.__setattr__(self, "targets", targets)

    @property
    def on_disk(self) -> bool:
        """Yes: each is read when it is taken."""
        return True

    def __len__(self) -> int:
        return len(self.samples)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """int64 (B,) -> uint8 (B, C, S, S), int64 (B,).

        Raises:
            TutorError: a picture cannot be read; the message names it.
        """
        chosen = [self.samples[index] for index in indices.tolist()]
        return self.decode(chosen), self.targets[indices]

    def decode(self, samples: Sequence[Sample], progress: Progress | None = None) -> Tensor:
        """B samples -> uint8 (B, C, S, S), by as many threads as there are cores."""
        images = torch.empty(len(samples), self.channels, self.size, self.size, dtype=torch.uint8)

        def fill(place: int) -> None:
            images[place] = decode(self.source / samples[place].name, self.channels, self.size)

        pool = ThreadPoolExecutor(cores(), thread_name_prefix="decode")
        try:
            for done, _ in enumerate(pool.map(fill, range(len(samples))), 1):
                if progress:
                    progress(self.name, done, len(samples))
        finally:
            pool.shutdown(cancel_futures=True)
        return images

    def in_memory(self, progress: Progress | None) -> ArrayDataset:
        """The same pictures, decoded once.

        Raises:
            TutorError: a picture cannot be read; the message names it.
        """
        images = self.decode(self.samples, progress)
        digest = hashlib.sha256(images.numpy().data)
        digest.update(self.targets.numpy().astype("<i8").tobytes())
        digest.update("\0".join(self.labels).encode(errors="surrogateescape"))
        fingerprint = f"folder:{digest.hexdigest()[:16]}"
        return ArrayDataset(self.name, self.labels, fingerprint, images, self.targets)


def folder(
    path: Path,
    *,
    preparation: Preparation,
    stored_size: int | None = None,
    memory_limit: int = MEMORY_LIMIT,
    progress: Progress | None = None,
) -> DataSplits:
    """The pictures of ``path``: its ``train/`` and ``test/`` (or ``val/``), or a split of our own.

    What counts, and how our own split is made, is said in :mod:`~alexnet_tutor.data.class_folders`.
    The names are looked at here; a split's pictures are decoded when it is asked for.

    Args:
        path: the folder.
        preparation: gives ``channels`` and ``image_size``; the rest of it is not used.
        stored_size: side of the squares kept; ``image_size`` by default, more leaves room for crops.
        memory_limit: bytes up to which pictures are held in memory, training and test together.
        progress: told what is read, pictures done, pictures in all.

    Returns:
        Sets of uint8 (N, channels, stored_size, stored_size), classes the sorted folder names; mean
        and standard deviation (at least 1/255) are those of up to 1,000 training pictures. A set in
        memory has the sum of its pixels as fingerprint; one on disk, of its files' names and sizes.

    Raises:
        TutorError: as :func:`~alexnet_tutor.data.class_folders.find`; later, when its split is asked
            for, a picture cannot be read.
    """
    size = stored_size or preparation.image_size
    channels = preparation.channels
    if channels not in (1, 3):
        raise TutorError(f"Pictures cannot be given {channels} channels.", "Choose 1 or 3.")
    found = find(path)
    fits = (len(found.train) + len(found.test)) * channels * size * size <= memory_limit

    def opened(split: Split) -> Dataset:
        samples = found.train if split == "train" else found.test
        on_disk = DiskDataset(
            name=f"folder:{path} {split}",
            labels=found.labels,
            fingerprint=_sum_of_names(path, samples, size),
            source=path,
            samples=samples,
            channels=channels,
            size=size,
        )
        return on_disk.in_memory(progress) if fits else on_disk

    return DataSplits(opened, partial(_measured, preparation, progress))


def decode(path: Path, channels: int, size: int) -> Tensor:
    """One picture file -> uint8 (channels, size, size): its middle square, as ``load_image`` takes it.

    Raises:
        TutorError: it cannot be read; the message names it.
    """
    picture = open_picture(path, grey=channels == 1).picture
    side = min(picture.size)
    left, top = (picture.width - side) / 2, (picture.height - side) / 2
    how = Image.Resampling.LANCZOS if size < side else Image.Resampling.BILINEAR
    square = picture.resize((size, size), how, box=(left, top, left + side, top + side))
    return torch.from_numpy(np.array(square).reshape(size, size, channels)).permute(2, 0, 1)


def _sum_of_names(source: Path, samples: Iterable[Sample], size: int) -> str:
    digest = hashlib.sha256(str(size).encode())
    for sample in samples:
        line = f"\0{sample.name}\0{(source / sample.name).stat().st_size}"
        digest.update(line.encode(errors="surrogateescape"))
    return f"folder:{digest.hexdigest()[:16]}"


def _measured(preparation: Preparation, progress: Progress | None, train: Dataset) -> Preparation:
    mean, covariance = moments(train, preparation.channels, progress)
    deviation = covariance.diagonal().clamp_min(0).sqrt().clamp_min(_SMALLEST_STD)
    return replace(
        preparation,
        source_size=None,
        mean=tuple(round(value, 4) for value in mean.tolist()),
        std=tuple(round(value, 4) for value in deviation.tolist()),
        light_on_dark=False,
    )
