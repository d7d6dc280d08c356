"""Recipes: sets of settings that go together, by name. No torch."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from alexnet_tutor.training.recipes import Origin

RecipeName = Literal["origin", "quick"]
# Those that a recipe leaves out, the data and the machine for instance, are anyone's choice.
RECIPES: Mapping[RecipeName, Mapping[str, Any]] = MappingProxyType(
    {
        # The notebook this kit grew from, its every choice, those that torch made for it included.
        "origin": {
            "preset": "fashion",
            "width": 1.0,
            "image_size": 227,
            "init": "torch",
            "lrn": "torch",
            "epochs": 10,
            "batch_size": 128,
            "lr": 0.01,
            "momentum": 0.9,
            "weight_decay": 5e-4,
            "nesterov": False,
            "label_smoothing": 0.0,
            "schedule": "step",
            "augment": "none",
            "precision": "fp32",
        },
        "quick": {
            "image_size": 99,
            "epochs": 5,
            "lr": 0.03,
            "nesterov": True,
            "schedule": "onecycle",
            "augment": "flip",
        },
    }
)


def with_recipe(
    name: RecipeName,
    values: Mapping[str, Any],
    origins: Mapping[str, Origin],
    *,
    asked_by: Origin,
) -> tuple[dict[str, Any], dict[str, Origin]]:
    """Settings by name and where each came from, once the recipe has had its say.

    A flag and the environment beat the recipe; the recipe beats the settings file, unless that is
    what asks for it.

    Args:
        name: of the recipe.
        values: of every setting.
        origins: where each came from.
        asked_by: where the recipe's own name came from.
    """
    beaten = {"default"} if asked_by == "settings file" else {"default", "settings file"}
    taken = {key: value for key, value in RECIPES[name].items() if origins[key] in beaten}
    return {**values, **taken}, {**origins, **dict.fromkeys(taken, "recipe")}
