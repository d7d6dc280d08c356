"""The scripts that write the card and draw the README's pictures, on a small run of sketches."""

import importlib
import json
import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
import typer
from PIL import Image
from show.showing import fake_evaluation
from typer.testing import CliRunner

from alexnet_tutor.cli.app import app
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import CompressionRecord
from alexnet_tutor.training.run import read_run
from alexnet_tutor.weights.store import load_weights

SCRIPTS = Path(__file__).parents[1] / "scripts"
TRAIN = ["--data", "sketches", "--width", "0.0625", "--image-size", "67", "--limit", "300"]
TRAIN += ["--epochs", "1", "--batch-size", "32", "--seed", "7", "--validation", "0"]


@pytest.fixture(scope="module")
def scripts() -> Iterator[dict[str, ModuleType]]:
    """The three scripts, imported as they import one another."""
    sys.path.insert(0, str(SCRIPTS))
    names = ("model_card_page", "write_model_card", "draw_readme")
    yield {name: importlib.import_module(name) for name in names}
    sys.path.remove(str(SCRIPTS))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run, its small weights, and what made them small."""
    folder = tmp_path_factory.mktemp("made")
    for words in (
        ["train", *TRAIN, "--run", str(folder / "run")],
        ["compress", str(folder / "run"), "--save", str(folder / "small.safetensors"),
         "--fit", "60", "--limit", "150", "--json"],
    ):  # fmt: skip
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
    (folder / "compress.json").write_text(result.stdout, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def card(made: Path, scripts: dict[str, ModuleType]) -> dict[str, Any]:
    """What the script writes beside the weights, read again."""
    words = ["--run", "run", "--compression", "compress.json", "--weights", "small.safetensors"]
    paths = [word if word.startswith("--") else str(made / word) for word in words]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["write_model_card.py", *paths, "--trained-at", "0123abc"])
        scripts["write_model_card"].main()
    told: dict[str, Any] = json.loads((made / "small.json").read_text(encoding="utf-8"))
    return told


def test_the_card_s_figures_are_those_that_evaluate_prints(card, made: Path) -> None:
    small = str(made / "small.safetensors")
    told = CliRunner().invoke(app, ["evaluate", "--weights", small, "--limit", "150", "--json"])
    printed = json.loads(told.stdout)
    names = ("data", "images", "accuracy", "loss", "per_class", "confusion")
    assert {name: card["test"][name] for name in names} == {name: printed[name] for name in names}
    assert card["compression"]["steps"][-1]["accuracy"] == printed["accuracy"]
    rows = (made / "small.md").read_text(encoding="utf-8").splitlines()
    for row in printed["per_class"]:
        cells = (f"{100 * row['precision']:.1f}", f"{100 * row['recall']:.1f}", row["support"])
        assert f"| {row['label']} | {cells[0]} | {cells[1]} | {cells[2]} |" in rows


def test_the_page_is_made_of_the_json_alone(card, made: Path, scripts) -> None:
    page = (made / "small.md").read_text(encoding="utf-8")
    assert page == scripts["model_card_page"].page(card)
    other = {**card, "training": {**card["training"], "commit": "fedc987"}}
    assert "fedc987" in scripts["model_card_page"].page(other)
    assert page.count("| rank 32, 8-bit |") == sum(
        layer["how"] == "rank 32, 8-bit" for layer in card["compression"]["layers"]
    )


def test_the_card_says_how_to_train_it_again(card, made: Path) -> None:
    """Its command, understood by the command line, asks for the settings of the run."""
    group = typer.main.get_command(app)
    name, found, rest = group.resolve_command(
        group.make_context("tutor", ["train"]), shlex.split(card["training"]["command"])[1:]
    )
    asked = found.make_context(name, rest).params
    settings = read_run(made / "run").settings.to_dict()
    assert {key: asked[key] for key in settings} == settings == card["training"]["settings"]
    assert card["training"]["commit"] == "0123abc"
    assert len(card["training"]["epochs"]) == card["training"]["weights_of_epoch"] == 1


def test_the_card_tells_no_place_on_a_person_s_disk(card, made: Path) -> None:
    for file in ("small.json", "small.md"):
        text = (made / file).read_text(encoding="utf-8")
        assert str(made) not in text
        assert str(Path.home()) not in text


def test_the_curve_is_a_picture(card, made: Path) -> None:
    with Image.open(made / "small.png") as curve:
        assert np.ptp(np.asarray(curve)) > 0


def test_a_record_of_other_weights_is_refused(made: Path, scripts) -> None:
    told = json.loads((made / "compress.json").read_text(encoding="utf-8"))
    record = CompressionRecord.from_json(told)
    for other in (
        replace(record, file_bytes=record.file_bytes + 1),
        replace(record, file="other.safetensors"),
        replace(record, steps=(*record.steps[:-1], replace(record.steps[-1], accuracy=0.99))),
    ):
        with pytest.raises(SystemExit, match="other weights"):
            scripts["write_model_card"].facts_of(
                made / "run", made / "small.safetensors", other, "0123abc"
            )


def test_a_run_that_has_not_finished_is_refused(made: Path, scripts, tmp_path: Path) -> None:
    shutil.copytree(made / "run", tmp_path / "run")
    settings = tmp_path / "run" / "settings.json"
    told = json.loads(settings.read_text(encoding="utf-8"))
    told["settings"]["epochs"]["value"] = 2
    settings.write_text(json.dumps(told), encoding="utf-8")
    recorded, (_, facts) = read_run(tmp_path / "run"), load_weights(made / "small.safetensors")
    with pytest.raises(SystemExit, match="Only 1 of the run's 2 epochs"):
        scripts["write_model_card"].training_of(tmp_path / "run", recorded, facts, "0123abc")


def test_the_first_of_each_class_is_the_first_of_each_class(scripts) -> None:
    pictures = [replace(fake_evaluation().examples[0], index=n, true=n * 7 % 10) for n in range(40)]
    chosen = scripts["draw_readme"].first_of_each(pictures, 10)
    assert [picture.true for picture in chosen] == list(range(10))
    assert all(picture.index < 10 for picture in chosen)


def test_nothing_was_changed_in_a_network_that_learnt_nothing(
    made: Path, scripts, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network, _ = load_weights(made / "run" / "best.safetensors")
    begun = AlexNet(network.architecture, init="kaiming", seed=7)
    draw = scripts["draw_readme"].draw_kernels
    draw(begun, {"init": "kaiming", "seed": 7}, tmp_path / "same.png")
    assert "by 0.0% of" in capsys.readouterr().out
    with torch.no_grad():
        begun.conv1.weight *= 1.5
    draw(begun, {"init": "kaiming", "seed": 7}, tmp_path / "half.png")
    assert "by 50.0% of" in capsys.readouterr().out
    with Image.open(tmp_path / "half.png") as sheet:
        assert sheet.width > sheet.height


def test_the_readme_s_pictures_are_drawn(card, made: Path, scripts, tmp_path: Path) -> None:
    arguments = ["--weights", str(made / "small.safetensors"), "--out", str(tmp_path)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["draw_readme.py", *arguments, "--limit", "250"])
        scripts["draw_readme"].main()
    assert {path.name for path in tmp_path.glob("*.png")} == {
        "conv1-kernels.png",
        "predictions.png",
    }
