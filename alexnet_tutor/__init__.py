"""alexnet_tutor: learn a deep network from the inside.

What the commands do, in a notebook::

    from alexnet_tutor import AlexNet, load_image, trace

    record = trace(AlexNet(), load_image("sample.png"))
    record.layer("conv1").output_shape  # (1, 96, 56, 56)

Names are loaded when first used: ``import alexnet_tutor`` alone loads no torch.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from alexnet_tutor.architecture import FASHION, PAPER
    from alexnet_tutor.data import open_data
    from alexnet_tutor.images import load_image
    from alexnet_tutor.network import AlexNet
    from alexnet_tutor.tracing import trace
    from alexnet_tutor.training.evaluate import evaluate
    from alexnet_tutor.training.fit import fit
    from alexnet_tutor.training.recipes import Settings
    from alexnet_tutor.weights.store import load_weights, save_weights

_HOMES = {
    "AlexNet": "network",
    "FASHION": "architecture",
    "PAPER": "architecture",
    "Settings": "training.recipes",
    "evaluate": "training.evaluate",
    "fit": "training.fit",
    "load_image": "images",
    "load_weights": "weights.store",
    "open_data": "data",
    "save_weights": "weights.store",
    "trace": "tracing",
}

__all__ = [
    "FASHION",
    "PAPER",
    "AlexNet",
    "Settings",
    "evaluate",
    "fit",
    "load_image",
    "load_weights",
    "open_data",
    "save_weights",
    "trace",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
