"""Where the learner stands: one value of one layer, and every step that can be taken from it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import ceil, sqrt

from alexnet_tutor.records import Place, Stop, SumWork, Term, Walked
from alexnet_tutor.show.walk import said
from alexnet_tutor.show.walk.dropout import drop, restore
from alexnet_tutor.show.walk.keys import LAYERS
from alexnet_tutor.show.walk.order import ordered, size
from alexnet_tutor.show.walk.peaks import strongest

_FEW = 32  # up to so many units are bars


class Stand:
    """A walk through one recorded pass, or through those of two pictures, as it is at one moment.

    Attributes:
        walked: the pass of the picture that is shown.
        pictures: of every picture, in the order in which they were named.
        place: of the value under the cursor.
        record: its arithmetic.
        marked: the number of the marked term, largest first.
        said: what the last key has to say; empty where nothing.
        by_layer: colours are by layer: one value has one colour in all of its maps. Else by map.
        masks: of dropout that were drawn so far.
    """

    def __init__(self, walked: Walked, start: Place | None = None, *others: Walked) -> None:
        self.walked = walked
        self.pictures = (walked, *others)
        self.stops = {stop.name: stop for stop in walked.stops}
        self.names = list(self.stops)
        self._seen: tuple[dict[Place, None], ...] = tuple({} for _ in self.pictures)
        self.said = ""
        self.by_layer, self.masks = False, 0
        self._past: list[Place] = []
        self._last: dict[str, Place] = {}
        first = self.names[min(1, len(self.names) - 1)]
        self._stand(start or self.strongest(first))

    def _stand(self, place: Place) -> None:
        self.place, self.record = place, self.walked.unit(place)
        self.terms = ordered(self.record)
        self.marked = 0
        self._channel: int | None = None
        self._last[place.layer] = place
        self.seen[place] = None

    def change(self, walked: Walked) -> None:
        """The same value in another pass of the same layers."""
        self.walked, self.record = walked, walked.unit(self.place)
        self.terms = ordered(self.record)
        self.marked = min(self.marked, max(0, len(self.terms) - 1))

    def go(self, place: Place) -> None:
        """Step to a value; the step can be undone."""
        if place != self.place:
            self._past.append(self.place)
            self._stand(place)

    def undo(self) -> None:
        """Go where the last step came from."""
        if self._past:
            self._stand(self._past.pop())
        else:
            self.said = said.START

    # Which picture

    @property
    def shown(self) -> int:
        """The number of the picture that is shown."""
        whole = self.walked.evaluation
        return next(n for n, walked in enumerate(self.pictures) if walked is whole)

    @property
    def seen(self) -> dict[Place, None]:
        """Every value of this picture that was looked at, in order."""
        return self._seen[self.shown]

    @property
    def seen_of(self) -> list[tuple[Walked, dict[Place, None]]]:
        """The pictures that were looked at, and what of them."""
        return [
            (walked, seen) for walked, seen in zip(self.pictures, self._seen, strict=True) if seen
        ]

    def switch(self) -> None:
        """The same place in the other picture's pass, under the same mask where one is drawn."""
        if len(self.pictures) == 1:
            self.said = said.ALONE
            return
        other, mask = self.pictures[(self.shown + 1) % len(self.pictures)], self.walked.dropout
        self.walked = other if mask is None else other.dropped(mask)
        self._stand(self.place)

    # Where it stands

    @property
    def stop(self) -> Stop:
        """The layer."""
        return self.stops[self.place.layer]

    @property
    def before(self) -> Stop | None:
        """The layer that feeds it."""
        return None if self.record.before is None else self.stops[self.record.before]

    @property
    def term(self) -> Term | None:
        """The marked term."""
        return self.terms[self.marked] if self.terms else None

    @property
    def map(self) -> int:
        """The map that the cursor stands in; 0 where there are no maps."""
        return self.place.index[0] if len(self.place.index) == 3 else 0

    def is_bars(self, stop: Stop) -> bool:
        """Whether a layer's units are few, or classes: bars rather than a picture."""
        classes = stop.name in self.names[-2:]
        return len(stop.output_shape) == 1 and (classes or stop.output_shape[0] <= _FEW)

    def columns(self, stop: Stop) -> int:
        """Values in a line, as a layer is drawn."""
        if len(stop.output_shape) == 3:
            return stop.output_shape[2]
        return 1 if self.is_bars(stop) else ceil(sqrt(stop.output_shape[0]))

    @property
    def inputs(self) -> list[int]:
        """Channels of the layer before that the value is made of: what contributes most first."""
        work = self.record.work
        if isinstance(work, SumWork) and work.channels is not None and work.subtotals:
            order = sorted(range(len(work.subtotals)), key=lambda c: -size(work.subtotals[c]))
            return [work.channels[0] + c for c in order]
        if self.before is None:
            return []
        found = [term.at.index[0] for term in self.terms if term.at and len(term.at.index) == 3]
        return list(dict.fromkeys(found))

    @property
    def channel(self) -> int:
        """The channel of the layer before that is shown."""
        if self._channel is not None:
            return self._channel
        return (self.inputs or [0])[0]

    def strongest(self, layer: str, channel: int | None = None) -> Place:
        """The place of the highest value of a layer, or of one of its maps."""
        return strongest(self.walked, self.stops[layer], channel)

    # Steps

    def move(self, down: int, across: int) -> None:
        """Move the cursor over values; it cannot leave the map."""
        if len(self.place.index) == 3:
            channel, row, column = self.place.index
            _, height, width = self.stop.output_shape
            at = (row + down, column + across)
            if 0 <= at[0] < height and 0 <= at[1] < width:
                self._stand(Place(self.place.layer, (channel, *at)))
            return
        columns = self.columns(self.stop)
        unit = self.place.index[0]
        if not 0 <= unit % columns + across < columns and columns > 1:
            return
        self.move_to(unit + down * columns + across)

    def move_to(self, unit: int) -> None:
        """Put the cursor on a unit of a layer without maps, where there is such a unit."""
        if 0 <= unit < self.stop.output_shape[0]:
            self._stand(Place(self.place.layer, (unit,)))

    def layer(self, name: str) -> None:
        """Go to a layer: to the same value where the shape is the same, else where one was there last."""
        if name not in self.stops:
            self.said = f"This network has no {name}."
        elif name != self.place.layer:
            if self.stops[name].output_shape == self.stop.output_shape:
                self.go(Place(name, self.place.index))
            else:
                self.go(self._last.get(name) or self.strongest(name))

    def along(self, steps: int) -> None:
        """Go so many layers on."""
        at = self.names.index(self.place.layer) + steps
        if 0 <= at < len(self.names):
            self.layer(self.names[at])
        else:
            self.said = said.LAST if steps > 0 else said.FIRST

    def other_map(self, steps: int) -> None:
        """The same row and column of another map."""
        if len(self.place.index) != 3:
            self.said = said.NO_MAPS.format(layer=self.place.layer)
            return
        if self.stop.output_shape[0] == 1:
            self.said = said.ONE_MAP.format(layer=self.place.layer)
            return
        channel, row, column = self.place.index
        self._stand(
            Place(self.place.layer, ((channel + steps) % self.stop.output_shape[0], row, column))
        )

    def to_strongest(self) -> None:
        """The strongest value of the map; from there, of the layer."""
        layer = self.place.layer
        own, whole = self.strongest(layer, self.map), self.strongest(layer)
        if self.place == own == whole:
            self.said = said.STRONGEST.format(layer=layer)
        self.go(own if own != self.place else whole)

    def mark(self, steps: int) -> None:
        """Mark another term; its channel is shown."""
        if len(self.terms) < 2:
            self.said = said.PIXEL if self.before is None else said.ONE_TERM
            return
        self.marked = (self.marked + steps) % len(self.terms)
        at = self.terms[self.marked].at
        if at is not None and len(at.index) == 3 and self.before is not None:
            self._channel = at.index[0]

    def enter(self) -> bool:
        """Step back to the marked term's value; whether that was possible."""
        if self.before is None or self.term is None:
            self.said = said.PIXEL
        elif self.term.at is None:
            self.said = said.PADDING
        else:
            self.go(self.term.at)
            return True
        return False

    def follow(self) -> bool:
        """Step back to what made the value; whether that was possible."""
        if self.before is None:
            self.said = said.PIXEL
        elif not self.record.producers:
            self.said = said.NO_PATH
        else:
            self.go(self.record.producers[0].place)
            return True
        return False

    def other_input(self, steps: int) -> None:
        """Show another channel of the layer before."""
        inputs = self.inputs
        if len(inputs) < 2:
            self.said = self._one_input()
            return
        at = inputs.index(self.channel) if self.channel in inputs else 0
        self._channel = inputs[(at + steps) % len(inputs)]

    def _one_input(self) -> str:
        """Why there is no other channel to show."""
        if self.before is None:
            return said.PIXEL
        return said.ONE_CHANNEL if self.inputs else said.NO_CHANNELS.format(layer=self.place.layer)

    def other_scale(self) -> None:
        """Colours by layer instead of by map, or back."""
        self.by_layer = not self.by_layer
        self.said = said.BY_LAYER if self.by_layer else said.BY_MAP

    def do(self, word: str) -> bool:
        """What a key of the table does here; ``False`` where it is the app's to do."""
        self.said = ""
        what, _, which = word.partition(" ")
        sign = -1 if which == "-" else 1
        moves = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}
        steps = {"map": self.other_map, "mark": self.mark, "input": self.other_input}
        alone: dict[str, Callable[[], object]] = {
            "strongest": self.to_strongest,
            "enter": self.enter,
            "undo": self.undo,
            "switch": self.switch,
            "scale": self.other_scale,
            "drop": partial(drop, self),
            "restore": partial(restore, self),
        }
        if what in moves:
            self.move(*moves[what])
        elif what in steps:
            steps[what](sign)
        elif what in alone:
            alone[what]()
        elif what == "layer":
            self.layer(LAYERS[which])
        elif what in ("next", "previous"):
            self.along(1 if what == "next" else -1)
        else:
            return False
        return True
