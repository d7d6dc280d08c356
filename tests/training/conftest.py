"""A run so small that a test can afford several: drawn garments, a network of a few thousand weights."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.machine import StopRequest
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import FASHION_PREPARATION, EpochRecord, ModelFacts, TrainingRecord
from alexnet_tutor.training.fit import fit
from alexnet_tutor.training.recipes import Settings
from alexnet_tutor.training.step import Learner

TINY = FASHION.scaled(1 / 32).at_size(67)


@pytest.fixture
def settings() -> Settings:
    """Three epochs of three steps."""
    return Settings(
        data="sketches",
        width=1 / 32,
        image_size=67,
        epochs=3,
        batch_size=16,
        lr=0.02,
        precision="fp32",
        device="cpu",
        limit=44,
    )


@pytest.fixture
def facts() -> ModelFacts:
    return ModelFacts(
        architecture=TINY, preparation=replace(FASHION_PREPARATION, image_size=TINY.image_size)
    )


@pytest.fixture
def make_learner() -> Callable[..., Learner]:
    def make(
        seed: int = 0, precision: str = "fp32", momentum: float = 0.9, nesterov: bool = False
    ) -> Learner:
        return Learner(
            AlexNet(TINY, seed=seed),
            device=torch.device("cpu"),
            precision=precision,
            momentum=momentum,
            weight_decay=5e-4,
            nesterov=nesterov,
        )

    return make


@pytest.fixture
def make_row() -> Callable[..., EpochRecord]:
    def make(epoch: int, **changes: float | None) -> EpochRecord:
        row = EpochRecord(
            epoch=epoch,
            steps=3,
            train_loss=1 / 3,
            train_accuracy=0.5,
            validation_loss=0.1,
            validation_accuracy=2 / 3,
            learning_rate=0.01,
            seconds=1.5,
            images_per_second=99.9,
        )
        return replace(row, **changes)

    return make


class Noise:
    """Random pictures as batches, a pure function of (epoch, step); ``broken`` (epoch, step) is NaN."""

    def __init__(
        self, steps: int = 3, size: int = 8, broken: tuple[int, int] | None = None
    ) -> None:
        self.steps_per_epoch = steps
        self.size = size
        self.broken = broken

    def epoch(self, number: int, start: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        for step in range(start, self.steps_per_epoch):
            generator = torch.Generator().manual_seed(1000 * number + step)
            pictures = torch.randn(self.size, 1, 67, 67, generator=generator)
            if (number, step) == self.broken:
                pictures[0, 0, 0, 0] = float("nan")
            targets = torch.randint(0, 10, (self.size,), generator=generator)
            yield pictures.contiguous(memory_format=torch.channels_last), targets


@pytest.fixture
def noise() -> type[Noise]:
    return Noise


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """One thread, which is faster for networks this small."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def run_all() -> Callable[..., list[TrainingRecord]]:
    """All records of a run, one per step; after ``stop_after`` of them it is asked to stop."""

    def run(
        path: Path, settings: Settings, *, stop_after: int | None = None, **options: object
    ) -> list[TrainingRecord]:
        stop = StopRequest()
        records = []
        for record in fit(path, settings, stop=stop, refresh_seconds=0.0, **options):
            records.append(record)
            if len(records) == stop_after:
                stop.signal = 2
        return records

    return run
