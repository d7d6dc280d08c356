"""Reads lesson.md: Markdown in the MyST dialect, with directives for question, figure and run.

:::{question} axis            :::{figure} competition      :::{run}
Which values are summed?      What it shows.               tutor check 4
- [ ] A tempting answer.      :::                          :::
  Why it was tempting.
- [x] The correct one.
  Why it is so.
:::
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.records import (
    Block,
    FigurePlace,
    LessonText,
    Option,
    Prose,
    Question,
    Run,
)

_DIRECTIVE = re.compile(r"^:::\{(\w+)\}[ ]*(.*?)\n(.*?)^:::$\n?", re.MULTILINE | re.DOTALL)
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_FIELDS = ("title", "minutes", "after", "paper")


def read_lesson(file: Path) -> LessonText:
    """The page in ``file``.

    Raises:
        TutorError: there is none, or it is not written in the dialect.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise TutorError(f"{file} cannot be read.", "Is the course folder whole?") from error
    return parse(text, str(file))


def parse(text: str, name: str = "lesson.md") -> LessonText:
    """The page that ``text`` is. ``name`` stands in errors."""
    head = _HEAD.match(text)
    if head is None:
        raise _bad(name, "it does not begin with title, minutes, after and paper between ---")
    pairs = (line.partition(":") for line in head[1].splitlines())
    fields = {key.strip(): value.strip().strip('"') for key, _, value in pairs}
    missing = [key for key in _FIELDS if not fields.get(key)]
    if missing or not fields["minutes"].isdigit():
        raise _bad(name, f"its head lacks {', '.join(missing) or 'minutes as a number'}")
    return LessonText(
        fields["title"], int(fields["minutes"]), fields["after"], fields["paper"],
        tuple(_blocks(text[head.end() :], name)),
    )  # fmt: skip


def _blocks(text: str, name: str) -> Iterator[Block]:
    place = 0
    for found in _DIRECTIVE.finditer(text):
        yield from _prose(text[place : found.start()], name)
        yield _directive(found[1], found[2].strip(), found[3].strip("\n"), name)
        place = found.end()
    yield from _prose(text[place:], name)


def _prose(text: str, name: str) -> Iterator[Prose]:
    if ":::" in text:
        raise _bad(name, "a ::: has no other end")
    if text.strip():
        yield Prose(text.strip("\n"))


def _directive(kind: str, argument: str, body: str, name: str) -> Block:
    match kind:
        case "figure" if argument:
            return FigurePlace(argument, _joined(body))
        case "run" if body.strip():
            return Run(tuple(line.strip() for line in body.splitlines() if line.strip()))
        case "question" if argument:
            return _question(argument, body, name)
    raise _bad(name, f"there is no directive {kind!r} with the argument {argument!r}")


def _question(identity: str, body: str, name: str) -> Question:
    prompt, *parts = re.split(r"^- (?=\[[ x]\] )", body, flags=re.MULTILINE)
    options = []
    for part in parts:
        first, _, why = part.partition("\n")
        options.append(Option(first[4:].strip(), first[1] == "x", _joined(why)))
    if sum(option.correct for option in options) != 1 or len(options) < 2:
        raise _bad(name, f"the question {identity!r} has not exactly one correct answer of several")
    if not all(option.why for option in options):
        raise _bad(name, f"the question {identity!r} has an answer without a reason")
    return Question(identity, _joined(prompt), tuple(options))


def _joined(text: str) -> str:
    return " ".join(text.split())


def _bad(name: str, why: str) -> TutorError:
    return TutorError(f"{name} is no lesson: {why}.", "See course/reading.py.", ExitCode.FAILED)
