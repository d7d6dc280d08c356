"""Which form of SGD is the quickest on the full network's weights, and what a whole step costs.

    python scripts/compare_optimisers.py [--device cuda] [--rounds 20] [--calls 10]

The fully connected weights make the update read and write as much memory as the network. So each form
that torch has is timed on them, then the step of ``tutor train`` as it is, replayed as a CUDA graph,
and compiled. Forms take turns; the times are of one call, the mean of ``--calls`` in a row. To try the
script without a GPU: --device cpu --width 0.03 --batch-size 4 --rounds 1 --calls 1 --no-compile.
"""

import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter

import torch
from torch import nn

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.bench.stations import synchronise
from alexnet_tutor.data.batches import memory_layout
from alexnet_tutor.errors import TutorError
from alexnet_tutor.layers import Dropout
from alexnet_tutor.network import AlexNet
from alexnet_tutor.training.devices import arithmetic, choose_device, choose_precision
from alexnet_tutor.training.step import Learner

Call = Callable[[], object]
RATE, MOMENTUM, DECAY = 1e-3, 0.9, 5e-4
WARM_UP = 3


def main() -> None:
    """Print what was measured, then a table of all forms."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--calls", type=int, default=10)
    parser.add_argument("--width", type=float, default=1.0)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    try:
        device = choose_device(options.device)
    except TutorError as error:
        raise SystemExit(f"{error}") from None
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"
    with arithmetic(deterministic=False):
        parameters = weights_and_gradients(options.width, device)
        count = sum(parameter.numel() for parameter in parameters)
        print(f"{name}, torch {torch.__version__}: {count:,} parameters, {options.rounds} rounds\n")
        forms = optimisers(parameters) | steps(options.width, options.batch_size, device)
        if not options.compile:
            forms = {name: make for name, make in forms.items() if "torch.compile" not in name}
        for row in measured(forms, device, options.rounds, options.calls):
            print(row)


def weights_and_gradients(width: float, device: torch.device) -> list[nn.Parameter]:
    """The network's weights as a run lays them out, each with a random gradient."""
    learner = learner_of(width, device)
    generator = torch.Generator(device).manual_seed(0)
    for parameter in learner.network.parameters():
        gradient = torch.empty_like(parameter).normal_(0, 1e-3, generator=generator)
        parameter.grad = gradient
    return list(learner.network.parameters())


def optimisers(parameters: list[nn.Parameter]) -> dict[str, Callable[[], Call]]:
    """A maker of each form's call, by its name."""

    def sgd(rate: float | torch.Tensor = RATE, **form: bool) -> torch.optim.SGD:
        return torch.optim.SGD(parameters, lr=rate, momentum=MOMENTUM, weight_decay=DECAY, **form)

    def guarded() -> Call:
        optimiser = sgd(fused=True)
        optimiser.found_inf = torch.zeros((), device=parameters[0].device)
        return optimiser.step

    def compiled() -> Call:
        # A rate that is a tensor may change without compiling anew.
        return torch.compile(sgd(torch.tensor(RATE), foreach=True).step)

    return {
        "SGD, a loop over the weights": lambda: sgd(foreach=False).step,
        "SGD, foreach": lambda: sgd(foreach=True).step,
        "SGD, fused": lambda: sgd(fused=True).step,
        "SGD, fused, with the guard against an infinite loss (tutor train)": guarded,
        "SGD, torch.compile": compiled,
    }


def steps(width: float, pictures: int, device: torch.device) -> dict[str, Callable[[], Call]]:
    """Whole steps on one batch that lies on the device: no picture is prepared."""
    size = FASHION.image_size
    generator = torch.Generator(device).manual_seed(0)
    batch = torch.randn((pictures, 1, size, size), generator=generator, device=device)
    batch = batch.contiguous(memory_format=memory_layout(device))
    targets = torch.arange(pictures, device=device) % 10

    def as_it_is() -> Call:
        learner = learner_of(width, device)
        return lambda: learner.learn(batch, targets, rate=RATE)

    def compiled() -> Call:
        learner = learner_of(width, device)
        learn = torch.compile(learner.learn)
        return lambda: learn(batch, targets, rate=RATE)

    return {
        "a step (tutor train)": as_it_is,
        "a step, CUDA graph": lambda: graph_of(learner_of(width, device), batch, targets),
        "a step, torch.compile": compiled,
    }


def graph_of(learner: Learner, batch: torch.Tensor, targets: torch.Tensor) -> Call:
    """The step recorded once, its rate with it; masks go on where they are, as they are not reseeded."""
    if not batch.is_cuda:
        raise RuntimeError("only CUDA has graphs")
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        for _ in range(WARM_UP):
            learner.learn(batch, targets, rate=RATE)
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    for layer in learner.network:
        if isinstance(layer, Dropout) and layer._generator is not None:
            graph.register_generator_state(layer._generator)
    read = learner._broken  # the step makes another, while the graph goes on reading this one
    with torch.cuda.graph(graph):
        learner.learn(batch, targets, rate=RATE)

    def replay(_kept: tuple[object, ...] = (learner, read)) -> None:
        graph.replay()

    return replay


def learner_of(width: float, device: torch.device) -> Learner:
    """What ``tutor train`` learns with on this device."""
    learner = Learner(
        AlexNet(FASHION.scaled(width)),
        device=device,
        precision=choose_precision("auto", device),
        momentum=MOMENTUM,
        weight_decay=DECAY,
    )
    learner.network.train()
    return learner


def measured(
    forms: dict[str, Callable[[], Call]], device: torch.device, rounds: int, calls: int
) -> list[str]:
    """A table: milliseconds of one call, or why there are none."""
    ready: dict[str, Call] = {}
    failed: dict[str, str] = {}
    for name, make in forms.items():
        try:
            ready[name] = make()
            timed(ready[name], device, WARM_UP)
        except Exception as error:  # what a device or a compiler cannot do is told in the table
            ready.pop(name, None)
            failed[name] = (str(error).strip() or type(error).__name__).splitlines()[0]
    took: dict[str, list[float]] = {name: [] for name in ready}
    for _ in range(rounds):
        for name, call in ready.items():
            took[name].append(1000 * timed(call, device, calls))
    rows = ["| what | median ms | quickest–slowest ms |", "| --- | ---: | ---: |"]
    for name in forms:
        if name in failed:
            rows.append(f"| {name} | does not work: {failed[name]} | |")
        else:
            ends = f"{min(took[name]):.3f}–{max(took[name]):.3f}"
            rows.append(f"| {name} | {median(took[name]):.3f} | {ends} |")
    return rows


def timed(call: Call, device: torch.device, calls: int) -> float:
    """Seconds of one call, the mean of so many in a row."""
    synchronise(device)
    begun = perf_counter()
    for _ in range(calls):
        call()
    synchronise(device)
    return (perf_counter() - begun) / calls


if __name__ == "__main__":
    main()
