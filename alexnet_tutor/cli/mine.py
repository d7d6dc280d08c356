"""``--mine 4,5``: the lessons whose functions, the learner's own, compute their layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from alexnet_tutor.cli import options
from alexnet_tutor.records import Mine, StandInRecord

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from alexnet_tutor.network import AlexNet
    from alexnet_tutor.tracing.unit import Pass
    from alexnet_tutor.training.stand_ins import StandIns

Followed = TypeVar("Followed")


def compared(
    network: AlexNet, numbers: list[int], folder: Path | None, follow: Callable[[], Followed]
) -> tuple[Followed, list[StandInRecord]]:
    """What ``follow`` gives with the learner's layers in the network, and how each compares.

    Raises:
        TutorError: there is no course, a lesson has no layer or is still to do, or a function gives
            nothing that could be handed on.
    """
    from alexnet_tutor.course import mine, workspace  # noqa: PLC0415

    course = workspace.find((folder or Path()).resolve())
    with mine.standing_in(network, mine.chosen(numbers, course), course) as stand_ins:
        return follow(), stand_ins


def for_walk(
    network: AlexNet, mine: str | None, folder: Path | None, follow: Callable[[], Pass]
) -> tuple[Pass, Mine | None]:
    """The pass to walk through, and how the learner's layers in it compare; ``None`` without ``mine``.

    Raises:
        TutorError: as :func:`compared`, or ``mine`` is no list of lessons.
    """
    numbers = options.lesson_numbers(mine, "--mine")
    if not numbers:
        return follow(), None
    followed, stand_ins = compared(network, numbers, folder, follow)
    kits = {one.last: _kits(followed, one.layers) for one in stand_ins}
    return followed, Mine(tuple(stand_ins), kits, follow().record.top)


def flags(mine: str | None, folder: Path | None) -> list[str]:
    """The options that put these layers in again, for the next command."""
    given = {"--mine": mine, "--dir": folder if mine else None}
    return [word for flag, value in given.items() if value for word in (flag, str(value))]


def _kits(followed: Pass, layers: Sequence[str]) -> NDArray[np.float32]:
    """What the kit's layers in a row give on the input that the learner's had: (C, H, W) or (features,)."""
    import torch

    from alexnet_tutor.course import mine  # noqa: PLC0415
    from alexnet_tutor.layers.modes import evaluating  # noqa: PLC0415

    before = followed.values(followed.layers[followed.layers.index(layers[0]) - 1])
    modules = [followed.module(layer) for layer in layers]
    with torch.no_grad(), evaluating(followed.network):
        out = mine.kits(modules, torch.from_numpy(before)[None])
    given: NDArray[np.float32] = out[0].numpy()
    return given


def for_training(
    mine: str | None, folder: Path | None, resumed: Path | None, report: Callable[..., None]
) -> StandIns:
    """What ``tutor train`` puts into its network; nothing of the course is loaded where that is nothing.

    Args:
        mine: the lessons asked for; a resumed run brings its own.
        folder: the course; by default where the run found it, else around where one is.
        resumed: the run to go on with.
        report: told how far the checks have come.

    Raises:
        TutorError: ``mine`` is no list of lessons, there is no such run, or no course.
    """
    from alexnet_tutor.training.run import read_run  # noqa: PLC0415
    from alexnet_tutor.training.stand_ins import KITS, StandIns  # noqa: PLC0415

    lessons = tuple(sorted(set(options.lesson_numbers(mine, "--mine"))))
    recorded = read_run(resumed) if resumed else None
    if recorded and mine is None:
        lessons = recorded.lessons
    if not lessons:
        return KITS
    from alexnet_tutor.course import inside, workspace  # noqa: PLC0415
    from alexnet_tutor.course.workspace import Workspace  # noqa: PLC0415

    if recorded and recorded.course and not folder:
        course = Workspace(recorded.course)
    else:
        course = workspace.find((folder or Path()).resolve())
    return StandIns(lessons, course.root, partial(inside.proved, lessons, course, report))
