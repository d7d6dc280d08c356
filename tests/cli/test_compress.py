"""``tutor compress``: a small trained network made smaller still says what it said."""

import json
from pathlib import Path

import pytest
import torch
from PIL import Image
from typer.testing import CliRunner

from alexnet_tutor.cli.app import app
from alexnet_tutor.data.batches import Batches
from alexnet_tutor.data.sketches import sketches
from alexnet_tutor.training.evaluate import judge
from alexnet_tutor.weights.store import load_weights

TRAIN = ["train", "--data", "sketches", "--width", "0.125", "--image-size", "67", "--limit", "800"]
TRAIN += ["--batch-size", "32", "--lr", "0.02", "--seed", "3", "--precision", "fp32"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of two epochs."""
    folder = tmp_path_factory.mktemp("runs") / "one"
    result = CliRunner().invoke(app, [*TRAIN, "--epochs", "2", "--run", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


def predictions(file: Path) -> torch.Tensor:
    network, facts = load_weights(file)
    pictures = sketches("test", 500)
    batches = Batches(
        pictures, facts.preparation, 128, seed=0, device=torch.device("cpu"), shuffle=False
    )
    return torch.from_numpy(judge(network, batches, precision="fp32").predicted)


def test_a_small_file_predicts_as_the_whole_one(tutor, run: Path, tmp_path: Path) -> None:
    """At least 98 of 100 sketches that neither has seen."""
    small = tmp_path / "small.safetensors"
    result = tutor("compress", run, "--save", small, "--no-evaluate", "--fit", 500)
    assert result.exit_code == 0, result.output
    whole = predictions(run / "best.safetensors")
    assert len(whole.unique()) > 3
    assert (predictions(small) == whole).double().mean() >= 0.98


def test_it_tells_size_and_accuracy_after_each_step(tutor, run: Path) -> None:
    result = tutor("compress", run, "--fit", "300", "--limit", "200")
    assert result.exit_code == 0, result.output
    file = run / "compressed.safetensors"
    lines = result.stdout.splitlines()
    assert "→" in lines[0]
    assert "accuracy" in lines[0]
    words = " ".join(result.stdout.split())  # the path may be too long for a line
    assert words.endswith(f"Next: tutor trace --weights {file}")
    assert all(len(line) <= 80 for line in lines if str(file) not in line)
    told = json.loads(tutor("compress", run, "--fit", "300", "--limit", "200", "--json").stdout)
    assert [step["name"] for step in told["steps"]] == [
        "as trained", "8-bit", "low rank", "low rank, 8-bit",
    ]  # fmt: skip
    assert told["images"] == 200
    assert told["fitted"] == 300
    assert told["file_bytes"] == file.stat().st_size
    sizes = [step["bytes"] for step in told["steps"]]
    assert sizes[0] > sizes[1] > sizes[3]
    assert sum(layer["bytes_after"] for layer in told["layers"]) == sizes[3] < told["file_bytes"]
    assert sum(layer["bytes_before"] for layer in told["layers"]) == sizes[0]
    accuracy = tutor("evaluate", "--weights", file, "--limit", "200", "--json").stdout
    assert json.loads(accuracy)["accuracy"] == told["steps"][3]["accuracy"]


def test_without_pictures_no_data_is_opened(tutor, run: Path, tmp_path: Path) -> None:
    small = tmp_path / "small.safetensors"
    arguments = ["--fit", "0", "--no-evaluate", "--data", "folder:/nowhere", "--fc6-rank", "5"]
    weights = run / "best.safetensors"
    told = json.loads(
        tutor("compress", "--weights", weights, "--save", small, *arguments, "--json").stdout
    )
    assert told["steps"][0]["accuracy"] is None
    assert told["fitted"] == told["images"] == 0
    how = {layer["name"]: layer["how"] for layer in told["layers"]}
    assert how["fc6"] == "rank 5, 8-bit"
    assert how["fc8"] == "8-bit"
    result = tutor("trace", "--weights", small, "--json")
    assert result.exit_code == 0, result.output


def test_what_cannot_be_made_small_is_refused_in_one_line(refused, run: Path, tmp_path) -> None:
    weights = run / "best.safetensors"
    before = weights.read_bytes()
    assert "--weights" in refused("compress")
    assert "Name one" in refused("compress", run, "--weights", weights)
    assert "no training run" in refused("compress", tmp_path)
    assert "no file" in refused("compress", "--weights", tmp_path / "none")
    assert "would replace" in refused("compress", run, "--save", weights)
    assert "is a folder" in refused("compress", run, "--save", tmp_path)
    assert "--fc6-rank" in refused("compress", run, "--fc6-rank", 0)
    assert "no data" in refused("compress", run, "--data", "socks")
    assert weights.read_bytes() == before


def test_pictures_of_other_classes_are_refused_before_anything_is_written(
    refused, run: Path, tmp_path: Path
) -> None:
    save_class_folders(tmp_path / "pets")
    target = tmp_path / "small.safetensors"
    for more in ([], ["--no-evaluate"]):
        line = refused(
            "compress", run, "--data", f"folder:{tmp_path / 'pets'}", "--save", target, *more
        )
        assert "--data" in line
    assert not target.exists()


def save_class_folders(path: Path) -> None:
    from PIL import Image

    for split in ("train", "test"):
        for label in ("cat", "dog"):
            folder = path / split / label
            folder.mkdir(parents=True)
            for n in range(3):
                Image.new("L", (30, 30), 40 * n).save(folder / f"{n}.png")


def test_damage_to_a_small_file_ends_with_3(refused, tutor, run: Path, tmp_path: Path) -> None:
    small = tmp_path / "small.safetensors"
    tutor("compress", run, "--save", small, "--no-evaluate", "--fit", 0)
    small.write_bytes(small.read_bytes()[:-1])
    refused("trace", "--weights", small, code=3)


def test_a_run_on_a_folder_is_made_small_from_anywhere(tutor, tmp_path, monkeypatch) -> None:
    """Its weights do not say where the folder lies; its settings do."""
    for number, kind in enumerate(("cat", "dog")):
        (tmp_path / "pets" / kind).mkdir(parents=True)
        for index in range(12):
            picture = Image.new("L", (20, 20), 40 + 100 * number + index)
            picture.save(tmp_path / "pets" / kind / f"{index}.png")
    monkeypatch.chdir(tmp_path)
    small = ["--width", "0.0625", "--image-size", "67", "--epochs", "1", "--run", "run"]
    assert tutor("train", "--data", "folder:pets", *small).exit_code == 0
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    result = tutor("compress", tmp_path / "run", "--fit", "4", "--json")
    assert result.exit_code == 0, result.output
