"""Two pictures: Tab shows the same place in the other, and the title tells which is shown."""

from __future__ import annotations

import pytest
from passes import followed
from show.walk.test_walk_app import holds, place, text, value_shown, walk, walked

from alexnet_tutor.cli.walk_pass import Followed
from alexnet_tutor.records import Prediction
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.walk.maps import Look
from alexnet_tutor.show.walk.said import ALONE


def pair(name: str = "other.png", label: str = "Bag") -> tuple[Followed, Followed]:
    """Two passes, of two networks of other random weights: what differs is what differs of two pictures."""
    one, other = Followed(followed("fashion")), Followed(followed("fashion", seed=1))
    one.trained = other.trained = True
    other.picture, other.top = name, (Prediction(label, 0.625),)
    return one, other


def test_tab_shows_the_same_place_in_the_other_picture() -> None:
    async def steps(app, pilot):
        await pilot.press("left", "j", "tab")
        at = place("conv2:3,3,2")
        assert app.stand.place == at
        assert app.stand.marked == 0
        assert value_shown(app) == number(followed("fashion", seed=1).value(at))
        first = text(app).splitlines()[0]
        assert first.index(" chance.png: ") < first.index(">other.png: Bag 62.5%")
        await pilot.press("right", "tab")
        assert app.stand.place == place("conv2:3,3,3")
        holds(app)
        first = text(app).splitlines()[0]
        assert first.index(">chance.png: ") < first.index(" other.png: Bag 62.5%")

    one, other = pair()
    walk(steps, size=(120, 40), what=one, others=[other])


@pytest.mark.parametrize("look", [Look(), Look(colour=False, ascii_only=True)])
def test_where_both_have_no_room_the_title_names_the_one_that_is_shown(look: Look) -> None:
    async def steps(app, pilot):
        for which in ("1/2 chance.png: ", "2/2 a very long na", "1/2 chance.png: "):
            line = text(app).splitlines()[0]
            assert line.startswith(which)
            assert (": Ankle" in line) == which.startswith("2")
            assert line.endswith(" conv2:3,3,3")
            await pilot.press("tab")

    one, other = pair("a very long name of a picture.png", "Ankle boot" * 4)
    walk(steps, look=look, what=one, others=[other])


def test_one_picture_alone_says_so() -> None:
    async def steps(app, pilot):
        before = text(app).splitlines()[0]
        await pilot.press("tab")
        assert ALONE in text(app)
        assert text(app).splitlines()[0] == before

    walk(steps, what=walked())
