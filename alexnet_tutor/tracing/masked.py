"""A recorded pass once more, with dropout as in training."""

from __future__ import annotations

from dataclasses import replace

import torch

from alexnet_tutor.tracing.record import trace
from alexnet_tutor.tracing.unit import Pass


def with_dropout(whole: Pass, seed: int) -> Pass:
    """The same picture through the same network, its dropout layers dropping by the masks of ``seed``.

    All else is as for a prediction. Modes, weights and the random state are left as they were.
    """
    again = trace(
        whole.network,
        torch.from_numpy(whole.entered.copy())[None],
        whole.record.facts,
        dropout_seed=seed,
    )
    record = replace(again, image=whole.record.image, pixels=whole.record.pixels)
    return replace(whole, record=record, dropout_seed=seed)
