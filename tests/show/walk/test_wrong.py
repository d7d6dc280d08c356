"""``w``: the map under the cursor beside what known mistakes make of it."""

from __future__ import annotations

import re

import numpy as np
from passes import followed
from show.walk.test_walk_app import holds, text, walk

from alexnet_tutor.cli.walk_pass import Followed
from alexnet_tutor.records import Mistaken, Place
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.walk.maps import Look
from alexnet_tutor.show.walk.wrong import NONE_SHOWS, WORKING

KINDS = ("conv2", "relu2", "lrn2", "pool2", "flatten", "fc6", "drop6", "fc8", "softmax")


class Known(Followed):
    """Upside down, all zeros, and of another shape."""

    def mistakes(self, at: Place, /) -> tuple[Mistaken, ...]:
        right = self.map(at.layer, at.index[0] if len(at.index) == 3 else 0)
        whole = (1, *followed("fashion").values(at.layer).shape)
        turned, nothing = right[::-1], np.zeros_like(right)
        return (
            Mistaken(2, "turned", "You turn it over. Why?", whole, turned, away(turned, right)),
            Mistaken(2, "nothing", "You give zeros.", whole, nothing, away(nothing, right)),
            Mistaken(2, "other", "You lose a row.", (1, 2, 3), None, None),
        )


def away(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(float) - other).max())


def cells_of(shown: str, pane: int) -> list[str]:
    """The pane's captions and lines; four panes stand beside one another."""
    cells = (80 - 6) // 4
    lines = shown.splitlines()[2:]
    until = next(n for n, line in enumerate(lines) if line.startswith("A  "))
    return [line[pane * (cells + 2) :][:cells] for line in lines[:until]]


def test_every_kind_of_layer_is_shown_right_and_wrong() -> None:
    known = Known(followed("fashion"))

    async def steps(app, pilot):
        for layer in KINDS:
            app.stand.layer(layer)
            await pilot.press("w")
            await pilot.pause()
            at, shown = app.stand.place, text(app)
            assert f"{at}: right, and as 3 known mistakes make it" in shown
            right = known.map(layer, at.index[0] if len(at.index) == 3 else 0)
            here = at.index[-2:] if right.ndim == 2 else at.index
            line = shown.splitlines()[2]
            found = dict(re.findall(r"(right|[ABC]): (\S+)", line))
            assert found == {
                "right": number(float(right[here])),
                "A": number(float(right[::-1][here])),
                "B": "0",
                "C": "another",
            }
            told = re.sub(r"\s+", " ", shown)
            turned, nothing, _ = known.mistakes(at)
            for one in (turned, nothing):
                assert f"Largest difference here: {number(one.difference)}." in told
            whole = (1, *followed("fashion").values(layer).shape)
            column = re.sub(r"\s+", " ", " ".join(cells_of(shown, 3)))
            assert f"(1, 2, 3) in place of ({', '.join(map(str, whole))})" in column
            if layer in ("fc8", "softmax"):
                labels = [line.split()[0] for line in cells_of(shown, 1)[2:12]]
                assert [label.lstrip(">")[:3] for label in labels] == [
                    label[:3] for label in known.labels
                ]
            await pilot.press("w")
            holds(app)

    walk(steps, what=known)


def test_the_maps_are_drawn_on_one_scale() -> None:
    async def steps(app, pilot):
        await pilot.press("w")
        await pilot.pause()
        cells = (80 - 3 * 2) // 4
        lines = text(app).splitlines()[4:]
        side = followed("fashion").values("conv3").shape[1]
        rows = side * ((cells // 2) // side)
        right, turned, nothing = (
            [line[n * (cells + 2) :][: 2 * rows] for line in lines[:rows]] for n in range(3)
        )
        scale = rows // side
        marked = [(y, x) for y, line in enumerate(right) for x in re.findall(r"\[\]", line)]
        assert len(marked) == scale * scale
        for above, below in zip(right, turned[::-1], strict=True):
            assert all(
                one == other or "[" in (one, other) or "]" in (one, other)
                for one, other in zip(above, below, strict=True)
            )
        values = followed("fashion").values("conv3")[1]
        share = -min(0.0, values.min()) / (values.max() - min(0.0, values.min()))
        shades = " .:-=+*#%@"
        zero = shades[round(share * (len(shades) - 1))]
        assert set("".join(nothing)) == {zero, "[", "]"}

    walk(steps, "conv3:1,1,1", look=Look(False, True), what=Known(followed("fashion")))


def test_it_says_that_it_works_and_that_nothing_shows() -> None:
    walked = Followed(followed("fashion"))
    seen = []

    async def steps(app, pilot):
        walked.mistakes = lambda at: seen.append(text(app)) or ()
        await pilot.press("w")
        await pilot.pause()
        assert WORKING in seen[0]
        assert NONE_SHOWS in text(app)
        holds(app)

    walk(steps, what=walked)


def test_the_bank_s_own_mistakes_are_named() -> None:
    async def steps(app, pilot):
        await pilot.press("w")
        await pilot.pause()
        assert "You make negative values positive" in text(app)
        await pilot.press("escape", "0", "w")
        await pilot.pause()
        assert NONE_SHOWS in text(app)

    walk(steps, "relu2:3,1,1")


def test_in_ascii_the_signs_of_a_sentence_are_words() -> None:
    walked = Followed(followed("fashion"))
    right = walked.map("lrn2", 3)
    said = "You divide α by n."
    one = Mistaken(4, "over", said, (1, 16, 8, 8), right * np.nan, float("inf"))
    walked.mistakes = lambda _: (one,)

    async def steps(app, pilot):
        await pilot.press("w")
        await pilot.pause()
        assert "as 1 known mistake makes it" in text(app)
        assert "You divide alpha by n. Largest difference here: inf." in text(app)
        assert "not all are numbers" in text(app)

    walk(steps, "lrn2:3,1,1", look=Look(False, True), what=walked)
