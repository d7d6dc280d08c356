"""Whether a run fits into memory: asked before anything is written."""

from __future__ import annotations

from dataclasses import replace

import torch

from alexnet_tutor import machine
from alexnet_tutor.errors import TutorError
from alexnet_tutor.footprint import largest_batch, training_bytes
from alexnet_tutor.training.job import Job

_HALVINGS = 6  # of the width, tried where not even one picture fits


def require_memory(job: Job, *, resumed: bool) -> None:
    """Do nothing where the run will fit, or nobody knows how much is free.

    Raises:
        TutorError: it will not; the message names a batch that will, or a narrower network.
    """
    free = _free_bytes(job.device)
    batch = min(job.settings.batch_size, len(job.learnt))
    needed = training_bytes(job.facts.architecture, batch, bf16=job.precision == "bf16")
    if free is None or needed <= free:
        return
    raise TutorError(
        f"Training with {batch:,} {'pictures' if batch > 1 else 'picture'} a step will take "
        f"about {_gigabytes(needed)} of memory, and {_gigabytes(free)} are free.",
        "Close other programs, then --resume again: a run keeps its batch size."
        if resumed
        else _remedy(job, free, batch),
    )


def _free_bytes(device: torch.device) -> int | None:
    """Where the tensors will lie; what this process keeps there unused is free to it."""
    if device.type != "cuda":
        return machine.free_memory()
    free, _ = torch.cuda.mem_get_info(device)
    unused = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return int(free + unused)


def _remedy(job: Job, free: int, batch: int) -> str:
    """The largest batch that fits; else the widest network that does, halving by halving."""
    bf16, architecture = job.precision == "bf16", job.facts.architecture
    if fits := largest_batch(architecture, free, bf16=bf16):
        return f"Use --batch-size {_rounded_down(fits)}."
    for halvings in range(1, _HALVINGS + 1):
        width = job.settings.width / 2**halvings
        narrower = replace(job.settings, width=width).architecture(
            classes=architecture.classes, channels=architecture.channels
        )
        if fits := largest_batch(narrower, free, bf16=bf16):
            return f"Use --width {width:g} --batch-size {_rounded_down(min(fits, batch))}."
    return "Use a smaller --image-size, or close other programs."


def _rounded_down(count: int) -> int:
    """To two digits: the free memory of a moment later may be a little less."""
    step: int = 10 ** max(0, len(str(count)) - 2)
    return count // step * step


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.2f} GB"
