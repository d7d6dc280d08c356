"""Small changes made to a solution's source, one at a time: each should be noticed by the exercise."""

from __future__ import annotations

import ast
import copy
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alexnet_tutor.course import calling
from alexnet_tutor.course.calls import Answers
from alexnet_tutor.course.check import probes_of
from alexnet_tutor.course.exercise import Lesson
from alexnet_tutor.course.judge import judge

_SECONDS = 5
_LARGE = 1000  # a constant this large is changed by half of itself
_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.USub: ast.UAdd,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
_PAIRS = [
    ("min", "max"), ("minimum", "maximum"), ("amin", "amax"), ("floor", "ceil"), ("sum", "mean"),
    ("argmin", "argmax"), ("exp", "expm1"), ("log", "log1p"), ("sqrt", "square"), ("zeros", "ones"),
    ("zeros_like", "ones_like"), ("new_zeros", "new_ones"), ("triu", "tril"), ("tanh", "sin"),
]  # fmt: skip
_NAMES = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}


@dataclass(frozen=True)
class Mutant:
    """A solution with one change.

    Attributes:
        change: function and what was changed: ``lrn: a + b → a - b``.
        source: all of it, changed.
    """

    change: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every one: operators, comparisons, constants, ends of slices, names that have a counterpart."""
    tree = ast.parse(source)
    for number, node in enumerate(_nodes(tree)):
        for choice in range(len(_changes(node))):
            changed = copy.deepcopy(tree)
            twin = list(_nodes(changed))[number]
            shown = _shown(changed, twin)
            before = ast.unparse(shown)
            _changes(twin)[choice]()
            ast.fix_missing_locations(changed)
            function = next(one for one in changed.body if twin in set(ast.walk(one)))
            assert isinstance(function, ast.FunctionDef)
            change = f"{function.name}: {before} → {ast.unparse(shown)}"
            yield Mutant(change, ast.unparse(changed))


def caught(lesson: Lesson, mutant: Mutant) -> bool:
    """Whether an exercise of the lesson is no longer done with this code."""
    file = Path("mutant.py")
    module: dict[str, Any] = {}
    try:
        with _limited():
            exec(compile(mutant.source, str(file), "exec"), module)
    except Exception:
        return True
    return any(_wrong(lesson, exercise.name, module, file) for exercise in lesson.exercises)


def _wrong(lesson: Lesson, name: str, module: dict[str, Any], file: Path) -> bool:
    probes = probes_of(lesson.exercise(name), 0)
    replies = []
    for call in probes.calls():
        with _limited():
            replies.append(calling.answer(module[name], call.packed(), str(file)))
        if replies[-1]["kind"] != "value":
            return True
    return judge(probes, Answers(replies), file).outcome == "wrong"


@contextmanager
def _limited() -> Iterator[None]:
    """An error after some seconds: a change can make a loop endless."""

    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _nodes(tree: ast.Module) -> Iterator[ast.AST]:
    """What stands in the functions' bodies, docstrings and ``strict=`` left out, in a fixed order."""
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            body = function.body[1:] if ast.get_docstring(function) else function.body
            for statement in body:
                words = [one for one in ast.walk(statement) if isinstance(one, ast.keyword)]
                strict = {word.value for word in words if word.arg == "strict"}
                yield from (node for node in ast.walk(statement) if node not in strict)


def _shown(tree: ast.Module, node: ast.AST) -> ast.AST:
    """The smallest statement that ``node`` stands in, without what stands inside a loop or a branch."""
    holders = [
        one for one in ast.walk(tree) if isinstance(one, ast.stmt) and node in set(ast.walk(one))
    ]
    statement = holders[-1]
    for part in ("test", "iter"):
        inner = getattr(statement, part, None)
        if inner is not None and node in set(ast.walk(inner)):
            return inner  # type: ignore[no-any-return]
    return statement


def _changes(node: ast.AST) -> list[Callable[[], None]]:
    """Ways to change this node in place."""
    match node:
        case ast.BinOp(op=op) | ast.UnaryOp(op=op) | ast.BoolOp(op=op) if type(op) in _OPERATORS:
            return [_set(node, "op", _OPERATORS[type(op)]())]
        case ast.Compare(ops=[op]) if type(op) in _OPERATORS:
            return [_set(node, "ops", [_OPERATORS[type(op)]()])]
        case ast.Constant(value=bool(value)):
            return [_set(node, "value", not value)]
        case ast.Constant(value=int(value) | float(value)):
            step = 1 if abs(value) < _LARGE else value // 2
            return [_set(node, "value", value + step), _set(node, "value", value - step)]
        case ast.Name(id=name) if name in _NAMES:
            return [_set(node, "id", _NAMES[name])]
        case ast.Attribute(attr=name) if name in _NAMES:
            return [_set(node, "attr", _NAMES[name])]
        case ast.IfExp(body=body, orelse=other):
            return [_swap(node, body, other)]
        case ast.Slice():
            ends = [(part, getattr(node, part)) for part in ("lower", "upper")]
            return [
                _set(node, part, ast.BinOp(end, ast.Add(), ast.Constant(1)))
                for part, end in ends
                if end is not None and not isinstance(end, ast.Constant)
            ]
    return []


def _set(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, name, value)


def _swap(node: ast.IfExp, body: ast.expr, other: ast.expr) -> Callable[[], None]:
    def swap() -> None:
        node.body, node.orelse = other, body

    return swap
