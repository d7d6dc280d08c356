"""What comes between: a question before a layer opens, a note the first time, a lesson to read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import numpy as np
import pytest
from passes import followed
from show.walk import test_walk_app
from show.walk.test_walk_app import text
from thorough import only

from alexnet_tutor.cli.walk_pass import Followed
from alexnet_tutor.course import lessons
from alexnet_tutor.records import Question
from alexnet_tutor.show.walk import keys
from alexnet_tutor.show.walk.app import WalkApp
from alexnet_tutor.show.walk.guide import Guide
from alexnet_tutor.show.walk.maps import Look
from alexnet_tutor.show.walk.notes import NAMES, NOTES
from alexnet_tutor.show.walk.quiz import question

NOTE = {note.name: " ".join(note.text.split()) for note in NOTES}


def walk(
    steps: Callable[[WalkApp, object], Awaitable[None]],
    guide: Guide,
    start: str = "conv2:3,3,3",
    look: Look | None = None,
) -> WalkApp:
    return test_walk_app.walk(steps, start, look=look, guide=guide)


def told(app: WalkApp) -> str:
    """The screen's words, however they are broken into lines."""
    return " ".join(text(app).split())


def of(app: WalkApp, layer: str) -> tuple[Question, int]:
    """The layer's question, and the number of its right answer."""
    found = question(app.stand.walked, layer)
    assert found is not None
    return found, 1 + [option.correct for option in found.options].index(True)


def test_before_a_layer_opens_one_question_is_asked_and_its_answers_are_explained() -> None:
    async def steps(app, pilot):
        asked, right = of(app, "conv2")
        assert f"Before conv2 opens, predict: {asked.id}" in text(app)
        assert " ".join(asked.prompt.split()) in told(app)
        assert "by hand" not in text(app)
        await pilot.press(str(right))
        assert "That is it." in text(app)
        for option in asked.options:
            assert " ".join(option.why.split()) in told(app)
        assert f"({asked.id} 1 of 1)" in told(app)
        await pilot.press("left")
        assert "by hand" in text(app)
        assert str(app.stand.place) == "conv2:3,3,3"  # the key that opens it does nothing else
        await pilot.press("n")
        asked, right = of(app, "relu2")
        wrong = right % len(asked.options) + 1
        await pilot.press(*["down"] * (wrong - 1), "enter")
        assert "It is another one." in text(app)
        await pilot.press("enter")
        assert app.stand.place.layer == "relu2"
        await pilot.press("p")
        assert "by hand" in text(app)  # asked once
        await pilot.press("1", "s", "2", "escape", "0", "escape")
        assert "by hand" in text(app)

    guide = Guide(quiz=True)
    app = walk(steps, guide)
    line = app.guide.score.line()
    assert line.startswith("Predicted: 1 of 2 right (")
    assert line.endswith("; 2 skipped.")
    assert sum(guide.score.answered.values()) == 2


def test_a_click_answers_and_the_strongest_path_waits_for_the_answer() -> None:
    async def steps(app, pilot):
        _, right = of(app, "conv2")
        (spot,) = [one for one in app.drawn.spots if one.does == f"pick {right - 1}"]
        await pilot.click(offset=(spot.first + 3, spot.line))
        assert "That is it." in text(app)
        await pilot.click(offset=(3, 20))
        assert "by hand" in text(app)
        await pilot.press("t")
        for _ in range(5):
            await pilot.pause(0.005)
        assert app.stand.place.layer == "pool1"
        assert "Before pool1 opens" in text(app)
        await pilot.press("question_mark")
        assert "All keys" in text(app)
        await pilot.press("escape")
        assert "Before pool1 opens" in text(app)
        for key in ("m", "k", "w", "h", "t"):  # no page shows what is asked
            await pilot.press("question_mark", key, "escape")
            assert "Before pool1 opens" in text(app)
            assert app.page is None
        await pilot.press("q")

    assert walk(steps, Guide(quiz=True)).return_value is not None


