"""What a lesson is made of: exercises, the inputs they are tried on, the mistakes that are known.

A lesson is a package ``course/lessons/l04_lrn`` that defines ``LESSON``, and a folder
``lessons/04-lrn`` with what the learner gets. Adding one touches no code of the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.records import TraceRecord

Array = NDArray[np.float64]
Arguments = Mapping[str, Any]
Figure = Callable[[TraceRecord], Sequence[tuple[str, Array]]]  # (title, (H, W))


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One input.

    Attributes:
        arguments: by name. Arrays become tensors of ``dtype`` (integers stay integers); the oracle
            and the mistakes get them as float64, with the values that ``dtype`` can hold.
        strided: the tensors are views whose values do not lie side by side.
        gradient: arguments whose gradients are compared too; then ``dtype`` is float64.
    """

    arguments: Arguments
    dtype: str = "float32"
    strided: bool = False
    gradient: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.gradient:
            object.__setattr__(self, "dtype", "float64")
        rounded = {name: _rounded(value, self.dtype) for name, value in self.arguments.items()}
        object.__setattr__(self, "arguments", rounded)

    @property
    def size(self) -> int:
        """Values in all its arrays: the smallest wrong case is shown."""
        return sum(value.size for value in self.arguments.values() if isinstance(value, np.ndarray))


def _rounded(value: Any, dtype: str) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    return value if value.dtype.kind in "iub" else value.astype(dtype).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Mistake:
    """A way to get it wrong that people do take.

    Attributes:
        id: its name, unique in the lesson.
        said: what was done and why it is wrong, as a fact about the code.
        hints: three or more, from where to look to nearly all of it.
        wrong: the mistake itself, called like the oracle. Where several are
            ``functools.partial`` of one function with different keywords, two made together are
            recognised too.
    """

    id: str
    said: str
    hints: tuple[str, ...]
    wrong: Callable[..., Any]


@dataclass(frozen=True, slots=True, eq=False)
class Exercise:
    """A function that the learner writes.

    Attributes:
        name: of the function, and of its arguments in every case.
        task: one line.
        oracle: the right answer in NumPy float64, one value at a time, independent of torch.
        cases: seed → the inputs. Scaled so that mistakes show.
        mistakes: the known ones.
        hints: the ladder where the mistake is not known.
        arithmetic: (arguments, index) → how the right value there comes about, a line each.
        why_shape: arguments → why the output has its shape, one sentence in the lesson's words.
        rows: the axis that runs down a printed grid.
        columns: the axis that runs across it.
        tolerance: largest difference that is right, in shares of the largest right value of a case.
    """

    name: str
    task: str
    oracle: Callable[..., Any]
    cases: Callable[[int], Iterable[Case]]
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, ...]
    arithmetic: Callable[[Arguments, tuple[int, ...]], Sequence[str]]
    why_shape: Callable[[Arguments], str] = field(default=lambda _: "")
    rows: int = -2
    columns: int = -1
    tolerance: float = 2e-5


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """Which layers of the network an exercise can compute in the kit's place.

    Attributes:
        exercise: the function.
        layers: their names; a network may lack some.
        arguments: (the kit's layer, its input (N, C, H, W) or (N, F)) → the arguments by name, or
            ``None`` where the function cannot compute this: then the kit's layer does. For layers in
            a row it gets the list of them, and the input of the first.
        in_a_row: one call computes all of ``layers``, which follow one another. A network that lacks
            one of them keeps the kit's.
    """

    exercise: str
    layers: tuple[str, ...]
    arguments: Callable[[Any, Any], Arguments | None]
    in_a_row: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """What a call computes: each layer by its name, or ``conv3 to relu5``."""
        return (f"{self.layers[0]} to {self.layers[-1]}",) if self.in_a_row else self.layers


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """A lesson's exercises. Its prose is ``lesson.md``.

    Attributes:
        number: its place in the course, from 1.
        name: one word; the folder is ``04-lrn``.
        without: functions that the exercises may not call, ``torch.conv2d``.
        figures: by the name that ``lesson.md`` gives them; each takes the trace of the learner's
            own picture and gives maps with titles.
        stands: for ``--mine``; empty where the lesson computes no layer.
        layers: of the network that it is about besides those that its stands compute.
    """

    number: int
    name: str
    title: str
    exercises: tuple[Exercise, ...]
    without: tuple[str, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    stands: tuple[Stand, ...] = ()
    layers: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """``04-lrn``."""
        return f"{self.number:02}-{self.name}"

    @property
    def teaches(self) -> tuple[str, ...]:
        """The layers of the network that it is about."""
        return (*self.layers, *(layer for stand in self.stands for layer in stand.layers))

    def exercise(self, name: str) -> Exercise:
        """The exercise of this name, which there must be."""
        return next(exercise for exercise in self.exercises if exercise.name == name)


def difference_quotients(
    oracle: Callable[..., Any], arguments: Arguments, name: str, upstream: Array
) -> Array:
    """∂(Σ upstream · oracle) / ∂argument, by central differences: the argument's shape."""
    value: Array = arguments[name]
    found = np.empty_like(value)
    step = 1e-5 * max(1.0, float(np.abs(value).max()))
    for index in np.ndindex(value.shape):
        sides = []
        for sign in (1, -1):
            moved = value.copy()
            moved[index] += sign * step
            sides.append(float((oracle(**{**arguments, name: moved}) * upstream).sum()))
        found[index] = (sides[0] - sides[1]) / (2 * step)
    return found
