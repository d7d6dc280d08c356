"""How much is measured: one value, no torch."""

from __future__ import annotations

from dataclasses import dataclass

from alexnet_tutor.architecture import FASHION, Architecture
from alexnet_tutor.errors import TutorError
from alexnet_tutor.geometry import walk
from alexnet_tutor.training.recipes import DeviceChoice, PrecisionChoice

MOST_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes of everything that is measured.

    Attributes:
        batch_size: pictures of a step, and of LRN's input.
        matrix_side: of the square matrices.
        rounds: how often everything is measured, after one round to warm up.
        width: channels of every layer times this.
        precision: of the kit's step; the origin's is fp32.
        least_seconds: a task that is done sooner is repeated within its turn.
        warm_up_seconds: the same in the round that warms up.

    Raises:
        TutorError: ``rounds`` is out of range.
    """

    batch_size: int = 128
    matrix_side: int = 4096
    rounds: int = 5
    width: float = 1.0
    least_seconds: float = 2.5
    warm_up_seconds: float = 2.5
    device: DeviceChoice = "auto"
    precision: PrecisionChoice = "auto"

    def __post_init__(self) -> None:
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise TutorError(
                f"--rounds {self.rounds} is out of range.", f"Give 1 to {MOST_ROUNDS}."
            )

    @property
    def architecture(self) -> Architecture:
        """The network of both steps."""
        return FASHION.scaled(self.width)

    @property
    def lrn_shape(self) -> tuple[int, ...]:
        """(N, C, H, W) of the first LRN in that network."""
        lrn1 = next(layer for layer in walk(self.architecture) if layer.spec.name == "lrn1")
        return (self.batch_size, *lrn1.input_shape)


FULL = Plan()
QUICK = Plan(batch_size=32, matrix_side=2048, rounds=3, least_seconds=0.5, warm_up_seconds=1.0)
