"""In the child: one call of a learner's function, from plain arguments to a plain answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

_NATIVE = {"float32", "float64", "int64", "int32", "bool"}


def answer(function: Callable[..., Any], call: Mapping[str, Any], file: str) -> dict[str, Any]:
    """What ``function`` gives for ``call``: a value, or the error it raised, with its line.

    Args:
        function: the learner's.
        call: ``arguments`` (arrays and plain values), ``dtype`` of arrays of reals, ``strided``,
            ``gradient`` (names of arguments), ``upstream`` (∂L/∂output for them).
        file: the exercise, for the line.
    """
    arguments = {name: _given(value, call) for name, value in call["arguments"].items()}
    before = {name: value.detach().clone() for name, value in arguments.items() if _tensor(value)}
    if call["gradient"]:
        for name in call["gradient"]:
            arguments[name].requires_grad_()
    try:
        value = function(**arguments)
        told = _told(value)
        if told["kind"] == "value" and call["gradient"]:
            told["gradients"] = _gradients(value, arguments, call)
    except BaseException as error:
        return failure(error, file)
    changed = [name for name, value in before.items() if not _same(arguments[name], value)]
    return {**told, "changed": changed}


def failure(error: BaseException, file: str) -> dict[str, Any]:
    """An error as a plain message: its kind, what it says, the last line of ``file`` it went through."""
    line, step = None, error.__traceback__
    while step is not None:
        line = step.tb_lineno if step.tb_frame.f_code.co_filename == file else line
        step = step.tb_next
    return {
        "kind": "error",
        "type": type(error).__name__,
        "memory": isinstance(error, MemoryError) or "can't allocate memory" in _text(error),
        "text": _text(error),
        "line": getattr(error, "lineno", None) if line is None else line,
    }


def _text(error: BaseException) -> str:
    try:
        return str(error)[:600]
    except Exception:  # the learner's own class of error may fail at this too
        return ""


def _given(value: Any, call: Mapping[str, Any]) -> Any:
    if not isinstance(value, np.ndarray):
        return value
    import torch

    tensor = torch.from_numpy(value)
    if tensor.is_floating_point():
        tensor = tensor.to(getattr(torch, call["dtype"]))
    if call["strided"] and tensor.ndim >= 2:  # every second element of a larger tensor
        wide = tensor.new_zeros(*tensor.shape[:-1], 2 * tensor.shape[-1])
        wide[..., ::2] = tensor
        tensor = wide[..., ::2]
    return tensor


def _tensor(value: Any) -> bool:
    torch: Any = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def _same(now: Any, before: Any) -> bool:
    same = now.shape == before.shape and now.dtype == before.dtype
    return bool(same and (now.isclose(before, rtol=0, atol=0, equal_nan=True)).all())


def _told(value: Any) -> dict[str, Any]:
    if value is None:
        return {"kind": "nothing"}
    if _tensor(value):
        name = str(value.dtype).removeprefix("torch.")
        plain = value.detach().cpu()
        array = (plain if name in _NATIVE else plain.double()).numpy()
        return {"kind": "value", "type": "Tensor", "dtype": name, "value": array}
    kind = type(value).__name__
    if isinstance(value, bool | int | float | np.number | tuple | list):
        try:
            array = np.asarray(value, dtype=np.float64)
        except (ValueError, TypeError, OverflowError):
            return {"kind": "other", "type": kind}
        return {"kind": "value", "type": kind, "dtype": kind, "value": array}
    return {"kind": "other", "type": kind}


def _gradients(
    value: Any, arguments: Mapping[str, Any], call: Mapping[str, Any]
) -> dict[str, Any] | None:
    """∂(Σ upstream · output) / ∂argument for each wanted argument; ``None`` without a graph."""
    import torch

    if not _tensor(value) or not value.requires_grad or call["upstream"].shape != value.shape:
        return None
    upstream = torch.from_numpy(call["upstream"]).to(value.dtype)
    wanted = [arguments[name] for name in call["gradient"]]
    found = torch.autograd.grad(value, wanted, upstream, allow_unused=True)
    return {
        name: np.zeros(tuple(argument.shape)) if grad is None else grad.double().numpy()
        for name, argument, grad in zip(call["gradient"], wanted, found, strict=True)
    }
