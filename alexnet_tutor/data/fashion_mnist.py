"""FashionMNIST (Xiao, Rasul, Vollgraf 2017): 70,000 pictures of garments, checked on every load.

The layout is torchvision's own, ``<data_dir>/FashionMNIST/raw/``, so one copy serves both. Unlike
torchvision, which looks at the archive once, the decoded files are summed each time they are read:
55 MB take under a tenth of a second.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

import torch

from alexnet_tutor.data.dataset import ArrayDataset, DataSplits, Progress, Split
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.machine import sha256_of, sole_user, sweep_temporaries, write_atomically
from alexnet_tutor.records import FASHION_LABELS, FASHION_PREPARATION
from alexnet_tutor.resources import offline


@dataclass(frozen=True, slots=True)
class RawFile:
    """One decoded file: its name, size in bytes and SHA-256. Mirrors have it as ``name.gz``."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RawFiles:
    """The four files of the set."""

    train_images: RawFile = RawFile(
        "train-images-idx3-ubyte",
        47_040_016,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    )
    train_labels: RawFile = RawFile(
        "train-labels-idx1-ubyte",
        60_008,
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    )
    test_images: RawFile = RawFile(
        "t10k-images-idx3-ubyte",
        7_840_016,
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    )
    test_labels: RawFile = RawFile(
        "t10k-labels-idx1-ubyte",
        10_008,
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    )

    def all(self) -> tuple[RawFile, ...]:
        """In the order in which they are downloaded."""
        return (*self.of("train"), *self.of("test"))

    def of(self, split: Split) -> tuple[RawFile, RawFile]:
        """Pictures and class numbers of a split."""
        if split == "train":
            return self.train_images, self.train_labels
        return self.test_images, self.test_labels


