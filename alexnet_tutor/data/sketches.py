"""Garments drawn by the kit itself: FashionMNIST's ten kinds without a download.

Any number of pictures, light on dark, 28×28 grey like the real set. Picture ``i`` of a split is a
function of (seed, split, i) and of nothing else: a larger set begins with the smaller one.
"""

from __future__ import annotations

import hashlib

import numpy as np
import torch
from numpy.typing import NDArray

from alexnet_tutor.data.canvas import Canvas
from alexnet_tutor.data.dataset import ArrayDataset, Progress, Split
from alexnet_tutor.data.wardrobe import GARMENTS
from alexnet_tutor.errors import TutorError
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.records import FASHION_LABELS

SIDE = 28
LARGEST_SIDE = 1024
KINDS = len(FASHION_LABELS)


def draw(label: int, rng: np.random.Generator, size: int = SIDE) -> NDArray[np.uint8]:
    """One garment of class ``label``, uint8 (size, size), light on black.

    The same state of ``rng`` gives the same garment at every size; only the grain differs.

    Raises:
        TutorError: there is no such class, or ``size`` is not 16 to 1024.
    """
    if not 0 <= label < KINDS:
        raise TutorError(f"There is no garment number {label}.", f"Give 0 to {KINDS - 1}.")
    if not 16 <= size <= LARGEST_SIDE:
        raise TutorError(
            f"A garment cannot be drawn {size} pixels wide.", f"Give 16 to {LARGEST_SIDE}."
        )
    canvas = Canvas(size, rng)
    GARMENTS[label](canvas)
    return canvas.finish()


def sketches(
    split: Split, count: int, seed: int = 0, progress: Progress | None = None
) -> ArrayDataset:
    """``count`` drawn garments: uint8 (count, 1, 28, 28), each ten in a row one of every kind.

    ``progress`` is told the set's name, pictures drawn, pictures to draw.

    Raises:
        TutorError: ``split`` is neither ``train`` nor ``test``, or ``count`` is less than 1.
    """
    if split not in ("train", "test"):
        raise TutorError(f"Sketches have no split {split!r}.", "The splits are train and test.")
    if count < 1:
        raise TutorError(f"A set of {count} sketches is no set.", "Ask for 1 or more.")
    targets = np.array([_label(split, i, seed) for i in range(count)], dtype=np.int64)
    images = np.empty((count, 1, SIDE, SIDE), dtype=np.uint8)
    name = f"sketches {split}"
    for i, label in enumerate(targets):
        images[i, 0] = draw(int(label), _generator(seed, split, i))
        if progress:
            progress(name, i + 1, count)
    return ArrayDataset(
        name=name,
        labels=FASHION_LABELS,
        fingerprint=hashlib.sha256(images.tobytes()).hexdigest()[:16],
        images=torch.from_numpy(images),
        targets=torch.from_numpy(targets),
    )


def _label(split: str, index: int, seed: int) -> int:
    """Each ten pictures hold the ten kinds once, in an order of their own."""
    ten, place = divmod(index, KINDS)
    order = np.random.Generator(np.random.PCG64(seed_of(seed, "sketch order", split, ten)))
    return int(order.permutation(KINDS)[place])


def _generator(seed: int, split: str, index: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed_of(seed, "sketch", split, index)))
