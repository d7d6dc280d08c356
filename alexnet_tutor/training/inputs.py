"""What reaches a layer when real pictures are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from alexnet_tutor.data.batches import Batches
from alexnet_tutor.training.devices import Precision
from alexnet_tutor.training.score import judging, scores_of


def inputs_of(
    network: nn.Module,
    layers: Iterable[str],
    batches: Batches,
    *,
    precision: Precision,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Tensor]:
    """Layer → its inputs (N, C), float32 on the CPU, for every picture of ``batches``."""
    seen: dict[str, list[Tensor]] = {layer: [] for layer in layers}

    def keep(layer: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        return lambda _, given: seen[layer].append(given[0].float().cpu())

    hooks = [network.get_submodule(name).register_forward_pre_hook(keep(name)) for name in seen]
    done = 0
    try:
        with judging(network):
            for pictures, _ in batches.epoch(0):
                scores_of(network, pictures, bf16=precision == "bf16")
                done += len(pictures)
                if progress:
                    progress(done, batches.pictures_per_epoch)
    finally:
        for hook in hooks:
            hook.remove()
    return {layer: torch.cat(rows) for layer, rows in seen.items()}
