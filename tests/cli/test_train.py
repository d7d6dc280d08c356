"""``tutor train``, ``evaluate``, ``plot`` and ``predict``: a small run, from first step to verdict."""

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from thorough import cases

from alexnet_tutor import machine, resources
from alexnet_tutor.cli import output, training_screen
from alexnet_tutor.records import JudgingRecord, ProgressRecord, RunEndRecord, RunRecord
from alexnet_tutor.training.named import RECIPES

# Quick: 1/16 of the channels, pictures of 67×67, drawn by the kit.
SMALL = ["--data", "sketches", "--width", "0.0625", "--image-size", "67", "--limit", "1000"]
SMALL += ["--batch-size", "32", "--lr", "0.02", "--seed", "3", "--precision", "fp32"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of two epochs."""
    from typer.testing import CliRunner

    from alexnet_tutor.cli.app import app

    folder = tmp_path_factory.mktemp("runs") / "one"
    result = CliRunner().invoke(app, ["train", *SMALL, "--epochs", "2", "--run", str(folder)])
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith(
        "sketches: 1,000 pictures to learn from, 91 for validation; fp32 on cpu"
    )
    assert lines[1] == f"run: {folder}"
    assert [line.split()[:2] for line in lines[2:4]] == [["epoch", "1/2:"], ["epoch", "2/2:"]]
    assert lines[-1] == f"Next: tutor evaluate --run {folder}"
    assert all(len(line) <= 80 for line in lines[1:] if str(folder) not in line)
    return folder


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_run_s_folder_holds_what_the_readme_says(run: Path) -> None:
    for name in ("settings.json", "metrics.csv", "best.safetensors", "final.safetensors"):
        assert (run / name).stat().st_size > 0
    with Image.open(run / "curves.png") as curves:
        assert curves.width > 300
    assert len(list((run / "checkpoints").iterdir())) == 2
    assert not [path for path in run.rglob("*") if path.suffix in {".pt", ".pth", ".pkl", ".bin"}]
    with (run / "metrics.csv").open() as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["1", "2"]


def test_settings_tell_where_each_value_came_from(run: Path) -> None:
    told = json.loads((run / "settings.json").read_text())["settings"]
    assert told["lr"] == {"value": 0.02, "origin": "flag"}
    assert told["momentum"] == {"value": 0.9, "origin": "default"}


def test_a_settings_file_is_an_origin_too(tutor, home: Path, tmp_path: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("[train]\nmomentum = 0.5\nepochs = 1\nlr = 9\n")
    folder = tmp_path / "run"
    assert tutor("train", *SMALL, "--run", folder).exit_code == 0
    told = json.loads((folder / "settings.json").read_text())["settings"]
    assert told["momentum"] == {"value": 0.5, "origin": "settings file"}
    assert told["epochs"] == {"value": 1, "origin": "settings file"}
    assert told["lr"] == {"value": 0.02, "origin": "flag"}


def test_a_recipe_lies_between_flags_and_the_settings_file(
    tutor, refused, home: Path, tmp_path: Path
) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("[train]\nlr = 9\nseed = 5\n")
    small = ("--data", "sketches", "--limit", 40, "--width", 1 / 32, "--epochs", 1)
    folder = tmp_path / "run"
    asked = ("--recipe", "quick", "--image-size", 67, "--run", folder)
    assert tutor("train", *small, *asked).exit_code == 0
    told = json.loads((folder / "settings.json").read_text())["settings"]
    assert told["lr"] == {"value": RECIPES["quick"]["lr"], "origin": "recipe"}
    assert told["schedule"] == {"value": "onecycle", "origin": "recipe"}
    assert told["image_size"] == {"value": 67, "origin": "flag"}
    assert told["seed"] == {"value": 5, "origin": "settings file"}
    line = refused("train", "--recipe", "origin", "--run", folder, "--resume")
    assert f"lr: {RECIPES['quick']['lr']} in the run, 0.01 now" in line
    (home / "settings.toml").write_text('[train]\nrecipe = "origin"\nlr = 0.04\n')
    assert tutor("train", "--run", folder, "--resume").exit_code == 0
    other = tmp_path / "other"
    assert tutor("train", *small, "--image-size", 67, "--run", other).exit_code == 0
    told = json.loads((other / "settings.json").read_text())["settings"]
    assert told["lr"] == {"value": 0.04, "origin": "settings file"}
    assert told["init"] == {"value": "torch", "origin": "recipe"}


def test_a_finished_run_resumed_does_nothing(tutor, run: Path) -> None:
    before = sha256(run / "final.safetensors")
    result = tutor("train", "--run", run, "--resume")
    assert result.exit_code == 0
    assert "finished" in result.stdout
    assert sha256(run / "final.safetensors") == before


def test_killed_in_the_middle_and_resumed_it_ends_in_the_same_bits(tutor, tmp_path: Path) -> None:
    """SIGKILL: nothing is saved at the end; what was learnt since the last checkpoint is learnt again."""
    folder, undisturbed = tmp_path / "killed", tmp_path / "undisturbed"
    assert tutor("train", *SMALL, "--epochs", "4", "--run", undisturbed).exit_code == 0
    command = [sys.executable, "-m", "alexnet_tutor", "train", "--run", str(folder)]
    begun = subprocess.Popen([*command, *SMALL, "--epochs", "4"], stdout=subprocess.DEVNULL)
    until(partial(has_checkpoint, folder), begun)
    begun.kill()
    begun.wait()
    assert not (folder / "final.safetensors").exists()
    done = subprocess.run([*command, "--resume"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Resuming after epoch" in done.stdout
    assert sha256(folder / "final.safetensors") == sha256(undisturbed / "final.safetensors")


def has_checkpoint(folder: Path) -> bool:
    return any((folder / "checkpoints").glob("epoch-*/manifest.json"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
@pytest.mark.parametrize(("number", "code"), cases([(signal.SIGINT, 130), (signal.SIGTERM, 143)]))
def test_asked_to_stop_it_saves_and_says_how_to_go_on(tmp_path, number, code) -> None:
    folder = tmp_path / "stopped run"
    command = [sys.executable, "-m", "alexnet_tutor", "train", *SMALL, "--epochs", "500"]
    process = subprocess.Popen(
        [*command, "--run", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until(partial(has_checkpoint, folder), process)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert "Traceback" not in err
    assert f"Go on: tutor train --run '{folder}' --resume" in out
    assert list((folder / "checkpoints").glob("epoch-*/manifest.json"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_asked_to_stop_while_the_data_loads_it_stops_at_once(
    tutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: int
) -> None:
    drawn: list[int] = []

    def draw(label: int, *_: object) -> np.ndarray:
        drawn.append(label)
        if len(drawn) == 3:
            signal.raise_signal(number)
        return np.zeros((28, 28), dtype=np.uint8)

    monkeypatch.setattr("alexnet_tutor.data.sketches.draw", draw)
    result = tutor("train", *SMALL, "--run", tmp_path / "run")
    assert result.exit_code == code
    assert len(drawn) == 3
    assert result.stderr == "Stopped before the first step: there was nothing to save.\n"
    assert not (tmp_path / "run").exists()


def test_curves_that_cannot_be_drawn_do_not_end_the_training(
    tutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise IsADirectoryError(21, "Is a directory")

    monkeypatch.setattr("alexnet_tutor.show.plots.save", refuse)
    result = tutor("train", *SMALL, "--epochs", "2", "--limit", "100", "--run", tmp_path)
    assert result.exit_code == 0, result.output
    (note,) = result.stderr.splitlines()
    assert note.startswith("Note: curves.png could not be drawn (Is a directory)")
    assert (tmp_path / "final.safetensors").is_file()


def test_where_a_person_watches_the_bar_says_that_it_is_judging(monkeypatch) -> None:
    monkeypatch.setattr(output, "stderr_is_terminal", lambda: True)
    run = RunRecord(
        "run", "sketches", "cpu", "fp32", 1000, 91, 32, epochs=9, steps=32, epoch=2, step=5
    )
    bar = training_screen._bar(run)
    training_screen._advance(bar, ProgressRecord(3, 9, 32, 32, 1.5, 0.5, 0.01, 99.0, 60.0))
    assert (bar.n, bar.total) == (32, 32)
    training_screen._judge(bar, JudgingRecord(1, 3))
    assert (bar.n, bar.total) == (1, 3)
    assert bar.desc == "epoch 3/9: validation"
    training_screen._advance(bar, ProgressRecord(4, 9, 1, 32, 1.5, 0.5, 0.01, 99.0, 60.0))
    assert (bar.n, bar.total) == (1, 32)
    assert bar.desc.startswith("epoch 4/9: loss 1.5")
    bar.close()


def test_a_stopped_run_says_in_which_epoch_after_which_step() -> None:
    end = RunEndRecord(
        "my run", False, True, epoch=0, step=3, epochs=9, best_epoch=None, best=None, final=None
    )
    first, second = training_screen._closing(end).splitlines()
    assert first == "Stopped in epoch 1, after step 3. All of it is saved."
    assert second == "Go on: tutor train --run 'my run' --resume"


def test_one_picture_is_a_picture() -> None:
    run = RunRecord("r", "sketches", "cpu", "fp32", 1, 0, 32, epochs=1, steps=1, epoch=0, step=0)
    assert training_screen._opening(run).startswith("sketches: 1 picture to learn from; ")


def test_the_help_of_resume_says_whose_settings_hold(tutor) -> None:
    assert "whatever settings.toml says" in " ".join(tutor("train", "--help").stdout.split())


def until(condition, process: subprocess.Popen, seconds: float = 60) -> None:
    for _ in range(int(seconds * 50)):
        if condition():
            return
        assert process.poll() is None, "it ended by itself"
        time.sleep(0.02)
    process.kill()
    pytest.fail("it took too long")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--lr", "0"], "--lr"),
        (["--lr", "fast"], "--lr"),
        (["--lr", "nan"], "--lr"),
        (["--epochs", "0"], "--epochs"),
        (["--batch-size", "-1"], "--batch-size"),
        (["--data", "imagenet"], "fashion-mnist, sketches"),
        (["--data", "folder:nowhere"], "nowhere"),
        (["--schedule", "magic"], "magic"),
        (["--recipe", "magic"], "magic"),
        (["--image-size", "20"], "--image-size 20 is too small: pool2"),
        (["--image-size", "2800", "--width", "1"], "--image-size 2800 is too large"),
        (["--data", "folder:my\xa0cats"], "--data"),
        (["--width", "0"], "--width"),
        (["--device", "cuda"], "cuda"),
        (["--resume"], "--run"),
        (["--resume", "--run", "nowhere"], "nowhere"),
    ],
)
def test_bad_input_is_refused_in_one_line_and_leaves_nothing(
    refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], word: str
) -> None:
    if arguments == ["--device", "cuda"]:
        monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.chdir(tmp_path)
    assert word in refused("train", *(SMALL if "--data" not in arguments else []), *arguments)
    assert not list(tmp_path.rglob("settings.json"))


@pytest.mark.parametrize("place", [".", "thesis.txt", "thesis.txt/run"])
def test_a_run_is_kept_only_in_a_folder_of_its_own(
    refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("thesis.txt").touch()
    line = refused("train", *SMALL, "--run", place)
    assert "Choose another --run" in line
    assert "resume" not in line
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_second_run_in_the_same_folder_is_refused(refused, run: Path) -> None:
    assert "--resume" in refused("train", *SMALL, "--run", run)


def test_resuming_with_other_settings_is_refused_and_the_difference_shown(
    refused, run: Path
) -> None:
    line = refused("train", "--run", run, "--resume", "--lr", "0.1", "--momentum", "0.5")
    assert "lr: 0.02 in the run, 0.1 now" in line
    assert "momentum: 0.9 in the run, 0.5 now" in line


def test_without_a_network_it_names_the_ways_out(refused, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TUTOR_OFFLINE", "1")
    monkeypatch.setenv("TUTOR_DATA", str(tmp_path / "empty"))
    line = refused("train", "--run", tmp_path / "run")
    assert all(word in line for word in ("--data-dir", "TUTOR_DATA", "--data sketches"))


def test_a_loss_that_explodes_stops_the_run(refused_late, tmp_path: Path) -> None:
    line = refused_late("train", *SMALL, "--lr", "1000", "--run", tmp_path / "run", code=1)
    assert "--lr" in line


@pytest.fixture
def refused_late(tutor):
    """As ``refused``, for a command that has begun to print."""

    def run(*arguments: object, code: int) -> str:
        result = tutor(*arguments)
        assert result.exit_code == code, result.output
        return result.stderr.strip().splitlines()[-1]

    return run


def test_evaluate_tells_accuracy_classes_and_confusions(tutor, run: Path) -> None:
    told = json.loads(tutor("evaluate", "--run", run, "--json").stdout)
    confusion = told["confusion"]
    right = sum(confusion[k][k] for k in range(10))
    total = sum(map(sum, confusion))
    assert total == told["images"] == 1000
    assert told["accuracy"] == pytest.approx(right / total)
    assert told["accuracy"] > 0.2, "chance is 0.1"
    for k, row in enumerate(told["per_class"]):
        assert row["support"] == sum(confusion[k]) == 100
        assert row["recall"] == pytest.approx(confusion[k][k] / 100)
    for name in ("confusion.png", "examples.png", "mistakes.png"):
        with Image.open(run / "evaluation" / name) as picture:
            assert picture.width > 200


def test_evaluate_reads_well_in_80_columns(tutor, run: Path) -> None:
    result = tutor("evaluate", "--run", run, "--limit", "300")
    assert result.exit_code == 0, result.output
    assert "300" in result.stdout.splitlines()[0]
    assert all(len(line) <= 80 for line in result.stdout.splitlines())


def test_evaluate_with_flips_says_so(tutor, run: Path, tmp_path: Path) -> None:
    asked = ("evaluate", "--run", run, "--limit", 50, "--save", tmp_path / "drawn")
    assert "mirror image" in tutor(*asked, "--flips").stdout
    plain, both = (json.loads(tutor(*asked, *more, "--json").stdout) for more in ([], ["--flips"]))
    assert (plain["flips"], both["flips"]) == (False, True)
    assert plain["loss"] != both["loss"]


def test_evaluate_of_weights_uses_the_data_they_were_trained_on(tutor, run: Path, tmp_path) -> None:
    result = tutor("evaluate", "--weights", run / "final.safetensors", "--limit", "50", "--json")
    assert json.loads(result.stdout)["data"] == "sketches test"


@pytest.mark.parametrize(
    "arguments", [["--run", "nowhere"], ["--weights", "nowhere"], ["--limit", "0", "--run", "x"]]
)
def test_evaluate_refuses_bad_input(refused, arguments: list[str]) -> None:
    refused("evaluate", *arguments)


def test_plot_draws_one_run_or_several(tutor, run: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert tutor("plot", run).exit_code == 0
    other = tmp_path / "other"
    other.mkdir()
    (other / "metrics.csv").write_bytes((run / "metrics.csv").read_bytes())
    result = tutor("plot", run, other, "--save", "both.png")
    assert result.exit_code == 0, result.output
    assert "one" in result.stdout
    assert "other" in result.stdout
    with Image.open("both.png") as picture:
        assert picture.width > 300


def test_plot_refuses_what_is_no_run(refused, run: Path, tmp_path: Path) -> None:
    assert "nowhere" in refused("plot", "nowhere")
    assert "twice" in refused("plot", run, run)
    assert "both.txt" in refused("plot", run, "--save", tmp_path / "both.txt")


def test_predict_names_classes_for_every_file_and_goes_on_after_a_bad_one(
    tutor, run: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.png"
    bad.write_text("no")
    sample = resources.sample()
    result = tutor("predict", "--run", run, sample, bad, sample, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 2
    assert [row["image"] for row in told] == [str(sample)] * 2
    assert len(told[0]["top"]) == 3
    assert "bad.png" in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_predict_reads_well_in_80_columns(tutor, run: Path) -> None:
    result = tutor("predict", "--run", run, resources.sample(), "--top", "2")
    assert result.exit_code == 0
    assert all(len(line) <= 80 or "sample.png" in line for line in result.stdout.splitlines())


def test_a_run_s_weights_can_be_traced(tutor, run: Path) -> None:
    result = tutor("trace", "--run", run)
    assert result.exit_code == 0
    assert "UNTRAINED" not in result.stdout


def test_a_batch_that_will_not_fit_is_refused_in_one_line_with_one_that_will(
    refused, tutor, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(machine, "free_memory", lambda: 400_000_000)
    folder = tmp_path / "run"
    large = [*SMALL, "--validation", "0", "--epochs", "1", "--batch-size", "1000", "--run", folder]
    line = refused("train", *large)
    assert "1,000 pictures a step" in line
    assert "0.40 GB are free" in line
    assert not folder.exists()
    named = line.partition("Use --batch-size ")[2].rstrip(".")
    assert tutor("train", *large, "--batch-size", named).exit_code == 0
