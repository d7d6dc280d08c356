"""``tutor walk --mine``: the learner's layers in the walk, marked where they differ."""

from __future__ import annotations

import asyncio
import re
import shlex
from dataclasses import replace
from pathlib import Path

import numpy as np
import oracles
import pytest
import torch
from cli.test_mine import solve
from passes import followed
from thorough import only

from alexnet_tutor import resources
from alexnet_tutor.architecture import FASHION
from alexnet_tutor.cli import mine as own
from alexnet_tutor.cli import walk
from alexnet_tutor.course import lessons, workspace
from alexnet_tutor.images import load_image
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import FASHION_LABELS, FASHION_PREPARATION, ModelFacts, StandInRecord
from alexnet_tutor.records.course import ROUNDING
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.walk.app import WalkApp
from alexnet_tutor.tracing import follow
from alexnet_tutor.weights.store import save_weights


@pytest.fixture
def course(tmp_path: Path, monkeypatch) -> workspace.Workspace:
    monkeypatch.setattr(walk, "has_terminal", lambda: True)
    return workspace.create(tmp_path / "course")


def loud(path: Path) -> tuple[AlexNet, ModelFacts]:
    """A network whose conv1 answers loudly, so that α counts; its weights in ``path``."""
    network = AlexNet(FASHION.scaled(1 / 32).at_size(67))
    with torch.no_grad():
        network.get_submodule("conv1").weight.mul_(3000)
    preparation = replace(FASHION_PREPARATION, image_size=67)
    facts = ModelFacts(network.architecture, FASHION_LABELS, preparation)
    save_weights(path, network, facts)
    return network, facts


@only
def test_alpha_over_n_is_marked_counted_and_ends_with_0(
    tutor, course, tmp_path: Path, monkeypatch
) -> None:
    solve(course, 4, "alpha * sum", "alpha / n * sum")
    weights = tmp_path / "loud.safetensors"
    network, facts = loud(weights)
    kits = follow(network, load_image(resources.sample(), facts.preparation), facts)
    wrong = oracles.lrn(kits.values("relu1")[None].astype(float), 5, 2, 1e-4 / 5, 0.75)[0]
    right = kits.values("lrn1")
    differs = np.abs(wrong - right) > ROUNDING * right.max()
    at = kits.strongest("lrn1")
    assert 0 < differs[at.index[0]].sum() < differs[0].size
    screens = []

    def pressed(app: WalkApp) -> None:
        async def press() -> None:
            async with app.run_test(size=(100, 30)) as pilot:
                for key in ("shift", "n", "p", "w", "escape", "q"):
                    await pilot.press(key)
                    await pilot.pause()
                    strips = app.screen._compositor.render_strips()
                    screens.append([strip.text.rstrip() for strip in strips])
                    if key == "w":
                        np.testing.assert_allclose(app.page.right, right[at.index[0]], rtol=1e-5)

        asyncio.run(press())

    monkeypatch.setattr(WalkApp, "run", pressed)
    words = ("--mine", "4", "--dir", course.root, "--weights", weights)
    result = tutor("walk", "--from", at, *words)
    assert result.exit_code == 0, result.output
    lrn1, pool1, _, page, *_ = screens
    strip = " ".join(lrn1[1:3]).split()
    assert [word for word in strip if word.startswith(("lrn1", "relu1", "pool1"))] == [
        "relu1",
        "lrn1✗",
        "pool1",
    ]
    where = next(line for line in lrn1 if "the kit's" in line)
    value, kit = re.search(r"(\S+) ✗ the kit's (\S+)", where).groups()
    assert float(value.replace(",", "")) == pytest.approx(wrong[at.index], rel=1e-4)
    assert kit == number(float(right[at.index]))
    counted = next(line for line in lrn1 if line.startswith("Your lrn differs"))
    most = ",".join(map(str, np.unravel_index(np.abs(wrong - right).argmax(), right.shape)))
    count = f"{differs[at.index[0]].sum():,} of {right[0].size:,} values of this map"
    assert counted == f"Your lrn differs in {count}; most of all at {most}."
    told = next(line for line in pool1 if line.startswith("First to differ: lrn1. Yours: "))
    assert f"; the kit's: {kits.record.top[0].label} " in told
    assert "✓ by hand too" in "".join(pool1)
    assert f"{at}: right, and as " in page[0]
    plain = tutor("walk", "--plain", "--from", at, *words)
    assert plain.exit_code == 0, plain.output
    gives = re.search(r"^- ✗ lrn1 gives (\S+) at \[0, ", plain.stdout, re.MULTILINE)[1]
    worst = np.abs(wrong - right).argmax()
    assert float(gives) == pytest.approx(wrong.flat[worst], rel=1e-4)
    assert "- ✗ difference" in plain.stdout
    assert " --mine 4 --dir " in " ".join(plain.stdout.split())
    back = result.stdout.splitlines()[1]
    assert shlex.split(back)[-4:] == ["--mine", "4", "--dir", str(course.root)]


def test_what_cannot_stand_in_is_refused(refused, course, small_weights, monkeypatch) -> None:
    monkeypatch.chdir(course.root)
    words = ("walk", "--weights", small_weights, "--mine")
    assert "computes no layer" in refused(*words, "1")
    assert "is still to do" in refused(*words, "4")
    assert "no list of lessons" in refused(*words, "four")
    assert "There is no lesson 77" in refused(*words, "77")
    assert lessons.lesson(4).stands


def test_beside_a_row_of_layers_stands_what_the_kit_s_row_gives(monkeypatch) -> None:
    """A wrong ReLU of lesson 3 runs within lesson 7's row and is not the row's mistake."""
    whole = followed("fashion")
    network = whole.network
    monkeypatch.setattr(network.relu3, "forward", lambda x: x, raising=False)
    wrong = follow(network, torch.from_numpy(whole.entered)[None], whole.record.facts)
    monkeypatch.undo()
    row = ("conv3", "relu3", "conv4", "relu4", "conv5", "relu5")
    ones = [
        StandInRecord(3, "relu5", ("relu5",), "relu", (0, 0, 0, 0), 0.0, 0.0, 1.0, 1.0),
        StandInRecord(7, "conv3 to relu5", row, "middle_layers", (0, 0, 0, 0), 0, 0, 0.0, 1.0),
    ]
    monkeypatch.setattr(own, "compared", lambda *_: (wrong, ones))
    _, mine = own.for_walk(network, "3,7", None, lambda: whole)
    assert not np.array_equal(wrong.values("relu5"), whole.values("relu5"))
    np.testing.assert_array_equal(mine.kits["relu5"], whole.values("relu5"))
    assert mine.of("relu5").lesson == 7
