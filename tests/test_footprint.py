"""The memory that work will hold: it grows with the work, and is near what torch really takes."""

import subprocess
import sys

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from alexnet_tutor.architecture import FASHION, PAPER, Architecture, preset
from alexnet_tutor.data.batches import memory_layout
from alexnet_tutor.footprint import PROGRAM, Footprint, largest_batch, trace_bytes, training_bytes
from alexnet_tutor.network import AlexNet

CPU = torch.device("cpu")


@st.composite
def architectures(draw: st.DrawFn) -> Architecture:
    of = preset(draw(st.sampled_from(["fashion", "paper"])))
    width, size = draw(st.floats(0.02, 4)), draw(st.integers(67, 600))
    return of.scaled(width).at_size(size)


@given(architectures(), st.integers(1, 10**6), st.booleans())
def test_another_picture_takes_more(architecture: Architecture, batch: int, bf16: bool) -> None:
    less, more = (training_bytes(architecture, n, bf16=bf16) for n in (batch, batch + 1))
    assert less < more


@given(
    st.sampled_from([FASHION, PAPER]),
    *[st.tuples(st.floats(0.02, 4), st.integers(67, 600), st.integers(1, 999))] * 2,
    st.booleans(),
)
def test_wider_larger_and_more_never_takes_less(of, one, other, bf16: bool) -> None:
    pairs = [sorted(pair) for pair in zip(one, other, strict=True)]
    (small, large) = zip(*pairs, strict=True)
    bytes_of = [
        (training_bytes(net, batch, bf16=bf16), trace_bytes(net))
        for width, size, batch in (small, large)
        for net in [of.scaled(width).at_size(size)]
    ]
    assert bytes_of[0][0] <= bytes_of[1][0]
    assert bytes_of[0][1] <= bytes_of[1][1]


@given(architectures(), st.integers(0, 10**12), st.booleans())
def test_the_largest_batch_fits_and_one_picture_more_does_not(
    architecture: Architecture, free: int, bf16: bool
) -> None:
    most = largest_batch(architecture, free, bf16=bf16)
    assert training_bytes(architecture, most + 1, bf16=bf16) > free
    assert most == 0 or training_bytes(architecture, most, bf16=bf16) <= free


@given(architectures(), st.integers(1, 10**6), st.booleans())
def test_what_a_batch_takes_is_just_enough_for_it(
    architecture: Architecture, batch: int, bf16: bool
) -> None:
    needed = training_bytes(architecture, batch, bf16=bf16)
    assert largest_batch(architecture, needed, bf16=bf16) == batch
    assert largest_batch(architecture, needed - 1, bf16=bf16) == batch - 1


def test_a_whole_process_is_the_program_and_its_work() -> None:
    told = Footprint.of(FASHION, 128)
    assert told.fp32 == PROGRAM + training_bytes(FASHION, 128, bf16=False)
    assert told.bf16 == PROGRAM + training_bytes(FASHION, 128, bf16=True)
    assert told.trace == PROGRAM + trace_bytes(FASHION)
    assert told.trace < told.bf16 < told.fp32


def test_everything_that_lasts_is_counted() -> None:
    """Weights, momentum and gradients are three times the weights, in any step."""
    weights = 4 * sum(parameter.numel() for parameter in AlexNet(FASHION, init=None).parameters())
    assert training_bytes(FASHION, 1, bf16=False) > 3 * weights
    assert weights < trace_bytes(FASHION) < 1.5 * weights


@pytest.mark.parametrize("bf16", [False, True])
@pytest.mark.parametrize("of", [FASHION, PAPER], ids=["fashion", "paper"])
def test_a_picture_takes_what_autograd_keeps_of_it_and_at_most_twice_that(of, bf16: bool) -> None:
    """autograd tells every tensor it keeps; outputs that it lets go fill the rest."""
    architecture = of.scaled(1 / 8).with_classes(10)
    kept = [_kept_by_autograd(architecture, batch, bf16) for batch in (2, 6)]
    told = [training_bytes(architecture, batch, bf16=bf16) for batch in (2, 6)]
    share = (told[1] - told[0]) / (kept[1] - kept[0])
    assert 1 < share < 2


def _kept_by_autograd(architecture: Architecture, batch: int, bf16: bool) -> int:
    """Bytes of all distinct memory that the backward pass of a step needs, the input included."""
    network = AlexNet(architecture).to(memory_format=memory_layout(CPU))
    pictures = torch.zeros(batch, *architecture.input_shape).to(memory_format=memory_layout(CPU))
    sizes = {pictures.untyped_storage().data_ptr(): pictures.nbytes}
    held: list[torch.Tensor] = []  # so that no address is used again

    def note(tensor: torch.Tensor) -> torch.Tensor:
        held.append(tensor)
        sizes[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            scores = network(pictures)
        F.cross_entropy(scores.float(), torch.zeros(batch, dtype=torch.int64))
    return sum(sizes.values())


# VmHWM, not getrusage: that begins with the most the parent held before it became this program.
MEASURE = """
from pathlib import Path
from alexnet_tutor.machine import keep_freed_memory
keep_freed_memory()
import torch
from alexnet_tutor.architecture import FASHION
from alexnet_tutor.network import AlexNet
from alexnet_tutor.training.step import Learner
learner = Learner(
    AlexNet(FASHION.scaled(0.25)), device=torch.device("cpu"), precision="fp32", momentum=0.9, weight_decay=0.0
)
for batch in (8, 72):
    pictures = torch.zeros(batch, 1, 227, 227).to(memory_format=torch.channels_last)
    for _ in range(2):
        learner.learn(pictures, torch.zeros(batch, dtype=torch.int64), rate=0.01)
    status = Path("/proc/self/status").read_text().split()
    print(1024 * int(status[status.index("VmHWM:") + 1]))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measured on Linux alone")
def test_a_real_process_grows_with_the_batch_as_foretold_within_a_third() -> None:
    """Growth alone: how large a program torch is differs from build to build."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True
    )
    small, large = map(int, done.stdout.split())
    architecture = FASHION.scaled(0.25)
    told = [training_bytes(architecture, batch, bf16=False) for batch in (8, 72)]
    assert large - small == pytest.approx(told[1] - told[0], rel=1 / 3)
