"""The lessons: one package each, ``l04_lrn``, found by its name."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from alexnet_tutor.course.exercise import Lesson
from alexnet_tutor.errors import TutorError


@cache
def numbers() -> dict[int, str]:
    """Lesson number → its package's name, in order. Imports none of them."""
    names = [found.name for found in pkgutil.iter_modules(__path__) if found.ispkg]
    return {int(name[1:3]): name for name in sorted(names)}


def lesson(number: int) -> Lesson:
    """The lesson of this number.

    Raises:
        TutorError: there is none.
    """
    if number not in numbers():
        there = ", ".join(map(str, numbers()))
        raise TutorError(f"There is no lesson {number}.", f"The lessons are: {there}.")
    found: Lesson = import_module(f"{__name__}.{numbers()[number]}").LESSON
    return found


def all_lessons() -> list[Lesson]:
    """Every lesson, in order."""
    return [lesson(number) for number in numbers()]


def of_layer(name: str) -> Lesson | None:
    """The lesson about a layer of the network, ``conv2``; ``None`` where there is none."""
    return next((one for one in all_lessons() if name in one.teaches), None)
