"""Names the mistake whose outputs a learner's outputs equal. Never guesses."""

from __future__ import annotations

from alexnet_tutor.course.probes import Outputs, Probes
from alexnet_tutor.records import Diagnosis

NEAR = 1e-4  # nearer than this to a mistake's outputs is that mistake
APART = 1e-2  # any two mistakes, and any and the right answer, differ by more; the tests hold it


def diagnose(probes: Probes, got: Outputs) -> Diagnosis | None:
    """The one known mistake, or the one pair of mistakes, that gives these outputs; else ``None``.

    Two mistakes can cancel out; right outputs have no name.

    Args:
        probes: the inputs.
        got: the learner's output for each; ``None`` where there was none.
    """
    if probes.near(got, probes.expected, NEAR):
        return None
    known = {mistake.id: mistake for mistake in probes.exercise.mistakes}
    for twice in (False, True):
        candidates = probes.mistaken_twice if twice else probes.mistaken
        near = [ids for ids, outputs in candidates.items() if probes.near(got, outputs, NEAR)]
        if len(near) == 1:
            ids = near[0]
            return Diagnosis(
                ids=ids,
                said=tuple(known[name].said for name in ids),
                hints=tuple(hint for name in ids for hint in known[name].hints),
                distance=probes.distance(got, candidates[ids]),
                from_right=probes.distance(got, list(probes.expected)),
            )
        if near:
            return None
    return None
