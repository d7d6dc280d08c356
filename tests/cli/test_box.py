"""Weights in the box: what commands use when nobody names any, and that screens say so."""

import json
import shutil
from pathlib import Path

import pytest

from alexnet_tutor import resources
from alexnet_tutor.errors import TutorError
from alexnet_tutor.weights.store import load_weights

NAMED = f"weights: {resources.WEIGHTS_NAME}, in the box"


@pytest.fixture
def box(small_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the kit whose box holds small weights."""
    file = tmp_path / "kit" / "checkpoints" / resources.WEIGHTS_NAME
    file.parent.mkdir(parents=True)
    shutil.copy(small_weights, file)
    monkeypatch.setattr(resources, "shipped", lambda name: tmp_path / "kit" / name)
    return file


@pytest.fixture
def empty_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the kit that came without weights."""
    monkeypatch.setattr(resources, "shipped", lambda name: tmp_path / "kit" / name)


@pytest.fixture
def picture() -> Path:
    return Path(__file__).parents[2] / "sample.png"


def test_trace_uses_the_box_and_says_so(tutor, box: Path, picture: Path) -> None:
    for more in ([], ["--layer", "conv1"], ["--preset", "fashion"]):
        told = tutor("trace", "--image", picture, *more)
        assert told.exit_code == 0, told.output
        assert NAMED in told.stdout
        assert "UNTRAINED" not in told.stdout
    told = json.loads(tutor("trace", "--image", picture, "--json").stdout)
    assert told["weights"] == str(box)
    assert told["layers"][0]["output_shape"] == [1, 6, 56, 56], "the box's network is narrow"


def test_predict_uses_the_box_and_says_so(tutor, box: Path, picture: Path) -> None:
    for files in ([picture], [picture, picture]):
        assert NAMED in tutor("predict", *files).stdout


def test_evaluate_uses_the_box_says_so_and_what_to_try_next(tutor, box: Path) -> None:
    told = tutor("evaluate", "--data", "sketches", "--limit", "20")
    assert told.exit_code == 0, told.output
    assert NAMED in told.stdout
    assert told.stdout.splitlines()[-1] == "Next: tutor trace"
    told = json.loads(tutor("evaluate", "--data", "sketches", "--limit", "20", "--json").stdout)
    assert told["weights"] == str(box)


def test_named_weights_go_before_the_box(tutor, box, small_weights: Path, picture: Path) -> None:
    given = ["--image", picture, "--weights"]
    told = tutor("trace", *given, small_weights).stdout
    assert "in the box" not in told
    assert small_weights.name in told
    assert "UNTRAINED" in tutor("trace", *given, "none").stdout


def test_another_network_leaves_the_box_alone(tutor, box: Path, picture: Path) -> None:
    box.write_bytes(b"damaged")
    told = tutor("predict", picture, "--preset", "paper")
    assert told.exit_code == 0, told.output
    assert "UNTRAINED" in told.stdout
    with pytest.raises(TutorError):
        load_weights(box)


def test_damage_in_the_box_is_told(refused, box: Path, picture: Path) -> None:
    box.write_bytes(box.read_bytes()[:-1])
    assert resources.WEIGHTS_NAME in refused("predict", picture, code=3)


@pytest.mark.usefixtures("empty_box")
def test_without_a_box_nothing_is_trained(tutor, refused, picture: Path) -> None:
    assert "UNTRAINED" in tutor("predict", picture).stdout
    line = refused("evaluate", "--data", "sketches")
    assert "nothing to evaluate" in line
    assert "--run" in line
