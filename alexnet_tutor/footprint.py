"""How much memory the work will hold, before any is taken: from geometry, and constants once measured.

The heap of a training process grows to what a step makes, forward and backward, and does not shrink:
what is freed leaves holes that the next, larger tensor does not fit into. So every output counts, kept
for the backward pass or not. ``scripts/compare_memory.py`` compares with real processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from alexnet_tutor.architecture import Architecture, PoolSpec
from alexnet_tutor.geometry import BYTES_PER_FLOAT32, parameters, walk

PROGRAM = 550_000_000  # Python with the CPU build of torch loaded
_LATER = (
    330_000_000  # loaded while training: the optimiser, oneDNN's kernels, what draws the curves
)
_PERCENT = 105  # margin: of what is counted
_INDEX = 8  # bytes of a max pool's record of where each maximum lay
_BFLOAT16 = 2


@dataclass(frozen=True, slots=True)
class Footprint:
    """Most bytes that a process of the kit will hold on a CPU, Python and torch included.

    Attributes:
        batch_size: pictures of a training step.
        fp32, bf16: training, by precision.
        trace: following one picture.
    """

    batch_size: int
    fp32: int
    bf16: int
    trace: int

    @classmethod
    def of(cls, architecture: Architecture, batch_size: int) -> Footprint:
        """What ``architecture`` will need.

        Raises:
            TutorError: the architecture's numbers do not fit together.
        """
        fp32, bf16 = (
            PROGRAM + training_bytes(architecture, batch_size, bf16=bf16) for bf16 in (False, True)
        )
        return cls(batch_size, fp32, bf16, PROGRAM + trace_bytes(architecture))


def training_bytes(architecture: Architecture, batch_size: int, *, bf16: bool) -> int:
    """Most bytes that training takes besides the program and the pictures it learns from.

    Raises:
        TutorError: the architecture's numbers do not fit together.
    """
    fixed, each = _fixed_bytes(architecture, bf16), _picture_bytes(architecture, bf16)
    return _LATER + (fixed + batch_size * each) * _PERCENT // 100


def largest_batch(architecture: Architecture, free: int, *, bf16: bool) -> int:
    """The most pictures a step can have with ``free`` bytes for :func:`training_bytes`; 0: not even one.

    Raises:
        TutorError: the architecture's numbers do not fit together.
    """
    counted = (100 * (free - _LATER + 1) - 1) // _PERCENT  # the largest that the margin still fits
    left = counted - _fixed_bytes(architecture, bf16)
    return max(0, left // _picture_bytes(architecture, bf16))


def trace_bytes(architecture: Architecture) -> int:
    """Most bytes that following one picture takes besides the program: weights, and each output twice.

    Raises:
        TutorError: the architecture's numbers do not fit together.
    """
    outputs = sum(layer.activation_bytes for layer in walk(architecture))
    weights = BYTES_PER_FLOAT32 * parameters(architecture)
    return (weights + 2 * outputs) * _PERCENT // 100


def _fixed_bytes(architecture: Architecture, bf16: bool) -> int:
    """Weights, momentum, gradients, and the largest layer's weights rearranged for the product.

    In bf16 also the weights' rounded copies, and the largest layer's gradient before it is widened.
    """
    weights, largest = parameters(architecture), max(at.params for at in walk(architecture))
    rounded = _BFLOAT16 * (weights + largest) if bf16 else 0
    return BYTES_PER_FLOAT32 * (3 * weights + largest) + rounded


def _picture_bytes(architecture: Architecture, bf16: bool) -> int:
    """One picture's share: all layers' outputs, places of the maxima, and the input.

    The input counts twice: a batch is prepared while the last one is still held.
    """
    layers = list(walk(architecture))
    values = sum(prod(at.output_shape) for at in layers)
    maxima = sum(prod(at.output_shape) for at in layers if isinstance(at.spec, PoolSpec))
    pixels = prod(architecture.input_shape)
    size = _BFLOAT16 if bf16 else BYTES_PER_FLOAT32
    rounded = _BFLOAT16 * pixels if bf16 else 0
    return size * values + _INDEX * maxima + 2 * BYTES_PER_FLOAT32 * pixels + rounded