PUBLISHED = RawFiles()
MIRRORS = (
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
TIMEOUT = 20.0  # seconds without a byte before the next mirror is tried
_CHUNK = 1 << 16
_ELSEWHERE = (
    "Give a folder that has it with --data-dir or TUTOR_DATA, "
    "or use --data sketches, which needs no download."
)


def fashion_mnist(
    data_dir: Path,
    *,
    download: bool = True,
    progress: Progress | None = None,
    mirrors: Sequence[str] = MIRRORS,
    files: RawFiles = PUBLISHED,
    timeout: float = TIMEOUT,
) -> DataSplits:
    """Load the set from ``data_dir``, downloading what is missing; nothing there is ever overwritten.

    Args:
        data_dir: a torchvision root, the folder above ``FashionMNIST``; may be read-only when it has
            all four files.
        download: whether missing files may be fetched; ``TUTOR_OFFLINE`` forbids it too.
        progress: told each file's name, bytes decoded, bytes in all.
        mirrors: addresses to which ``name.gz`` is appended, tried in turn.
        files: names, sizes and sums of the four files.
        timeout: seconds a mirror may be silent.

    Returns:
        60,000 training and 10,000 test pictures, uint8 (N, 1, 28, 28), and how to prepare them.

    Raises:
        TutorError: a file is missing and cannot be had, is not the published one, or cannot be read
            or written.
    """
    raw = data_dir / "FashionMNIST" / "raw"
    missing = [file for file in files.all() if not (raw / file.name).exists()]
    if missing:
        _refuse_if_offline(data_dir, download)
        _fetch(missing, raw, mirrors, timeout, progress)
    for file in files.all():
        _check(raw / file.name, file)
    return DataSplits(partial(_read, raw, files), lambda _train: FASHION_PREPARATION)


def _refuse_if_offline(data_dir: Path, download: bool) -> None:
    if offline():
        raise TutorError(
            f"FashionMNIST is not in {data_dir}, and TUTOR_OFFLINE forbids the download.",
            _ELSEWHERE,
        )
    if not download:
        raise TutorError(f"FashionMNIST is not in {data_dir}.", _ELSEWHERE)


class _BadMirrorError(Exception):
    """This mirror did not give the file; another may."""


def _fetch(
    missing: Sequence[RawFile],
    raw: Path,
    mirrors: Sequence[str],
    timeout: float,
    progress: Progress | None,
) -> None:
    """Download what is missing. What a killed download left goes, unless another is under way."""
    try:
        raw.mkdir(parents=True, exist_ok=True)
        with sole_user(raw.parent / ".lock") as alone:
            for file in missing:
                if alone:
                    sweep_temporaries(raw / file.name)
                _download(file, raw / file.name, mirrors, timeout, progress)
    except OSError as error:
        raise TutorError(
            f"Cannot write in {raw}: {error.strerror or error}.",
            "Free 60 MB there, or choose another folder with --data-dir or TUTOR_DATA.",
            ExitCode.FAILED,
        ) from error


def _download(
    file: RawFile, target: Path, mirrors: Sequence[str], timeout: float, progress: Progress | None
) -> None:
    """Fetch one file from the first mirror that gives it whole and right."""
    problems = []
    for mirror in mirrors:
        pieces = _decoded(f"{mirror}{file.name}.gz", file, timeout)
        try:
            write_atomically(target, partial(_write, file, pieces, progress))
        except _BadMirrorError as problem:
            problems.append(f"{mirror}: {problem}")
        else:
            return
    raise TutorError(
        f"FashionMNIST could not be downloaded ({file.name}.gz; {'; '.join(problems)}).", _ELSEWHERE
    )


def _write(
    file: RawFile, pieces: Iterator[bytes], progress: Progress | None, temporary: Path
) -> None:
    """Write the pieces, and accept them only if they are the published file."""
    digest, done = hashlib.sha256(), 0
    with temporary.open("wb") as output:
        for piece in pieces:
            output.write(piece)
            digest.update(piece)
            done += len(piece)
            if progress:
                progress(file.name, done, file.size)
    if digest.hexdigest() != file.sha256:
        raise _BadMirrorError("not the published file")


def _decoded(url: str, file: RawFile, timeout: float) -> Iterator[bytes]:
    """The archive at ``url``, decompressed as it arrives; given up when it exceeds the known size."""
    decompressor = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # 16: a gzip header
    left = file.size
    try:
        with urlopen(url, timeout=timeout) as response:
            while not decompressor.eof and (packed := response.read(_CHUNK)):
                piece = decompressor.decompress(packed, left + 1)
                left -= len(piece)
                if left < 0:
                    raise _BadMirrorError("longer than the published file")
                yield piece
    except (OSError, HTTPException, ValueError, zlib.error) as error:
        raise _BadMirrorError(str(error) or type(error).__name__) from error


def _check(path: Path, file: RawFile) -> None:
    try:
        sha256 = sha256_of(path)
    except OSError as error:
        raise TutorError(
            f"Cannot read {path}: {error.strerror or error}.", "Make it readable, or delete it."
        ) from error
    if sha256 != file.sha256:
        raise TutorError(
            f"{path} is not the published FashionMNIST file: its SHA-256 is wrong.",
            "Delete it and run again to download it anew.",
        )


def _read(raw: Path, files: RawFiles, split: Split) -> ArrayDataset:
    from torchvision.datasets.mnist import (  # noqa: PLC0415 (a second of start-up)
        read_image_file,
        read_label_file,
    )

    images, labels = files.of(split)
    pixels: torch.Tensor = read_image_file(str(raw / images.name))
    targets: torch.Tensor = read_label_file(str(raw / labels.name))
    sums = hashlib.sha256((images.sha256 + labels.sha256).encode()).hexdigest()
    return ArrayDataset(
        name=f"fashion-mnist {split}",
        labels=FASHION_LABELS,
        fingerprint=f"fashion-mnist-{split}:{sums[:16]}",
        images=pixels.unsqueeze(1),
        targets=targets,
    )
