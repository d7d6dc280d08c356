"""A folder of pictures, a subfolder per class, as torchvision's ``ImageFolder`` reads it.

Pictures are cut to the middle square and brought to one size when they are read. They are held in
memory when they fit, and otherwise read by a few threads (Pillow decodes without holding Python's lock).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from alexnet_tutor.data.dataset import ArrayDataset, Dataset, DataSplits, Progress
from alexnet_tutor.data.pixels import moments
from alexnet_tutor.errors import TutorError
from alexnet_tutor.images.files import open_picture
from alexnet_tutor.machine import cores
from alexnet_tutor.records import Preparation

# torchvision's IMG_EXTENSIONS; tests/data/test_folder.py holds them equal.
EXTENSIONS = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")
MEMORY_LIMIT = 2 << 30
TEST_SHARE = 6  # one picture of every six, as in FashionMNIST
_SMALLEST_STD = 1 / 255
_LAYOUT = "It should hold a folder per class, or train/ and test/ with a folder per class in each."


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture file: its name relative to the source, with ``/``, and its class number."""

    name: str
    target: int


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
    """Load the pictures of ``path``: its ``train/`` and ``test/`` (or ``val/``), or a split of our own.

    Our own split takes from each class the sixth of its pictures whose names come first when hashed:
    the same on every machine. Names that begin with a dot are passed over, and other files too.

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
        TutorError: no such folder, no pictures, fewer than two classes, a class that lacks pictures in
            one of the splits, or a picture that cannot be read.
    """
    labels, train, test = _splits(path)
    size = stored_size or preparation.image_size
    channels = preparation.channels
    if channels not in (1, 3):
        raise TutorError(f"Pictures cannot be given {channels} channels.", "Choose 1 or 3.")
    sets = [
        DiskDataset(
            name=f"folder:{path} {split}",
            labels=labels,
            fingerprint=_sum_of_names(path, samples, size),
            source=path,
            samples=samples,
            channels=channels,
            size=size,
        )
        for split, samples in (("train", train), ("test", test))
    ]
    fits = (len(train) + len(test)) * channels * size * size <= memory_limit
    learnt, judged = [each.in_memory(progress) if fits else each for each in sets]
    return DataSplits(learnt, judged, _measured(learnt, preparation, progress))


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


def _splits(path: Path) -> tuple[tuple[str, ...], tuple[Sample, ...], tuple[Sample, ...]]:
    """Class names, training samples, test samples."""
    if not path.is_dir():
        raise TutorError(f"There is no folder {path}.", _LAYOUT)
    try:
        judged = next((path / name for name in ("test", "val") if (path / name).is_dir()), None)
        if judged is None or not (path / "train").is_dir():
            return _split(path)
        labels, train = _samples(path, path / "train")
        judged_labels, test = _samples(path, judged)
    except OSError as error:
        raise TutorError(
            f"Cannot read the folder {error.filename or path}: {error.strerror}.",
            "Make it readable, or choose another.",
        ) from error
    _require_same(path / "train", labels, judged, judged_labels)
    return labels, train, test


def _split(path: Path) -> tuple[tuple[str, ...], tuple[Sample, ...], tuple[Sample, ...]]:
    labels, samples = _samples(path, path)
    test: set[str] = set()
    for number, label in enumerate(labels):
        names = [sample.name for sample in samples if sample.target == number]
        if len(names) < 2:
            raise TutorError(
                f"Class {label!r} in {path} has one picture: none would be left for the test.",
                "Give every class two pictures or more.",
            )
        names.sort(key=lambda name: hashlib.sha256(name.encode(errors="surrogateescape")).digest())
        test.update(names[: max(1, round(len(names) / TEST_SHARE))])
    return (
        labels,
        tuple(sample for sample in samples if sample.name not in test),
        tuple(sample for sample in samples if sample.name in test),
    )


def _samples(source: Path, root: Path) -> tuple[tuple[str, ...], tuple[Sample, ...]]:
    """Class names and pictures under ``root``, in order of class, then of name."""
    real = root.resolve()
    classes = sorted(path.name for path in _entries(root) if path.is_dir())
    samples: list[Sample] = []
    for number, label in enumerate(classes):
        files = _pictures(root / label, frozenset([real, *real.parents]))
        names = sorted(file.relative_to(source).as_posix() for file in files)
        if not names:
            raise TutorError(f"Class folder {root / label} has no pictures.", _LAYOUT)
        samples += [Sample(name, number) for name in names]
    if len(classes) < 2:
        found = f"only one class folder, {classes[0]}" if classes else "no class folders"
        raise TutorError(f"{root} has {found}: there is nothing to tell apart.", _LAYOUT)
    return tuple(classes), tuple(samples)


def _pictures(place: Path, above: frozenset[Path]) -> Iterator[Path]:
    """Every picture below ``place``. Links are followed, but not back to a folder we are in."""
    real = place.resolve()
    if real in above:
        return
    for path in _entries(place):
        if path.suffix.lower() in EXTENSIONS and path.is_file():
            yield path
        elif path.is_dir():
            yield from _pictures(path, above | {real})


def _entries(place: Path) -> Iterator[Path]:
    return (path for path in place.iterdir() if not path.name.startswith("."))


def _require_same(
    train: Path, labels: tuple[str, ...], judged: Path, judged_labels: tuple[str, ...]
) -> None:
    for owner, own, other, others in (
        (judged, judged_labels, train, labels),
        (train, labels, judged, judged_labels),
    ):
        lacking = sorted(set(others) - set(own))
        if lacking:
            names = ", ".join(lacking[:5]) + (" …" if len(lacking) > 5 else "")
            raise TutorError(
                f"{owner} has no pictures of {names}, which {other} has.",
                "Give both the same class folders.",
            )


def _sum_of_names(source: Path, samples: Iterable[Sample], size: int) -> str:
    digest = hashlib.sha256(str(size).encode())
    for sample in samples:
        line = f"\0{sample.name}\0{(source / sample.name).stat().st_size}"
        digest.update(line.encode(errors="surrogateescape"))
    return f"folder:{digest.hexdigest()[:16]}"


def _measured(train: Dataset, preparation: Preparation, progress: Progress | None) -> Preparation:
    mean, covariance = moments(train, preparation.channels, progress)
    deviation = covariance.diagonal().clamp_min(0).sqrt().clamp_min(_SMALLEST_STD)
    return replace(
        preparation,
        source_size=None,
        mean=tuple(round(value, 4) for value in mean.tolist()),
        std=tuple(round(value, 4) for value in deviation.tolist()),
        light_on_dark=False,
    )
