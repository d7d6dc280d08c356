"""Learning on a CUDA device: it gets better, and no step waits. What can is tried on the CPU too."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from training.conftest import TINY

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.data.batches import Batches
from alexnet_tutor.data.dataset import ArrayDataset
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import Preparation
from alexnet_tutor.training.devices import arithmetic
from alexnet_tutor.training.step import Learner, Tally

DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)]
SIZE = 75  # at which the last pooling's windows differ in size
COLOUR = Preparation(3, SIZE, None, (0.5, 0.4, 0.3), (0.2, 0.25, 0.3), light_on_dark=False)


def learner_of(architecture, device: str, precision: str) -> Learner:
    return Learner(
        AlexNet(architecture),
        device=torch.device(device),
        precision=precision,
        momentum=0.9,
        weight_decay=5e-4,
    )


@pytest.mark.parametrize("precision", ["fp32", pytest.param("bf16", marks=pytest.mark.gpu)])
@pytest.mark.parametrize("device", DEVICES)
def test_twenty_steps_on_the_same_pictures_lower_their_loss(device: str, precision: str) -> None:
    learner = learner_of(TINY, device, precision)
    generator = torch.Generator().manual_seed(0)
    pictures = torch.randn(16, 1, TINY.image_size, TINY.image_size, generator=generator)
    pictures = pictures.to(device, memory_format=torch.channels_last)
    targets = (torch.arange(16) % 10).to(device)
    losses = []
    for step in range(20):
        learner.start(Tally())
        learner.network.reseed_dropout(step)
        learner.learn(pictures, targets, rate=0.01)
        losses.append(learner.tally().mean_loss)
    assert sum(losses[-3:]) < 0.8 * sum(losses[:3])


@pytest.fixture
def whoever_waits_fails() -> Iterator[None]:
    yield
    torch.cuda.set_sync_debug_mode("default")


def colourful(count: int) -> ArrayDataset:
    shape = (count, 3, 40, 40)
    images = torch.randint(256, shape, generator=torch.Generator().manual_seed(0)).byte()
    return ArrayDataset("some", tuple("abc"), "some", images, torch.arange(count) % 3)


@pytest.mark.gpu
@pytest.mark.parametrize("kept", [True, False], ids=["kept on the card", "sent"])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_three_steps_wait_for_nothing(
    precision: str, kept: bool, whoever_waits_fails: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alexnet_tutor.data.resident.fits", lambda *_: kept)
    architecture = replace(FASHION.scaled(1 / 32).at_size(SIZE), channels=3).with_classes(3)
    with arithmetic(deterministic=False):
        learner = learner_of(architecture, "cuda", precision)
        learner.network.train()
        batches = Batches(
            colourful(32), COLOUR, 8, seed=0, augment="paper", device=torch.device("cuda")
        )
        for step, (pictures, targets) in enumerate(batches.epoch(0)):
            if step == 1:  # the first compiles kernels and chooses algorithms
                torch.cuda.set_sync_debug_mode("error")
            learner.network.reseed_dropout(step)
            learner.learn(pictures, targets, rate=0.01)
        learner.start(Tally())
        torch.cuda.set_sync_debug_mode("default")
        assert learner.is_finite()
