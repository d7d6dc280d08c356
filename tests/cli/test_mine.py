"""``tutor trace --mine``: a learner's layers in the whole network, each run apart."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from thorough import cases, only

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.course import inside, lessons, mine, workspace
from alexnet_tutor.course.workspace import Workspace
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import FASHION_PREPARATION, ModelFacts, StandInRecord
from alexnet_tutor.show.terminal.mine import MineView
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
    tried = cases(STANDING, 2)
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
        for layer in stand.places
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
    file.write_text("def lrn(:\n")
    assert "is not Python" in refused(*words, code=1)


@only
def test_code_that_ends_its_process_ends_in_one_line(
    refused, course: Workspace, small_weights: Path
) -> None:
    file = course.exercise(lessons.lesson(4))
    file.write_text("def lrn(a, n, k, alpha, beta):\n    import os\n    os._exit(0)\n")
    line = refused("trace", "--weights", small_weights, "--mine", "4", code=1)
    assert "ends the whole program" in line
    assert "line 3" in line


def test_a_row_of_layers_is_one_call_and_what_lies_within_stays_the_kit_s(
    tutor, course: Workspace, small_weights: Path
) -> None:
    """Without the last ReLU relu5 alone differs; lesson 3's ReLUs within the row are compared all the same."""
    solve(course, 3)
    solve(course, 7, "return F.relu(F.conv2d(x, weight5", "return (F.conv2d(x, weight5")
    words = ("trace", "--weights", small_weights)
    plain = json.loads(tutor(*words, "--json").stdout)["layers"]
    result = tutor(*words, "--mine", "7,3", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    yours = {one["layer"]: one for one in told["mine"]}
    assert yours["conv3 to relu5"]["layers"] == [
        "conv3",
        "relu3",
        "conv4",
        "relu4",
        "conv5",
        "relu5",
    ]
    assert yours["conv3 to relu5"]["yours"] < 0 == yours["conv3 to relu5"]["kits"]
    assert {f"relu{n}" for n in range(1, 8)} < set(yours)
    assert all(one["difference"] == 0 for one in told["mine"] if one["lesson"] == 3)
    differing = [own["name"] for own, kit in zip(told["layers"], plain, strict=True) if own != kit]
    assert differing[0] == "relu5"

    records = [StandInRecord(**one) for one in told["mine"]]
    lines = [str(part) for part in MineView(records, (), ()).parts(None)]
    assert lines[0] == "Your middle_layers in conv3 to relu5 is the first to differ."
    assert "Of conv3 to relu5 the rows below show relu5 as yours, and those before" in lines[-2]
    equal = [replace(one, difference=0.0) for one in records]
    first = str(next(MineView(equal, (), ()).parts(None)))
    assert first == "Your code computes 10 layers of this network as the kit does."


def test_a_network_that_lacks_one_of_a_row_keeps_the_kit_s(
    course: Workspace,
) -> None:
    solve(course, 7)
    network = AlexNet(FASHION.scaled(1 / 32).without("relu4")).eval()
    chosen = mine.chosen([7], course)
    with mine.standing_in(network, chosen, course) as found, torch.no_grad():
        out = network(torch.ones(1, *FASHION.input_shape))
    assert found == []
    for one in inside.loaded(chosen[0], course):
        one.enter(network)
    with torch.no_grad():
        torch.testing.assert_close(network(torch.ones(1, *FASHION.input_shape)), out)
    assert not [layer for layer in network if "forward" in vars(layer)]


@only
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
