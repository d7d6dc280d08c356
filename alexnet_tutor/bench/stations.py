"""What each process of the benchmark holds ready to be timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from alexnet_tutor.architecture import LrnSpec
from alexnet_tutor.bench.bound import matrix_product
from alexnet_tutor.bench.lrn import LrnMatch
from alexnet_tutor.bench.plan import Plan
from alexnet_tutor.bench.steps import job_of, kit_step, origin_step
from alexnet_tutor.machine import peak_memory
from alexnet_tutor.training.devices import choose_device, choose_precision


@dataclass(frozen=True, slots=True, eq=False)
class Station:
    """Tasks by name, each a call that is timed, and facts for the record."""

    device: torch.device
    tasks: Mapping[str, Callable[[], object]]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def measure(self, task: str, least_seconds: float) -> float:
        """Seconds of one call: the mean of as many as ``least_seconds`` need, at least one."""
        call, calls = self.tasks[task], 0
        synchronise(self.device)
        begun, seconds = time.perf_counter(), 0.0
        while seconds < least_seconds or not calls:
            for _ in range(
                max(1, calls)
            ):  # twice as many each time: the device is rarely waited for
                call()
            calls += max(1, calls)
            synchronise(self.device)
            seconds = time.perf_counter() - begun
        return seconds / calls

    def memory(self) -> int | None:
        """Most bytes held at once: on the GPU by torch, else by this process."""
        if self.device.type == "cuda":
            return int(torch.cuda.max_memory_allocated(self.device))
        return peak_memory()


def synchronise(device: torch.device) -> None:
    """Wait until the device has done what it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def origin_station(plan: Plan) -> Station:
    """The origin's step."""
    job = job_of(plan)
    return Station(job.device, {"origin_step": origin_step(job)})


def kit_station(plan: Plan) -> Station:
    """The kit's step, and what it runs on."""
    job = job_of(plan)
    name = torch.cuda.get_device_name(job.device) if job.device.type == "cuda" else None
    facts = {"device": job.device.type, "device_name": name, "precision": job.precision}
    return Station(job.device, {"kit_step": kit_step(job)}, facts)


def parts_station(plan: Plan) -> Station:
    """LRN both ways, and matrix products: bf16 where the hardware has it or the kit is to use it."""
    device = choose_device(plan.device)
    match = LrnMatch.of(plan.lrn_shape, device, LrnSpec("lrn1"))
    tasks: dict[str, Callable[[], object]] = {"torch_lrn": match.torchs, "kit_lrn": match.kits}
    tasks["matmul_fp32"] = matrix_product(plan.matrix_side, torch.float32, device)
    if "bf16" in (choose_precision("auto", device), plan.precision):
        tasks["matmul_bf16"] = matrix_product(plan.matrix_side, torch.bfloat16, device)
    return Station(device, tasks, {"lrn_difference": match.difference()})


STATIONS = {"origin": origin_station, "kit": kit_station, "parts": parts_station}
