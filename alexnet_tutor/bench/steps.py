"""One step of learning, twice: as a notebook of the origin's recipe does it, and as the kit does.

The origin's: float32, one channel plane after another (NCHW), nn.LocalResponseNorm, torch's own
layers and SGD as they are, a DataLoader that enlarges each picture with PIL from 28×28 to 227×227.
The kit's: the very job, Learner and Batches that ``tutor train`` uses. Same network, same pictures.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader

from alexnet_tutor.architecture import (
    Architecture,
    ConvSpec,
    DropoutSpec,
    FlattenSpec,
    LinearSpec,
    LrnSpec,
    PoolSpec,
    ReluSpec,
)
from alexnet_tutor.bench.plan import Plan
from alexnet_tutor.data.dataset import Dataset
from alexnet_tutor.geometry import LayerGeometry, walk
from alexnet_tutor.network import AlexNet
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.records import Preparation
from alexnet_tutor.training.job import Job, prepare
from alexnet_tutor.training.recipes import Settings

_Batch = TypeVar("_Batch")
_BATCHES = 4  # of pictures drawn: enough that a batch is not the last one again


def job_of(plan: Plan) -> Job:
    """The kit's own job: sketches, which need no download and cost what FashionMNIST costs."""
    settings = Settings(
        data="sketches",
        width=plan.width,
        batch_size=plan.batch_size,
        device=plan.device,
        precision=plan.precision,
        limit=_BATCHES * plan.batch_size,
        validation=0,
    )
    return prepare(settings, Path())


def kit_step(job: Job) -> Callable[[], object]:
    """A step of ``tutor train``, to be timed: next batch, new dropout masks, one update."""
    learner, settings = job.learner(), job.settings
    learner.network.train()
    coming = _endless(job.batches().epoch)

    def step() -> None:
        epoch, number, (pictures, targets) = next(coming)
        learner.network.reseed_dropout(seed_of(settings.seed, "dropout", epoch, number))
        learner.learn(pictures, targets, rate=settings.lr)

    return step


def origin_step(job: Job) -> Callable[[], object]:
    """A step of the origin's recipe on the same pictures, to be timed."""
    learner = OriginLearner(job.facts.architecture, job.settings, job.device)
    loader = origin_loader(job.learnt, job.facts.preparation, job.settings.batch_size)
    coming = _endless(lambda _epoch: iter(loader))

    def step() -> None:
        _, _, (pictures, targets) = next(coming)
        learner.learn(pictures, targets)

    return step


class OriginLearner:
    """The origin's loop body, plain: float32, torch's own layers, torch's default SGD."""

    def __init__(
        self, architecture: Architecture, settings: Settings, device: torch.device
    ) -> None:
        self.device = device
        self.network = origin_network(architecture, settings).to(device)
        self.optimiser = torch.optim.SGD(
            self.network.parameters(),
            lr=settings.lr,
            momentum=settings.momentum,
            weight_decay=settings.weight_decay,
        )

    def learn(self, pictures: Tensor, targets: Tensor) -> float:
        """One step on (N, C, S, S) and int64 (N,); gives the loss, as such loops print it."""
        self.network.train()
        pictures, targets = pictures.to(self.device), targets.to(self.device)
        self.optimiser.zero_grad()
        loss = F.cross_entropy(self.network(pictures), targets)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimiser.step()
        return float(loss.item())


def origin_network(architecture: Architecture, settings: Settings) -> nn.Module:
    """The network in torch's own modules, with the weights that the kit's starts from."""
    with (
        torch.random.fork_rng()
    ):  # torch's layers draw their first weights from the global generator
        network = nn.Sequential(
            OrderedDict((at.spec.name, _module(at)) for at in walk(architecture))
        )
    kits = AlexNet(architecture, init=settings.init, seed=settings.seed)
    network.load_state_dict(kits.state_dict())
    return network


def origin_loader(
    dataset: Dataset, preparation: Preparation, batch_size: int
) -> DataLoader[tuple[Tensor, int]]:
    """A DataLoader over PIL pictures and torchvision's transforms, as a notebook has it."""
    from torchvision import transforms  # noqa: PLC0415  seconds to import, and only needed here

    size = preparation.image_size
    prepared = transforms.Compose(
        [
            transforms.Resize((size, size)),
            transforms.ToTensor(),
            transforms.Normalize(preparation.mean, preparation.std),
        ]
    )
    images, targets = dataset.take(torch.arange(len(dataset)))
    pictures = [Image.fromarray(image[0].numpy()) for image in images]
    generator = torch.Generator().manual_seed(0)
    return DataLoader(
        _Pictures(pictures, targets.tolist(), prepared),  # type: ignore[arg-type]
        batch_size=batch_size,
        shuffle=True,
        generator=generator,
    )


class _Pictures:
    """PIL pictures, each prepared when it is asked for."""

    def __init__(
        self, pictures: list[Image.Image], targets: list[int], prepared: Callable[[object], Tensor]
    ) -> None:
        self.pictures, self.targets, self.prepared = pictures, targets, prepared

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, number: int) -> tuple[Tensor, int]:
        return self.prepared(self.pictures[number]), self.targets[number]


def _endless(epoch: Callable[[int], Iterator[_Batch]]) -> Iterator[tuple[int, int, _Batch]]:
    number = 0
    while True:
        yield from ((number, step, batch) for step, batch in enumerate(epoch(number)))
        number += 1


def _module(at: LayerGeometry) -> nn.Module:
    match at.spec:
        case ConvSpec() as spec:
            return nn.Conv2d(
                at.input_shape[0],
                spec.out_channels,
                spec.kernel,
                stride=spec.stride,
                padding=spec.padding,
                groups=spec.groups,
            )
        case ReluSpec():
            return nn.ReLU(inplace=True)
        case LrnSpec(size=size, k=k, alpha=alpha, beta=beta):
            return nn.LocalResponseNorm(size, alpha * size, beta, k)
        case PoolSpec(kernel=kernel, stride=stride):
            return nn.MaxPool2d(kernel, stride)
        case FlattenSpec():
            return nn.Flatten()
        case LinearSpec(out_features=outputs):
            return nn.Linear(at.input_shape[0], outputs)
        case DropoutSpec(p=p):
            return nn.Dropout(p)
