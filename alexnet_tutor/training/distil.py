"""Thin layers taught by the whole network: its logits are the lesson (Hinton, Vinyals and Dean 2015).

Factors fitted layer by layer answer each layer's inputs almost as it does, but what they miss adds up
on the way to the logits. Here every layer from the first thin one on learns at once, and only the
logits count: the squared difference, the limit of a high temperature (their section 2.1). No labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_tutor.architecture import DropoutSpec
from alexnet_tutor.network import AlexNet
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.weights.compress import Factors, Forms, restored

PASSES = 4
_RATE = 1e-4  # of Adam, sinking in a line to 0
_BATCH = 128


class _Thin(nn.Module):
    """A linear layer whose matrix is a product: (N, C) -> (N, rank) -> (N, K)."""

    def __init__(self, factors: Factors, bias: Tensor) -> None:
        super().__init__()
        self.outputs = nn.Parameter(restored(factors.outputs).clone())  # (r, K)
        self.inputs = nn.Parameter(restored(factors.inputs).clone())  # (r, C)
        self.bias = nn.Parameter(bias.clone())

    def forward(self, x: Tensor) -> Tensor:
        thin: Tensor = (x @ self.inputs.T) @ self.outputs
        return thin + self.bias


def distil(
    network: AlexNet,
    forms: Forms,
    seen: Tensor,
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Tensor | Factors]:
    """The layers from the first thin one on, taught to answer as ``network`` does.

    Args:
        network: the whole one, the teacher; it is not changed.
        forms: its weights by state key, some of them factors, as ``low_rank`` gives them.
        seen: (N, C) what reaches the first thin layer when real pictures are shown.
        seed: of the order in which they are looked at.
        progress: told (steps done, steps in all).

    Returns:
        What has changed, by state key.
    """
    tail = _tail(network, forms)
    teacher = nn.Sequential(*tail.values())
    with torch.no_grad():
        lessons = torch.cat([teacher(part) for part in torch.split(seen, _BATCH)])  # (N, classes)
    pupils = {name: _pupil(name, layer, forms) for name, layer in tail.items()}
    pupil = nn.Sequential(*pupils.values())
    optimiser = torch.optim.Adam(pupil.parameters())
    orders = list(_orders(len(seen), seed))
    for done, order in enumerate(orders, 1):
        for group in optimiser.param_groups:
            group["lr"] = _RATE * (1 - (done - 1) / len(orders))
        loss = F.mse_loss(pupil(seen[order]), lessons[order])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        if progress:
            progress(done, len(orders))
    return {
        key: form for name, layer in pupils.items() for key, form in _forms_of(name, layer).items()
    }


def _tail(network: AlexNet, forms: Forms) -> dict[str, nn.Module]:
    """The layers from the first thin one on; not dropout, which answers are judged without."""
    specs = network.architecture.layers
    thin = [isinstance(forms.get(f"{spec.name}.weight"), Factors) for spec in specs]
    return {
        spec.name: network.get_submodule(spec.name)
        for spec in specs[thin.index(True) :]
        if not isinstance(spec, DropoutSpec)
    }


def _orders(count: int, seed: int) -> Iterator[Tensor]:
    generator = torch.Generator().manual_seed(seed_of(seed, "distil"))
    for _ in range(PASSES):
        yield from torch.split(torch.randperm(count, generator=generator), _BATCH)


def _pupil(name: str, layer: nn.Module, forms: Forms) -> nn.Module:
    """What learns in a layer's place: a thin layer, a copy, or the layer itself if it has no weights."""
    form = forms.get(f"{name}.weight")
    if isinstance(form, Factors):
        return _Thin(form, restored(forms[f"{name}.bias"]))
    if f"{name}.weight" not in forms:
        return layer
    rows, columns = restored(forms[f"{name}.weight"]).shape
    copy = nn.Linear(columns, rows, device="meta")
    copy.weight = nn.Parameter(restored(forms[f"{name}.weight"]).clone())
    copy.bias = nn.Parameter(restored(forms[f"{name}.bias"]).clone())
    return copy


def _forms_of(name: str, layer: nn.Module) -> dict[str, Tensor | Factors]:
    match layer:
        case _Thin():
            factors = Factors(layer.outputs.detach(), layer.inputs.detach())
            return {f"{name}.weight": factors, f"{name}.bias": layer.bias.detach()}
        case nn.Linear():
            return {f"{name}.weight": layer.weight.detach(), f"{name}.bias": layer.bias.detach()}
    return {}
