"""Where the learner stands: one value of one layer, and every step that can be taken from it."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, isnan, sqrt

from alexnet_tutor.records import Place, Stop, SumWork, Term, UnitRecord, Walked
from alexnet_tutor.show.walk.keys import LAYERS
from alexnet_tutor.show.walk.peaks import strongest

PADDING = "This term lies in the padding: a zero that no layer made. It cannot be entered."
PIXEL = "This is a pixel: nothing comes before it."
START = "This is where the walk began: there is no step to undo."
NO_PATH = "Nothing adds to this value: no path leads on."
_FEW = 32  # up to so many units are bars


class Stand:
    """A walk through one recorded pass, as it is at one moment.

    Attributes:
        place: of the value under the cursor.
        record: its arithmetic.
        marked: the number of the marked term, largest first.
        said: what the last key has to say; empty where nothing.
        seen: every value that was looked at, in order.
    """

    def __init__(self, walked: Walked, start: Place | None = None) -> None:
        self.walked = walked
        self.stops = {stop.name: stop for stop in walked.stops}
        self.names = list(self.stops)
        self.seen: dict[Place, None] = {}
        self.said = ""
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
            self.said = START

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
            order = sorted(range(len(work.subtotals)), key=lambda c: -_size(work.subtotals[c]))
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
            self.said = "This is the last layer." if steps > 0 else "This is the picture."

    def other_map(self, steps: int) -> None:
        """The same row and column of another map."""
        if len(self.place.index) != 3:
            self.said = f"{self.place.layer} has no maps."
            return
        channel, row, column = self.place.index
        self._stand(
            Place(self.place.layer, ((channel + steps) % self.stop.output_shape[0], row, column))
        )

    def to_strongest(self) -> None:
        """The strongest value of the map; from there, of the layer."""
        own = self.strongest(self.place.layer, self.map)
        self.go(own if own != self.place else self.strongest(self.place.layer))

    def mark(self, steps: int) -> None:
        """Mark another term; its channel is shown."""
        if not self.terms:
            return
        self.marked = (self.marked + steps) % len(self.terms)
        at = self.terms[self.marked].at
        if at is not None and len(at.index) == 3 and self.before is not None:
            self._channel = at.index[0]

    def enter(self) -> bool:
        """Step back to the marked term's value; whether that was possible."""
        if self.before is None or self.term is None:
            self.said = PIXEL
        elif self.term.at is None:
            self.said = PADDING
        else:
            self.go(self.term.at)
            return True
        return False

    def follow(self) -> bool:
        """Step back to what made the value; whether that was possible."""
        if self.before is None:
            self.said = PIXEL
        elif not self.record.producers:
            self.said = NO_PATH
        else:
            self.go(self.record.producers[0].place)
            return True
        return False

    def other_input(self, steps: int) -> None:
        """Show another channel of the layer before."""
        inputs = self.inputs
        if len(inputs) < 2:
            self.said = "This value is made of one channel." if inputs else "There are no channels."
            return
        at = inputs.index(self.channel) if self.channel in inputs else 0
        self._channel = inputs[(at + steps) % len(inputs)]

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


def ordered(record: UnitRecord) -> list[Term]:
    """The terms that are shown, the one that made the value first, then by size."""
    own = record.producers[0].place if record.producers else None
    return sorted(
        record.terms, key=lambda term: (own is None or term.at != own, -_size(term.product))
    )


def _size(value: float) -> float:
    return float("inf") if isnan(value) else abs(value)
