"""Where a layer is strongest, and all that it gives."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alexnet_tutor.records import Place, Stop, Walked


def strongest(walked: Walked, stop: Stop, channel: int | None = None) -> Place:
    """The place of the highest value of a layer, or of one of its maps."""
    if len(stop.output_shape) == 1:
        return Place(stop.name, (int(walked.peaks(stop.name).argmax()),))
    if channel is None:
        channel = int(walked.peaks(stop.name).argmax())
    values = walked.map(stop.name, channel)
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    return Place(stop.name, (channel, int(row), int(column)))


def values_of(walked: Walked, stop: Stop) -> NDArray[np.float32] | None:
    """A layer's whole output; ``None`` where it is not all numbers."""
    if len(stop.output_shape) == 3:
        values = np.stack([walked.map(stop.name, n) for n in range(stop.output_shape[0])])
    else:
        values = walked.map(stop.name, 0)
    return values if values.size and np.isfinite(values).all() else None
