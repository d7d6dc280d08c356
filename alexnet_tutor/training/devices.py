"""Where the arithmetic happens and how exact it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import torch

from alexnet_tutor import machine
from alexnet_tutor.errors import TutorError
from alexnet_tutor.training.recipes import DeviceChoice, PrecisionChoice

Precision = Literal["fp32", "bf16"]
_CUBLAS = "CUBLAS_WORKSPACE_CONFIG"


def choose_device(choice: DeviceChoice = "auto") -> torch.device:
    """The device that ``choice`` names; ``auto`` is CUDA, else Apple's GPU, else the CPU.

    Raises:
        TutorError: this computer has no such device, or this PyTorch cannot use it.
    """
    available = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if choice == "auto":
        return torch.device(next(name for name, there in available.items() if there))
    if not available[choice]:
        raise TutorError(
            f"PyTorch {torch.__version__} finds no {choice} device here.",
            "Use --device cpu, or install a PyTorch built for your device.",
        )
    return torch.device(choice)


def choose_precision(choice: PrecisionChoice, device: torch.device) -> Precision:
    """``auto`` is bf16 where the hardware multiplies it, else fp32.

    Raises:
        TutorError: bf16 is asked of a device that cannot do it at all.
    """
    if choice == "auto":
        return "bf16" if _multiplies_bf16(device) else "fp32"
    if choice == "bf16" and device.type == "cuda" and not torch.cuda.is_bf16_supported():
        raise TutorError("This GPU cannot compute in bf16.", "Use --precision fp32.")
    return choice


def _multiplies_bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return device.type == "cpu" and machine.cpu_has_bf16()


@contextmanager
def arithmetic(*, deterministic: bool) -> Iterator[None]:
    """Set how torch computes, for every device of this process, and put all back at the end.

    fp32 means fp32. TF32, which torch uses in convolutions on NVIDIA's cards unless told otherwise,
    keeps 10 of a factor's 23 bits; whoever wants speed for bits chooses bf16. With ``deterministic`` only operations that give the same bits every
    time are used; one that has no such form raises. Must be entered before the first CUDA
    operation of the process to bind cuBLAS too.
    """
    # Any: torch makes some of their attributes only at run time, unseen by type checkers.
    cudnn: Any = torch.backends.cudnn
    matmul, conv = torch.backends.cuda.matmul, cudnn.conv
    extras: Any = torch.utils.deterministic
    before = (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
        extras.fill_uninitialized_memory,
        (cudnn.deterministic, cudnn.benchmark),
        (matmul.fp32_precision, conv.fp32_precision),
        os.environ.get(_CUBLAS),
    )
    try:
        matmul.fp32_precision = conv.fp32_precision = "ieee"
        cudnn.benchmark = not deterministic  # measures, and so may choose differently each time
        if deterministic:
            os.environ.setdefault(_CUBLAS, ":4096:8")
            torch.use_deterministic_algorithms(True)
            extras.fill_uninitialized_memory = False
            cudnn.deterministic = True
        yield
    finally:
        enabled, warn_only, fill, (exact, benchmark), (products, convolutions), cublas = before
        if deterministic:  # the call loads torch's compiler, which takes seconds
            torch.use_deterministic_algorithms(enabled, warn_only=warn_only)
        extras.fill_uninitialized_memory = fill
        cudnn.deterministic, cudnn.benchmark = exact, benchmark
        matmul.fp32_precision, conv.fp32_precision = products, convolutions
        if cublas is None:
            os.environ.pop(_CUBLAS, None)
