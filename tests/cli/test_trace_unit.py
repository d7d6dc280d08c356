"""``tutor trace unit``."""

import json
from pathlib import Path

import pytest
import torch
from PIL import Image

from alexnet_tutor.cli import models

KEYS = "unit value by_hand difference box clipped window terms rest bias total producers"


@pytest.fixture
def unit(tutor, small_weights: Path):
    """``unit("conv5:3,6,6")`` with a network that is quick to run."""
    return lambda *words: tutor("trace", "unit", *words, "--weights", small_weights)


@pytest.mark.parametrize(
    "value",
    ["input:0,113,97", "conv1:0,0,0", "relu1:3,9,9", "lrn1:5,9,9", "pool1:0,3,3", "conv5:3,6,6",
     "pool5:3,5,5", "flatten:571", "fc6:12", "drop6:3", "fc8:9", "softmax:9"],
)  # fmt: skip
def test_a_value_of_any_layer_is_shown(unit, value: str) -> None:
    result = unit(value)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(value)
    assert "✓ difference" in result.stdout
    assert all(len(line) <= 80 for line in result.stdout.splitlines())
    assert "\nNext: tutor trace unit " in result.stdout


def test_json_has_exactly_these_keys(unit) -> None:
    told = json.loads(unit("conv5:3,6,6", "--json").stdout)
    assert list(told) == KEYS.split()
    assert told["unit"] == "conv5:3,6,6"
    assert [told["box"][2] - told["box"][0] + 1, told["box"][3] - told["box"][1] + 1] == [163, 163]
    assert told["window"] == [5, 5, 7, 7]
    parts = [told["bias"], told["rest"], *(term["product"] for term in told["terms"])]
    assert sum(parts) == pytest.approx(told["total"], rel=1e-12)
    assert told["total"] == told["by_hand"]


def test_a_layer_alone_is_its_strongest_value(unit, tutor, small_weights: Path) -> None:
    told = json.loads(unit("--layer", "conv5", "--json").stdout)
    layer = tutor("trace", "--layer", "conv5", "--json", "--weights", small_weights)
    assert told["value"] == json.loads(layer.stdout)["layers"][0]["max"]


def test_depth_cuts_the_lineage(unit) -> None:
    assert json.loads(unit("conv5:3,6,6", "--depth", "0", "--json").stdout)["producers"] is None
    (two, *_) = json.loads(unit("relu5:3,6,6", "--depth", "2", "--json").stdout)["producers"]
    assert two["producers"][0]["producers"] is None
    assert "Where it comes from" not in unit("conv5:3,6,6", "--depth", "0").stdout


def following(text: str) -> str:
    """The last command, in one line."""
    return " ".join(text.rpartition("Next: ")[2].split())


def test_the_next_command_is_one_step_back_with_the_same_options(
    unit, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("L", (40, 30), 200).save("my boot.png")
    words = ("--image", "my boot.png", "--no-invert", "--dropout-seed", "3")
    last = following(unit("relu5:3,6,6", *words).stdout)
    assert last.startswith("tutor trace unit conv5:3,6,6 --image 'my boot.png' --weights ")
    assert last.endswith("--no-invert --dropout-seed 3")
    cut = following(unit("relu5:3,6,6", "--depth", "0").stdout)
    assert cut.startswith("tutor trace unit relu5:3,6,6 --weights ")


def test_save_draws_the_boxes(unit, tmp_path: Path) -> None:
    result = unit("conv5:3,0,6", "--save", tmp_path / "boxes", "--json")
    assert json.loads(result.stdout)
    assert result.stderr == f"Saved {tmp_path / 'boxes' / 'conv5_3_0_6.png'}.\n"
    with Image.open(tmp_path / "boxes" / "conv5_3_0_6.png") as picture:
        assert picture.height > 4 * 227


def test_dropout_is_shown_as_in_training(unit) -> None:
    plain = unit("drop6:3").stdout
    assert "Nothing is dropped for a prediction" in plain
    seeds = [unit("drop6:3", "--dropout-seed", seed).stdout for seed in range(6)]
    kept = ["mask 1" in text for text in seeds]
    assert set(kept) == {True, False}
    assert all(("mask 0" in text) != one for text, one in zip(seeds, kept, strict=True))
    assert unit("drop6:3", "--dropout-seed", 2).stdout == seeds[2]


def test_a_layer_that_computes_something_else_ends_with_1(unit, monkeypatch) -> None:
    real = models.open_model

    def tampered(*words: object):
        network, facts = real(*words)
        own = network.conv2.forward
        network.conv2.forward = lambda x: own(x) + 0.01
        return network, facts

    monkeypatch.setattr(models, "open_model", tampered)
    result = unit("--layer", "conv2")
    assert result.exit_code == 1
    assert "✗ difference" in result.stdout
    assert result.stderr.startswith("Error: conv2:")
    assert len(result.stderr.splitlines()) == 1
    result = unit("--layer", "conv2", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["difference"] == pytest.approx(-0.01, rel=1e-3)
    assert unit("--layer", "conv3").exit_code == 0


def test_the_paper_s_network_has_three_colours_and_two_towers(tutor) -> None:
    words = ("trace", "unit", "--preset", "paper", "--weights", "none")
    towers = tutor(*words, "--layer", "conv2").stdout
    assert "The layer has 2 towers" in towers
    assert "UNTRAINED" in towers
    assert "blue value " in tutor(*words, "input:2,3,4").stdout


def test_options_before_the_command_count_for_it(tutor, small_weights: Path, home: Path) -> None:
    told = tutor("trace", "--weights", small_weights, "--json", "unit", "relu5:1,1,1")
    assert json.loads(told.stdout)["unit"] == "relu5:1,1,1"
    home.mkdir()
    (home / "settings.toml").write_text(f'[trace]\nweights = "{small_weights}"\nlayer = "conv2"\n')
    assert tutor("trace", "unit", "conv5:15,1,1").exit_code == 0
    assert tutor("trace", "unit", "conv5:16,1,1").exit_code == 2


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "Which value is not said."),
        (["conv5:1,1,1", "--layer", "conv5"], "both name a value"),
        (["conv5:300,1,1"], "channel 0 to 15, row 0 to 12, column 0 to 12"),
        (["conv5"], "conv5:channel,row,column"),
        (["conv9:1,1,1"], "The layers are: input conv1"),
        (["--layer", "conv9"], "The layers are: input conv1"),
        (["fc6:-1"], "unit 0 to 255"),
        (["fc6:1", "--depth", "-1"], "depth"),
        (["fc6:1", "--image", "nowhere.png"], "nowhere.png"),
        (["fc6:1", "more"], "more"),
    ],
)
def test_bad_input_is_one_line(refused, small_weights: Path, words, expected) -> None:
    assert expected in refused("trace", "unit", *words, "--weights", small_weights)


def test_a_learner_s_own_layers_do_not_go_with_it(refused) -> None:
    assert "--mine" in refused("trace", "--mine", "4", "unit", "lrn1:0,0,0")


def test_an_unwritable_folder_is_refused(refused, small_weights: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    words = ("fc6:1", "--weights", small_weights, "--save", blocked / "boxes")
    assert "--save" in refused("trace", "unit", *words)


def test_the_global_random_state_is_left_alone(unit) -> None:
    before = torch.get_rng_state()
    assert unit("drop6:3", "--dropout-seed", "4").exit_code == 0
    assert torch.equal(torch.get_rng_state(), before)
