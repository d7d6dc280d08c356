"""A whole run: the files it leaves, the records it yields, and how it refuses."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from alexnet_tutor.data import open_data
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.machine import StopRequest, sha256_of
from alexnet_tutor.records import (
    EpochRecord,
    NoticeRecord,
    RunEndRecord,
    RunRecord,
    TrainingRecord,
    best_epoch,
)
from alexnet_tutor.training import fit as fit_module
from alexnet_tutor.training.fit import fit
from alexnet_tutor.training.metrics import read_history
from alexnet_tutor.training.recipes import Settings
from alexnet_tutor.training.run import read_run
from alexnet_tutor.weights.store import load_weights

RunAll = Callable[..., list[TrainingRecord]]


def rows(records: list[TrainingRecord]) -> list[EpochRecord]:
    return [record for record in records if isinstance(record, EpochRecord)]


def test_a_run_leaves_its_settings_figures_checkpoints_and_weights(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    run = tmp_path / "new" / "run"
    records = run_all(run, settings)
    first, last = records[0], records[-1]
    assert isinstance(first, RunRecord)
    assert (first.learnt, first.held_out, first.steps, first.resumed) == (44, 4, 3, False)
    assert isinstance(last, RunEndRecord)
    assert (last.finished, last.worked, last.epoch) == (True, True, 3)
    assert read_history(run) == rows(records)
    assert last.best_epoch == best_epoch(rows(records)).epoch
    assert [path.name for path in sorted((run / "checkpoints").iterdir())] == [
        "epoch-002-step-00000",
        "epoch-003-step-00000",
    ]
    assert {path.name for path in run.iterdir()} == {
        *("settings.json", "metrics.csv", "best.safetensors", "final.safetensors"),
        *("checkpoints", ".lock"),
    }
    assert read_run(run).settings == settings


def test_best_and_final_say_what_they_are(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    history = rows(run_all(tmp_path, settings))
    for name, row in (("best", best_epoch(history)), ("final", history[-1])):
        _, facts = load_weights(tmp_path / f"{name}.safetensors")
        assert facts.history["epochs"] == str(row.epoch)
        assert float(facts.history["validation_accuracy"]) == row.validation_accuracy
        assert (facts.history["data"], facts.preparation.image_size) == ("sketches", 67)
    checkpoint = tmp_path / "checkpoints" / "epoch-003-step-00000" / "weights.safetensors"
    assert sha256_of(checkpoint) == sha256_of(tmp_path / "final.safetensors")


def test_the_table_has_a_row_before_the_record_is_seen(tmp_path: Path, settings: Settings) -> None:
    for record in fit(tmp_path, settings):
        if isinstance(record, EpochRecord):
            assert read_history(tmp_path)[-1] == record


def test_a_run_learns(tmp_path: Path, settings: Settings, run_all: RunAll) -> None:
    more = replace(settings, limit=220, epochs=8, lr=0.005, width=1 / 16)
    history = rows(run_all(tmp_path, more))
    assert history[-1].train_loss < 0.8 * history[0].train_loss
    assert history[-1].validation_accuracy > 0.3


def test_without_pictures_held_out_best_goes_by_the_training_loss(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    records = run_all(tmp_path, replace(settings, validation=0))
    assert records[0].held_out == 0
    assert all(row.validation_loss is None for row in read_history(tmp_path))
    losses = [row.train_loss for row in rows(records)]
    assert records[-1].best_epoch == 1 + losses.index(min(losses))


def test_a_folder_with_a_run_is_left_alone(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    run_all(tmp_path, replace(settings, epochs=1))
    before = sha256_of(tmp_path / "final.safetensors")
    with pytest.raises(TutorError, match="holds a run already"):
        run_all(tmp_path, settings)
    assert sha256_of(tmp_path / "final.safetensors") == before


def test_resuming_where_there_is_no_run_is_refused(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    with pytest.raises(TutorError, match="no run in"):
        run_all(tmp_path / "nothing", settings, resume=True)
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(
    "change", [{"data": "folder:/nowhere/at/all"}, {"image_size": 9}, {"data": "cifar"}]
)
def test_a_run_that_cannot_begin_leaves_no_folder(
    tmp_path: Path, settings: Settings, run_all: RunAll, change: dict
) -> None:
    with pytest.raises(TutorError) as caught:
        run_all(tmp_path / "run", replace(settings, **change))
    assert caught.value.exit_code is ExitCode.BAD_INPUT
    assert not (tmp_path / "run").exists()


def test_a_finished_run_does_nothing_more(
    tmp_path: Path, settings: Settings, run_all: RunAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_all(tmp_path, settings)
    monkeypatch.setattr(fit_module, "prepare", None)  # not even the data is opened
    (end,) = run_all(tmp_path, settings, resume=True)
    assert (end.finished, end.worked, end.epochs) == (True, False, 3)
    assert end.final == str(tmp_path / "final.safetensors")


def test_final_weights_that_are_gone_are_written_again(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    run_all(tmp_path, settings)
    before = sha256_of(tmp_path / "final.safetensors")
    (tmp_path / "final.safetensors").unlink()
    assert run_all(tmp_path, settings, resume=True)[-1].finished
    assert sha256_of(tmp_path / "final.safetensors") == before


def test_more_epochs_give_what_a_longer_run_would_have(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    longer = replace(settings, epochs=4)
    run_all(tmp_path / "long", longer)
    run_all(tmp_path / "short", settings)
    run_all(tmp_path / "short", longer, resume=True)
    assert read_run(tmp_path / "short").settings == longer
    assert len(read_history(tmp_path / "short")) == 4
    assert sha256_of(tmp_path / "short" / "final.safetensors") == sha256_of(
        tmp_path / "long" / "final.safetensors"
    )


def test_while_a_longer_run_is_not_finished_it_has_no_final_weights(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    """The old ones keep a name of their own, and nobody takes them for the new ones."""
    run_all(tmp_path, settings, origins={})
    before = sha256_of(tmp_path / "final.safetensors")
    longer = replace(settings, epochs=4)
    end = run_all(tmp_path, longer, resume=True, origins={"epochs": "flag"}, stop_after=1)[-1]
    assert (end.finished, end.final) == (False, None)
    assert sha256_of(tmp_path / "final-3.safetensors") == before
    assert read_run(tmp_path).origins["epochs"] == "flag"
    end = run_all(tmp_path, longer, resume=True)[-1]
    assert end.final == str(tmp_path / "final.safetensors")
    assert load_weights(tmp_path / "final.safetensors")[1].history["epochs"] == "4"


def test_a_class_of_any_name_can_be_learnt_and_its_weights_loaded(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    pictures = tmp_path / "pictures"
    for name in ("dog", "my\xa0cat", os.fsdecode(b"caf\xe9")):
        (pictures / name).mkdir(parents=True)
        for shade in (10, 250):
            Image.new("L", (70, 70), shade).save(pictures / name / f"{shade}.png")
    wanted = replace(settings, data=f"folder:{pictures}", epochs=1, validation=0)
    assert run_all(tmp_path / "run", wanted)[-1].finished
    assert load_weights(tmp_path / "run" / "final.safetensors")[1].labels == (
        *("caf?", "dog", "my cat"),
    )


def test_a_run_whose_weights_could_not_be_loaded_does_not_begin(
    tmp_path: Path, settings: Settings, run_all: RunAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alexnet_tutor.weights.metadata._LARGEST_METADATA", 100)
    with pytest.raises(TutorError, match=r"could not be loaded: the names .* too long"):
        run_all(tmp_path / "run", settings)
    assert not (tmp_path / "run").exists()


def test_data_lies_where_tutor_data_says(
    tmp_path: Path, settings: Settings, run_all: RunAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_OFFLINE", "1")
    monkeypatch.setenv("TUTOR_DATA", str(tmp_path / "of the environment"))
    with pytest.raises(TutorError, match="of the environment"):
        run_all(tmp_path / "run", replace(settings, data="fashion-mnist"))
    with pytest.raises(TutorError, match="of the argument"):
        run_all(
            tmp_path / "run",
            replace(settings, data="fashion-mnist"),
            data_dir=tmp_path / "of the argument",
        )


def test_a_request_to_stop_is_heeded_from_the_first_record_on(
    tmp_path: Path, settings: Settings
) -> None:
    stop = StopRequest()
    heeded: list[bool] = []
    for record in fit(tmp_path, settings, stop=stop, loading=lambda *_: heeded.append(stop.heeded)):
        if not isinstance(record, RunRecord):
            assert stop.heeded
            break
    assert not any(heeded)


def test_other_pictures_than_at_the_beginning_are_refused(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    run_all(tmp_path, settings, stop_after=2)
    told = json.loads((tmp_path / "settings.json").read_text())
    told["fingerprint"] = "other pictures"
    (tmp_path / "settings.json").write_text(json.dumps(told))
    with pytest.raises(TutorError, match="pictures of sketches are not those") as caught:
        run_all(tmp_path, settings, resume=True)
    assert "--data-dir" not in caught.value.remedy


def test_a_folder_s_pictures_are_to_be_put_back(
    tmp_path: Path, settings: Settings, run_all: RunAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run keeps the folder's whole name, so that it is found from elsewhere."""
    for name in ("cat", "dog"):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for shade in (10, 250):
            Image.new("L", (70, 70), shade).save(tmp_path / "pictures" / name / f"{shade}.png")
    monkeypatch.chdir(tmp_path)
    wanted = replace(settings, data="folder:pictures", epochs=1)
    run_all(tmp_path / "run", wanted, stop_after=2)
    assert read_run(tmp_path / "run").settings.data == f"folder:{tmp_path / 'pictures'}"
    run_all(
        tmp_path / "run", wanted, resume=True, stop_after=1
    )  # the same folder: no contradiction
    monkeypatch.chdir("/")
    for file in (tmp_path / "pictures").rglob("*.png"):
        Image.new("L", (70, 70), 99).save(file)
    (tmp_path / "run" / "final.safetensors").unlink(missing_ok=True)
    with pytest.raises(TutorError, match="not those") as caught:
        run_all(tmp_path / "run", Settings(), resume=True)
    assert "Put the old ones back" in caught.value.remedy
    assert "--data-dir" not in caught.value.remedy


