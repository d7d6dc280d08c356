"""Where pictures come from: FashionMNIST, our own sketches, or a folder."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import FASHION_PREPARATION, Preparation

if TYPE_CHECKING:
    from alexnet_tutor.data.dataset import Dataset, DataSplits, Progress

SOURCES = ("fashion-mnist", "sketches", "folder:PATH")
SKETCHES = 6000  # learnt from, unless a limit says otherwise
TEST_SKETCHES = 1000
MOST_SKETCHES = 1_000_000  # 800 MB, minutes to draw


def open_data(
    source: str,
    *,
    data_dir: Path,
    preparation: Preparation,
    limit: int | None = None,
    validation: int | None = None,
    augment: str = "none",
    progress: Progress | None = None,
) -> DataSplits:
    """The pictures called ``source``: the same ones in every run, whatever its seed.

    Only what is asked for is read or drawn: ``open_data(…).test`` touches no training picture.

    Args:
        source: ``fashion-mnist``, ``sketches`` or ``folder:PATH``.
        data_dir: where FashionMNIST lies or is to be put.
        preparation: gives ``channels`` and ``image_size`` of the input.
        limit, validation: as in :func:`~alexnet_tutor.data.dataset.hold_out`: that many sketches are
            drawn. Other sources give all they have.
        augment: ``paper`` keeps a folder's pictures larger, to leave room for crops.
        progress: told (what is loaded, how much is done, how much there is).

    Raises:
        TutorError: no such source, or it cannot be read.
    """
    kind, _, path = source.partition(":")
    if source == "fashion-mnist":
        return _fashion_mnist(data_dir, preparation, progress)
    if source == "sketches":
        return _sketches(limit or SKETCHES, validation, preparation, progress)
    if kind == "folder" and path:
        return _folder(Path(path).expanduser(), preparation, augment, progress)
    raise TutorError(f"There is no data called {source!r}.", f"Choose one of {', '.join(SOURCES)}.")


def _fashion_mnist(
    data_dir: Path, preparation: Preparation, progress: Progress | None
) -> DataSplits:
    from alexnet_tutor.data.fashion_mnist import fashion_mnist  # noqa: PLC0415 (imports torch)

    splits = fashion_mnist(data_dir, progress=progress)
    return replace(splits, prepared=partial(_grey, preparation))


def _sketches(
    learnt: int, validation: int | None, preparation: Preparation, progress: Progress | None
) -> DataSplits:
    from alexnet_tutor.data.dataset import DataSplits, held_out_beside  # noqa: PLC0415 (torch)
    from alexnet_tutor.data.sketches import sketches  # noqa: PLC0415 (imports torch)

    count = learnt + (held_out_beside(learnt) if validation is None else validation)
    if count > MOST_SKETCHES:
        raise TutorError(
            f"{count:,} sketches would take long to draw.",
            f"Ask for at most {MOST_SKETCHES:,}: a smaller --limit or --validation.",
        )
    drawn = {"train": count, "test": TEST_SKETCHES}
    return DataSplits(
        lambda split: sketches(split, drawn[split], progress=progress),
        partial(_grey, preparation),
    )


def _folder(
    path: Path, preparation: Preparation, augment: str, progress: Progress | None
) -> DataSplits:
    from alexnet_tutor.data.augment import size_to_crop_from  # noqa: PLC0415 (imports torch)
    from alexnet_tutor.data.folder import folder  # noqa: PLC0415 (imports torch)

    size = preparation.image_size
    stored = size_to_crop_from(size) if augment == "paper" else size
    return folder(path, preparation=preparation, stored_size=stored, progress=progress)


def _grey(preparation: Preparation, _train: Dataset) -> Preparation:
    """FashionMNIST's preparation for a network of other channels or size: grey, repeated."""
    return replace(
        FASHION_PREPARATION,
        channels=preparation.channels,
        image_size=preparation.image_size,
        mean=FASHION_PREPARATION.mean * preparation.channels,
        std=FASHION_PREPARATION.std * preparation.channels,
    )
