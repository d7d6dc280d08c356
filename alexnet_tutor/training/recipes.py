"""What a training run is asked to do: one value, whose defaults are this kit's recipe. No torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from math import isfinite
from pathlib import Path
from typing import Any, Literal, get_args

from alexnet_tutor.architecture import PRESETS, Architecture, preset
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import Augment, Init, Lrn
from alexnet_tutor.weights.metadata import checked

Preset = Literal["fashion", "paper"]
ScheduleName = Literal["step", "onecycle", "cosine", "plateau"]
PrecisionChoice = Literal["auto", "fp32", "bf16"]
DeviceChoice = Literal["auto", "cpu", "cuda", "mps"]
Origin = Literal["flag", "environment", "recipe", "settings file", "default"]

_CHOICES: Mapping[str, tuple[str, ...]] = {
    "preset": tuple(PRESETS),
    "init": get_args(Init),
    "lrn": get_args(Lrn),
    "schedule": get_args(ScheduleName),
    "augment": get_args(Augment),
    "precision": get_args(PrecisionChoice),
    "device": get_args(DeviceChoice),
}
_LARGEST_COUNT = 2**31 - 1
# Name -> (least, most), both allowed.
_WHOLE_NUMBERS: Mapping[str, tuple[int, int]] = {
    "image_size": (1, 4096),
    "epochs": (1, 100_000),
    "batch_size": (1, _LARGEST_COUNT),
    "seed": (0, 2**63 - 1),
    "limit": (1, _LARGEST_COUNT),
    "validation": (0, _LARGEST_COUNT),
}
# Name -> (test, what is allowed in words).
_REALS: Mapping[str, tuple[Callable[[float], bool], str]] = {
    "width": (lambda value: 0 < value <= 4, "more than 0 and at most 4"),
    "lr": (lambda value: 0 < value <= 1000, "more than 0 and at most 1000"),
    "momentum": (lambda value: 0 <= value < 1, "from 0 up to, not including, 1"),
    "weight_decay": (lambda value: 0 <= value <= 1, "from 0 to 1"),
    "label_smoothing": (lambda value: 0 <= value < 1, "from 0 up to, not including, 1"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that decides what a run learns. The field ``batch_size`` is the option ``--batch-size``.

    Attributes:
        data: ``fashion-mnist``, ``sketches`` or ``folder:PATH``.
        width: every layer's channels times this.
        image_size: side of the square that enters the network, in pixels.
        lrn: ``paper``: α multiplies the sum of squares; ``torch``: their mean, as ``nn.LocalResponseNorm`` has it.
        lr: the learning rate that the schedule starts from, or, for ``onecycle``, climbs to.
        nesterov: look ahead: step by gradient + momentum · velocity instead of by the velocity.
        label_smoothing: share of a target that is spread evenly over all classes.
        limit: pictures to learn from, ``None`` for all.
        validation: pictures held out to choose by, ``None`` for one in twelve, 0 for none.

    Raises:
        TutorError: a value is out of range; the message names its option.
    """

    data: str = "fashion-mnist"
    preset: Preset = "fashion"
    width: float = 1.0
    image_size: int = 227
    init: Init = "kaiming"
    lrn: Lrn = "paper"
    epochs: int = 10
    batch_size: int = 128
    lr: float = 0.01
    momentum: float = 0.9
    weight_decay: float = 5e-4
    nesterov: bool = False
    label_smoothing: float = 0.0
    schedule: ScheduleName = "step"
    augment: Augment = "none"
    precision: PrecisionChoice = "auto"
    device: DeviceChoice = "auto"
    deterministic: bool = False
    seed: int = 0
    limit: int | None = None
    validation: int | None = None

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise _refusal(name, getattr(self, name), f"one of {', '.join(choices)}")
        for name, (least, most) in _WHOLE_NUMBERS.items():
            _check_whole(name, getattr(self, name), least, most)
        for name, (is_allowed, words) in _REALS.items():
            value = getattr(self, name)
            right_kind = isinstance(value, int | float) and not isinstance(value, bool)
            if not (right_kind and isfinite(value) and is_allowed(value)):
                raise _refusal(name, value, f"a number, {words}")
        if not isinstance(self.data, str) or not self.data:
            raise _refusal("data", self.data, "fashion-mnist, sketches or folder:PATH")
        if not self.data.isprintable():  # the weights will tell it, to whoever loads them
            raise _refusal("data", self.data, "a folder whose name has only letters that show")
        for name in ("deterministic", "nesterov"):
            if not isinstance(getattr(self, name), bool):
                raise _refusal(name, getattr(self, name), "true or false")
        if self.nesterov and not self.momentum:
            raise TutorError(
                "--nesterov needs momentum.", "Give a --momentum above 0, or leave it out."
            )

    def architecture(self, *, classes: int, channels: int) -> Architecture:
        """The network to train on pictures of ``channels`` with ``classes`` labels.

        Raises:
            TutorError: these pictures are too small for some layer, or too large for memory.
        """
        wanted = preset(self.preset).with_classes(classes).with_channels(channels)
        wanted = wanted.scaled(self.width).at_size(self.image_size)
        if self.lrn == "torch":
            wanted = wanted.with_torch_lrn()
        size = f"{option('image_size')} {self.image_size}"
        try:
            return checked(wanted)
        except TutorError as error:
            raise TutorError(f"{size} is too small: {error.what}", "Give a larger one.") from None
        except ValueError as error:
            remedy = f"Give a smaller one, or a smaller {option('width')}."
            raise TutorError(f"{size} is too large: {error}.", remedy) from None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)


def located(settings: Settings) -> Settings:
    """The same settings, a folder of pictures named so that it is found from any other folder.

    Raises:
        TutorError: the whole name has letters that do not show.
    """
    kind, _, path = settings.data.partition(":")
    if kind != "folder" or not path:
        return settings
    return replace(settings, data=f"folder:{Path(path).expanduser().resolve()}")


def option(name: str) -> str:
    """``--batch-size`` for ``batch_size``."""
    return "--" + name.replace("_", "-")


def origins_of(settings: Settings) -> dict[str, Origin]:
    """Origins where nobody says: what differs from the default was asked for, the rest was not."""
    return {
        entry.name: "default" if getattr(settings, entry.name) == entry.default else "flag"
        for entry in fields(Settings)
    }


def _check_whole(name: str, value: object, least: int, most: int) -> None:
    if value is None and name in {"limit", "validation"}:
        return
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _refusal(name, value, f"a whole number from {least} to {most}")


def _refusal(name: str, value: object, allowed: str) -> TutorError:
    return TutorError(f"{option(name)} cannot be {value!r}.", f"Give {allowed}.")
