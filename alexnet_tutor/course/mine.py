"""A learner's functions in the place of the kit's layers, each called in a process apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from alexnet_tutor.course import lessons, workspace
from alexnet_tutor.course.apart import Child
from alexnet_tutor.course.calls import Answers, Call, Limits
from alexnet_tutor.course.check import untouched
from alexnet_tutor.course.exercise import Lesson, Stand
from alexnet_tutor.course.judge import trouble_of
from alexnet_tutor.course.workspace import Workspace
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.records import StandInRecord, Trouble

# A whole layer takes longer than an exercise's inputs, and fc6's weights alone have 151 MB.
LIMITS = Limits(silence=120, total=120, memory=6_000_000_000)


def chosen(numbers: Sequence[int], course: Workspace) -> list[Lesson]:
    """The lessons of these numbers, each of which can stand in and is not still to do.

    Raises:
        TutorError: one has no layer of the network, or is still to do.
    """
    found = [lessons.lesson(number) for number in dict.fromkeys(numbers)]
    for lesson in found:
        if not lesson.stands:
            able = ", ".join(str(one.number) for one in lessons.all_lessons() if one.stands)
            raise TutorError(
                f"Lesson {lesson.number}, {lesson.title}, computes no layer of the network.",
                f"--mine takes {able}.",
            )
        file, names = course.exercise(lesson), [stand.exercise for stand in lesson.stands]
        source = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
        stub = workspace.stub(lesson).read_text(encoding="utf-8")
        left = sorted(untouched(source, stub, names))
        if left:
            raise TutorError(
                f"{left[0]} of lesson {lesson.number} is still to do.",
                f"Begin with tutor lesson {lesson.number}.",
            )
    return found


@contextmanager
def standing_in(
    network: nn.Module, taken: Sequence[Lesson], course: Workspace
) -> Iterator[list[StandInRecord]]:
    """Within it the learner's functions compute their layers of ``network``; the list tells how well.

    Each is compared with the kit's layer on the same input, so that one wrong layer is not blamed on
    those after it. What the learner's layer gave goes on to the next.

    Args:
        network: the kit's AlexNet.
        taken: lessons that have layers.
        course: where the learner's files lie.

    Raises:
        TutorError: within it, when a function gives nothing that could be handed on.
    """
    found: list[StandInRecord] = []
    with ExitStack() as stack:
        for lesson in taken:
            child = Child(course.exercise(lesson), LIMITS, lesson.without, torch=True)
            server = stack.enter_context(child)
            for stand in lesson.stands:
                _Standing(lesson, stand, server, found).enter(network, stack)
        yield found


def kits(layers: Sequence[nn.Module], x: Tensor) -> Tensor:
    """What the kit's layers give one after another, whoever stands in for them."""
    for layer in layers:
        x = type(layer).forward(layer, x)
    return x


@dataclass(frozen=True, slots=True)
class _Standing:
    """One function of a file that a process apart has loaded."""

    lesson: Lesson
    stand: Stand
    child: Child
    found: list[StandInRecord]

    def enter(self, network: nn.Module, stack: ExitStack) -> None:
        """Compute its layers of ``network`` until ``stack`` is left."""
        there = [name for name in self.stand.layers if hasattr(network, name)]
        layers = [network.get_submodule(name) for name in there]
        if not self.stand.in_a_row:
            for name, own in zip(there, layers, strict=True):
                stack.callback(own.__dict__.pop, "forward")
                own.forward = partial(self._forward, name, [own])
        elif len(there) == len(self.stand.layers):
            self._enter_row(layers, stack)

    def _enter_row(self, layers: list[nn.Module], stack: ExitStack) -> None:
        """The layers run as they did, for a trace has a row for each; what leaves the last is replaced."""
        entered: list[Tensor] = []

        def note(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            entered[:] = inputs

        def instead(*_: object) -> Tensor:
            return self._forward(self.stand.places[0], layers, entered[0])

        stack.callback(layers[0].register_forward_pre_hook(note).remove)
        stack.callback(layers[-1].register_forward_hook(instead).remove)

    def _forward(self, place: str, layers: list[nn.Module], x: Tensor) -> Tensor:
        right = kits(layers, x)
        given = self.stand.arguments(layers if self.stand.in_a_row else layers[0], x)
        if given is None:
            return right
        arguments = {name: _plain(value) for name, value in given.items()}
        answers = {self.stand.exercise: Answers()}
        self.child.ask([Call(self.stand.exercise, arguments)], answers)
        got = self._value(answers[self.stand.exercise], place, right)
        self.found.append(self._compared(place, right.numpy(), got))
        return torch.from_numpy(got).to(right.dtype)

    def _value(self, answers: Answers, place: str, right: Tensor) -> np.ndarray[Any, Any]:
        """The array that was given.

        Raises:
            TutorError: none was, or one of another shape.
        """
        trouble = answers.trouble
        if trouble is None and answers.replies:
            trouble = trouble_of(self.child.file, answers.replies[0])
            value = answers.replies[0].get("value")
            if trouble is None and isinstance(value, np.ndarray):
                if value.shape == tuple(right.shape):
                    return value
                shapes = f"gives the shape {value.shape}, not {tuple(right.shape)}"
                trouble = Trouble("shape", shapes)
        said = trouble.said if trouble else "gives no answer"
        line = f", line {trouble.line}" if trouble and trouble.line else ""
        raise TutorError(
            f"Your {self.stand.exercise} in {place} {said}{line}.",
            f"Look closer: tutor check {self.lesson.number}",
            ExitCode.FAILED,
        )

    def _compared(
        self, place: str, right: np.ndarray[Any, Any], got: np.ndarray[Any, Any]
    ) -> StandInRecord:
        away = np.abs(got.astype(np.float64) - right)
        away[np.isnan(away)] = np.inf
        index = np.unravel_index(int(away.argmax()), away.shape)
        return StandInRecord(
            lesson=self.lesson.number,
            layer=place,
            layers=self.stand.layers if self.stand.in_a_row else (place,),
            exercise=self.stand.exercise,
            index=tuple(int(at) for at in index),
            yours=float(got[index]),
            kits=float(right[index]),
            difference=float(away[index]),
            largest=float(np.abs(right).max()),
        )


def _plain(value: Any) -> Any:
    return value.detach().cpu().numpy() if isinstance(value, Tensor) else value
