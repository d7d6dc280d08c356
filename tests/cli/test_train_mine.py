"""``tutor train --mine``: a learner's layers learn, once they have proved equal to the kit's."""

from __future__ import annotations

import csv
import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from thorough import cases

from alexnet_tutor.course import inside, lessons, workspace
from alexnet_tutor.course.workspace import Workspace
from alexnet_tutor.errors import TutorError
from alexnet_tutor.network import AlexNet
from alexnet_tutor.training import stand_ins
from alexnet_tutor.training.fit import fit
from alexnet_tutor.training.job import Job, prepare
from alexnet_tutor.training.recipes import Settings
from alexnet_tutor.training.stand_ins import StandIns, proof

STANDING = [lesson.number for lesson in lessons.all_lessons() if lesson.stands]
SMALL = ["--data", "sketches", "--width", 1 / 32, "--image-size", 67, "--limit", 44]
SMALL += ["--batch-size", 16, "--lr", 0.02, "--precision", "fp32", "--device", "cpu"]
SETTINGS = Settings(
    data="sketches", width=1 / 32, image_size=67, limit=44, batch_size=16, lr=0.02, device="cpu"
)


@pytest.fixture(autouse=True)
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = workspace.create(tmp_path / "course")
    monkeypatch.chdir(made.root)
    return made


def solve(course: Workspace, number: int, old: str = "", new: str = "") -> Path:
    """Put the solution in the learner's file, with one piece of its text replaced."""
    file = course.exercise(lessons.lesson(number))
    shutil.copyfile(workspace.solution(lessons.lesson(number)), file)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def job_with(course: Workspace, *numbers: int, seed: int = 0) -> Job:
    """A tiny job with the learner's layers, which no check has seen."""
    ones = [one for n in numbers for one in inside.loaded(lessons.lesson(n), course)]
    job = prepare(replace(SETTINGS, seed=seed), Path("nowhere"))
    return replace(job, enter=lambda network: [one.enter(network) for one in ones] and None)


def weights(run: Path) -> dict[str, torch.Tensor]:
    return load_file(run / "final.safetensors")


def losses(run: Path) -> list[float]:
    with (run / "metrics.csv").open() as file:
        return [
            float(row[name])
            for row in csv.DictReader(file)
            for name in ("train_loss", "validation_loss")
        ]


