"""Lesson 7 as far as its functions are of integers: for them the process apart loads no torch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from alexnet_tutor.course import lessons, workspace

WHOLE = lessons.lesson(7)
LESSON = replace(WHOLE, exercises=WHOLE.exercises[:3])


def _without_tensors(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    kept = text[: text.index("def middle_layers")].splitlines(keepends=True)
    return "".join(line for line in kept if "torch" not in line).rstrip() + "\n"


DONE = _without_tensors(workspace.solution(WHOLE))
STUB = _without_tensors(workspace.stub(WHOLE))
TODO = """

def middle_layers(x, weight3, bias3, weight4, bias4, weight5, bias5, groups):
    raise NotImplementedError("TODO: three layers, each on what the one before gave")
"""
