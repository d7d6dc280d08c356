"""A learner's functions in this very process, in the place of the kit's layers, so that they can learn.

Autograd does not reach into a process apart (``mine.py``). So here a file is loaded as any module is,
with all that its code may do: on the learner's own machine, and after the check apart has found the
functions done.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_tutor.course import calling, mine, testing, troubles
from alexnet_tutor.course.exercise import Lesson, Stand
from alexnet_tutor.course.workspace import Workspace
from alexnet_tutor.errors import ExitCode, TutorError

Report = Callable[[str, int, int], None]  # (what, done, total)
Function = Callable[..., Any]


@dataclass(frozen=True, slots=True, eq=False)
class StandIn:
    """A function of the learner's file and the layers it computes."""

    lesson: Lesson
    stand: Stand
    file: Path
    function: Function

    def enter(self, network: nn.Module) -> None:
        """Let the function compute its layers of ``network``, forwards and through autograd."""
        there = [name for name in self.stand.layers if hasattr(network, name)]
        layers = [network.get_submodule(name) for name in there]
        if not self.stand.in_a_row:
            for name, layer in zip(there, layers, strict=True):
                layer.forward = partial(self._forward, name, [layer])
        elif len(there) == len(self.stand.layers):
            for layer in layers[:-1]:
                layer.forward = _handed_on
            layers[-1].forward = partial(self._forward, self.stand.places[0], layers)

    def _forward(self, place: str, layers: list[nn.Module], x: Tensor) -> Tensor:
        """What the layers give, in their type, computed in float32.

        Under autocast x is bfloat16 and the weights are not. An exercise promises float32; and to
        bfloat16, whose numbers near 2 lie 1/64 apart, LRN's 2 + α · Σ is 2 for every Σ below 78.
        """
        kind = x.device.type
        mixed = torch.is_autocast_enabled(kind)
        wanted = torch.get_autocast_dtype(kind) if mixed else x.dtype
        with torch.autocast(kind, enabled=False):
            of = layers if self.stand.in_a_row else layers[0]
            given = self.stand.arguments(of, x.float() if mixed else x)
            if given is not None:
                return self._value(place, given).to(wanted)
        return mine.kits(layers, x)

    def _value(self, name: str, given: Any) -> Tensor:
        try:
            value = self.function(**given)
        except Exception as error:  # whatever the learner's code raises
            trouble = troubles.of_call(self.file, calling.failure(error, str(self.file)))
            said = trouble.said + (f", line {trouble.line}" if trouble.line else "")
            raise self._refused(name, said) from error
        if not isinstance(value, Tensor):
            raise self._refused(name, f"gives {type(value).__name__}, not a tensor")
        return value

    def _refused(self, name: str, said: str) -> TutorError:
        return TutorError(
            f"Your {self.stand.exercise} in {name} {said}.",
            f"Look closer: tutor check {self.lesson.number}",
            ExitCode.FAILED,
        )


def proved(
    numbers: Sequence[int], course: Workspace, report: Report | None = None
) -> Callable[[nn.Module], None]:
    """Check the functions of these lessons apart, then load them here.

    Args:
        numbers: of lessons that compute layers.
        course: where the learner's files lie.
        report: told how many lessons are checked.

    Returns:
        What puts the functions into a network.

    Raises:
        TutorError: a file is gone, or a function that computes a layer is still to do or wrong.
    """
    taken = mine.chosen(numbers, course)
    for done, lesson in enumerate(taken):
        if report:
            report("checking", done, len(taken))
        _require_done(lesson, course.exercise(lesson))
    return partial(_enter_all, [one for lesson in taken for one in loaded(lesson, course)])


def loaded(lesson: Lesson, course: Workspace) -> list[StandIn]:
    """The functions of a lesson that compute layers, from the learner's file.

    Raises:
        TutorError: the file cannot be loaded (exit code 1).
    """
    file = course.exercise(lesson).resolve()
    module = _module(lesson, file)
    return [
        StandIn(lesson, stand, file, getattr(module, stand.exercise)) for stand in lesson.stands
    ]


def _enter_all(stand_ins: Sequence[StandIn], network: nn.Module) -> None:
    """Rows of layers last: lesson 7's row takes the place of lesson 3's ReLUs within it."""
    for one in sorted(stand_ins, key=lambda one: one.stand.in_a_row):
        one.enter(network)


def _handed_on(x: Tensor) -> Tensor:
    """Of a row of layers the last computes all."""
    return x


def _require_done(lesson: Lesson, file: Path) -> None:
    if not file.is_file():
        raise TutorError(f"There is no {file}.", "Put it back, or name your course: --dir DIR.")
    needed = [stand.exercise for stand in lesson.stands]
    for one in testing.checked(lesson.number, file).exercises:
        if one.name in needed and one.outcome != "done":
            said = one.trouble.said if one.trouble else "is still to do"
            raise TutorError(
                f"{one.name} of lesson {lesson.number} {said}.",
                f"Look closer: tutor check {lesson.number}",
                ExitCode.FAILED,
            )


def _module(lesson: Lesson, file: Path) -> ModuleType:
    """The file, run. Not by an import: that may take a .pyc of a moment ago, and leaves one."""
    module = ModuleType(f"exercise_{lesson.number:02}")
    module.__file__ = str(file)
    sys.modules[module.__name__] = module  # where dataclasses look
    sys.path.append(str(file.parent))  # as in the process apart
    try:
        exec(compile(file.read_bytes(), str(file), "exec"), module.__dict__)
    except (Exception, SystemExit) as error:
        trouble = troubles.of_loading(file, calling.failure(error, str(file)))
        raise TutorError(
            f"{file} {trouble.said}.", f"Look closer: tutor check {lesson.number}", ExitCode.FAILED
        ) from error
    finally:
        sys.path.remove(str(file.parent))
    return module
