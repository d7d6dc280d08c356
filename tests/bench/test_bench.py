"""The benchmark measures what it says: same network, same numbers. Times themselves are never judged."""

import json
import sys
from dataclasses import replace

import pytest
import torch
from torch import nn

from alexnet_tutor.architecture import FASHION, LrnSpec
from alexnet_tutor.bench import commands, measure
from alexnet_tutor.bench.lrn import LrnMatch
from alexnet_tutor.bench.plan import FULL, QUICK, Plan
from alexnet_tutor.bench.stations import STATIONS, Station
from alexnet_tutor.bench.steps import (
    OriginLearner,
    job_of,
    kit_step,
    origin_loader,
    origin_network,
    origin_step,
)
from alexnet_tutor.data.batches import Batches
from alexnet_tutor.errors import TutorError
from alexnet_tutor.geometry import learning_flops, walk
from alexnet_tutor.records import BenchProgress, BenchRecord
from alexnet_tutor.training.recipes import Settings
from alexnet_tutor.training.step import Learner

CPU = torch.device("cpu")
TINY = Plan(
    batch_size=4, matrix_side=32, rounds=2, width=1 / 32,
    least_seconds=0.0, warm_up_seconds=0.0, device="cpu",
)  # fmt: skip


class InThisProcess:
    """A worker without a process of its own."""

    def __init__(self, station: str, plan: Plan) -> None:
        self.station: Station = STATIONS[station](plan)

    def __enter__(self) -> "InThisProcess":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def answer(self) -> dict[str, object]:
        return {"tasks": list(self.station.tasks), "facts": dict(self.station.facts)}

    def measure(self, task: str, least_seconds: float) -> tuple[float, int | None]:
        return self.station.measure(task, least_seconds), self.station.memory()