def test_a_run_with_own_layers_learns_what_the_kit_s_learns_and_resumes(
    tutor, refused, home: Path, course: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dropout, with the masks that the kit draws; it notes how it was called."""
    solve(course, 9, "    if not training:\n", "    CALLS.append(training)\n    if not training:\n")
    file = course.exercise(lessons.lesson(9))
    file.write_text(file.read_text(encoding="utf-8") + "\n\nCALLS = []\n", encoding="utf-8")
    kits, own, parts = (tmp_path / name for name in ("kits", "own", "parts"))
    assert tutor("train", *SMALL, "--epochs", 2, "--run", kits).exit_code == 0
    result = tutor("train", *SMALL, "--epochs", 2, "--run", own, "--mine", "9")
    assert result.exit_code == 0, result.output
    assert "Your layers of lesson 9 learn here: in 3 steps" in result.stderr
    calls = sys.modules["exercise_09"].CALLS
    # 2 layers: the proof's 3 steps, then 3 steps and 1 batch of held-out pictures in each of 2 epochs.
    assert (calls.count(True), calls.count(False)) == (2 * (3 + 2 * 3), 2 * 2)
    assert losses(own) == pytest.approx(losses(kits), rel=1e-4)
    for name, value in weights(kits).items():
        torch.testing.assert_close(weights(own)[name], value, rtol=1e-3, atol=1e-5)
    told = json.loads((own / "settings.json").read_text())
    assert told["mine"] == {"lessons": [9], "course": str(course.root)}
    assert "mine" not in json.loads((kits / "settings.json").read_text())

    assert tutor("train", *SMALL, "--epochs", 1, "--run", parts, "--mine", "9").exit_code == 0
    resume = ("train", "--run", parts, "--resume", "--epochs", 2)
    assert "--mine 9 in the run, 3,9 now" in refused(*resume, "--mine", "9,3")
    assert "--mine none in the run, 9 now" in refused(
        "train", "--run", kits, "--resume", "--mine", 9
    )
    with pytest.raises(TutorError, match="--mine 9 in the run, none now"):
        list(fit(parts, Settings(), origins={}, resume=True))
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text('[train]\nmine = "3"\n')  # a resumed run keeps its own
    assert "finished" in tutor("train", "--run", kits, "--resume").stdout
    monkeypatch.chdir(tmp_path)  # the run knows where its course lies
    solve(course, 9, "uniform >= p", "uniform <= p")
    assert "dropout of lesson 9 gives another value" in refused(*resume, code=1)
    file.unlink()
    line = refused(*resume)
    assert f"There is no {file}" in line
    assert "--dir" in line
    solve(course, 9)
    moved = course.root.rename(tmp_path / "moved")
    assert "There is no" in refused(*resume)
    result = tutor(*resume, "--dir", moved)
    assert result.exit_code == 0, result.output
    assert json.loads((parts / "settings.json").read_text())["mine"]["course"] == str(moved)
    for name, value in weights(own).items():
        assert torch.equal(weights(parts)[name], value)
    moved.rename(tmp_path / "gone")
    assert "finished" in tutor(*resume).stdout


@pytest.mark.parametrize(
    "seed", cases([7, 0])
)  # with 7 conv2's first sums over silent maps are exactly 0
@pytest.mark.parametrize("written", cases([workspace.solution, workspace.alternative]))
def test_every_solution_gives_the_kit_s_losses(course: Workspace, written, seed: int) -> None:
    for number in STANDING:
        lesson = lessons.lesson(number)
        shutil.copyfile(written(lesson), course.exercise(lesson))
    job = job_with(course, *STANDING, seed=seed)
    said = proof(job, StandIns(tuple(STANDING)))
    assert said.startswith(f"Your layers of lesson {','.join(map(str, STANDING))} learn here")


@pytest.mark.parametrize(
    ("number", "old", "new", "said"),
    [
        (3, "x.clamp(min=0)", "x.clamp(min=0) * (1 + (len(x) > 8) / 100)", "In step 1 of 3 "),
        (3, "x.clamp(min=0)", "x.detach().clamp(min=0)", "it is the gradient that differs"),
        (2, "weight[:, :, r, s]", "weight.detach()[:, :, r, s]", "it is the gradient"),
        (7, "F.conv2d(x, weight4", "F.conv2d(x.detach(), weight4", "it is the gradient"),
        (7, "F.relu(F.conv2d(x, weight5", "(F.conv2d(x, weight5", "In step 1 of 3 "),
        (7, "groups=groups[1]", "groups=5", "Your middle_layers in conv3 to relu5 raises"),
        (9, "uniform >= p", "uniform < p", "In step 1 of 3 your layers give the loss "),
        (8, "x @ weight.T + bias", "(x @ weight.T + bias).detach()", "A step with your layers fai"),
        (8, "weight.T + bias", "weight + bias", "Your linear in fc6 raises RuntimeError: mat1"),
        (3, "x.clamp(min=0)", "x.clamp(min=0).tolist()", "Your relu in relu1 gives list, not a"),
    ],
)
def test_a_layer_that_does_not_learn_as_the_kit_s_is_refused(
    course: Workspace, number: int, old: str, new: str, said: str
) -> None:
    solve(course, number, old, new)
    with pytest.raises(TutorError) as refusal:
        proof(job_with(course, number), StandIns((number,)))
    assert said in refusal.value.what
    assert refusal.value.exit_code == 1
    forward = "step 1 of" in said or said.startswith("Your ")
    assert (f" {number}" in refusal.value.remedy) == forward
    assert ("Keep to autograd" in refusal.value.remedy) != forward


def test_what_is_not_done_or_not_equal_is_refused_and_leaves_nothing(
    refused, course: Workspace, tmp_path: Path
) -> None:
    words = ["train", *SMALL, "--run", tmp_path / "run", "--mine"]
    assert "relu of lesson 3 is still to do. Begin with tutor lesson 3" in refused(*words, "3")
    solve(course, 3, "x.clamp(min=0)", "x.clamp(max=0)")
    line = refused(*words, "3", code=1)
    assert "relu of lesson 3 gives another value" in line
    assert "tutor check 3" in line
    # The check apart sees gradients in float64 only.
    solve(course, 3, "x.clamp", "(x if x.dtype == torch.float64 else x.detach()).clamp")
    line = refused(*words, "3", code=1)
    assert "In step 2 of 3 your layers give the loss " in line
    assert "Keep to autograd" in line
    assert "no list of lessons" in refused(*words, "three")
    assert "computes no layer" in refused(*words, "1")
    assert not (tmp_path / "run").exists()


def test_without_mine_nothing_of_the_course_is_loaded(
    tutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("alexnet_tutor.course")]:
        monkeypatch.setitem(sys.modules, name, None)  # importing it now fails
    result = tutor("train", *SMALL, "--epochs", 1, "--run", tmp_path / "run")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""


def test_lesson_7_s_row_takes_the_place_of_lesson_3_s_relus_within_it(course: Workspace) -> None:
    """Whichever of the two is named first; all weights of the row get their gradients through it."""
    solve(course, 3)
    solve(course, 7)
    job = job_with(course)
    pictures, _ = next(job.batches().epoch(0))
    given = []
    for numbers in ((), (3, 7), (7, 3)):
        network = AlexNet(job.facts.architecture)
        ones = [one for n in numbers for one in inside.loaded(lessons.lesson(n), course)]
        inside._enter_all(ones, network)
        network(pictures).sum().backward()
        given.append([parameter.grad for parameter in network.parameters()])
    for one in given[1:]:
        torch.testing.assert_close(one, given[0], rtol=1e-4, atol=1e-5)


def test_under_bf16_own_layers_compute_in_fp32_and_give_what_the_kit_s_give(
    course: Workspace,
) -> None:
    for number in STANDING:
        solve(course, number)
    job = job_with(course, *STANDING)
    kits, own = (AlexNet(job.facts.architecture).train() for _ in range(2))
    job.enter(own)
    pictures, _ = next(job.batches().epoch(0))
    kinds: list[list[torch.dtype]] = []
    for network in (kits, own):
        kinds.append([])
        for layer in network:
            layer.register_forward_hook(lambda _, __, out, to=kinds[-1]: to.append(out.dtype))
        with torch.autocast("cpu", torch.bfloat16):
            network(pictures).sum().backward()
    assert kinds[0] == kinds[1]
    lrn = next(one for one in inside.loaded(lessons.lesson(4), course))
    with torch.autocast("cpu", torch.bfloat16):
        x = 4 * torch.randn(2, 6, 5, 5, generator=torch.Generator().manual_seed(0)).bfloat16()
        lrn.enter(own)
        torch.testing.assert_close(own.lrn1(x), kits.lrn1(x), rtol=2**-7, atol=0)


def test_the_proof_makes_three_steps_of_the_fewest_batches(
    course: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve(course, 9)
    seen: list[int] = []
    honest = stand_ins._losses

    def counted(job: Job, batches: list[tuple[torch.Tensor, torch.Tensor]]) -> list[float]:
        seen.extend(len(pictures) for pictures, _ in batches)
        return honest(job, batches)

    monkeypatch.setattr(stand_ins, "_losses", counted)
    job = job_with(course, 9)
    proof(replace(job, settings=replace(job.settings, batch_size=30)), StandIns((9,)))
    assert seen == [30, 14, 30] * 2


def test_the_help_says_where_the_code_runs(tutor) -> None:
    assert "loaded into this very process" in " ".join(tutor("train", "--help").stdout.split())
