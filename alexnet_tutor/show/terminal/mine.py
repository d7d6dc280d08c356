"""What ``tutor trace --mine`` shows first: how the learner's layers compare with the kit's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from alexnet_tutor.records import Prediction, StandInRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.screen import Screen
from alexnet_tutor.show.terminal.theme import DIM, RIGHT, RIGHT_MARK, STRONG, WRONG, WRONG_MARK
from alexnet_tutor.show.terminal.view import View, clean


@dataclass(frozen=True, slots=True)
class MineView(View):
    """The learner's layers in the network, on one picture.

    Attributes:
        stand_ins: in the order in which they ran.
        yours: all classes with the learner's layers, most probable first.
        kits: the same with the kit's.
    """

    stand_ins: Sequence[StandInRecord]
    yours: Sequence[Prediction]
    kits: Sequence[Prediction]

    def parts(self, _screen: Screen, /) -> Iterator[RenderableType]:
        """The verdict, a line per layer, both predictions."""
        wrong = [one for one in self.stand_ins if not one.equal]
        if wrong:
            first = wrong[0]
            yield Text(
                f"Your {first.exercise} in {first.layer} is the first to differ.", style=STRONG
            )
        else:
            layers = {name for one in self.stand_ins for name in one.layers}
            count = numbers.counted(len(layers), "layer")
            yield Text(f"Your code computes {count} of this network as the kit does.", style=STRONG)
        for one in self.stand_ins:
            mark, style = (RIGHT_MARK, RIGHT) if one.equal else (WRONG_MARK, WRONG)
            yield Text.assemble((f"{mark} ", style), (one.layer, STRONG), f" {_line(one)}")
        yield Text(
            "Each layer of yours gets the input it has here, and the kit's the same.", style=DIM
        )
        for one in self.stand_ins:
            if len(one.layers) > 1:
                last = f"Of {one.layer} the rows below show {one.layers[-1]} as yours"
                yield Text(
                    f"{last}, and those before it as they are without {one.exercise}.", style=DIM
                )
        if self.yours and self.kits:
            yield Text(
                f"With yours: {_said(self.yours[0])}. With the kit's: {_said(self.kits[0])}."
            )
        yield Text()


def compared(one: StandInRecord) -> str:
    """A learner's layer beside the kit's, in a line."""
    return f"{RIGHT_MARK if one.equal else WRONG_MARK} {one.layer} {_line(one)}"


def _line(one: StandInRecord) -> str:
    own = f"({one.exercise} of lesson {one.lesson})"
    if one.equal:
        return f"differs by rounding, at most {one.difference:.1g} {own}"
    place = list(one.index)
    return f"gives {one.yours:.6g} at {place}, the kit's {one.kits:.6g} {own}"


def _said(prediction: Prediction) -> str:
    return f"{clean(prediction.label)} {numbers.percent(prediction.probability)}"
