"""Thin layers learn to answer as the whole network does."""

import pytest
import torch

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.network import AlexNet, logits
from alexnet_tutor.training.distil import distil
from alexnet_tutor.weights.compress import Factors, low_rank, restored

RANKS = {"fc6": 12, "fc7": 12}


@pytest.fixture(scope="module")
def teacher() -> AlexNet:
    return AlexNet(FASHION.scaled(0.125).at_size(67), seed=4)


def what_reaches_fc6(network: AlexNet, count: int, seed: int) -> torch.Tensor:
    """(N, C), like pool5's answers: never negative, near a few directions."""
    generator = torch.Generator().manual_seed(seed)
    width = network.fc6.weight.shape[1]
    directions = torch.randn(20, width, generator=torch.Generator().manual_seed(9))
    return torch.relu(torch.randn(count, 20, generator=generator) @ directions) / 10


def answers(network: AlexNet, forms, seen: torch.Tensor) -> torch.Tensor:
    """The logits of the restored weights, from fc6 on, in float64."""
    x = seen.double()
    for name in ("fc6", "fc7", "fc8"):
        weight, bias = (restored(forms[f"{name}.{part}"]).double() for part in ("weight", "bias"))
        x = x @ weight.T + bias
        x = x if name == "fc8" else x.clamp(min=0)
    return x


def test_the_logits_of_unseen_inputs_come_nearer(teacher: AlexNet) -> None:
    """To at most 85 % of the squared difference that fitting alone leaves."""
    whole = dict(teacher.state_dict())
    seen, unseen = (what_reaches_fc6(teacher, n, seed) for n, seed in ((2048, 1), (512, 2)))
    fc7 = torch.relu(seen @ whole["fc6.weight"].T + whole["fc6.bias"])
    thin = low_rank(whole, RANKS, seen={"fc6": seen[:512], "fc7": fc7[:512]})
    told: list[tuple[int, int]] = []
    taught = distil(teacher, thin, seen, progress=lambda *now: told.append(now))
    right = answers(teacher, whole, unseen)
    before, after = (
        (answers(teacher, forms, unseen) - right).square().mean() for forms in (thin, thin | taught)
    )
    assert after <= 0.85 * before
    assert told == [(step, len(told)) for step in range(1, len(told) + 1)]


def test_the_teacher_stays_and_the_convolutions_too(teacher: AlexNet) -> None:
    before = {key: value.clone() for key, value in teacher.state_dict().items()}
    seen = what_reaches_fc6(teacher, 256, 3)
    thin = low_rank(before, RANKS)
    taught = distil(teacher, thin, seen)
    assert all(torch.equal(value, before[key]) for key, value in teacher.state_dict().items())
    assert set(taught) == {f"fc{n}.{part}" for n in (6, 7, 8) for part in ("weight", "bias")}
    for layer, rank in RANKS.items():
        form = taught[f"{layer}.weight"]
        assert isinstance(form, Factors)
        assert form.rank == rank
    again = distil(teacher, thin, seen)
    assert all(torch.equal(restored(form), restored(again[key])) for key, form in taught.items())
    assert torch.isfinite(logits(teacher, torch.zeros(1, 1, 67, 67))).all()
