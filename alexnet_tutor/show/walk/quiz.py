"""Predict first: one question about a layer, worked out from its geometry and from the recorded pass."""

from __future__ import annotations

from collections.abc import Mapping

from alexnet_tutor.randomness import seed_of
from alexnet_tutor.records import Question, Walked
from alexnet_tutor.show.walk import quiz_costs as costs
from alexnet_tutor.show.walk import quiz_shapes as shapes
from alexnet_tutor.show.walk import quiz_values as values
from alexnet_tutor.show.walk.drafts import TOPICS, Maker, asked

MAKERS: Mapping[str, tuple[Maker, ...]] = {
    "input": (values.pixel,),
    "conv": (shapes.conv_shape, costs.conv_parameters, costs.conv_macs, values.sums_below_zero),
    "relu": (values.zeros_of_relu, values.strongest_of_two),
    "lrn": (values.normalised, shapes.lrn_shape, costs.nothing_learned, values.strongest_of_two),
    "pool": (
        values.zeros_of_pool,
        costs.nothing_learned,
        values.strongest_of_two,
        shapes.pool_shape,
    ),
    "flatten": (shapes.flatten_shape, shapes.flatten_place),
    "linear": (costs.linear_parameters, costs.linear_macs, values.units_below_zero),
    "dropout": (values.kept, values.zeros_of_dropout),
    "softmax": (values.times_as_likely, values.sum_of_probabilities),
}


def question(walked: Walked, layer: str) -> Question | None:
    """What is asked before a layer opens; ``None`` where nothing sensible can be.

    Layers of one kind take turns at what can be asked of it, beginning at another place for another
    picture. The question's ``id`` is its topic. Of a learner's layer that is not what the kit's is
    nothing is asked: the answers explain what such a layer should give.
    """
    own = walked.mine.of(layer) if walked.mine else None
    if own is not None and not own.equal:
        return None
    stops = walked.stops
    at = next(n for n, stop in enumerate(stops) if stop.name == layer)
    stop, before = stops[at], stops[max(0, at - 1)]
    makers = MAKERS.get(stop.kind, ())
    turn = seed_of(0, "quiz", walked.picture) + sum(one.kind == stop.kind for one in stops[:at])
    for n in range(len(makers)):
        draft = makers[(turn + n) % len(makers)](walked, stop, before)
        found = None if draft is None else asked(draft, seed_of(0, "quiz", walked.picture, layer))
        if found is not None:
            return found
    return None


class Score:
    """What was predicted so far."""

    def __init__(self) -> None:
        self.right = dict.fromkeys(TOPICS, 0)
        self.answered = dict.fromkeys(TOPICS, 0)
        self.skipped = 0

    def keep(self, topic: str, right: bool | None) -> None:
        """Count an answer; ``None`` where the question was skipped."""
        if right is None:
            self.skipped += 1
        else:
            self.answered[topic] += 1
            self.right[topic] += right

    def line(self) -> str:
        """In all and by topic; empty where nothing was asked."""
        all_, right = sum(self.answered.values()), sum(self.right.values())
        skipped = f"{self.skipped} skipped" if self.skipped else ""
        if not all_:
            return f"Predicted: {skipped}." if skipped else ""
        topics = [
            f"{topic} {self.right[topic]} of {count}"
            for topic, count in self.answered.items()
            if count
        ]
        ends = f"; {skipped}." if skipped else "."
        return f"Predicted: {right} of {all_} right ({', '.join(topics)}){ends}"
