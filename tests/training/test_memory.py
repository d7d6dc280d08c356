"""A run that will not fit is refused before anything is written, with one that will."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from alexnet_tutor import machine
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.footprint import training_bytes
from alexnet_tutor.records import RunEndRecord, TrainingRecord
from alexnet_tutor.training.fit import fit
from alexnet_tutor.training.job import Job, prepare
from alexnet_tutor.training.memory import require_memory
from alexnet_tutor.training.recipes import Settings

RunAll = Callable[..., list[TrainingRecord]]


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], None]:
    """``free(10**9)``: what the machine says it has left."""
    return lambda count: monkeypatch.setattr(machine, "free_memory", lambda: count)


@pytest.fixture(scope="module")
def job() -> Job:
    """Many pictures, drawn small, and a large batch of them."""
    settings = Settings(
        data="sketches",
        width=1 / 32,
        image_size=67,
        batch_size=1500,
        precision="fp32",
        device="cpu",
        limit=1500,
        validation=0,
    )
    return prepare(settings, Path())


def needed_by(job: Job, **changes: object) -> int:
    settings = replace(job.settings, **changes)
    architecture = settings.architecture(classes=10, channels=1)
    return training_bytes(architecture, settings.batch_size, bf16=job.precision == "bf16")


def test_a_batch_that_just_fits_is_let_through_and_one_byte_less_is_not(job: Job, free) -> None:
    free(needed_by(job))
    require_memory(job, resumed=False)
    free(needed_by(job) - 1)
    with pytest.raises(TutorError):
        require_memory(job, resumed=False)


@pytest.mark.parametrize("batch", [1, 7, 99, 100, 387, 1499])
def test_the_refusal_names_a_batch_that_fits_and_nearly_the_largest(
    job: Job, free, batch: int
) -> None:
    free(needed_by(job, batch_size=batch))
    with pytest.raises(TutorError, match="1,500 pictures a step") as refusal:
        require_memory(job, resumed=False)
    assert refusal.value.exit_code == ExitCode.BAD_INPUT
    named = re.fullmatch(r"Use --batch-size (\d+)\.", refusal.value.remedy)
    assert named
    assert batch * 0.9 < int(named[1]) <= batch
    require_memory(
        replace(job, settings=replace(job.settings, batch_size=int(named[1]))), resumed=False
    )


def test_where_not_even_one_picture_fits_a_narrower_network_is_named_that_does(
    settings: Settings, free
) -> None:
    wide = prepare(replace(settings, width=1.0, image_size=99), Path())
    free(needed_by(wide, batch_size=1) // 2)
    with pytest.raises(TutorError) as refusal:
        require_memory(wide, resumed=False)
    named = re.fullmatch(r"Use --width ([\d.]+) --batch-size (\d+)\.", refusal.value.remedy)
    assert named
    narrower = replace(wide.settings, width=float(named[1]), batch_size=int(named[2]))
    require_memory(prepare(narrower, Path()), resumed=False)


def test_where_nothing_fits_no_number_is_named(job: Job, free) -> None:
    free(1000)
    with pytest.raises(TutorError, match="smaller --image-size"):
        require_memory(job, resumed=False)


def test_more_than_there_are_pictures_are_never_in_a_batch(job: Job, free) -> None:
    free(needed_by(job))
    require_memory(replace(job, settings=replace(job.settings, batch_size=10**9)), resumed=False)


def test_where_nobody_knows_what_is_free_nothing_is_refused(job: Job, free) -> None:
    free(None)
    require_memory(replace(job, settings=replace(job.settings, batch_size=10**9)), resumed=False)


def test_on_cuda_the_card_is_asked_and_what_torch_holds_unused_counts_as_free(
    job: Job, free, monkeypatch
) -> None:
    free(0)
    for_the_run = needed_by(job)
    card = SimpleNamespace(
        mem_get_info=lambda _: (for_the_run - 100, 80 << 30),
        memory_reserved=lambda _: 150,
        memory_allocated=lambda _: 50,
    )
    monkeypatch.setattr(torch, "cuda", card)
    there = replace(job, device=torch.device("cuda"))
    require_memory(there, resumed=False)
    card.memory_allocated = lambda _: 51
    with pytest.raises(TutorError, match="are free"):
        require_memory(there, resumed=False)


def test_a_refused_run_leaves_no_folder(settings: Settings, tmp_path: Path, free) -> None:
    free(1000)
    with pytest.raises(TutorError, match="of memory"):
        list(fit(tmp_path / "runs" / "one", settings))
    assert not (tmp_path / "runs").exists()


def test_a_resumed_run_is_refused_too_and_goes_on_when_there_is_room(
    settings: Settings, tmp_path: Path, free, run_all: RunAll
) -> None:
    run = tmp_path / "run"
    run_all(run, replace(settings, epochs=1))
    longer = replace(settings, epochs=2)
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    free(1000)
    with pytest.raises(TutorError, match="keeps its batch size"):
        run_all(run, longer, resume=True)
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
    free(10**12)
    last = run_all(run, longer, resume=True)[-1]
    assert isinstance(last, RunEndRecord)
    assert last.finished
