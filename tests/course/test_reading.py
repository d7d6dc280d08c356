"""A page in the dialect is read as it is written; what is not in it is refused with the reason."""

from __future__ import annotations

import pytest

from alexnet_tutor.course.reading import parse, read_lesson
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import FigurePlace, Option, Prose, Question, Run

HEAD = '---\ntitle: "A: b"\nminutes: 20\nafter: lesson 1\npaper: section 3.3\n---\n'
QUESTION = ":::{question} why\nWhich\none?\n- [ ] This.\n  It tempts.\n- [x] That.\n  It is so,\n  really.\n:::\n"


def test_a_page_is_its_blocks_in_order() -> None:
    page = parse(
        HEAD
        + "# T\n\nOne.\n\n"
        + QUESTION
        + ":::{run}\ntutor check 4\n\ntutor hint 4\n:::\nTwo.\n:::{figure} maps\nShown.\n:::\n"
    )
    assert (page.title, page.minutes, page.after) == ("A: b", 20, "lesson 1")
    assert page.blocks == (
        Prose("# T\n\nOne."),
        Question("why", "Which one?", (Option("This.", False, "It tempts."), Option("That.", True, "It is so, really."))),
        Run(("tutor check 4", "tutor hint 4")),
        Prose("Two."),
        FigurePlace("maps", "Shown."),
    )  # fmt: skip
    assert page.questions == (page.blocks[1],)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no head", "title"),
        (HEAD.replace("minutes: 20\n", ""), "minutes"),
        (HEAD.replace("20", "twenty"), "minutes"),
        (HEAD + ":::{dance}\nx\n:::\n", "dance"),
        (HEAD + ":::{run}\n:::\n", "run"),
        (HEAD + ":::{question} q\nWhich?\n- [x] a\n  b\n:::\n", "exactly one"),
        (HEAD + QUESTION.replace("[x]", "[ ]"), "exactly one"),
        (HEAD + QUESTION.replace("  It tempts.\n", ""), "reason"),
        (HEAD + "text\n:::{run}\nnever closed\n", "end"),
    ],
)
def test_what_is_no_page_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(TutorError, match=reason):
        parse(text)


def test_a_page_that_is_not_there_is_told(tmp_path) -> None:
    with pytest.raises(TutorError, match="cannot be read"):
        read_lesson(tmp_path / "lesson.md")
