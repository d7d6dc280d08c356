"""The run's folder: one run in it, one process at it, and it goes on only as it began."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from alexnet_tutor import machine
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.training.recipes import Settings, origins_of
from alexnet_tutor.training.run import RunFacts, agreed, read_run, write_settings
from alexnet_tutor.training.run_folder import RunFolder, default_run, require_free


@pytest.fixture
def recorded(settings: Settings) -> RunFacts:
    return RunFacts(
        settings=replace(settings, device="auto", precision="auto"),
        origins=dict(origins_of(settings)),
        device="cpu",
        precision="bf16",
        fingerprint="abc",
        versions={"torch": "2"},
    )


def test_settings_come_back_with_their_origins(tmp_path: Path, recorded: RunFacts) -> None:
    folder = RunFolder(tmp_path)
    write_settings(folder, recorded, {"labels": ["a"]})
    assert read_run(tmp_path) == recorded
    told = json.loads(folder.settings.read_text())
    assert told["settings"]["epochs"] == {"value": 3, "origin": "flag"}
    assert told["settings"]["momentum"] == {"value": 0.9, "origin": "default"}
    assert told["labels"] == ["a"]
    own = replace(recorded, lessons=(4, 5), course=tmp_path)
    write_settings(folder, own, {})
    assert read_run(tmp_path) == own
    assert told["machine"]["cores"] >= 1


def test_the_folder_of_the_data_comes_back_while_it_is_there(
    tmp_path: Path, recorded: RunFacts
) -> None:
    for there, read in ((tmp_path, tmp_path), (tmp_path / "gone", None), (None, None)):
        write_settings(RunFolder(tmp_path), replace(recorded, data_dir=there), {})
        assert read_run(tmp_path).data_dir == read


def test_a_folder_without_a_run_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(TutorError, match="no run in") as caught:
        read_run(tmp_path)
    assert caught.value.exit_code is ExitCode.BAD_INPUT


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"settings": {"lr": {"value": -1, "origin": "flag"}}}', "\udcff"]
)
def test_settings_that_make_no_sense_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(TutorError, match="makes no sense") as caught:
        read_run(tmp_path)
    assert caught.value.exit_code is ExitCode.BAD_CHECKPOINT


def test_a_second_run_is_refused_with_both_ways_out(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    require_free(folder)
    for path in (folder.settings, folder.final):
        path.touch()
        with pytest.raises(TutorError, match=r"holds a run already.*--resume.*--run") as caught:
            require_free(folder)
        assert caught.value.exit_code is ExitCode.BAD_INPUT
        path.unlink()


def test_without_flags_a_run_goes_on_with_its_own_settings(recorded: RunFacts) -> None:
    own = agreed(recorded, Settings(), origins_of(Settings()))
    assert own == replace(recorded.settings, device="cpu", precision="bf16")


def test_only_flags_can_contradict(recorded: RunFacts) -> None:
    asked = Settings(lr=0.5)
    assert agreed(recorded, asked, {"lr": "settings file"}).lr == recorded.settings.lr
    assert agreed(recorded, asked, {"lr": "environment"}).lr == recorded.settings.lr
    with pytest.raises(TutorError):
        agreed(recorded, asked, {"lr": "flag"})


def test_all_differences_are_listed(recorded: RunFacts) -> None:
    asked = Settings(lr=0.1, batch_size=16, momentum=0.5, precision="fp32", data="fashion-mnist")
    flags = dict.fromkeys(["lr", "batch_size", "momentum", "precision", "data"], "flag")
    with pytest.raises(TutorError) as caught:
        agreed(recorded, asked, flags)
    assert "lr: 0.02 in the run, 0.1 now" in caught.value.what
    assert "momentum: 0.9 in the run, 0.5 now" in caught.value.what
    assert "precision: bf16 in the run, fp32 now" in caught.value.what
    assert "data: sketches in the run, fashion-mnist now" in caught.value.what
    assert "batch_size" not in caught.value.what
    assert caught.value.exit_code is ExitCode.BAD_INPUT


def test_auto_and_what_auto_came_to_are_no_difference(recorded: RunFacts) -> None:
    flags = {"device": "flag", "precision": "flag"}
    for device, precision in (("auto", "auto"), ("cpu", "bf16")):
        own = agreed(recorded, Settings(device=device, precision=precision), flags)
        assert (own.device, own.precision) == ("cpu", "bf16")


@pytest.mark.parametrize("schedule", ["step", "plateau"])
def test_more_epochs_are_agreed_to_where_the_rates_stay(recorded: RunFacts, schedule: str) -> None:
    run = replace(recorded, settings=replace(recorded.settings, schedule=schedule))
    assert agreed(run, Settings(epochs=9), {"epochs": "flag"}).epochs == 9
    with pytest.raises(TutorError, match="epochs: 3 in the run, 2 now"):
        agreed(run, Settings(epochs=2), {"epochs": "flag"})


@pytest.mark.parametrize("schedule", ["cosine", "onecycle"])
def test_more_epochs_are_refused_where_the_rates_would_change(
    recorded: RunFacts, schedule: str
) -> None:
    run = replace(recorded, settings=replace(recorded.settings, schedule=schedule))
    with pytest.raises(TutorError, match="epochs: 3 in the run, 9 now"):
        agreed(run, Settings(epochs=9), {"epochs": "flag"})


def test_a_folder_that_is_locked_is_busy_until_the_lock_goes(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    with folder.locked():
        with pytest.raises(TutorError, match="Another process") as caught, folder.locked():
            pass
        assert caught.value.exit_code is ExitCode.BUSY
    with folder.locked():
        pass


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from alexnet_tutor.machine import sole_user\n"
        "with sole_user(Path(sys.argv[1])) as alone:\n"
        "    print(alone, flush=True); sys.stdin.read()"
    )
    lock = tmp_path / ".lock"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout.readline().strip() == b"True"
        with machine.sole_user(lock) as alone:
            assert not alone
        process.kill()
        process.wait()
    with machine.sole_user(lock) as alone:
        assert alone


def test_a_filesystem_without_locks_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(descriptor: int) -> None:
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(machine, "_lock", unknown)
    with machine.sole_user(tmp_path / ".lock") as alone:
        assert alone


def test_what_a_killed_process_was_writing_is_swept(tmp_path: Path) -> None:
    for name in (".best.safetensors.a1b2.tmp", ".mine.tmp"):
        (tmp_path / name).touch()
    with RunFolder(tmp_path).locked():
        assert {path.name for path in tmp_path.iterdir()} == {".lock", ".mine.tmp"}


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "run"):
        for use in (RunFolder.locked, require_free):
            with pytest.raises(TutorError, match=r"cannot be kept in .*another --run") as caught:
                (use(RunFolder(path)) or pytest.fail("it is free")).__enter__()
            assert caught.value.exit_code is ExitCode.BAD_INPUT


def test_a_folder_that_may_not_be_written_is_told_by_whether_a_run_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "touch", refuse)
    with pytest.raises(TutorError, match="Choose another --run") as caught:
        RunFolder(tmp_path).locked().__enter__()
    assert caught.value.exit_code is ExitCode.BAD_INPUT
    (tmp_path / "settings.json").write_text("{}")
    with pytest.raises(TutorError, match="go on with --resume") as caught:
        RunFolder(tmp_path).locked().__enter__()
    assert caught.value.exit_code is ExitCode.FAILED


def test_a_folder_of_other_things_is_refused_one_that_looks_empty_is_not(tmp_path: Path) -> None:
    require_free(RunFolder(tmp_path / "new"))
    (tmp_path / ".lock").touch()
    require_free(RunFolder(tmp_path))
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(TutorError, match=r"not empty.*--run") as caught:
        require_free(RunFolder(tmp_path))
    assert caught.value.exit_code is ExitCode.BAD_INPUT


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ("fashion-mnist", "fashion-mnist"),
        ("folder:/home/me/My Photos/", "My-Photos"),
        ("folder:C:\\pictures\\dogs", "dogs"),
        ("folder:..", "run"),
    ],
)
def test_a_run_is_named_by_its_data_the_day_and_the_first_free_number(
    tmp_path: Path, data: str, word: str
) -> None:
    settings, today = Settings(data=data), date(2026, 11, 25)
    first = default_run(settings, tmp_path, today)
    assert first == tmp_path / f"{word}-2026-11-25-1"
    first.mkdir()
    assert default_run(settings, tmp_path, today).name == f"{word}-2026-11-25-2"
