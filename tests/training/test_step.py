"""One step: PyTorch's rule to the letter, and nothing moves once the loss is not finite."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from alexnet_tutor import machine
from alexnet_tutor.training.job import prepare
from alexnet_tutor.training.recipes import Settings
from alexnet_tutor.training.step import Learner, Tally

Make = Callable[..., Learner]
PRECISIONS = [
    "fp32",
    pytest.param(
        "bf16",
        marks=pytest.mark.skipif(
            not machine.cpu_has_bf16(), reason="this CPU has no bf16 arithmetic"
        ),
    ),
]


def batch(seed: int = 0, size: int = 6) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    pictures = torch.randn(size, 1, 67, 67, generator=generator)
    return pictures.to(memory_format=torch.channels_last), torch.arange(size) % 10


def weights(learner: Learner) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in learner.network.state_dict().items()}


def momentum_of(learner: Learner) -> dict[str, torch.Tensor]:
    """A copy: what the learner gives may be its own memory, and change with it."""
    return {name: value.clone() for name, value in learner.momentum().items()}


RULES = pytest.mark.parametrize(
    ("momentum", "nesterov"), [(0.9, False), (0.0, False), (0.9, True)], ids=str
)


@RULES
def test_three_steps_are_sgd_as_numpy_counts_it_in_float64(
    make_learner: Make, momentum: float, nesterov: bool
) -> None:
    learner = make_learner(momentum=momentum, nesterov=nesterov)
    learner.network.eval()  # no dropout: the oracle asks for the same gradients again
    oracle = {name: value.double().numpy() for name, value in weights(learner).items()}
    velocity = {name: np.zeros_like(value) for name, value in oracle.items()}
    for number, rate in enumerate((0.1, 0.05, 0.01)):
        pictures, targets = batch(number)
        loss = F.cross_entropy(learner.network(pictures), targets)
        slopes = torch.autograd.grad(loss, list(learner.network.parameters()))
        learner.learn(pictures, targets, rate=rate)
        for name, slope in zip(oracle, slopes, strict=True):
            decayed = slope.double().numpy() + 5e-4 * oracle[name]
            velocity[name] = momentum * velocity[name] + decayed
            ahead = decayed + momentum * velocity[name] if nesterov else velocity[name]
            oracle[name] = oracle[name] - rate * ahead
    for name, value in learner.network.state_dict().items():
        np.testing.assert_allclose(value.numpy(), oracle[name], rtol=1e-5, atol=1e-7)
    assert set(learner.momentum()) == (set(oracle) if momentum else set())


@pytest.mark.parametrize("precision", PRECISIONS)
def test_nothing_moves_from_the_step_whose_loss_is_not_finite(
    make_learner: Make, precision: str
) -> None:
    learner = make_learner(precision=precision)
    learner.learn(*batch(0), rate=0.1)
    before, speed, tally = weights(learner), momentum_of(learner), learner.tally()
    pictures, targets = batch(1)
    pictures[0, 0, 3, 3] = float("nan")
    learner.learn(pictures, targets, rate=0.1)
    learner.learn(*batch(2), rate=0.1)  # a sound batch after it changes nothing either
    assert all(torch.equal(value, before[name]) for name, value in weights(learner).items())
    assert all(torch.equal(value, speed[name]) for name, value in learner.momentum().items())
    assert learner.tally() == tally
    assert learner.is_finite()


def test_a_first_step_without_a_finite_loss_leaves_a_sound_momentum(make_learner: Make) -> None:
    learner = make_learner()
    pictures, targets = batch()
    learner.learn(pictures * float("inf"), targets, rate=0.1)
    assert learner.is_finite()
    assert all(not value.any() for value in learner.momentum().values())
    assert learner.tally() == Tally()


@pytest.fixture
def make_by_hand(make_learner: Make, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Learners as on a device whose fused SGD knows no ``found_inf``."""
    monkeypatch.setattr("alexnet_tutor.training.step._HONOURS_FOUND_INF", set())
    return make_learner


