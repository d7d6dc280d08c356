"""One step of learning: look at a batch, measure the error, move every weight a little against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from alexnet_tutor.data.batches import memory_layout
from alexnet_tutor.machine import to_device
from alexnet_tutor.network import AlexNet
from alexnet_tutor.training.devices import Precision

_HONOURS_FOUND_INF = {"cpu", "cuda"}  # torch's fused SGD, read and tested


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over the finished steps of an epoch: nats, right answers, pictures, steps before any trouble."""

    loss: float = 0.0
    correct: float = 0.0
    seen: float = 0.0
    steps: float = 0.0

    @property
    def mean_loss(self) -> float:
        """Mean cross-entropy per picture, in nats; 0 before the first."""
        return self.loss / self.seen if self.seen else 0.0

    @property
    def accuracy(self) -> float:
        """Share of pictures named rightly, 0 to 1; 0 before the first."""
        return self.correct / self.seen if self.seen else 0.0


class Learner:
    """A network, its momentum, and the sums of the epoch under way, all kept on the device.

    No call but :meth:`tally`, :meth:`momentum` and :meth:`is_finite` waits for the device. Once a loss
    is not finite every later update is suppressed, there too: weights and momentum stay as they were
    before that step.

    Args:
        network: moved to ``device``.
        device: where to learn.
        precision: ``bf16`` multiplies in bfloat16; weights, sums and the loss stay fp32.
        momentum, weight_decay: of PyTorch's SGD: v ← momentum·v + (∂L/∂w + decay·w), w ← w − lr·v.
        nesterov: w ← w − lr·((∂L/∂w + decay·w) + momentum·v) instead.
        loss: what shall sink: scores (N, classes), class numbers (N,) -> the mean over the batch, nats.
    """

    def __init__(
        self,
        network: AlexNet,
        *,
        device: torch.device,
        precision: Precision,
        momentum: float,
        weight_decay: float,
        nesterov: bool = False,
        loss: Callable[[Tensor, Tensor], Tensor] = F.cross_entropy,
    ) -> None:
        self._loss = loss
        layout = memory_layout(device)
        self.network = network.to(device=device, memory_format=layout)  # type: ignore[call-overload]
        self.device = device
        self.bf16 = precision == "bf16"
        self.optimiser = torch.optim.SGD(
            network.parameters(),
            lr=0.0,
            momentum=momentum,
            weight_decay=weight_decay,
            nesterov=nesterov,
            fused=device.type in _HONOURS_FOUND_INF,
        )
        if momentum:  # zeros give the same first step as none, and exist if that step is suppressed
            for parameter in network.parameters():
                self.optimiser.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
        exact = torch.float32 if device.type == "mps" else torch.float64
        self._sums = torch.zeros(4, dtype=exact, device=device)
        self._broken = torch.zeros((), dtype=torch.float32, device=device)

    def learn(self, pictures: Tensor, targets: Tensor, *, rate: float) -> None:
        """One step on normalised pictures (N, C, S, S) with their class numbers int64 (N,)."""
        self.optimiser.zero_grad(set_to_none=True)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            scores = self.network(pictures)  # (N, classes)
        loss = self._loss(scores.float(), targets)
        loss.backward()  # type: ignore[no-untyped-call]
        self._update(loss.detach(), rate)
        self._add(loss.detach(), scores.detach(), targets)

    def _update(self, loss: Tensor, rate: float) -> None:
        self._broken = torch.maximum(self._broken, (~loss.isfinite()).float())
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        if self.device.type in _HONOURS_FOUND_INF:
            for parameter in self.network.parameters():
                _same_strides(parameter)
            self.optimiser.found_inf = self._broken  # type: ignore[attr-defined]
            self.optimiser.step()
        else:
            self._step_by_hand()

    @torch.no_grad()
    def _step_by_hand(self) -> None:
        """PyTorch's rule where its fused SGD knows no ``found_inf``; what is broken moves nothing."""
        sound = self._broken == 0
        for group in self.optimiser.param_groups:
            for weight in group["params"]:
                velocity = gradient = weight.grad.add(weight, alpha=group["weight_decay"])
                if (before := self.optimiser.state[weight].get("momentum_buffer")) is not None:
                    velocity = gradient.add(before, alpha=group["momentum"])
                    before.copy_(torch.where(sound, velocity, before))
                if group["nesterov"]:
                    velocity = gradient.add(velocity, alpha=group["momentum"])
                moved = weight.sub(velocity, alpha=group["lr"])
                weight.copy_(torch.where(sound, moved, weight))

    def _add(self, loss: Tensor, scores: Tensor, targets: Tensor) -> None:
        count = len(targets)
        correct = (scores.argmax(1) == targets).sum()
        one = torch.ones_like(self._broken)
        parts = (loss * count, correct, one * count, one)
        step = torch.stack([part.to(self._sums) for part in parts])  # (4,)
        self._sums += torch.where(self._broken > 0, torch.zeros_like(step), step)

    def tally(self) -> Tally:
        """The sums so far, read from the device."""
        return Tally(*self._sums.tolist())

    def start(self, tally: Tally) -> None:
        """Set the sums: to nothing at the start of an epoch, to a checkpoint's within one."""
        sums = [tally.loss, tally.correct, tally.seen, tally.steps]
        self._sums = to_device(torch.tensor(sums, dtype=self._sums.dtype), self.device)

    def momentum(self) -> dict[str, Tensor]:
        """The momentum of every weight by its state key, contiguous, on the CPU; empty without any."""
        return {
            name: state["momentum_buffer"].to("cpu").contiguous()
            for name, parameter in self.network.named_parameters()
            if "momentum_buffer" in (state := self.optimiser.state[parameter])
        }

    @torch.no_grad()
    def restore(self, weights: Mapping[str, Tensor], momentum: Mapping[str, Tensor]) -> None:
        """Take over weights and momentum by state key; each keeps its place and order in memory.

        Raises:
            ValueError: names or shapes are not those of this network.
        """
        parameters = dict(self.network.named_parameters())
        with_momentum = {
            name: state["momentum_buffer"]
            for name, parameter in parameters.items()
            if "momentum_buffer" in (state := self.optimiser.state[parameter])
        }
        _copy(weights, parameters)
        _copy(momentum, with_momentum)

    def is_finite(self) -> bool:
        """Whether every weight and every momentum is a finite number."""
        tensors = [*self.network.parameters()]
        tensors += [state["momentum_buffer"] for state in self.optimiser.state.values() if state]
        ends = torch.stack([end for tensor in tensors for end in tensor.detach().aminmax()])
        return bool(ends.isfinite().all())


def _copy(source: Mapping[str, Tensor], target: Mapping[str, Tensor]) -> None:
    if {name: value.shape for name, value in source.items()} != {
        name: value.shape for name, value in target.items()
    }:
        raise ValueError("the saved tensors do not fit this network")
    for name, tensor in target.items():
        tensor.copy_(source[name])


@torch.no_grad()
def _same_strides(parameter: nn.Parameter) -> None:
    """Write a gradient's strides as its weight's.

    autograd lays gradients out as their weights, but strides of axes of length 1, which move nothing,
    may be written differently, and CUDA's fused SGD compares them literally.
    """
    gradient = parameter.grad
    if gradient is not None and gradient.stride() != parameter.stride():
        parameter.grad = torch.empty_like(parameter).copy_(gradient)
