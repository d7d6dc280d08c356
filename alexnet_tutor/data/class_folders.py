"""Which pictures lie in a folder of class folders, and which of them are kept for the test.

As torchvision's ``ImageFolder`` finds them, but of every kind that the kit reads, and names that begin
with a dot are passed over. Where there is no ``train/`` beside a ``test/`` (or ``val/``), the test gets from each class the sixth of its
pictures whose names come first when hashed: the same on every machine.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

from alexnet_tutor.errors import TutorError
from alexnet_tutor.images.files import formats

TEST_SHARE = 6  # one picture of every six, as in FashionMNIST
_LAYOUT = "It should hold a folder per class, or train/ and test/ with a folder per class in each."


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture file: its name relative to the source, with ``/``, and its class number."""

    name: str
    target: int


@dataclass(frozen=True, slots=True)
class Found:
    """Classes by number, named as they can be shown, and the pictures of both splits."""

    labels: tuple[str, ...]
    train: tuple[Sample, ...]
    test: tuple[Sample, ...]


def find(path: Path) -> Found:
    """The pictures below ``path``, by their names alone.

    Raises:
        TutorError: no such folder, no pictures, fewer than two classes, two that look alike, or one
            that lacks pictures in one of the splits.
    """
    classes, train, test = _splits(path)
    return Found(_labels(path, classes), train, test)


@cache
def extensions() -> frozenset[str]:
    """How names of pictures may end, in small letters: ``.jpg``, ``.gif`` … for all that the kit reads."""
    read = formats()
    return frozenset(end for end, kind in Image.registered_extensions().items() if kind in read)


def label_of(name: str) -> str:
    """A folder's name as it can be shown and saved: any space a plain one, what has no look left out.

    A letter that cannot be shown becomes ``?``.
    """
    plain = "".join(" " if letter.isspace() else letter for letter in name)
    seen = (letter for letter in plain if unicodedata.category(letter) != "Cf")
    return "".join(letter if letter.isprintable() else "?" for letter in seen)


def _labels(path: Path, classes: Sequence[str]) -> tuple[str, ...]:
    labels = [label_of(name) for name in classes]
    label, count = Counter(labels).most_common(1)[0]
    if count > 1:
        raise TutorError(
            f"{count} class folders in {path} have names that look like {label!r}.",
            "Give each a name of its own.",
        )
    return tuple(labels)


def _splits(path: Path) -> tuple[tuple[str, ...], tuple[Sample, ...], tuple[Sample, ...]]:
    """Class names, training samples, test samples."""
    if not path.is_dir():
        raise TutorError(f"There is no folder {path}.", _LAYOUT)
    try:
        judged = next((path / name for name in ("test", "val") if (path / name).is_dir()), None)
        _require_both(path)
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
            raise _no_pictures(root / label)
        samples += [Sample(name, number) for name in names]
    if len(classes) < 2:
        found = f"only one class folder, {classes[0]}" if classes else "no class folders"
        raise TutorError(f"{root} has {found}: there is nothing to tell apart.", _LAYOUT)
    return tuple(classes), tuple(samples)


def _no_pictures(place: Path) -> TutorError:
    entries = list(_entries(place))
    only = " but only folders" if entries and all(path.is_dir() for path in entries) else ""
    return TutorError(
        f"Class folder {place} has no pictures{only}.",
        f"Files count whose names end in {' '.join(sorted(extensions()))}.",
    )


def _pictures(place: Path, above: frozenset[Path]) -> Iterator[Path]:
    """Every picture below ``place``. Links are followed, but not back to a folder we are in."""
    real = place.resolve()
    if real in above:
        return
    for path in _entries(place):
        if path.suffix.lower() in extensions() and path.is_file():
            yield path
        elif path.is_dir():
            yield from _pictures(path, above | {real})


def _entries(place: Path) -> Iterator[Path]:
    return (path for path in place.iterdir() if not path.name.startswith("."))


def _require_both(path: Path) -> None:
    """Refuse one split alone: it would be taken for a class."""
    folders = [entry.name for entry in _entries(path) if entry.is_dir()]
    if folders in (["train"], ["test"], ["val"]):
        missing = "test" if folders == ["train"] else "train"
        raise TutorError(f"{path} has {folders[0]}/ but no {missing}/ beside it.", _LAYOUT)


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