def test_a_device_without_found_inf_is_protected_too(make_by_hand: Make) -> None:
    learner = make_by_hand()
    assert not learner.optimiser.defaults["fused"]
    learner.learn(*batch(0), rate=0.1)
    before, speed = weights(learner), momentum_of(learner)
    pictures, targets = batch(1)
    learner.learn(pictures * float("nan"), targets, rate=0.1)
    learner.learn(*batch(2), rate=0.1)
    assert all(torch.equal(value, before[name]) for name, value in weights(learner).items())
    assert all(torch.equal(value, speed[name]) for name, value in momentum_of(learner).items())


@RULES
def test_a_device_without_found_inf_steps_as_the_others_do(
    make_learner: Make, monkeypatch: pytest.MonkeyPatch, momentum: float, nesterov: bool
) -> None:
    learner = make_learner(momentum=momentum, nesterov=nesterov)
    monkeypatch.setattr("alexnet_tutor.training.step._HONOURS_FOUND_INF", set())
    other = make_learner(momentum=momentum, nesterov=nesterov)
    for number in range(3):
        learner.network.reseed_dropout(number)
        other.network.reseed_dropout(number)
        with monkeypatch.context() as patched:
            patched.setattr("alexnet_tutor.training.step._HONOURS_FOUND_INF", {"cpu"})
            learner.learn(*batch(number), rate=0.05)
        other.learn(*batch(number), rate=0.05)
    for name, value in weights(other).items():
        torch.testing.assert_close(value, weights(learner)[name], rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("fused", [True, False], ids=["fused", "by hand"])
def test_no_step_waits_for_the_device(
    make_learner: Make, monkeypatch: pytest.MonkeyPatch, fused: bool
) -> None:
    if not fused:
        monkeypatch.setattr("alexnet_tutor.training.step._HONOURS_FOUND_INF", set())
    learner = make_learner()

    def read(*_: object) -> None:
        pytest.fail("a number was read from the device")

    for name in ("item", "tolist", "__bool__", "__float__", "cpu", "numpy"):
        monkeypatch.setattr(torch.Tensor, name, read)
    learner.learn(*batch(0), rate=0.1)


def test_the_tally_sums_loss_answers_and_pictures(make_learner: Make) -> None:
    learner = make_learner()
    learner.network.eval()
    loss, correct = 0.0, 0
    for size in (6, 3):
        pictures, targets = batch(size, size)
        with torch.no_grad():
            scores = learner.network(pictures)
        loss += size * float(F.cross_entropy(scores, targets))
        correct += int((scores.argmax(1) == targets).sum())
        learner.learn(pictures, targets, rate=0.01)
    tally = learner.tally()
    assert tally.loss == pytest.approx(loss, rel=1e-6)
    assert (tally.correct, tally.seen, tally.steps) == (correct, 9, 2)
    assert tally.mean_loss == pytest.approx(loss / 9, rel=1e-6)
    assert tally.accuracy == correct / 9


def test_an_empty_tally_has_means_of_zero() -> None:
    assert (Tally().mean_loss, Tally().accuracy) == (0.0, 0.0)


def test_the_first_step_is_the_same_with_zero_momentum_as_with_none(make_learner: Make) -> None:
    learner, plain = make_learner(), make_learner()
    for state in plain.optimiser.state.values():
        state["momentum_buffer"] = None
    for each in (learner, plain):
        each.network.reseed_dropout(7)
        each.learn(*batch(), rate=0.1)
    there = weights(plain)
    assert all(torch.equal(value, there[name]) for name, value in weights(learner).items())


def test_weights_gradients_and_momentum_are_laid_out_alike(make_learner: Make) -> None:
    """Fused SGD walks them side by side: where they differ, it adds the wrong numbers in silence."""
    learner, other = make_learner(), make_learner(seed=9)
    other.learn(*batch(), rate=0.1)
    learner.restore(other.network.state_dict(), other.momentum())
    learner.learn(*batch(), rate=0.1)
    for name, parameter in learner.network.named_parameters():
        buffer = learner.optimiser.state[parameter]["momentum_buffer"]
        assert parameter.stride() == parameter.grad.stride() == buffer.stride(), name
    assert learner.network.conv2.weight.is_contiguous(memory_format=torch.channels_last)


def test_a_gradient_laid_out_otherwise_is_laid_out_anew(make_learner: Make) -> None:
    learner = make_learner()
    learner.learn(*batch(), rate=0.0)
    parameter = learner.network.conv2.weight
    wanted = parameter.grad.clone()
    parameter.grad = wanted.contiguous()
    assert parameter.grad.stride() != parameter.stride()
    from alexnet_tutor.training.step import _same_strides

    _same_strides(parameter)
    assert parameter.grad.stride() == parameter.stride()
    assert torch.equal(parameter.grad, wanted)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_restored_weights_and_momentum_go_on_bit_for_bit(
    make_learner: Make, precision: str
) -> None:
    learner = make_learner(precision=precision)
    for number in range(2):
        learner.network.reseed_dropout(number)
        learner.learn(*batch(number), rate=0.1)
    other = make_learner(seed=3, precision=precision)
    other.restore(weights(learner), learner.momentum())
    for each in (learner, other):
        each.network.reseed_dropout(2)
        each.learn(*batch(2), rate=0.1)
    there = weights(other)
    assert all(torch.equal(value, there[name]) for name, value in weights(learner).items())


def test_tensors_of_another_network_are_refused(make_learner: Make) -> None:
    learner = make_learner()
    with pytest.raises(ValueError, match="do not fit"):
        learner.restore({}, learner.momentum())
    with pytest.raises(ValueError, match="do not fit"):
        learner.restore(weights(learner), {})
    with pytest.raises(ValueError, match="do not fit"):
        learner.restore({**weights(learner), "fc8.bias": torch.zeros(1)}, learner.momentum())


def test_weights_that_are_not_finite_are_noticed(make_learner: Make) -> None:
    learner = make_learner()
    with torch.no_grad():
        learner.network.fc8.bias[3] = float("nan")
    assert not learner.is_finite()


@pytest.mark.gpu
def test_on_cuda_nothing_moves_once_the_loss_is_not_finite(make_learner: Make) -> None:
    cuda = torch.device("cuda")
    options = {"precision": "fp32", "momentum": 0.9, "weight_decay": 5e-4}
    learner = Learner(make_learner().network, device=cuda, **options)
    assert learner.optimiser.defaults["fused"]
    start = weights(learner)
    learner.learn(*(part.to(cuda) for part in batch(0)), rate=0.1)
    before, speed, tally = weights(learner), momentum_of(learner), learner.tally()
    assert not torch.equal(before["conv1.weight"], start["conv1.weight"])
    pictures, targets = (part.to(cuda) for part in batch(1))
    learner.learn(pictures * float("nan"), targets, rate=0.1)
    learner.learn(*(part.to(cuda) for part in batch(2)), rate=0.1)
    assert all(torch.equal(value, before[name]) for name, value in weights(learner).items())
    assert all(torch.equal(value, speed[name]) for name, value in momentum_of(learner).items())
    assert learner.tally() == tally


@pytest.mark.parametrize("share", [0.0, 0.1])
def test_a_smoothed_target_is_spread_over_all_classes(settings: Settings, share: float) -> None:
    """(1 − share) · log p(target) + share · mean of log p over the classes, in NumPy."""
    learner = prepare(replace(settings, label_smoothing=share), Path()).learner()
    learner.network.eval()  # no dropout
    pictures, targets = batch()
    with torch.no_grad():
        scores = learner.network(pictures).double().numpy()
    logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    own = logs[np.arange(len(targets)), targets.numpy()]
    learner.learn(pictures, targets, rate=0.0)
    expected = -((1 - share) * own + share * logs.mean(axis=1)).mean()
    assert learner.tally().mean_loss == pytest.approx(expected, rel=1e-5)
