"""A recorded pass as the walk is given it."""

from __future__ import annotations

from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_tutor.architecture import ConvSpec, LayerSpec, PoolSpec
from alexnet_tutor.cli.walk_about import about
from alexnet_tutor.records import AboutRecord, KernelRecord, Place, Stop, UnitRecord, Window
from alexnet_tutor.records.walk_layer import span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from alexnet_tutor.records import LayerRecord, Mine, Mistaken, Prediction
    from alexnet_tutor.tracing.unit import Pass


class Followed:
    """A pass as the walk is given it."""

    def __init__(
        self, followed: Pass, mine: Mine | None = None, evaluation: Followed | None = None
    ) -> None:
        self._pass, self.mine = followed, mine
        self._evaluation = evaluation
        self._mistakes: dict[tuple[str, int], tuple[Mistaken, ...]] = {}
        self._about = cache(partial(about, followed))
        self._ends = cache(lambda layer: span(followed.values(layer)))
        self._unit = lru_cache(maxsize=256)(lambda place: followed.unit(place, 1))
        record = followed.record
        self.picture = Path(record.image.path).name if record.image else "this picture"
        self.pixels: NDArray[np.float32] = record.pixels
        shape = followed.entered.shape
        specs = record.facts.architecture.layers if record.facts else ()
        windows = {spec.name: _window(spec) for spec in specs}
        self.stops = (
            Stop("input", "input", shape, shape),
            *(_stop(layer, windows.get(layer.name)) for layer in record.layers),
        )
        self.top: tuple[Prediction, ...] = record.top
        self.labels: tuple[str, ...] = tuple(record.facts.labels) if record.facts else ()
        self.trained = record.facts is None or record.facts.trained

    def unit(self, place: Place, /) -> UnitRecord:
        """A value's arithmetic, with its producers one layer down."""
        return self._unit(place)

    def map(self, layer: str, channel: int, /) -> NDArray[np.float32]:
        """A map of a layer's output; of a layer without maps all its units."""
        values = self._pass.values(layer)
        chosen: NDArray[np.float32] = values[channel] if values.ndim == 3 else values
        return chosen

    def peaks(self, layer: str, /) -> NDArray[np.float32]:
        """The highest value of each map; of a layer without maps its units."""
        values = self._pass.values(layer)
        highest: NDArray[np.float32] = values.reshape(len(values), -1).max(axis=1)
        return highest

    def ends(self, layer: str, /) -> tuple[float, float]:
        """The lowest and the highest finite value of all maps of a layer."""
        return self._ends(layer)

    def kernel(self, place: Place, channel: int, /) -> KernelRecord | None:
        """What one channel of its input gives to a convolution's value."""
        from alexnet_tutor.tracing.sums import one_channel  # noqa: PLC0415

        if self.unit(place).kind != "conv":
            return None
        return one_channel(self._pass.task(place), channel)

    def about(self, layer: str, /) -> AboutRecord:
        """What the layer did to this picture, its costs, and the paper's reason for it."""
        return self._about(layer)

    @property
    def evaluation(self) -> Followed:
        """The same with nothing dropped."""
        return self._evaluation or self

    @property
    def dropout(self) -> int | None:
        """The seed of the masks."""
        return self._pass.dropout_seed

    def dropped(self, seed: int, /) -> Followed:
        """The same picture with dropout as in training."""
        from alexnet_tutor.tracing.masked import with_dropout  # noqa: PLC0415

        return Followed(with_dropout(self.evaluation._pass, seed), evaluation=self.evaluation)

    def mistakes(self, place: Place, /) -> tuple[Mistaken, ...]:
        """The map that a value stands in as known mistakes of the course make it."""
        from alexnet_tutor.course.mistaken import mistaken  # noqa: PLC0415

        key = place.layer, place.index[0] if len(place.index) == 3 else 0
        if key not in self._mistakes:
            right = self.mine.kits.get(place.layer) if self.mine else None
            self._mistakes[key] = mistaken(self._pass, place, right)
        return self._mistakes[key]

    def page(self, layer: str, width: int, /) -> str:
        """The layer's page, as ``tutor inspect`` shows it."""
        if layer == "input":
            about = self._pass.record.image
            return "\n".join(["The prepared picture.", *(about.steps if about else ())])
        from alexnet_tutor.layers import Layer  # noqa: PLC0415
        from alexnet_tutor.show.terminal.page import LayerPage  # noqa: PLC0415
        from alexnet_tutor.show.terminal.text import as_text  # noqa: PLC0415

        record, facts = self._pass.record.layer(layer), self._pass.record.facts
        module = self._pass.module(layer)
        if not isinstance(module, Layer):
            return f"{layer} is no layer of the kit: there is no page about it."
        return as_text(
            LayerPage(
                name=layer,
                preset=facts.architecture.name if facts else "fashion",
                page=module.page(),
                worked=module.explain(record.input_shape[1:]),
                source=None,
                next_command=f"tutor inspect {layer} --source",
            ),
            width,
        )

    def lesson(self, layer: str, width: int, /) -> str:
        """The text of the lesson, without its questions and figures."""
        from alexnet_tutor.cli.lesson import prose_of  # noqa: PLC0415

        return prose_of(layer, width)


def _stop(layer: LayerRecord, window: Window | None) -> Stop:
    shapes = layer.input_shape[1:], layer.output_shape[1:]
    return Stop(layer.name, layer.kind, *shapes, layer.params, layer.macs, window)


def _window(spec: LayerSpec) -> Window | None:
    match spec:
        case ConvSpec():
            return Window(spec.kernel, spec.stride, spec.padding, spec.groups)
        case PoolSpec(grid=None):
            return Window(spec.kernel, spec.stride)
    return None
