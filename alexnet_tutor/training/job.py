"""Settings made real: the device, the pictures, the network's shape, and what learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from typing import Any

import torch
import torch.nn.functional as F

from alexnet_tutor.data import open_data
from alexnet_tutor.data.batches import Batches
from alexnet_tutor.data.dataset import Dataset, Progress, hold_out
from alexnet_tutor.errors import TutorError
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import EpochRecord, ModelFacts, preparation_of
from alexnet_tutor.training.devices import Precision, choose_device, choose_precision
from alexnet_tutor.training.recipes import Settings
from alexnet_tutor.training.step import Learner
from alexnet_tutor.weights.metadata import require_readable


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What a run works with.

    Attributes:
        held_out: ``None`` where nothing is set aside.
        enter: puts functions from elsewhere into a network, in the place of its layers.
    """

    settings: Settings
    device: torch.device
    precision: Precision
    learnt: Dataset
    held_out: Dataset | None
    facts: ModelFacts
    enter: Callable[[AlexNet], None] | None = None

    @property
    def fingerprint(self) -> str:
        """Changes whenever the pictures learnt from or held out do."""
        held_out = self.held_out.fingerprint if self.held_out else "nothing"
        return f"{self.learnt.fingerprint} held out {held_out}"

    def learner(self) -> Learner:
        """A fresh network on the device, with its momentum at zero."""
        network = AlexNet(self.facts.architecture, init=self.settings.init, seed=self.settings.seed)
        if self.enter:
            self.enter(network)
        return Learner(
            network,
            device=self.device,
            precision=self.precision,
            momentum=self.settings.momentum,
            weight_decay=self.settings.weight_decay,
            nesterov=self.settings.nesterov,
            loss=partial(F.cross_entropy, label_smoothing=self.settings.label_smoothing),
        )

    def batches(self) -> Batches:
        """The pictures to learn from, in an order of their own each epoch."""
        return Batches(
            self.learnt,
            self.facts.preparation,
            self.settings.batch_size,
            seed=self.settings.seed,
            augment=self.settings.augment,
            device=self.device,
        )

    def held_out_batches(self) -> Batches | None:
        """The pictures to be judged by, as they are."""
        if self.held_out is None:
            return None
        return Batches(
            self.held_out,
            self.facts.preparation,
            self.settings.batch_size,
            seed=self.settings.seed,
            device=self.device,
            shuffle=False,
        )

    def facts_after(self, row: EpochRecord | None) -> ModelFacts:
        """What the weights say of themselves after an epoch: nothing that differs from run to run."""
        told = {name: str(value) for name, value in self.settings.to_dict().items()}
        kind, separator, path = self.settings.data.partition(":")
        told["data"] = kind + separator + PurePath(path).name  # not where a person keeps things
        told |= {"device": self.device.type, "precision": self.precision}
        told["epochs"] = str(row.epoch if row else 0)
        if row is not None:
            told["training_loss"] = repr(row.train_loss)
            told["training_accuracy"] = repr(row.train_accuracy)
            if row.validation_accuracy is not None:
                told["validation_loss"] = repr(row.validation_loss)
                told["validation_accuracy"] = repr(row.validation_accuracy)
        return replace(self.facts, history=told)

    def description(self) -> dict[str, Any]:
        """What ``settings.json`` tells besides what a resume needs."""
        return {
            "pictures": {
                "name": self.learnt.name,
                "learnt": len(self.learnt),
                "held_out": len(self.held_out) if self.held_out else 0,
            },
            "labels": list(self.facts.labels),
            "preparation": asdict(self.facts.preparation),
            "architecture": self.facts.architecture.to_dict(),
        }


def prepare(settings: Settings, data_dir: Path, loading: Progress | None = None) -> Job:
    """Choose the device, open the pictures, derive the network.

    Raises:
        TutorError: no such device, no such data, pictures too small or too large for the network, or
            weights that no one could load.
    """
    device = choose_device(settings.device)
    precision = choose_precision(settings.precision, device)
    wanted = preparation_of(settings.preset, settings.image_size)
    settings.architecture(classes=2, channels=wanted.channels)  # a bad size shows before a download
    splits = open_data(
        settings.data,
        data_dir=data_dir,
        preparation=wanted,
        limit=settings.limit,
        validation=settings.validation,
        augment=settings.augment,
        progress=loading,
    )
    learnt, held_out = hold_out(splits.train, settings.limit, settings.validation)
    architecture = settings.architecture(
        classes=len(splits.train.labels), channels=splits.preparation.channels
    )
    return _readable(
        Job(
            settings=settings,
            device=device,
            precision=precision,
            learnt=learnt,
            held_out=held_out if len(held_out) else None,
            facts=ModelFacts(architecture, splits.train.labels, splits.preparation),
        )
    )


def _readable(job: Job) -> Job:
    """The job, if what it will save can be loaded again: better known before hours of training."""
    try:
        require_readable(job.facts_after(None))
    except ValueError as error:
        raise TutorError(
            f"Weights learnt from {job.settings.data} could not be loaded: {error}.",
            "Change the data, or the names of its classes.",
        ) from error
    return job
