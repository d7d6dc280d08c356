"""scripts/probe_recipes.py: without its extras it learns as the kit does; each extra is what it is called."""

import argparse
import copy
import importlib.util
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from alexnet_tutor import fit
from alexnet_tutor.data.dataset import DataSplits
from alexnet_tutor.records import EpochRecord
from alexnet_tutor.training.job import prepare
from alexnet_tutor.training.schedules import learning_rate

ROOT = Path(__file__).parents[1]
TINY = "--data sketches --limit 64 --validation 30 --batch-size 16 --width 0.03125 --precision fp32"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = ROOT / "scripts" / "probe_recipes.py"
    spec = importlib.util.spec_from_file_location("probe_recipes", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def options(script: ModuleType):
    """Tiny options, and more where given."""

    def parsed(more: str) -> argparse.Namespace:
        return script.parser().parse_args([*TINY.split(), "--device", "cpu", *more.split()])

    return parsed


@pytest.fixture(autouse=True)
def no_test_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(_: DataSplits) -> None:
        pytest.fail("the test pictures were opened")

    monkeypatch.setattr(DataSplits, "test", property(opened))


def test_without_extras_it_learns_as_the_kit_does(script, options, tmp_path: Path) -> None:
    asked = options("--sizes 67x2 --average mean --average-last 0.01")
    result = script.probe(asked)
    settings = script.replace(script.settings_of(asked), image_size=67)
    rows = [row for row in fit(tmp_path, settings) if isinstance(row, EpochRecord)]
    assert [score.accuracy for score in result.epochs] == [row.validation_accuracy for row in rows]
    for score, row in zip(result.epochs, rows, strict=True):
        assert score.loss == pytest.approx(row.validation_loss, rel=1e-5)
    assert result.averaged == result.epochs[-1]  # the mean of the last weights alone
    assert result.learnt == 64


def test_the_printed_row_says_how_to_print_it_again(script, options) -> None:
    asked = options("--sizes 67x1,99 --epochs 1 --warm 0.5 --nesterov --flip-test --average ema")
    command = script.variant(asked).replace("--sizes", "--header --sizes")
    again = script.parser().parse_args([*command.split(), "--limit", "64"])
    assert again.header
    assert script.every_size(again) == script.every_size(asked) == [67, 99]
    same = {"sizes", "epochs", "header"}
    assert {k: v for k, v in vars(again).items() if k not in same} == {
        k: v for k, v in vars(asked).items() if k not in same
    }
    cells = script.row(asked, script.probe(asked)).split("|")[1:-1]
    assert len(cells) == script.HEAD.splitlines()[0].count("|") - 1
    assert all(cell.strip() for cell in cells)


@pytest.mark.parametrize("text", ["", "67x", "x3", "67x0", "0x3", "67x1,", "big"])
def test_sizes_that_make_no_sense_are_refused(script, text: str) -> None:
    with pytest.raises(SystemExit) as caught:
        script.parser().parse_args(["--sizes", text])
    assert caught.value.code == 2


def test_a_loss_that_explodes_is_a_row_too(script, options) -> None:
    asked = options("--sizes 67x2 --lr 1000")
    result = script.probe(asked)
    assert "diverged in epoch" in script.row(asked, result)
    assert len(result.epochs) < 2


def test_another_size_takes_over_weights_and_momentum(script, options, tmp_path: Path) -> None:
    asked = options("--sizes 67x1,99x1")
    settings = script.settings_of(asked)
    small, large = (prepare(script.replace(settings, image_size=s), tmp_path) for s in (67, 99))
    before = script.learner_of(small, asked, None)
    for pictures, targets in small.batches().epoch(0):
        before.learn(pictures, targets, rate=0.01)
    after = script.learner_of(large, asked, before)
    assert after.network.architecture.image_size == 99
    for mine, theirs in (
        (after.network.state_dict(), before.network.state_dict()),
        (after.momentum(), before.momentum()),
    ):
        assert mine.keys() == theirs.keys()
        assert all(torch.equal(mine[name], theirs[name]) for name in mine)
    assert any(value.any() for value in after.momentum().values())
    after.learn(*next(iter(large.batches().epoch(0))), rate=0.01)
    assert after.is_finite()


def test_nesterov_and_label_smoothing_are_torch_s(script, options, tmp_path: Path) -> None:
    asked = options("--sizes 67 --nesterov --label-smoothing 0.2")
    job = prepare(script.replace(script.settings_of(asked), image_size=67), tmp_path)
    learner = script.learner_of(job, asked, None)
    learner.network.eval()  # no dropout
    plain = copy.deepcopy(learner.network)
    sgd = torch.optim.SGD(
        plain.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4, nesterov=True
    )
    for pictures, targets in job.batches().epoch(0):
        learner.learn(pictures, targets, rate=0.05)
        sgd.zero_grad()
        F.cross_entropy(plain(pictures), targets, label_smoothing=0.2).backward()
        sgd.step()
    for mine, theirs in zip(learner.network.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-6)


@given(
    counts=st.lists(st.integers(1, 3), min_size=1, max_size=4),
    of=st.integers(1, 40),
    warm=st.none() | st.floats(0.1, 1),
)
def test_the_rate_follows_the_schedule_and_warm_begins_a_cycle_at_each_change(
    script, counts: list[int], of: int, warm: float | None
) -> None:
    sizes = ",".join(f"{67 + 32 * i}x{count}" for i, count in enumerate(counts))
    asked = script.parser().parse_args(["--sizes", sizes, "--lr", "0.5"])
    asked.warm = warm
    epochs = sum(counts)

    def plain(epoch: int, step: int, start: int = 0) -> float:
        place = {"epoch": epoch - start, "step": step, "steps_per_epoch": of}
        return learning_rate("onecycle", 0.5, epochs=epochs - start, **place)

    starts = [sum(counts[:i]) for i in range(len(counts))]
    for start, end in pairwise([*starts, epochs]):
        for epoch in range(start, end):
            for step in range(of):
                found = script.rate(asked, epoch, step, of)
                if warm and start:
                    assert found == pytest.approx(warm * plain(epoch, step, start))
                else:
                    assert found == plain(epoch, step)


def test_the_average_takes_every_few_of_the_last_steps(
    script, options, tmp_path: Path, monkeypatch
) -> None:
    """Four steps an epoch, eight in all: the last half is steps 5 to 8, every second of them 6 and 8."""
    monkeypatch.setattr(script, "AVERAGE_EVERY", 2)
    asked = options("--sizes 67x2 --average mean --average-last 0.5")
    job = prepare(script.replace(script.settings_of(asked), image_size=67), tmp_path)
    learner, average, taken = script.learner_of(job, asked, None), script.Average(), []
    learn = learner.learn

    def watched(*batch: torch.Tensor, rate: float) -> None:
        learn(*batch, rate=rate)
        taken.append(learner.network.fc8.bias.detach().clone())

    monkeypatch.setattr(learner, "learn", watched)
    for epoch in range(2):
        assert script.learn_epoch(learner, job, asked, epoch, average) == 0
    assert len(taken) == 8
    torch.testing.assert_close(average.weights["fc8.bias"], (taken[5] + taken[7]) / 2)


@given(values=st.lists(st.floats(-10, 10), min_size=1, max_size=6), decay=st.floats(0, 1))
def test_averages_are_those_of_plain_sums(script, values: list[float], decay: float) -> None:
    layer = nn.Linear(1, 1).double()
    mean, ema = script.Average(), script.Average(decay)
    expected = values[0]
    for number, value in enumerate(values):
        nn.init.constant_(layer.weight, value)
        mean.add(layer)
        ema.add(layer)
        expected = value if number == 0 else decay * expected + (1 - decay) * value
    assert mean.weights["weight"].item() == pytest.approx(sum(values) / len(values), abs=1e-9)
    assert ema.weights["weight"].item() == pytest.approx(expected, abs=1e-9)
