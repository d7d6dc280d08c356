"""How large LRN's pieces should be: forward and backward at 128×96×56×56, by size of the piece.

python scripts/compare_lrn_pieces.py [--rounds 5] [--pictures 128]
"""

import argparse
from statistics import median
from time import perf_counter

from alexnet_tutor.machine import keep_freed_memory

keep_freed_memory()  # before torch is loaded

import torch  # noqa: E402

from alexnet_tutor.kernels import lrn  # noqa: E402

MEBIBYTES = (1, 2, 3, 5, 8, 16)
CASES = {
    "bf16 channels_last": (torch.bfloat16, torch.channels_last),
    "fp32 channels_last": (torch.float32, torch.channels_last),
    "fp32 NCHW": (torch.float32, torch.contiguous_format),
}


def main() -> None:
    """Print a row per layout: median seconds (quickest–slowest) per size of the piece."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pictures", type=int, default=128)
    options = parser.parse_args()
    for name, (dtype, layout) in CASES.items():
        generator = torch.Generator().manual_seed(0)
        shape = (options.pictures, 96, 56, 56)
        x, upstream = (
            torch.randn(shape, generator=generator).to(dtype, memory_format=layout)
            for _ in range(2)
        )
        x.requires_grad_()
        took: dict[int, list[float]] = {size: [] for size in MEBIBYTES}
        for number in range(options.rounds + 1):  # sizes take turns; round 0 warms up
            for size in MEBIBYTES:
                lrn._PIECE_BYTES = size << 20
                seconds = timed(x, upstream)
                if number:
                    took[size].append(seconds)
        for size, values in took.items():
            ends = f"{min(values):.3f}–{max(values):.3f}"
            print(f"{name}, {size:2} MiB: {median(values):.3f} s ({ends})", flush=True)


def timed(x: torch.Tensor, upstream: torch.Tensor) -> float:
    """Seconds of one forward and backward pass."""
    x.grad = None
    begun = perf_counter()
    lrn.local_response_norm(x, size=5, k=2.0, alpha=1e-4, beta=0.75).backward(upstream)
    return perf_counter() - begun


if __name__ == "__main__":
    main()
