"""Interrupted anywhere and resumed, a run ends in bit for bit the weights of an undisturbed one."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from alexnet_tutor import machine
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.machine import sha256_of
from alexnet_tutor.records import NoticeRecord, RunRecord, TrainingRecord
from alexnet_tutor.training import fit as fit_module
from alexnet_tutor.training.metrics import read_history
from alexnet_tutor.training.recipes import Settings
from alexnet_tutor.weights.store import load_weights

RunAll = Callable[..., list[TrainingRecord]]
PRECISIONS = [
    "fp32",
    pytest.param(
        "bf16",
        marks=pytest.mark.skipif(
            not machine.cpu_has_bf16(), reason="this CPU has no bf16 arithmetic"
        ),
    ),
]


def outcome(run: Path) -> tuple[object, ...]:
    """What of a run must not depend on interruptions: weights to the bit, figures to the bit."""
    figures = [
        replace(row, seconds=0.0, images_per_second=0.0) for row in read_history(run)
    ]  # times are times
    return sha256_of(run / "final.safetensors"), sha256_of(run / "best.safetensors"), figures


@pytest.mark.parametrize("precision", PRECISIONS)
def test_stopped_after_any_step_and_resumed_it_is_as_if_undisturbed(
    tmp_path: Path, settings: Settings, run_all: RunAll, precision: str
) -> None:
    wanted = replace(settings, precision=precision, epochs=2)
    records = run_all(tmp_path / "whole", wanted)
    whole = outcome(tmp_path / "whole")
    for seen in range(1, len(records) - 1, 1 if precision == "fp32" else 3):
        run = tmp_path / str(seen)
        run_all(run, wanted, stop_after=seen)
        resumed = run_all(run, Settings(), resume=True)
        assert resumed[-1].finished
        assert outcome(run) == whole, f"stopped after record {seen}"


def test_stopped_after_every_single_step_it_is_as_if_undisturbed(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    wanted = replace(settings, epochs=2)
    run_all(tmp_path / "whole", wanted)
    places = []
    records = run_all(tmp_path / "run", wanted, stop_after=1)
    while not records[-1].finished and len(places) < 20:
        places.append((records[-1].epoch, records[-1].step))
        # Where only the judgement of an epoch is missing, its three records come first.
        seen = 4 if places[-1][1] == 3 else 1
        records = run_all(tmp_path / "run", Settings(), resume=True, stop_after=seen)
    assert places == [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3)]
    assert outcome(tmp_path / "run") == outcome(tmp_path / "whole")


@pytest.mark.parametrize("schedule", ["onecycle", "cosine", "plateau"])
def test_every_schedule_goes_on_where_it_was(
    tmp_path: Path, settings: Settings, run_all: RunAll, schedule: str
) -> None:
    wanted = replace(settings, schedule=schedule)
    run_all(tmp_path / "whole", wanted)
    run_all(tmp_path / "run", wanted, stop_after=7)
    run_all(tmp_path / "run", Settings(), resume=True)
    assert outcome(tmp_path / "run") == outcome(tmp_path / "whole")


def test_from_a_damaged_newest_checkpoint_it_falls_back_and_ends_the_same(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    run_all(tmp_path / "whole", settings)
    run = tmp_path / "run"
    run_all(run, settings, stop_after=8)
    newest = run / "checkpoints" / "epoch-001-step-00002" / "optimiser.safetensors"
    newest.write_bytes(newest.read_bytes()[:-4])
    notice, start, *_ = run_all(run, Settings(), resume=True)
    assert isinstance(notice, NoticeRecord)
    assert "damaged" in notice.text
    assert isinstance(start, RunRecord)
    assert (start.epoch, start.step) == (1, 0)
    assert outcome(run) == outcome(tmp_path / "whole")


def test_killed_before_any_checkpoint_it_begins_anew(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    run_all(tmp_path / "whole", settings)
    run = tmp_path / "run"
    run.mkdir()
    (run / "settings.json").write_bytes((tmp_path / "whole" / "settings.json").read_bytes())
    notice, start, *_ = run_all(run, Settings(), resume=True)
    assert "begins anew" in notice.text
    assert not start.resumed
    assert outcome(run) == outcome(tmp_path / "whole")


@pytest.mark.parametrize("lost", ["checkpoints", "checkpoints/*/manifest.json"])
@pytest.mark.parametrize("epochs", [3, 5])
def test_a_run_whose_checkpoints_are_gone_does_not_begin_anew(
    tmp_path: Path, settings: Settings, run_all: RunAll, lost: str, epochs: int
) -> None:
    run_all(tmp_path, settings)
    for path in tmp_path.glob(lost):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    before = {path: sha256_of(path) for path in tmp_path.glob("*.*") if path.is_file()}
    with pytest.raises(TutorError, match="no checkpoint to go on from") as caught:
        run_all(tmp_path, replace(settings, epochs=epochs), resume=True)
    assert caught.value.exit_code is ExitCode.BAD_CHECKPOINT
    assert {path: sha256_of(path) for path in before} == before


@pytest.mark.parametrize("call", ["_write_table", "_write_weights"])
def test_killed_between_the_first_checkpoint_and_what_follows_it_goes_on(
    tmp_path: Path,
    settings: Settings,
    run_all: RunAll,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    run_all(tmp_path / "whole", settings)
    with monkeypatch.context() as patched:
        patched.setattr(fit_module, call, killed)
        with pytest.raises(KeyboardInterrupt):
            run_all(tmp_path / "run", settings)
    assert not (tmp_path / "run" / "best.safetensors").exists()
    start = run_all(tmp_path / "run", Settings(), resume=True, stop_after=1)[0]
    assert (start.epoch, start.step) == (1, 0)
    assert load_weights(tmp_path / "run" / "best.safetensors")[1].history["epochs"] >= "1"
    run_all(tmp_path / "run", Settings(), resume=True)
    assert outcome(tmp_path / "run") == outcome(tmp_path / "whole")


KILLED = """
import json, sys, torch
torch.set_num_threads(1)
from pathlib import Path
from alexnet_tutor.training.fit import fit
from alexnet_tutor.training.recipes import Settings
settings = Settings(**json.loads(sys.argv[2]))
for record in fit(Path(sys.argv[1]), settings, refresh_seconds=0.0, save_every_seconds=0.0):
    print(type(record).__name__, flush=True)
"""


def test_killed_by_the_system_in_the_middle_and_resumed_it_is_as_if_undisturbed(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    run_all(tmp_path / "whole", settings)
    run = tmp_path / "run"
    command = [sys.executable, "-c", KILLED, str(run), json.dumps(settings.to_dict())]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        saves = 0
        while saves < 4 and (line := process.stdout.readline()):
            saves += line.strip() == b"SavedRecord"
        time.sleep(0.003)  # into the next step, or its save
        process.kill()
    assert process.returncode != 0
    assert not (run / "final.safetensors").exists()
    resumed = run_all(run, Settings(), resume=True)
    assert resumed[0].resumed
    assert outcome(run) == outcome(tmp_path / "whole")


@pytest.mark.gpu
def test_on_cuda_a_deterministic_run_resumes_bit_for_bit_too(
    tmp_path: Path, settings: Settings, run_all: RunAll
) -> None:
    wanted = replace(settings, device="cuda", deterministic=True, augment="paper", epochs=2)
    run_all(tmp_path / "whole", wanted)
    for seen in (2, 5, 8):
        run = tmp_path / str(seen)
        run_all(run, wanted, stop_after=seen)
        run_all(run, Settings(), resume=True)
        assert outcome(run) == outcome(tmp_path / "whole"), f"stopped after record {seen}"
