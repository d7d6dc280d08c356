"""What lesson 12 says of descent and of training, against torch, the kit's schedules and the card."""

from __future__ import annotations

import json
from itertools import pairwise
from math import ceil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from alexnet_tutor import resources
from alexnet_tutor.course import calling, workspace
from alexnet_tutor.course.calls import Answers
from alexnet_tutor.course.check import probes_of
from alexnet_tutor.course.judge import judge
from alexnet_tutor.course.lessons import lesson
from alexnet_tutor.course.lessons.l12_sgd import figures, oracle
from alexnet_tutor.training.recipes import Settings
from alexnet_tutor.training.schedules import ONECYCLE_CLIMB, STEP_EPOCHS, learning_rate, onecycle

HAND = (10.0, [4.0, -2, 3], [0.1, 0.1, 0.01], 0.9, 0.5)
CARD = Path(__file__).parents[2] / "checkpoints" / "alexnet-fashionmnist.json"


def page() -> str:
    """As the learner reads it, on one line, minus signs as Python writes them."""
    text = (resources.lessons() / "12-sgd" / "lesson.md").read_text(encoding="utf-8")
    return " ".join(text.replace("−", "-").split())


def by_torch(
    weight: np.ndarray, gradients: np.ndarray, rates: list[float], momentum: float, decay: float,
    *, keeps_rates: bool = False,
) -> np.ndarray:  # fmt: skip
    """torch's own SGD; with ``keeps_rates`` its velocity is rescaled whenever the rate changes."""
    parameter = torch.nn.Parameter(torch.from_numpy(weight.copy()))
    optimiser = torch.optim.SGD([parameter], lr=1, momentum=momentum, weight_decay=decay)
    path, before = [], rates[0]
    for gradient, rate in zip(gradients, rates, strict=True):
        parameter.grad = torch.from_numpy(gradient.copy())
        optimiser.param_groups[0]["lr"] = rate
        if keeps_rates and path:
            optimiser.state[parameter]["momentum_buffer"].mul_(before / rate)
        optimiser.step()
        path.append(parameter.detach().numpy().copy())
        before = rate
    return np.stack(path)


def rates_of_torch(scheduler: type, steps: int, base: float, *options: object, **named: object):
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimiser = torch.optim.SGD([parameter], lr=base)
    schedule = scheduler(optimiser, *options, **named)
    for _ in range(steps):
        yield optimiser.param_groups[0]["lr"]
        optimiser.step()
        schedule.step()


def coasts(history: oracle.History, start: float) -> float:
    """How far the weight gets after its first step, in lengths of that step."""
    first, last = history[0][1], history[-1][1]
    return (last - first) / (first - start)


def test_the_oracle_s_second_rule_is_torch_s_and_its_first_is_that_with_the_velocity_rescaled() -> (
    None
):
    rng = np.random.default_rng(12)
    weight, gradients = rng.normal(size=4), rng.normal(size=(9, 4))
    rates = [0.3] * 3 + [0.03] * 2 + [0.1, 0.2, 0.3, 0.003]
    for momentum, decay in ((0.9, 0.5), (0.6, 0.0)):
        given = (weight, gradients, rates, momentum, decay)
        theirs = by_torch(*given)
        assert np.allclose(oracle.torch_steps(*given), theirs, rtol=1e-12)
        ours = oracle.paper_steps(*given)
        assert np.allclose(ours, by_torch(*given, keeps_rates=True), rtol=1e-12)
        assert np.allclose(ours[:3], theirs[:3], rtol=1e-12)
        assert (np.abs(ours[3:] - theirs[3:]) > 1e-3).all(axis=1).all()


def test_at_one_rate_a_thousand_steps_agree_but_for_rounding() -> None:
    rng = np.random.default_rng(1)
    given = (rng.normal(size=3), rng.normal(size=(1000, 3)), [0.01] * 1000, 0.9, 5e-4)
    assert np.allclose(oracle.paper_steps(*given), oracle.torch_steps(*given), rtol=0, atol=1e-12)


