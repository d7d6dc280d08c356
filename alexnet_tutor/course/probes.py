"""An exercise's inputs for one seed, with the right outputs and those of every known mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from itertools import combinations
from typing import Any

import numpy as np

from alexnet_tutor.course.calls import Call
from alexnet_tutor.course.exercise import Array, Case, Exercise, Mistake, difference_quotients
from alexnet_tutor.randomness import seed_of

Outputs = list[Array | None]  # per case; None where there is none


class Probes:
    """The cases of an exercise, smallest first.

    Attributes:
        expected: the right output of each.
        scales: its largest absolute value, the unit of every distance.
    """

    def __init__(self, exercise: Exercise, seed: int = 0) -> None:
        self.exercise, self.seed = exercise, seed
        self.cases = sorted(exercise.cases(seed), key=lambda case: case.size)
        self.expected = [array(exercise.oracle(**case.arguments)) for case in self.cases]
        self.scales = [float(np.abs(right).max(initial=0)) or 1.0 for right in self.expected]

    def calls(self) -> list[Call]:
        """The same for the learner's function."""
        return [
            Call(
                self.exercise.name, case.arguments, case.dtype, case.strided, case.gradient,
                self.upstream(number) if case.gradient else None,
            )
            for number, case in enumerate(self.cases)
        ]  # fmt: skip

    def upstream(self, number: int) -> Array:
        """A ∂L/∂output for the case of this number."""
        rng = np.random.default_rng(seed_of(self.seed, "upstream", number))
        return rng.standard_normal(self.expected[number].shape)

    def gradient(self, number: int, name: str) -> Array:
        """The right ∂L/∂argument."""
        case = self.cases[number]
        return difference_quotients(
            self.exercise.oracle, case.arguments, name, self.upstream(number)
        )

    def distance(self, one: Sequence[Array | None], other: Sequence[Array | None]) -> float:
        """Largest difference over all cases, in shares of the largest right value of the case.

        Infinite where a shape differs, or where only one has a NaN or an infinity.
        """
        return max(self._differences(one, other))

    def near(self, one: Sequence[Array | None], other: Sequence[Array | None], most: float) -> bool:
        """Whether the distance is below ``most``; looks no further than the first case where not."""
        return all(difference < most for difference in self._differences(one, other))

    def _differences(
        self, one: Sequence[Array | None], other: Sequence[Array | None]
    ) -> Iterator[float]:
        for a, b, scale in zip(one, other, self.scales, strict=True):
            yield _difference(a, b) / scale

    @cached_property
    def mistaken(self) -> dict[tuple[str, ...], Outputs]:
        """The outputs of every mistake, by its id."""
        return {(mistake.id,): self.outputs(mistake.wrong) for mistake in self.exercise.mistakes}

    @cached_property
    def mistaken_twice(self) -> dict[tuple[str, ...], Outputs]:
        """The outputs of every two mistakes made together, where that has a meaning."""
        found: dict[tuple[str, ...], Outputs] = {}
        for one, other in combinations(self.exercise.mistakes, 2):
            both = _together(one, other)
            if both is not None:
                found[one.id, other.id] = self.outputs(both)
        return found

    def outputs(self, function: Callable[..., Any]) -> Outputs:
        """What ``function`` gives for every case; ``None`` where it raises an error."""
        return [_output(function, case) for case in self.cases]


def array(value: Any) -> Array:
    """A number, a tuple of numbers or an array as float64."""
    return np.asarray(value, dtype=np.float64)


def _output(function: Callable[..., Any], case: Case) -> Array | None:
    with np.errstate(all="ignore"):
        try:
            return array(function(**case.arguments))
        except (ValueError, IndexError, ArithmeticError):
            return None


def _together(one: Mistake, other: Mistake) -> Callable[..., Any] | None:
    if not (isinstance(one.wrong, partial) and isinstance(other.wrong, partial)):
        return None
    first, second = one.wrong.keywords, other.wrong.keywords
    if one.wrong.func is not other.wrong.func or set(first) & set(second):
        return None
    return partial(one.wrong.func, **first, **second)


def _difference(one: Array | None, other: Array | None) -> float:
    if one is None or other is None or one.shape != other.shape:
        return float("inf")
    finite = np.isfinite(one)
    if (finite != np.isfinite(other)).any():
        return float("inf")
    if not np.array_equal(one[~finite], other[~finite], equal_nan=True):
        return float("inf")
    return float(np.abs(one[finite] - other[finite]).max(initial=0))
