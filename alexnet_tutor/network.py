"""AlexNet: the layers by their field names, in order."""

from __future__ import annotations

from math import sqrt

import torch
from torch import Tensor, nn

from alexnet_tutor.architecture import (
    FASHION,
    Architecture,
    ConvSpec,
    DropoutSpec,
    FlattenSpec,
    LinearSpec,
    LrnSpec,
    PoolSpec,
    ReluSpec,
)
from alexnet_tutor.geometry import LayerGeometry, walk
from alexnet_tutor.layers import (
    LRN,
    Conv1,
    Conv2,
    Conv3,
    Conv4,
    Conv5,
    Convolution,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool,
    ReLU,
)
from alexnet_tutor.layers.modes import evaluating
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.records import Init

__all__ = ["AlexNet", "build", "evaluating", "logits"]


_CONVOLUTIONS: dict[str, type[Convolution]] = {
    "conv1": Conv1,
    "conv2": Conv2,
    "conv3": Conv3,
    "conv4": Conv4,
    "conv5": Conv5,
}


class AlexNet(nn.Sequential):
    """The network of an architecture: pictures (N, C, S, S) -> logits (N, classes).

    Each layer is a child by its field name: ``network.conv1``, ``network.fc8``. State keys are
    ``conv1.weight`` … ``fc8.bias`` in every variant.

    Args:
        architecture: what to build.
        init: ``kaiming`` (He et al. 2015: variance 2 / fan in, biases 0), ``paper`` (section 5:
            standard deviation 0.01, some biases 1) or ``torch`` (what nn.Conv2d and nn.Linear do:
            weights and biases uniform, at most 1 / √fan in either way); ``None`` leaves the weights
            unset, for a loader.
        seed: of the initial weights and of the dropout masks until :meth:`reseed_dropout`.

    Raises:
        TutorError: the architecture's numbers do not fit together.
    """

    def __init__(
        self,
        architecture: Architecture = FASHION,
        *,
        init: Init | None = "kaiming",
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.architecture = architecture
        for layer in walk(architecture):
            self.add_module(layer.spec.name, build(layer))
        if init is not None:
            self.initialise(init, seed)
        self.reseed_dropout(seed)

    @torch.no_grad()
    def initialise(self, init: Init, seed: int) -> None:
        """Draw every weight anew from generators of (seed, layer); the global generator is left alone."""
        for layer in walk(self.architecture):
            spec, module = layer.spec, self.get_submodule(layer.spec.name)
            if not (
                isinstance(spec, ConvSpec | LinearSpec) and isinstance(module, Convolution | Linear)
            ):
                continue
            generator = torch.Generator().manual_seed(seed_of(seed, "init", spec.name))
            fan_in = module.weight[0].numel()
            if init == "torch":  # kaiming_uniform_(a=√5) is this bound
                bound = 1 / sqrt(fan_in)
                module.weight.uniform_(-bound, bound, generator=generator)
                module.bias.uniform_(-bound, bound, generator=generator)
                continue
            std = 0.01 if init == "paper" else sqrt(2 / fan_in)
            module.weight.normal_(0.0, std, generator=generator)
            module.bias.fill_(spec.paper_bias if init == "paper" else 0.0)

    def reseed_dropout(self, seed: int) -> None:
        """Start every dropout layer's masks anew, as a function of (seed, layer)."""
        for module in self:
            if isinstance(module, Dropout):
                module.reseed(seed_of(seed, "dropout", module.name))


def build(layer: LayerGeometry) -> Layer:
    """The module of one layer, its weights not yet set."""
    match layer.spec:
        case ConvSpec() as spec:
            return _CONVOLUTIONS.get(spec.name, Convolution)(spec, layer.input_shape[0])
        case ReluSpec() as spec:
            return ReLU(spec)
        case LrnSpec() as spec:
            return LRN(spec)
        case PoolSpec() as spec:
            return MaxPool(spec)
        case FlattenSpec() as spec:
            return Flatten(spec)
        case LinearSpec() as spec:
            return Linear(spec, layer.input_shape[0])
        case DropoutSpec() as spec:
            return Dropout(spec)


def logits(network: nn.Module, pictures: Tensor) -> Tensor:
    """The network's scores without gradients, in evaluation mode: (N, C, S, S) -> (N, classes).

    Each module's own mode is put back.
    """
    with evaluating(network), torch.inference_mode():
        out: Tensor = network(pictures)
        return out