def test_after_a_drop_the_paper_s_rule_goes_on_for_nine_steps_and_torch_s_for_nine_tenths() -> None:
    gradients, rates = [1.0] + [0.0] * 400, [0.1] + [0.01] * 400
    assert coasts(oracle.paper_history(0, gradients, rates, 0.9, 0), 0) == pytest.approx(9)
    assert coasts(oracle.torch_history(0, gradients, rates, 0.9, 0), 0) == pytest.approx(0.9)
    assert 0.9**22 < 0.1 < 0.9**21
    ages = np.arange(2000)
    assert np.average(ages, weights=0.9**ages) == pytest.approx(9)  # the mean age of a rate
    assert ceil(1_200_000 / 128) == 9375
    assert 90 * 9375 == 843_750
    assert "9,375 steps" in page()
    assert "843,750 steps" in page()


def test_on_a_climb_torch_s_steps_are_longer() -> None:
    rates = [0.01 * (step + 1) for step in range(6)]
    paper = oracle.paper_history(0, [1.0] * 6, rates, 0.9, 0)
    theirs = oracle.torch_history(0, [1.0] * 6, rates, 0.9, 0)
    for (_, ours), (_, other) in zip(paper[1:], theirs[1:], strict=True):
        assert -other > -ours > 0


def test_the_worked_numbers_are_the_rules() -> None:
    text, stub = page(), workspace.stub(lesson(12)).read_text(encoding="utf-8")
    paper, theirs = oracle.paper_history(*HAND), oracle.torch_history(*HAND)
    for rule, history in (("the paper's", paper), ("PyTorch's", theirs)):
        velocity, weight = history[2]
        assert f"| {rule} | {velocity:.7g} | {weight:.7g} |" in text
        assert ", ".join(f"{after:.7g}" for _, after in history) in stub
    for history in (paper, theirs):
        for velocity, weight in history[:2]:
            assert f"= {velocity:.4g} w = " in text
            assert f"= {weight:.4g}" in text
    steady = oracle.paper_history(0, [4.0] * 500, [0.1] * 500, 0.9, 0)
    assert steady[-1][0] == pytest.approx(-4)
    assert steady[1][0] == pytest.approx(-0.76)
    shrinking = oracle.torch_history(1, [0.0] * 900, [0.01] * 900, 0.9, 5e-4)
    assert 1 - shrinking[-1][1] / shrinking[-2][1] == pytest.approx(0.00005, rel=1e-3)
    listed = ", ".join(f"{oracle.step_rate(epoch, 8, 3, 0.5):g}" for epoch in range(7))
    assert listed in " ".join(stub.split())
    climbing = ", ".join(f"{oracle.onecycle_rate(step, 11, 2, 1):.7g}" for step in range(4))
    assert climbing in " ".join(stub.split())


def test_the_schedules_are_torch_s_and_the_kit_s() -> None:
    ours = [oracle.step_rate(epoch, 0.3, STEP_EPOCHS, 0.1) for epoch in range(160)]
    assert ours == pytest.approx(list(rates_of_torch(lr_scheduler.StepLR, 160, 0.3, 50, 0.1)))
    assert ours == pytest.approx(
        [
            learning_rate("step", 0.3, epoch=epoch, step=0, steps_per_epoch=9, epochs=160)
            for epoch in range(160)
        ]
    )
    steps = 40
    peak = round(ONECYCLE_CLIMB * steps) - 1
    cycle = [oracle.onecycle_rate(step, steps, peak, 0.3) for step in range(steps)]
    theirs = rates_of_torch(
        lr_scheduler.OneCycleLR, steps - 1, 0.1, 0.3, total_steps=steps,
        pct_start=ONECYCLE_CLIMB, anneal_strategy="linear", cycle_momentum=False,
    )  # fmt: skip
    assert cycle[:-1] == pytest.approx(list(theirs))
    assert cycle == pytest.approx([0.3 * onecycle(step, steps) for step in range(steps)])


def test_what_the_page_says_of_tutor_train_is_so() -> None:
    settings = Settings()
    assert (settings.epochs, settings.schedule) == (10, "step")
    assert (settings.momentum, settings.weight_decay, settings.batch_size) == (0.9, 5e-4, 128)
    last = settings.epochs - 1
    rate = learning_rate("step", 1, epoch=last, step=0, steps_per_epoch=1, epochs=10)
    assert rate == 1
    assert f"every {STEP_EPOCHS} epochs" in page()
    assert f"for {100 * ONECYCLE_CLIMB:.0f}% of all steps" in page()


