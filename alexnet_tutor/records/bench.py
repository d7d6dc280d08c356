"""What ``tutor bench`` measured: seconds by task and round, and what follows from their medians."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from statistics import median
from typing import Any

KIND = "tutor bench"  # tells these files from others in benchmarks/results


@dataclass(frozen=True, slots=True)
class BenchProgress:
    """What is being measured now. ``round`` 0 warms up; ``seconds_left`` is ``None`` until known."""

    what: str
    round: int
    rounds: int
    done: int
    total: int
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one task, a value per round."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.seconds)

    @property
    def min(self) -> float:
        """The quickest round."""
        return min(self.seconds)

    @property
    def max(self) -> float:
        """The slowest round."""
        return max(self.seconds)

    def to_json(self) -> dict[str, Any]:
        """All rounds, and their middle and ends."""
        ends = {"median": self.median, "min": self.min, "max": self.max}
        return {**ends, "seconds": list(self.seconds)}


@dataclass(frozen=True, slots=True)
class BenchRecord:
    """One run of ``tutor bench``.

    Attributes:
        command: what was typed.
        date: the day, ``2026-11-25``.
        version, torch: of the kit and of PyTorch.
        machine: see :func:`alexnet_tutor.machine.describe`.
        device, device_name: ``cpu`` or ``cuda``, and a GPU's own name.
        precision: the kit's step, ``bf16`` or ``fp32``.
        batch_size, image_size: of both steps.
        lrn_shape: (N, C, H, W) that LRN was measured at.
        lrn_difference: largest |difference| between torch's LRN and the kit's, gradients included.
        matrix_side: of the square matrices multiplied.
        flops_per_picture: of a step, see :func:`alexnet_tutor.geometry.learning_flops`.
        timings: task → seconds: ``origin_step``, ``kit_step``, ``torch_lrn``, ``kit_lrn``,
            ``matmul_fp32``, where bf16 is in hardware ``matmul_bf16``, ``import_torch``,
            ``tutor_help``, ``tutor_trace``.
        memory: task → most bytes its process held, of those that were asked.
    """

    command: str
    date: str
    version: str
    torch: str
    machine: Mapping[str, str | int]
    device: str
    device_name: str | None
    precision: str
    batch_size: int
    image_size: int
    lrn_shape: tuple[int, ...]
    lrn_difference: float
    matrix_side: int
    flops_per_picture: int
    timings: Mapping[str, Timing]
    memory: Mapping[str, int]

    def pictures_per_second(self, task: str) -> float:
        """Of ``origin_step`` or ``kit_step``, by the median."""
        return self.batch_size / self.timings[task].median

    @property
    def step_ratio(self) -> float:
        """How many times as fast as the origin's recipe the kit learns."""
        return self.timings["origin_step"].median / self.timings["kit_step"].median

    @property
    def lrn_ratio(self) -> float:
        """How many times as fast as torch's LRN the kit's is."""
        return self.timings["torch_lrn"].median / self.timings["kit_lrn"].median

    @property
    def flops_per_second(self) -> float:
        """Of the matrix product in the kit's precision: two per multiply-accumulate."""
        return 2 * self.matrix_side**3 / self.timings[f"matmul_{self.precision}"].median

    @property
    def bound(self) -> float:
        """Pictures a second if a step were nothing but matrix products."""
        return self.flops_per_second / self.flops_per_picture

    @property
    def share_of_bound(self) -> float:
        """The kit's speed as a share of :attr:`bound`."""
        return self.pictures_per_second("kit_step") / self.bound

    @property
    def unrest(self) -> float:
        """Slowest over quickest round, of the kit's step or the origin's, whichever differ more."""
        steps = (self.timings["origin_step"], self.timings["kit_step"])
        return max(timing.max / timing.min for timing in steps)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values: all that was measured, and what follows."""
        return {
            "kind": KIND,
            **asdict(self),
            "timings": {name: timing.to_json() for name, timing in self.timings.items()},
            "pictures_per_second": {
                task: self.pictures_per_second(task) for task in ("origin_step", "kit_step")
            },
            "step_ratio": self.step_ratio,
            "lrn_ratio": self.lrn_ratio,
            "flops_per_second": self.flops_per_second,
            "bound": self.bound,
            "share_of_bound": self.share_of_bound,
            "unrest": self.unrest,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> BenchRecord:
        """The inverse of :meth:`to_json`."""
        known = {field.name: values[field.name] for field in fields(cls)}
        timings = {
            name: Timing(tuple(entry["seconds"])) for name, entry in values["timings"].items()
        }
        return cls(**{**known, "timings": timings, "lrn_shape": tuple(values["lrn_shape"])})
