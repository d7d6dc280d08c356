"""Any value of any layer of one recorded pass: its arithmetic, what it sees, where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from alexnet_tutor.errors import TutorError
from alexnet_tutor.geometry import Field
from alexnet_tutor.layers import Dropout, Softmax
from alexnet_tutor.records import (
    Box,
    LayerRecord,
    ModelFacts,
    PixelWork,
    Place,
    Preparation,
    ProducerRecord,
    Term,
    TraceRecord,
    UnitRecord,
)
from alexnet_tutor.tracing.arithmetic import work_out
from alexnet_tutor.tracing.places import no_layer, place_of
from alexnet_tutor.tracing.record import Picture, device_of, dropping, trace
from alexnet_tutor.tracing.work import Mask, Task, Worked

INPUT = "input"


def follow(
    network: nn.Module,
    picture: Picture | Tensor,
    facts: ModelFacts | None = None,
    *,
    dropout_seed: int | None = None,
) -> Pass:
    """Run a network once on a picture, so that each value can be worked out afterwards.

    Arguments and errors are those of :func:`alexnet_tutor.trace`. Layers must be a chain, each fed by
    the one before it.
    """
    record = trace(network, picture, facts, dropout_seed=dropout_seed)
    tensor = picture if isinstance(picture, Tensor) else picture.tensor
    known = facts is not None and not isinstance(picture, Tensor)
    return Pass(
        network=network,
        record=record,
        entered=tensor[0].detach().to("cpu", torch.float32).numpy(),
        preparation=facts.preparation if facts is not None and known else None,
        dropout_seed=dropout_seed,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """One picture's way through a network, each of its values within reach.

    Attributes:
        entered: what entered the network, (C, H, W), normalised.
        preparation: how the pixels were normalised; ``None`` where that is not known.
        dropout_seed: of the masks; ``None`` where nothing was dropped.
    """

    network: nn.Module
    record: TraceRecord
    entered: NDArray[np.float32]
    preparation: Preparation | None = None
    dropout_seed: int | None = None

    @property
    def layers(self) -> list[str]:
        """``input`` and every layer, in order."""
        return [INPUT, *(layer.name for layer in self.record.layers)]

    def values(self, layer: str) -> NDArray[np.float32]:
        """A layer's output, (C, H, W) or (features,), or the input.

        Raises:
            TutorError: there is no such layer.
        """
        if layer not in self.layers:
            raise no_layer(layer, self.layers)
        return self.entered if layer == INPUT else self.record.layer(layer).values[0]

    def place(self, text: str) -> Place:
        """``conv5:37,6,6`` as a place.

        Raises:
            TutorError: it is none, or outside; the message says what the range is.
        """
        return place_of(text, {layer: self.values(layer).shape for layer in self.layers})

    def strongest(self, layer: str) -> Place:
        """The place of a layer's highest value."""
        values = self.values(layer)
        index = np.unravel_index(int(values.argmax()), values.shape)
        return Place(layer, tuple(int(at) for at in index))

    def value(self, place: Place) -> float:
        """The network's own value."""
        return float(self.values(place.layer)[place.index])

    def unit(self, place: Place, depth: int | None = None) -> UnitRecord:
        """One value, worked out.

        Args:
            place: as :meth:`place` or :meth:`strongest` gives it.
            depth: layers down to follow what made it; ``None``: to the pixels.

        Raises:
            TutorError: the kit knows no arithmetic for this layer, or for one that it comes from.
        """
        worked = self._worked(place)
        box, clipped = self.box(place)
        return UnitRecord(
            place=place,
            kind=INPUT if place.layer == INPUT else self.record.layer(place.layer).kind,
            before=self._before(place.layer),
            value=self.value(place),
            by_hand=worked.by_hand,
            size=worked.size,
            box=box,
            clipped=clipped,
            window=worked.window,
            terms=worked.terms,
            count=worked.count,
            rest=worked.rest,
            bias=worked.bias,
            total=worked.total,
            work=worked.work,
            producers=self._producers(worked, depth),
        )

    def box(self, place: Place) -> tuple[Box | None, Box | None]:
        """What a value sees of the picture: with the padding, and the part that is picture.

        ``None`` where picture or maps are not square.
        """
        values = self.values(place.layer)
        if self.entered.shape[1] != self.entered.shape[2]:
            return None, None
        if values.ndim == 3:
            field = self._field(place.layer)
            if values.shape[1:] != (len(field.spans),) * 2:
                return None, None
            _, row, column = place.index
            return _box(field.unclipped, row, column), _box(field.spans, row, column)
        if self.record.layer(place.layer).kind == "flatten":
            (term,) = self._worked(place).producers
            assert term.at is not None
            return self.box(term.at)
        field = self._last_field(place.layer)
        return _around(field.unclipped), _around(field.spans)

    def _field(self, layer: str) -> Field:
        if layer == INPUT:
            return Field.pixel(self.entered.shape[-1])
        return self.record.layer(layer).field

    def _last_field(self, layer: str) -> Field:
        """Of the last maps before a layer without places: all of them together are what it sees."""
        earlier = self.layers[: self.layers.index(layer)]
        return next(
            field
            for name in reversed(earlier)
            if (field := self._field(name)).stride and field.spans
        )

    def _before(self, layer: str) -> str | None:
        place = self.layers.index(layer)
        return self.layers[place - 1] if place else None

    def _worked(self, place: Place) -> Worked:
        before = self._before(place.layer)
        if before is None:
            return self._pixel(place)
        worked = work_out(self.task(place))
        if before != INPUT or self.preparation is None:
            return worked
        return replace(
            worked,
            terms=tuple(map(self._with_grey, worked.terms)),
            producers=tuple(map(self._with_grey, worked.producers)),
        )

    def task(self, place: Place) -> Task:
        """What a value of a layer is worked out from.

        Raises:
            TutorError: the layer is not fed by the one before it.
        """
        layer, before = (
            self.record.layer(place.layer),
            self.layers[self.layers.index(place.layer) - 1],
        )
        x = self.values(before)
        if x.shape != layer.input_shape[1:]:
            raise TutorError(
                f"{layer.name} is not fed by the layer before it, {before}.",
                "The kit can work out values of layers that follow one another.",
            )
        return Task(
            module=self.module(layer.name),
            kind=layer.kind,
            index=place.index,
            output=layer.output_shape[1:],
            before=before,
            x=x.astype(np.float64),
            mask=self._mask(layer, x),
        )

    def module(self, layer: str) -> nn.Module:
        """The layer itself; softmax is none of the network's own."""
        name = layer.partition("#")[0]  # conv#2 is its second run
        if name in dict(self.network.named_modules()):
            return self.network.get_submodule(name)
        return Softmax() if self.record.layer(layer).kind == "softmax" else self.network

    def _mask(self, layer: LayerRecord, x: NDArray[np.float32]) -> Mask | None:
        module = self.module(layer.name)
        if self.dropout_seed is None or not isinstance(module, Dropout):
            return None
        with dropping(module, self.dropout_seed):
            mask = module.mask(torch.from_numpy(x)[None].to(device_of(self.network)))
        return Mask(self.dropout_seed, mask[0].cpu().numpy() == 1)

    def _pixel(self, place: Place) -> Worked:
        """(pixel − mean) / std, where it is known how pixels were normalised."""
        value = self.value(place)
        if self.preparation is None:
            return Worked(value, abs(value), (Term(place, value, None, value),), PixelWork(), value)
        channel = place.index[0]
        mean, std = (
            numbers[channel % len(numbers)]
            for numbers in (self.preparation.mean, self.preparation.std)
        )
        grey = self._grey(place)
        by_hand = (grey / 255 - mean) / std
        term = Term(place, grey, None, by_hand, grey)
        size = (grey / 255 + abs(mean)) / std
        work = PixelWork(grey, mean, std, channels=len(self.entered))
        return Worked(by_hand, size, (term,), work, by_hand)

    def _grey(self, place: Place) -> float:
        return float(self.record.pixels[place.index]) * 255

    def _with_grey(self, term: Term) -> Term:
        return term if term.at is None else replace(term, grey=self._grey(term.at))

    def _producers(self, worked: Worked, depth: int | None) -> tuple[ProducerRecord, ...] | None:
        """The strongest terms; the first of them followed to the pixels or ``depth`` layers down."""
        if depth == 0:
            return None
        deeper = None if depth is None else depth - 1
        found: list[ProducerRecord] = []
        for term in worked.producers:
            assert term.at is not None
            below = None if found else self._producers(self._worked(term.at), deeper)
            found.append(
                ProducerRecord(
                    place=term.at,
                    value=term.input,
                    product=term.product,
                    grey=term.grey,
                    clipped=self.box(term.at)[1],
                    producers=below,
                )
            )
        return tuple(found)


def _box(spans: Sequence[tuple[int, int]], row: int, column: int) -> Box:
    (top, bottom), (left, right) = spans[row], spans[column]
    return top, left, bottom, right


def _around(spans: Sequence[tuple[int, int]]) -> Box:
    """What all values together see."""
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    return first, first, last, last
