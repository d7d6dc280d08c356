"""``tutor trace``."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from alexnet_tutor import geometry
from alexnet_tutor.architecture import PRESETS


def test_without_options_it_traces_the_sample(tutor) -> None:
    result = tutor("trace", "--weights", "none")
    assert result.exit_code == 0
    for name in ("conv1", "lrn2", "pool5", "flatten", "drop7", "fc8", "softmax"):
        assert re.search(rf"^{name}\b", result.stdout, flags=re.MULTILINE)
    assert "UNTRAINED" in result.stdout
    assert all(len(line) <= 80 for line in result.stdout.splitlines())
    assert "\x1b" not in result.stdout


@pytest.mark.parametrize("preset", PRESETS)
def test_json_is_one_object_of_24_layers(tutor, preset: str) -> None:
    result = tutor("trace", "--weights", "none", "--preset", preset, "--json")
    told = json.loads(result.stdout)
    assert list(told) == ["image", "weights", "preset", "layers", "top"]
    assert (told["weights"], told["preset"]) == (None, preset)
    shapes = {layer["name"]: layer["output_shape"] for layer in told["layers"]}
    predicted = {g.spec.name: [1, *g.output_shape] for g in geometry.walk(PRESETS[preset])}
    assert shapes == {**predicted, "softmax": shapes["softmax"]}
    assert len(shapes) == 24
    assert sum(item["probability"] for item in told["top"]) <= 1 + 1e-6
    assert len(told["top"]) == 5


def test_given_weights_are_named_and_used(tutor, small_weights: Path) -> None:
    result = tutor("trace", "--weights", small_weights, "--json")
    told = json.loads(result.stdout)
    assert told["weights"] == str(small_weights)
    assert told["layers"][0]["output_shape"] == [1, 6, 56, 56]
    assert "UNTRAINED" not in tutor("trace", "--weights", small_weights).stdout


@pytest.mark.parametrize("layer", [spec.name for spec in PRESETS["fashion"].layers] + ["softmax"])
def test_every_layer_can_be_seen_in_depth(tutor, small_weights: Path, layer: str) -> None:
    result = tutor("trace", "--weights", small_weights, "--layer", layer)
    assert result.exit_code == 0, result.output
    assert layer in result.stdout.splitlines()[0]
    assert all(len(line) <= 80 for line in result.stdout.splitlines())


def test_one_layer_as_json(tutor, small_weights: Path) -> None:
    told = json.loads(
        tutor("trace", "--weights", small_weights, "--layer", "conv2", "--json").stdout
    )
    assert [layer["name"] for layer in told["layers"]] == ["conv2"]


def test_save_writes_a_picture_for_every_layer(tutor, small_weights: Path, tmp_path: Path) -> None:
    out = tmp_path / "maps"
    result = tutor("trace", "--weights", small_weights, "--save", out, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)
    names = " ".join(path.name for path in out.glob("*.png"))
    for spec in PRESETS["fashion"].layers:
        assert spec.name in names
    assert "kernels" in names
    for path in out.glob("*.png"):
        with Image.open(path) as picture:
            assert np.ptp(np.asarray(picture)) > 0


def test_inverting_changes_what_the_network_sees(tutor, small_weights: Path) -> None:
    means = {
        flag: json.loads(tutor("trace", "--weights", small_weights, flag, "--json").stdout)[
            "layers"
        ][0]["mean"]
        for flag in ("--invert", "--no-invert")
    }
    unset = json.loads(tutor("trace", "--weights", small_weights, "--json").stdout)["layers"][0][
        "mean"
    ]
    assert means["--invert"] != means["--no-invert"]
    assert unset == means["--invert"], "the sample stands on a light ground"


def test_the_same_command_prints_the_same_twice(tutor) -> None:
    first, second = (tutor("trace", "--weights", "none").stdout for _ in range(2))
    assert first == second


def test_the_next_command_carries_the_learner_s_file_quoted(
    tutor, small_weights, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("L", (40, 30), 200).save("my boot.png")
    out = tutor("trace", "--weights", "none", "--image", "my boot.png", "--no-invert").stdout
    last = out.splitlines()[-1]
    assert (
        last == "Next: tutor trace --image 'my boot.png' --weights none --no-invert --layer conv2"
    )


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--image", "nowhere.png"], "nowhere.png"),
        (["--image", "."], "."),
        (["--layer", "conv9"], "conv1 relu1"),
        (["--preset", "imagenet"], "fashion"),
        (["--weights", "nowhere.safetensors"], "nowhere.safetensors"),
        (["--run", "nowhere"], "nowhere"),
        (["--run", "nowhere", "--weights", "none"], "--weights"),
        (["--nonsense"], "--nonsense"),
        (["my photo.png"], "tutor trace --image 'my photo.png'"),
    ],
)
def test_bad_input_is_refused_in_one_line(refused, arguments: list[str], word: str) -> None:
    assert word in refused("trace", *arguments)


def test_a_file_that_is_no_picture_is_refused(refused, tmp_path: Path) -> None:
    path = tmp_path / "notes.png"
    path.write_text("not a picture")
    assert "notes.png" in refused("trace", "--image", path)


def test_damaged_weights_end_with_3(refused, small_weights: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.safetensors"
    path.write_bytes(small_weights.read_bytes()[:-100])
    assert "cut.safetensors" in refused("trace", "--weights", path, code=3)


def test_weights_of_another_preset_are_refused(refused, small_weights: Path) -> None:
    assert "--preset" in refused("trace", "--weights", small_weights, "--preset", "paper")


def test_an_unwritable_folder_is_refused(refused, small_weights: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert "--save" in refused("trace", "--weights", small_weights, "--save", blocked / "maps")


def test_the_global_random_state_is_left_alone(tutor, small_weights: Path) -> None:
    before = torch.get_rng_state()
    tutor("trace", "--weights", small_weights)
    assert torch.equal(torch.get_rng_state(), before)


def test_json_tells_each_layer_s_sentence_and_its_facts(tutor, small_weights: Path) -> None:
    told = json.loads(tutor("trace", "--weights", small_weights, "--json").stdout)["layers"]
    listed = " ".join(tutor("trace", "--weights", small_weights).stdout.split())
    for layer in told:
        assert f"{layer['name']} {layer['why']}" in listed
        assert layer["facts"]["peak"]["value"] == layer["max"]
    lrn1 = next(layer for layer in told if layer["name"] == "lrn1")
    assert lrn1["facts"]["largest"] >= lrn1["facts"]["quiet"] == pytest.approx(2**0.75)
    assert f"{lrn1['facts']['largest']:.3f}" in lrn1["why"]