def test_six_notes_come_each_at_its_moment_and_once() -> None:
    assert len(NOTES) == len(NAMES) == 6

    async def steps(app, pilot):
        assert NOTE["panes"] in told(app)
        await pilot.press("right")  # ends the note and moves all the same
        assert str(app.stand.place) == "conv2:3,3,4"
        assert NOTE["panes"] not in told(app)
        assert NOTE["moved"] in told(app)
        await pilot.press("j")
        assert app.stand.marked == 1
        assert all(words not in told(app) for words in NOTE.values())
        await pilot.press("enter")
        assert app.stand.place.layer == "pool1"
        assert NOTE["back"] in told(app)
        await pilot.press("backspace", "up", "up")
        assert app.stand.record.work.padded
        assert NOTE["padding"] in told(app)
        await pilot.press("6")
        assert NOTE["row"] in told(app)
        await pilot.press("9")
        assert NOTE["softmax"] in told(app)
        await pilot.press("left", "enter", "2", "up", "6", "9")
        assert all(words not in told(app) for words in NOTE.values())

    guide = Guide(set())
    walk(steps, guide, "conv2:3,3,3")
    assert guide.shown == ["panes", "moved", "back", "padding", "row", "softmax"]


def test_a_note_does_not_cover_what_a_key_has_to_say() -> None:
    async def steps(app, pilot):
        await pilot.press("9", "n")
        assert "This is the last layer." in text(app)

    guide = Guide(NAMES - {"softmax"})
    walk(steps, guide)
    assert guide.shown == ["softmax"]


def test_an_answer_s_enter_is_no_step_back() -> None:
    async def steps(app, pilot):
        await pilot.press("s", "p", "enter", "enter")
        assert app.stand.place.layer == "pool1"
        assert "by hand" in text(app)

    guide = Guide(NAMES - {"back"}, quiz=True)
    walk(steps, guide)
    assert guide.shown == []


def test_l_opens_the_lesson_of_the_layer_without_its_questions() -> None:
    async def steps(app, pilot):
        await pilot.press("l")
        assert "The lesson of conv2" in text(app)
        assert "Lesson 6" in text(app)
        assert "Predict:" not in "\n".join(app.page.lines)
        assert app.page.lines[-1] == "Next: tutor lesson 6"
        assert max(map(len, app.page.lines)) <= 80
        await pilot.press("l", "left", "enter", "9")
        assert "by hand" in text(app)

    guide = Guide()  # neither asks nor notes
    walk(steps, guide)
    assert guide.shown == []
    assert guide.score.line() == ""


def test_every_layer_of_the_network_has_a_lesson_and_another_is_told_there_is_none() -> None:
    whole = Followed(followed("fashion"))
    numbers = {stop.name: lessons.of_layer(stop.name) for stop in whole.stops}
    assert {name: one and one.number for name, one in numbers.items()} == {
        "input": 1, "conv1": 2, "relu1": 3, "lrn1": 4, "pool1": 5, "conv2": 6, "relu2": 3,
        "lrn2": 4, "pool2": 5, "conv3": 7, "relu3": 3, "conv4": 7, "relu4": 3, "conv5": 7,
        "relu5": 3, "pool5": 5, "flatten": 8, "fc6": 8, "relu6": 3, "drop6": 9, "fc7": 8,
        "relu7": 3, "drop7": 9, "fc8": 8, "softmax": 10,
    }  # fmt: skip
    assert whole.lesson("features.0", 80) == "No lesson is about features.0."


@pytest.mark.parametrize(
    "presses", [pytest.param(8, marks=only), pytest.param(200, marks=pytest.mark.stress)]
)
def test_random_keys_with_questions_and_notes_end_in_no_exception(presses: int) -> None:
    rng = np.random.default_rng(7)
    words = [
        name for key in keys.KEYS for name in key.does if key.does[name] not in ("quit", "save")
    ]

    async def steps(app, pilot):
        for name in ["n", "3", *rng.choice(words, size=presses)]:
            await pilot.press(str(name))
            lines = text(app).splitlines()
            assert len(lines) == 24
            assert all(len(line) == 80 for line in lines)
            assert text(app).isascii()

    walk(steps, Guide(set(), quiz=True), look=Look(False, True))
