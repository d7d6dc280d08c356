"""What the walk has to read about a layer: its sentence on this picture, its sizes, the paper's reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alexnet_tutor.records import AboutRecord

if TYPE_CHECKING:
    from alexnet_tutor.tracing.unit import Pass


def about(whole: Pass, layer: str) -> AboutRecord:
    """Of a layer of one recorded pass, or of the picture."""
    from alexnet_tutor.layers import Layer  # noqa: PLC0415
    from alexnet_tutor.show.terminal.why import sentence  # noqa: PLC0415

    if layer == "input":
        return AboutRecord(_prepared(whole))
    record = whole.record.layer(layer)
    module = whole.module(layer)
    facts = AboutRecord(
        why=sentence(record, whole.record) or "",
        params=record.params,
        macs=record.macs,
        sees=0 if record.kind == "flatten" else record.field.size,
        stride=record.field.stride,
    )
    if not isinstance(module, Layer):
        return facts
    worked = module.explain(record.input_shape[1:])
    return replace(facts, size=worked[0], paper=module.page().paper)


def _prepared(whole: Pass) -> str:
    """What was done to the picture before it entered, and what its numbers became."""
    from alexnet_tutor.show import numbers  # noqa: PLC0415

    low, high = float(whole.entered.min()), float(whole.entered.max())
    steps = whole.record.image.steps if whole.record.image else ()
    told = f"The picture as it enters, {numbers.shape(whole.entered.shape)} numbers"
    ends = f"{told} from {numbers.interval(low, high)}"
    return f"{ends}: {'; '.join(steps)}." if steps else f"{ends}."