@pytest.fixture(scope="module")
def measured() -> tuple[list[BenchProgress], BenchRecord]:
    """Everything, tiny: what was said on the way, and the record."""
    steps, said = measure.measure(TINY, "tutor bench"), []
    quick = dict.fromkeys(commands.COMMANDS, ("-c", "pass"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measure, "Worker", InThisProcess)
        patch.setattr(commands, "COMMANDS", quick)
        while True:
            try:
                said.append(next(steps))
            except StopIteration as end:
                return said, end.value


def test_learning_from_a_picture_takes_three_passes_but_two_of_conv1() -> None:
    conv = [layer for layer in walk(FASHION) if layer.weight_shape]
    by_hand = sum(2 * layer.macs * (2 if layer.spec.name == "conv1" else 3) for layer in conv)
    assert learning_flops(FASHION) == by_hand
    assert 6.2e9 < by_hand < 6.4e9


def test_the_origin_s_network_is_torch_s_own_layers_in_fp32_nchw() -> None:
    network = origin_network(FASHION.scaled(1 / 32), Settings())
    kinds = [type(module) for module in network]
    assert kinds.count(nn.LocalResponseNorm) == 2
    assert all(kind.__module__.startswith("torch.nn.") for kind in kinds)
    assert network.lrn1.alpha == pytest.approx(5e-4)
    for parameter in network.parameters():
        assert parameter.dtype == torch.float32
        assert parameter.is_contiguous()


def test_the_origin_s_network_leaves_the_global_generator_alone() -> None:
    before = torch.get_rng_state()
    origin_network(FASHION.scaled(1 / 32), Settings())
    assert torch.equal(before, torch.get_rng_state())


def test_both_first_steps_have_the_same_loss_and_the_same_effect() -> None:
    """In fp32 without dropout, whose masks come from different generators."""
    architecture = FASHION.scaled(1 / 32).without("drop6").without("drop7")
    settings = Settings(width=1 / 32)
    origin = OriginLearner(architecture, settings, CPU)
    from alexnet_tutor.network import AlexNet

    kit = Learner(
        AlexNet(architecture, init=settings.init, seed=settings.seed),
        device=CPU,
        precision="fp32",
        momentum=settings.momentum,
        weight_decay=settings.weight_decay,
    )
    generator = torch.Generator().manual_seed(0)
    pictures = torch.randn(4, 1, 227, 227, generator=generator)
    targets = torch.tensor([0, 3, 5, 9])
    loss = origin.learn(pictures, targets)
    kit.learn(pictures, targets, rate=settings.lr)
    assert kit.tally().mean_loss == pytest.approx(loss, abs=1e-4)
    ours = kit.network.state_dict()
    for name, value in origin.network.state_dict().items():
        torch.testing.assert_close(ours[name].contiguous(), value, rtol=1e-4, atol=1e-5)


def test_both_see_the_same_pictures() -> None:
    """PIL rounds each pixel to a whole number twice, along each axis; the kit does not."""
    job = job_of(TINY)
    data, preparation = job.learnt, job.facts.preparation
    ours, targets = next(Batches(data, preparation, 16, seed=0, shuffle=False).epoch(0))
    pictures = origin_loader(data, preparation, 16).dataset
    for number in range(4):
        theirs, target = pictures[number]
        assert (theirs - ours[number]).abs().max() <= 1.1 / 255 / preparation.std[0]
        assert target == targets[number]


def test_a_step_of_each_learns() -> None:
    job = job_of(TINY)
    for make in (origin_step, kit_step):
        step = make(job)
        for _ in range(6):  # past the end of an epoch
            step()


def test_both_lrns_are_equal_within_rounding() -> None:
    match = LrnMatch.of((2, 7, 5, 5), CPU, LrnSpec("lrn1"))
    assert match.difference() < 1e-5
    assert match.difference() > 0 or torch.equal(match.torchs()[0], match.kits()[0])


def test_an_lrn_that_is_wrong_is_noticed() -> None:
    match = LrnMatch.of((2, 7, 5, 5), CPU, LrnSpec("lrn1", alpha=1e-4))
    wrong = replace(match, spec=LrnSpec("lrn1", alpha=5e-4))
    assert (match.torchs()[0] - wrong.kits()[0]).abs().max() > 1e-3


def test_a_quick_task_is_repeated_and_a_slow_one_is_not() -> None:
    calls: list[int] = []
    station = Station(CPU, {"task": lambda: calls.append(1)})
    assert 0 < station.measure("task", 0.01) < 0.01
    assert len(calls) > 1
    calls.clear()
    station.measure("task", 0.0)
    assert len(calls) == 1


def test_every_task_has_its_turn_in_every_round(measured) -> None:
    said, record = measured
    assert said[0].what == "loading"
    by_round = [[now.what for now in said[1:] if now.round == number] for number in range(3)]
    assert by_round[0] == by_round[1] == by_round[2]
    assert set(by_round[0]) == set(record.timings)
    assert {len(timing.seconds) for timing in record.timings.values()} == {2}
    assert [now.done for now in said[1:]] == list(range(said[1].total))
    assert all(now.seconds_left is not None for now in said[2:])


def test_a_record_tells_what_it_was_measured_with_and_survives_json(measured) -> None:
    _, record = measured
    assert record.lrn_difference < 1e-4
    assert record.lrn_shape[0] == TINY.batch_size
    assert record.device == "cpu"
    told = json.loads(json.dumps(record.to_json()))
    assert {"machine", "torch", "date", "version", "memory", "bound", "step_ratio"} <= set(told)
    assert BenchRecord.from_json(told) == record


def test_a_station_s_own_process_answers_and_says_what_went_wrong() -> None:
    with measure.Worker("origin", TINY) as worker:
        assert worker.answer()["tasks"] == ["origin_step"]
        seconds, memory = worker.measure("origin_step", 0.0)
        assert seconds > 0
        assert memory is None or memory > 1e7
        with pytest.raises(TutorError, match="ended early"):
            worker.measure("nothing", 0.0)


def test_a_command_that_fails_is_told(monkeypatch) -> None:
    monkeypatch.setattr(commands, "COMMANDS", {"tutor_help": ("-c", "raise SystemExit(3)")})
    with pytest.raises(TutorError, match="failed"):
        commands.run("tutor_help")


def test_the_parent_loads_no_torch() -> None:
    code = "import sys, alexnet_tutor.bench.measure; assert 'torch' not in sys.modules"
    assert commands.ended_process([sys.executable, "-c", code])[0] == 0


@pytest.mark.parametrize("rounds", [0, 101])
def test_rounds_out_of_range_are_refused(rounds: int) -> None:
    with pytest.raises(TutorError, match="--rounds"):
        replace(FULL, rounds=rounds)


def test_quick_is_less_of_everything() -> None:
    assert QUICK.batch_size < FULL.batch_size
    assert QUICK.rounds < FULL.rounds
    assert FULL.lrn_shape == (128, 96, 56, 56)
