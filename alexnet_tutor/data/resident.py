"""Pictures that live on the GPU: copied there once, as bytes, instead of a batch at every step."""

from __future__ import annotations

import torch

from alexnet_tutor.data.dataset import ArrayDataset, Dataset
from alexnet_tutor.machine import to_device

_SHARE = 1 / 5  # of the GPU's memory: the rest is the network's


def resident(dataset: Dataset, device: torch.device) -> Dataset:
    """A copy of ``dataset`` on ``device`` if it :func:`fits`, else the set itself."""
    if not fits(dataset, device):
        return dataset
    images, targets = dataset.take(torch.arange(len(dataset)))
    return ArrayDataset(
        name=dataset.name,
        labels=dataset.labels,
        fingerprint=dataset.fingerprint,
        images=to_device(images, device),
        targets=to_device(targets, device),
    )


def fits(dataset: Dataset, device: torch.device) -> bool:
    """Whether ``device`` is a CUDA one and these pictures, not read from disk, take a fifth of its memory at most."""
    if device.type != "cuda" or dataset.on_disk or not len(dataset):
        return False
    picture = dataset.take(torch.arange(1))[0]
    memory = torch.cuda.get_device_properties(device).total_memory
    return picture.numel() * len(dataset) <= _SHARE * memory
