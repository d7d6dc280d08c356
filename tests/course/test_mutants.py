"""A solution with one small change is no solution: how many of the changes the exercises notice."""

from __future__ import annotations

import signal

import pytest
from course.mutation import caught, mutants
from thorough import cases

from alexnet_tutor.course import workspace
from alexnet_tutor.course.lessons import all_lessons

LESSONS = {lesson.folder: lesson for lesson in all_lessons()}

# The changes that are not noticed, and why.
_LOW_HIGH = "sum_of_squares: low, high = (max(0, i - n // 2), min(channels - 1, i + n // 2))"
_PADDED = "conv2d: padded = x.new_zeros(batch, channels, height + 2 * padding, width + 2 * padding)"
SURVIVORS: dict[str, dict[str, str]] = {
    "01-pixels/solution": {
        f"_rows: places = places.clamp(0, before - 1) → places = places.clamp(0, before {end})": (
            "the row below is clamped too: past the last row both are the last"
        )
        for end in ("- 0", "+ 1")
    },
    "02-conv1/solution": {
        f"{_PADDED} → padded = x.new_zeros(batch, channels, {sizes})": (
            "more zeros after the last window, which no window reads"
        )
        for sizes in (
            "height + 3 * padding, width + 2 * padding",
            "height + 2 * padding, width + 3 * padding",
        )
    },
    "04-lrn/solution": {
        f"{_LOW_HIGH} → low, high = (max(0, i - n // 2), min(channels {end}, i + n // 2))": (
            "a slice ends at the last map anyway"
        )
        for end in ("- 0", "+ 1")
    },
    "04-lrn/alternative": {
        "relu_lrn: answered = torch.where(z > 0, z, torch.zeros_like(z)) → "
        "answered = torch.where(z >= 0, z, torch.zeros_like(z))": "at 0 both branches are 0",
    },
    "06-conv2/alternative": {
        "grouped_conv: parts = (tensor.chunk(groups, dim) for tensor, dim in "
        "((padded(x, padding), 1), (weight, 0), (bias, 0))) → "
        "parts = (tensor.chunk(groups, dim) for tensor, dim in "
        "((padded(x, padding), 1), (weight, 0), (bias, -1)))": "a bias has one axis",
    },
    "09-dropout/alternative": {
        "dropout_backward: x = torch.zeros_like(upstream, requires_grad=True) → "
        "x = torch.ones_like(upstream, requires_grad=True)": "the gradient is the same at every x",
    },
    "10-softmax/solution": {
        "cross_entropy: return ((largest - own)[:, 0] + torch.log(sums)).mean() → "
        "return ((largest - own)[:, -1] + torch.log(sums)).mean()": "the first column is the last",
    },
    "12-sgd/solution": {
        "onecycle_rate: step <= peak → step < peak": "both lines pass through the peak",
    },
    "12-sgd/alternative": {
        f"torch_steps: before = [rates[0], *rates[:-1]] → before = [rates[{at}], *rates[:-1]]": (
            "before the first step nothing has moved, and 0 times any share is 0"
        )
        for at in ("1", "-1")
    }
    | {
        "onecycle_rate: down = highest * left + last * (1 - left) → "
        "down = highest * left + last * (1 + left)": (
            "not quite: the rate differs by less than 1e-5 of itself"
        ),
    },
}


def test_a_change_is_made_wherever_one_can_be() -> None:
    source = (
        'def f(a, n=3):\n    """Text 1."""\n    return max(a[n:-1], a * 2) if n < 4 else a + 1\n'
    )
    changes = {mutant.change.partition("→ return ")[2] for mutant in mutants(source)}
    assert changes == {
        "min(a[n:-1], a * 2) if n < 4 else a + 1",
        "max(a[n + 1:-1], a * 2) if n < 4 else a + 1",
        "max(a[n:-1 + 1], a * 2) if n < 4 else a + 1",
        "max(a[n:+1], a * 2) if n < 4 else a + 1",
        "max(a[n:-2], a * 2) if n < 4 else a + 1",
        "max(a[n:-0], a * 2) if n < 4 else a + 1",
        "max(a[n:-1], a / 2) if n < 4 else a + 1",
        "max(a[n:-1], a * 3) if n < 4 else a + 1",
        "max(a[n:-1], a * 1) if n < 4 else a + 1",
        "max(a[n:-1], a * 2) if n <= 4 else a + 1",
        "max(a[n:-1], a * 2) if n < 5 else a + 1",
        "max(a[n:-1], a * 2) if n < 3 else a + 1",
        "max(a[n:-1], a * 2) if n < 4 else a - 1",
        "max(a[n:-1], a * 2) if n < 4 else a + 2",
        "max(a[n:-1], a * 2) if n < 4 else a + 0",
        "a + 1 if n < 4 else max(a[n:-1], a * 2)",
    }


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs an alarm to end endless loops")
@pytest.mark.parametrize("which", cases([workspace.solution, workspace.alternative]))
@pytest.mark.parametrize("folder", cases(list(LESSONS), 6))
def test_changes_are_noticed(folder: str, which) -> None:
    """All but those listed above, which are solutions too."""
    lesson = LESSONS[folder]
    source = which(lesson).read_text(encoding="utf-8")
    left = {mutant.change for mutant in mutants(source) if not caught(lesson, mutant)}
    assert left == set(SURVIVORS.get(f"{lesson.folder}/{which.__name__}", {}))
