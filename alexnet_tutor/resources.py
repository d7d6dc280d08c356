"""Where the kit's own files lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent
WEIGHTS_NAME = "alexnet-fashionmnist.safetensors"


def shipped(name: str) -> Path:
    """A file or folder that ships with the kit: ``sample.png``, ``lessons``, ``checkpoints``."""
    inside = _PACKAGE / "shipped" / name
    return inside if inside.exists() else _PACKAGE.parent / name


def sample() -> Path:
    """The kit's own drawing, traced when no picture is given."""
    return shipped("sample.png")


def lessons() -> Path:
    """The folder of lessons."""
    return shipped("lessons")


def weights() -> Path | None:
    """The trained weights in the box, or ``None`` where this copy of the kit has none."""
    path = shipped("checkpoints") / WEIGHTS_NAME
    return path if path.is_file() else None


def weights_in_words(source: str) -> str:
    """Which weights a screen is about: their file, or that they are the ones in the box."""
    box = weights()
    return f"{box.name}, in the box" if box and Path(source).resolve() == box.resolve() else source


def checkout() -> Path | None:
    """The folder of the kit's source, or ``None`` where it was installed from a wheel."""
    root = _PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() else None


def home() -> Path:
    """Where settings and progress are kept: ``TUTOR_HOME``, or the system's own place."""
    chosen = os.environ.get("TUTOR_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("alexnet_tutor"))


def default_data_dir() -> Path:
    """Where datasets are kept unless an argument says: ``TUTOR_DATA``, else under :func:`home`."""
    chosen = os.environ.get("TUTOR_DATA")
    return Path(chosen) if chosen else home() / "data"


def offline() -> bool:
    """Whether ``TUTOR_OFFLINE`` forbids the network."""
    return os.environ.get("TUTOR_OFFLINE", "").lower() not in {"", "0", "false", "no"}
