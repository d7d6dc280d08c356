"""From a function's answers to what is to be said of it: the first thing wrong, smallest input first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from alexnet_tutor.course import troubles
from alexnet_tutor.course.calls import Answers
from alexnet_tutor.course.diagnose import diagnose
from alexnet_tutor.course.exercise import Array, Case
from alexnet_tutor.course.probes import Probes
from alexnet_tutor.records import Counterexample, ExerciseRecord, Trouble

_GRADIENT_TOLERANCE = 1e-4  # central differences are no better
_FEW = 16  # values of an argument that are written out


def judge(probes: Probes, answers: Answers, file: Path) -> ExerciseRecord:
    """What the function's answers to the probes amount to."""
    name, checks = probes.exercise.name, len(probes.cases)
    if answers.trouble is None and len(answers.replies) < checks:
        answers.trouble = Trouble("channel", "gives fewer answers than it was asked")
    if answers.trouble is not None:
        return ExerciseRecord(name, "wrong", answers.trouble, checks=0, printed=answers.printed)
    found = next(_wrongs(probes, answers.replies, file), None)
    if found is None:
        return ExerciseRecord(name, "done", checks=checks, printed=answers.printed)
    trouble, counterexample = found
    comparable = trouble.name in {"shape", "value", "type"}
    got = [_value(reply) for reply in answers.replies]
    return ExerciseRecord(
        name,
        "wrong",
        trouble,
        counterexample,
        diagnose(probes, got) if comparable else None,
        comparable,
        checks,
        answers.printed,
    )


Wrong = tuple[Trouble, Counterexample | None]


def _wrongs(probes: Probes, replies: list[dict[str, Any]], file: Path) -> Iterator[Wrong]:
    """What is wrong, most basic first: calls, shapes, values, then types and gradients."""
    numbered = list(enumerate(replies[: len(probes.cases)]))
    for number, reply in numbered:
        trouble = trouble_of(file, reply) or _kind(probes, number, reply)
        if trouble is not None:
            given = ", ".join(_given(probes, number))
            yield (
                Trouble(trouble.name, f"{trouble.said} ({given})", trouble.line, trouble.source),
                None,
            )
    for number, reply in numbered:
        if _value(reply).shape != probes.expected[number].shape:  # type: ignore[union-attr]
            yield _shape(probes, number, reply)
    for number, reply in numbered:
        wrong = _first_wrong(probes, number, reply)
        if wrong is not None:
            said = "gives another value than the formula"
            yield Trouble("value", said), _counterexample(probes, number, reply, wrong)
    for number, reply in numbered:
        trouble = _manners(probes, number, reply)
        if trouble is not None:
            yield trouble, None
    for number, reply in numbered:
        for name in probes.cases[number].gradient:
            trouble = _gradient(probes, number, name, reply)
            if trouble is not None:
                yield trouble, None


def trouble_of(file: Path, reply: Mapping[str, Any]) -> Trouble | None:
    """Why a call gave no value, or ``None`` where it gave one."""
    match reply:
        case {"kind": "error"}:
            return troubles.of_call(file, reply)
        case {"kind": "missing"}:
            return Trouble("missing", "is not in the file")
        case {"kind": "nothing"}:
            return Trouble("nothing", "returns nothing: is a return missing?")
        case {"kind": "other", "type": kind}:
            return Trouble("type", f"returns a {kind}")
        case {"kind": "value", "value": np.ndarray(), "type": str(), "dtype": str()}:
            return None
    return Trouble("channel", "writes where only its results should go")


def _value(reply: Mapping[str, Any]) -> Array | None:
    value = reply.get("value")
    return value.astype(np.float64) if isinstance(value, np.ndarray) else None


def _kind(probes: Probes, number: int, reply: Mapping[str, Any]) -> Trouble | None:
    if probes.expected[number].ndim > 1 and reply["type"] != "Tensor":
        return Trouble("type", f"returns a {reply['type']} where a tensor is wanted")
    return None


