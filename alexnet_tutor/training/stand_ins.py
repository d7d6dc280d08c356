"""Layers computed by functions from elsewhere, a learner's: proved equal to the kit's before they learn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from math import isclose, isnan, nan
from pathlib import Path

import torch
from torch import Tensor

from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.network import AlexNet
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.training.job import Job
from alexnet_tutor.training.run import RunFacts
from alexnet_tutor.training.step import Tally

STEPS = 3  # the first compares what goes forward, the others also what came back
# Of the loss. Sums of float32 in another order gave up to 7e-6 (all of AlexNet, four pictures), the
# bias of a single layer that no gradient reaches 1e-4 (1/32 of the width).
TOLERANCE = 5e-5
_RATE = 0.001  # whatever the run's: at ten times this, rounding grew in three steps to 1e-3
_AUTOGRAD = (
    "Keep to autograd from x to what is returned: no detach, no item, no NumPy, nothing in place."
)


def _none() -> None:
    return None


@dataclass(frozen=True, slots=True)
class StandIns:
    """Functions that compute layers in the kit's place; by default none do.

    Attributes:
        lessons: the numbers of the lessons they belong to, ascending.
        course: the folder they lie in.
        load: makes sure of them, and gives what puts them into a network.
    """

    lessons: tuple[int, ...] = ()
    course: Path | None = None
    load: Callable[[], Callable[[AlexNet], None] | None] = _none


KITS = StandIns()


def require_same(recorded: RunFacts, asked: StandIns) -> None:
    """Do nothing where a run goes on with the functions it began with.

    Raises:
        TutorError: with others, or with none.
    """
    if recorded.lessons != asked.lessons:
        raise TutorError(
            f"The run was begun with other layers: --mine {_listed(recorded.lessons)} in the run, "
            f"{_listed(asked.lessons)} now.",
            "Resume with tutor train, without --mine, or start another run with another --run.",
        )


def _listed(lessons: Sequence[int]) -> str:
    return ",".join(map(str, lessons)) or "none"


def proof(job: Job, stand_ins: StandIns) -> str:
    """Make three steps twice, with the kit's layers and with those that stand in, all in fp32.

    The pictures are the run's first. They, the weights and the dropout masks are the same both times.

    Returns:
        What was found, in one sentence.

    Raises:
        TutorError: a step fails, or the losses are not equal (exit code 1).
    """
    job = replace(job, precision="fp32", settings=replace(job.settings, init="kaiming"))
    batches = list(islice(cycle(job.batches().epoch(0)), STEPS))
    kits = _losses(replace(job, enter=None), batches)
    try:
        yours = _losses(job, batches)
    except RuntimeError as error:
        raise TutorError(
            f"A step with your layers fails: {_first_line(error)}.", _AUTOGRAD, ExitCode.FAILED
        ) from error
    for step, (own, kit) in enumerate(zip(yours, kits, strict=True), start=1):
        if not (isclose(own, kit, rel_tol=TOLERANCE) or (isnan(own) and isnan(kit))):
            losses = f"your layers give the loss {own:.6f}, the kit's {kit:.6f}"
            why = "; step 1 was equal, so it is the gradient that differs" if step > 1 else ""
            look = f"Look closer: tutor trace --mine {_listed(stand_ins.lessons)}"
            raise TutorError(
                f"In step {step} of {STEPS} {losses}{why}.",
                _AUTOGRAD if step > 1 else look,
                ExitCode.FAILED,
            )
    told = ", ".join(f"{loss:.4f}" for loss in yours)
    return (
        f"Your layers of lesson {_listed(stand_ins.lessons)} learn here: "
        f"in {STEPS} steps their losses were the kit's, {told}."
    )


def _losses(job: Job, batches: Sequence[tuple[Tensor, Tensor]]) -> list[float]:
    """The mean loss of each step, in nats; not a number where it is none."""
    learner, found = job.learner(), []
    learner.network.train()
    _draw_biases(learner.network, job.settings.seed)
    for step, (pictures, targets) in enumerate(batches):
        learner.start(Tally())
        learner.network.reseed_dropout(seed_of(job.settings.seed, "dropout", 0, step))
        learner.learn(pictures, targets, rate=_RATE)
        tally = learner.tally()
        found.append(tally.mean_loss if tally.steps else nan)
    return found


@torch.no_grad()
def _draw_biases(network: AlexNet, seed: int) -> None:
    """Let no bias be 0: in a narrow network whole sums are then 0, where any slope of ReLU is right."""
    for name, parameter in network.named_parameters():
        if name.endswith("bias"):
            generator = torch.Generator().manual_seed(seed_of(seed, "proof", name))
            drawn = torch.empty(parameter.shape).normal_(0.0, 0.1, generator=generator)
            parameter.copy_(drawn)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