def test_a_run_remembers_where_fashion_mnist_lies(
    tmp_path: Path, settings: Settings, run_all: RunAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def sketches_instead(source: str, *, data_dir: Path, **options: object) -> object:
        asked.append(data_dir)
        return open_data("sketches", data_dir=data_dir, **options)

    monkeypatch.setattr("alexnet_tutor.training.job.open_data", sketches_instead)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "moved").mkdir()
    wanted = replace(settings, data="fashion-mnist")
    run_all(tmp_path / "run", wanted, data_dir=Path("mine"), stop_after=1)
    run_all(tmp_path / "run", Settings(), resume=True, stop_after=1)
    run_all(tmp_path / "run", Settings(), resume=True, stop_after=1, data_dir=Path("moved"))
    assert asked == [tmp_path / "mine", tmp_path / "mine", tmp_path / "moved"]
    assert read_run(tmp_path / "run").data_dir == tmp_path / "moved"
    run_all(tmp_path / "sketches", settings, data_dir=tmp_path, stop_after=1)
    assert read_run(tmp_path / "sketches").data_dir is None


def test_another_torch_or_other_threads_are_noted(
    tmp_path: Path, settings: Settings, run_all: RunAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_all(tmp_path, settings, stop_after=2)
    there = {"kit": "0", "torch": "0.4", "threads": str(torch.get_num_threads())}
    told = json.loads((tmp_path / "settings.json").read_text())
    told["versions"] = there
    (tmp_path / "settings.json").write_text(json.dumps(told))
    notices = [
        record.text
        for record in run_all(tmp_path, settings, resume=True)
        if isinstance(record, NoticeRecord)
    ]
    assert len(notices) == 2
    assert "began with torch 0.4" in notices[1]


def test_a_folder_in_use_is_busy(tmp_path: Path, settings: Settings, run_all: RunAll) -> None:
    going = fit(tmp_path, settings)
    next(going)
    with pytest.raises(TutorError, match="Another process") as caught:
        run_all(tmp_path, settings, resume=True)
    assert caught.value.exit_code is ExitCode.BUSY
    going.close()
    assert run_all(tmp_path, settings, resume=True)[-1].finished


def test_a_run_that_diverges_keeps_its_last_good_checkpoint_and_names_it(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    run_all(tmp_path, settings, stop_after=6)  # one step into the second epoch
    (weights,) = (tmp_path / "checkpoints").glob("epoch-001-step-00001/weights.safetensors")
    before = sha256_of(weights)
    wild = json.loads((tmp_path / "settings.json").read_text())
    wild["settings"]["lr"]["value"] = 1000.0
    (tmp_path / "settings.json").write_text(json.dumps(wild))
    with pytest.raises(TutorError, match="no longer a finite number") as caught:
        run_all(tmp_path, Settings(), resume=True)
    assert caught.value.exit_code is ExitCode.FAILED
    assert "checkpoints/epoch-" in caught.value.what.replace("\\", "/")
    assert sha256_of(weights) == before
    for path in tmp_path.glob("**/*.safetensors"):
        if path.name != "optimiser.safetensors":
            load_weights(path)  # refuses what is not finite


def test_a_full_disk_ends_the_run_and_it_can_go_on(
    tmp_path: Path, settings: Settings, run_all: RunAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    undisturbed = tmp_path / "undisturbed"
    run_all(undisturbed, settings)
    run = tmp_path / "run"
    run_all(run, settings, stop_after=5)
    with monkeypatch.context() as patched:
        patched.setattr(fit_module, "save_weights", full)
        with pytest.raises(TutorError, match="No space left on device"):
            run_all(run, settings, resume=True)
    run_all(run, settings, resume=True)
    assert sha256_of(run / "final.safetensors") == sha256_of(undisturbed / "final.safetensors")


@pytest.mark.parametrize("augment", ["flip", "paper"])
def test_augmented_runs_resume_too(
    tmp_path: Path, settings: Settings, run_all: RunAll, augment: str
) -> None:
    wanted = replace(settings, augment=augment, epochs=2, schedule="onecycle")
    run_all(tmp_path / "a", wanted)
    run_all(tmp_path / "b", wanted, stop_after=2)
    run_all(tmp_path / "b", wanted, resume=True)
    assert sha256_of(tmp_path / "a" / "final.safetensors") == sha256_of(
        tmp_path / "b" / "final.safetensors"
    )


def test_the_paper_preset_trains_too(tmp_path: Path, settings: Settings, run_all: RunAll) -> None:
    paper = replace(settings, preset="paper", init="paper", epochs=1)
    assert run_all(tmp_path, paper)[-1].finished
    _, facts = load_weights(tmp_path / "final.safetensors")
    assert (facts.architecture.name, facts.preparation.channels) == ("paper", 3)