def test_what_to_expect_is_the_card_s() -> None:
    text, card = page(), json.loads(CARD.read_text(encoding="utf-8"))
    training, test = card["training"], card["test"]
    assert f"{training['command']} --run checkpoints/mine" in text
    for row in training["epochs"]:
        rate = row["learning_rate"]
        told = f"{rate:.4f}" if rate > 1e-4 else f"{rate:.8f}"
        assert f"| {row['epoch']} | {told} | {row['train_loss']:.3f} |" in text
        assert f"is {row['steps']} steps of 128" in text
        assert f"of them of {training['pictures']['learnt'] % 128}:" in text
    losses = [row["train_loss"] for row in training["epochs"]]
    gains = [one - other for one, other in pairwise(losses[2:])]
    assert gains[0] > gains[1] > gains[2] < gains[3]
    assert f"gains {gains[3]:.3f} again, after {gains[2]:.3f}" in text
    minutes = round(training["seconds"] / 60)
    assert f"{minutes // 60} h {minutes % 60} min" in text
    trained = 100 * card["compression"]["steps"][0]["accuracy"]
    learnt = 100 * training["epochs"][-1]["train_accuracy"]
    assert f"names {trained:.2f}% of the test pictures" in text
    assert f"for the box {100 * test['accuracy']:.2f}%" in text
    assert f"{learnt:.2f}% of the pictures it learnt from" in text
    assert f"the difference, {learnt - trained:.2f} points" in text
    error = 100 * (test["accuracy"] * (1 - test["accuracy"]) / test["images"]) ** 0.5
    assert f"standard error of {error:.2f} points" in text
    worst = min(test["per_class"], key=lambda row: row["recall"])
    taken = test["confusion"][card["labels"].index("Shirt")][card["labels"].index("T-shirt/top")]
    assert worst["label"] == "Shirt"
    assert f"shirts {100 * worst['recall']:.1f}% are found, and {taken} are taken" in text


def test_rows_that_are_one_tensor_are_told_as_that() -> None:
    def torch_steps(weight, gradients, rates, momentum, decay):
        velocity, steps = torch.zeros_like(weight), []
        for gradient, rate in zip(gradients, rates, strict=True):
            velocity = momentum * velocity + gradient + decay * weight
            weight -= rate * velocity
            steps.append(weight)
        return torch.stack(steps)

    probes = probes_of(lesson(12).exercise("torch_steps"), 0)
    replies = []
    for call in probes.calls():
        message = call.packed()
        given = message["arguments"].items()
        message["arguments"] = {
            name: value.copy() if isinstance(value, np.ndarray) else value for name, value in given
        }
        replies.append(calling.answer(torch_steps, message, "x.py"))
    record = judge(probes, Answers(replies), Path("x.py"))
    assert record.diagnosis is not None
    assert record.diagnosis.ids == ("rows-are-one-tensor",)


def test_the_figures_descend_by_the_rules_and_show_what_the_page_says() -> None:
    pixels = np.random.default_rng(4).uniform(0.2, 1, (1, 56, 84)).astype(np.float32)
    trace = SimpleNamespace(pixels=pixels)
    target = figures.shrunk(trace)
    assert target.shape == (28, 42)
    assert target[1, 2] == pytest.approx(pixels[0, 2:4, 4:6].mean())
    long, longer, low = (
        np.sqrt(((weights - target) ** 2).mean()) for _, weights in figures.noise(trace)
    )
    assert abs(longer / long - 1) < 0.2
    assert low < long / 2
    (_, drop), (_, paper), (_, theirs) = figures.two_rules(trace)
    assert (drop < theirs).all()
    assert (theirs < 0).all()
    assert (paper > 0).all()
    rates = [figures.SLOW] * figures.BEFORE + [figures.SLOW / 10] * figures.AFTER
    for found, rule in ((paper, oracle.paper_history), (theirs, oracle.torch_history)):
        assert found[3, 5] + target[3, 5] == pytest.approx(learnt(target[3, 5], rates, rule))


def learnt(pixel: float, rates: list[float], rule) -> float:
    """One weight on (w - pixel)² / 2, the history replayed with each new gradient."""
    weight, gradients = 0.0, []
    for step in range(len(rates)):
        gradients.append(weight - pixel)
        weight = rule(0.0, gradients, rates[: step + 1], 0.9, 0.0)[-1][1]
    return weight