def _shape(probes: Probes, number: int, reply: Mapping[str, Any]) -> Wrong:
    case, right = probes.cases[number], probes.expected[number]
    got = _value(reply)
    assert got is not None
    why = probes.exercise.why_shape(case.arguments)
    said = f"gives the shape {got.shape}; expected {right.shape}{', because ' + why if why else ''}"
    shown = Counterexample(tuple(_given(probes, number)), right, got, None, None, None)
    return Trouble("shape", said), shown


def _first_wrong(probes: Probes, number: int, reply: Mapping[str, Any]) -> tuple[int, ...] | None:
    got, right = _value(reply), probes.expected[number]
    assert got is not None
    most = probes.exercise.tolerance * probes.scales[number]
    with np.errstate(all="ignore"):
        near = (np.abs(got - right) <= most) | (got == right) | (np.isnan(got) & np.isnan(right))
    wrong = np.argwhere(~near)
    return tuple(int(place) for place in wrong[0]) if len(wrong) else None


def _counterexample(
    probes: Probes, number: int, reply: Mapping[str, Any], index: tuple[int, ...]
) -> Counterexample:
    exercise, right = probes.exercise, probes.expected[number]
    got = _value(reply)
    assert got is not None
    grid = right.ndim >= 2
    return Counterexample(
        given=tuple(_given(probes, number)),
        expected=right,
        got=got,
        index=index,
        rows=exercise.rows % right.ndim if grid else None,
        columns=exercise.columns % right.ndim if right.ndim else None,
        arithmetic=tuple(exercise.arithmetic(probes.cases[number].arguments, index)),
    )


def _manners(probes: Probes, number: int, reply: Mapping[str, Any]) -> Trouble | None:
    """Right values, and yet: another type, another dtype, an argument changed."""
    case, right = probes.cases[number], probes.exercise.oracle
    wanted = right(**case.arguments) if probes.expected[number].ndim == 0 else None
    if isinstance(wanted, int) and reply["type"] != "int":
        return Trouble("type", f"returns a {reply['type']}; {wanted} is a whole number, an int")
    if reply["type"] == "Tensor" and reply["dtype"] != case.dtype:
        return Trouble("dtype", f"turns {case.dtype} into {reply['dtype']}")
    if reply.get("changed"):
        return Trouble("changed", f"changes its argument {reply['changed'][0]} in place")
    return None


def _gradient(probes: Probes, number: int, name: str, reply: Mapping[str, Any]) -> Trouble | None:
    gradients = reply.get("gradients")
    if not isinstance(gradients, dict) or not isinstance(gradients.get(name), np.ndarray):
        return Trouble("gradient", f"loses the gradient: {name} is cut off from the output")
    got, right = gradients[name], probes.gradient(number, name)
    scale = float(np.abs(right).max()) or 1.0
    wrong = np.argwhere(~(np.abs(got - right) <= _GRADIENT_TOLERANCE * scale))
    if not len(wrong):
        return None
    index = tuple(int(place) for place in wrong[0])
    told = f"expected {right[index]:.6g}, got {got[index]:.6g}"
    return Trouble("gradient", f"has another gradient: ∂L/∂{name} at {list(index)}: {told}")


def _given(probes: Probes, number: int) -> Iterator[str]:
    case = probes.cases[number]
    for name, value in case.arguments.items():
        yield f"{name} = {_written(value, case)}"


def _written(value: Any, case: Case) -> str:
    if not isinstance(value, np.ndarray):
        return f"{value:g}" if isinstance(value, float) else str(value)
    kind = case.dtype if value.dtype.kind == "f" else str(value.dtype)
    how = ", a view with gaps" if case.strided and value.ndim >= 2 else ""
    values = ""
    if value.size <= _FEW:
        values = f": {' '.join(f'{number:g}' for number in value.ravel())}"
    return f"tensor {value.shape}, {kind}{how}{values}"
