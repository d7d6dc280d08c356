"""``tutor trace --mine``: a learner's layers in the whole network, each run apart."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from thorough import cases

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.course import lessons, workspace
from alexnet_tutor.course.workspace import Workspace
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import FASHION_PREPARATION, ModelFacts
from alexnet_tutor.weights.store import save_weights

STANDING = [lesson.number for lesson in lessons.all_lessons() if lesson.stands]


@pytest.fixture
def course(tmp_path: Path, monkeypatch) -> Workspace:
    made = workspace.create(tmp_path / "course")
    monkeypatch.chdir(made.root)
    return made


def solve(course: Workspace, number: int, old: str = "", new: str = "") -> None:
    """Put the solution in the learner's file, with one piece of its text replaced."""
    lesson = lessons.lesson(number)
    file = course.exercise(lesson)
    shutil.copyfile(workspace.solution(lesson), file)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_every_solution_computes_its_layers_as_the_kit_does(
    tutor, course: Workspace, small_weights: Path
) -> None:
    tried = cases(STANDING, 3)
    for number in tried:
        solve(course, number)
    numbers = ",".join(map(str, tried))
    result = tutor("trace", "--weights", small_weights, "--mine", numbers, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)["mine"]
    asked = {
        (lesson.number, layer)
        for lesson in lessons.all_lessons()
        if lesson.number in tried
        for stand in lesson.stands
        for layer in stand.layers
    }
    assert {(one["lesson"], one["layer"]) for one in told} == asked
    for one in told:
        assert one["difference"] <= 2e-5 * one["largest"], one


def test_a_wrong_layer_is_named_and_the_next_is_not_blamed(
    tutor, course: Workspace, small_weights: Path
) -> None:
    solve(course, 2, "weight[:, :, r, s]", "weight[:, :, s, r]")
    solve(course, 4)
    plain = tutor("trace", "--weights", small_weights).stdout
    result = tutor("trace", "--weights", small_weights, "--mine", "2,4")
    assert result.exit_code == 0
    assert result.stdout.startswith("Your conv2d in conv1 is the first to differ.")
    lines = result.stdout.splitlines()
    assert any("conv1 gives " in line and "the kit's" in line for line in lines)
    assert sum("differs by rounding" in line for line in lines) == 2
    assert "With yours: " in result.stdout
    assert plain not in result.stdout


def test_what_cannot_be_handed_on_ends_in_one_line(
    refused, course: Workspace, small_weights: Path
) -> None:
    words = ["trace", "--weights", small_weights, "--mine", "4"]
    file = course.exercise(lessons.lesson(4))
    file.write_text("def lrn(a, n, k, alpha, beta):\n    return a[:, 1:]\n", encoding="utf-8")
    assert "Your lrn in lrn1 gives the shape (1, 5, 56, 56), not (1, 6, 56, 56)" in refused(
        *words, code=1
    )
    file.write_text("def lrn(a, n, k, alpha, beta):\n    import os\n    os._exit(0)\n")
    line = refused(*words, code=1)
    assert "ends the whole program" in line
    assert "line 3" in line
    file.write_text("def lrn(:\n")
    assert "is not Python" in refused(*words, code=1)


def test_where_the_windows_are_uneven_the_kit_s_pooling_stays(
    tutor, course: Workspace, tmp_path: Path
) -> None:
    """On 67 pixels pool5 makes 6×6 of 3×3."""
    architecture = FASHION.scaled(1 / 32).at_size(67)
    preparation = replace(FASHION_PREPARATION, image_size=67)
    path = tmp_path / "small.safetensors"
    save_weights(path, AlexNet(architecture), ModelFacts(architecture, preparation=preparation))
    solve(course, 5)
    result = tutor("trace", "--weights", path, "--mine", "5", "--json")
    assert result.exit_code == 0, result.output
    assert [one["layer"] for one in json.loads(result.stdout)["mine"]] == ["pool1", "pool2"]


def test_what_computes_nothing_yet_is_refused(refused, course: Workspace) -> None:
    assert "is still to do" in refused("trace", "--mine", "4")
    assert "no list of lessons" in refused("trace", "--mine", "four")
    assert "no list of lessons" in refused("trace", "--mine", "")
    assert "computes no layer" in refused("trace", "--mine", "1")
    assert "There is no lesson 77" in refused("trace", "--mine", "77")
