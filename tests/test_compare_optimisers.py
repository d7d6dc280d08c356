"""scripts/compare_optimisers.py times forms of one and the same update, and of one and the same step."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
import torch

from alexnet_tutor.architecture import FASHION

SCRIPT = Path(__file__).parents[1] / "scripts" / "compare_optimisers.py"
DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)]
GRAPH = "a step, CUDA graph"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("compare_optimisers", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "FASHION", FASHION.scaled(1 / 32).at_size(67))
    return module


@pytest.mark.parametrize("device", DEVICES)
def test_every_form_of_sgd_moves_the_weights_alike(script: ModuleType, device: str) -> None:
    moved = {}
    for name in forms(script, device):
        parameters = script.weights_and_gradients(1, torch.device(device))
        step = script.optimisers(parameters)[name]()
        before = [parameter.detach().clone() for parameter in parameters]
        step()
        step()
        moved[name] = [parameter.detach() for parameter in parameters]
        assert not any(map(torch.equal, before, moved[name]))
    first = next(iter(moved.values()))
    for weights in moved.values():
        torch.testing.assert_close(weights, first, rtol=1e-6, atol=1e-8)


def forms(script: ModuleType, device: str) -> list[str]:
    """All but the compiled one, which takes a compiler and a minute."""
    parameters = script.weights_and_gradients(1, torch.device(device))
    return [name for name in script.optimisers(parameters) if "torch.compile" not in name]


def test_what_does_not_work_is_told_in_the_table(script: ModuleType) -> None:
    cpu = torch.device("cpu")
    steps = script.steps(1, 2, cpu)
    some = {name: steps[name] for name in (GRAPH, "a step (tutor train)")}
    _, _, graph, plain = script.measured(some, cpu, rounds=2, calls=1)
    assert graph == f"| {GRAPH} | does not work: only CUDA has graphs | |"
    assert plain.startswith("| a step (tutor train) | ")
    assert "–" in plain


@pytest.mark.gpu
def test_a_replayed_graph_learns_as_the_steps_it_records(script: ModuleType) -> None:
    cuda = torch.device("cuda")
    learner = script.learner_of(1, cuda)
    learner.network.eval()  # no dropout: both learn from the same
    other = script.learner_of(1, cuda)
    other.network.eval()
    generator = torch.Generator().manual_seed(0)
    batch = torch.randn(4, 1, 67, 67, generator=generator).to(cuda)
    batch, targets = batch.contiguous(memory_format=torch.channels_last), torch.arange(4).to(cuda)
    replay = script.graph_of(learner, batch, targets)  # after three steps to warm up
    for _ in range(2):
        replay()
    for _ in range(5):
        other.learn(batch, targets, rate=script.RATE)
    for ours, theirs in zip(learner.network.parameters(), other.network.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-2, atol=1e-4)
