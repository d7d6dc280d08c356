"""Recipes: what each sets, who beats whom, and that ``origin`` is PyTorch's own network."""

from dataclasses import fields, replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from alexnet_tutor.architecture import FASHION, LrnSpec
from alexnet_tutor.network import AlexNet
from alexnet_tutor.training.named import RECIPES, with_recipe
from alexnet_tutor.training.recipes import Settings
from alexnet_tutor.weights.metadata import from_metadata, to_metadata

NAMES = [entry.name for entry in fields(Settings)]
ORIGINS = ("flag", "environment", "settings file", "default")


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_made_of_settings_in_range(name: str) -> None:
    Settings(**RECIPES[name])


def test_origin_says_all_but_the_data_and_the_machine() -> None:
    others = {"data", "device", "deterministic", "seed", "limit", "validation"}
    assert set(RECIPES["origin"]) == set(NAMES) - others


@given(
    name=st.sampled_from(sorted(RECIPES)),
    chosen=st.fixed_dictionaries({name: st.sampled_from(ORIGINS) for name in NAMES}),
    asked_by=st.sampled_from(["flag", "settings file"]),
)
def test_a_recipe_beats_what_is_weaker_and_nothing_else(name, chosen, asked_by) -> None:
    values = {key: object() for key in NAMES}
    result, origins = with_recipe(name, values, chosen, asked_by=asked_by)
    strong = {"flag", "environment"} | ({"settings file"} if asked_by == "settings file" else set())
    for key in NAMES:
        if key in RECIPES[name] and chosen[key] not in strong:
            assert (result[key], origins[key]) == (RECIPES[name][key], "recipe")
        else:
            assert (result[key], origins[key]) == (values[key], chosen[key])


def plain(width: float) -> nn.Sequential:
    """The notebook's network, typed out, in torch's own modules."""
    c1, c2, c3, c4, c5, fc = (round(n * width) for n in (96, 256, 384, 384, 256, 4096))

    def lrn() -> nn.Module:
        return nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2)

    return nn.Sequential(
        nn.Conv2d(1, c1, 11, stride=4, padding=2), nn.ReLU(), lrn(), nn.MaxPool2d(3, 2),
        nn.Conv2d(c1, c2, 5, padding=2), nn.ReLU(), lrn(), nn.MaxPool2d(3, 2),
        nn.Conv2d(c2, c3, 3, padding=1), nn.ReLU(),
        nn.Conv2d(c3, c4, 3, padding=1), nn.ReLU(),
        nn.Conv2d(c4, c5, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Flatten(),
        nn.Linear(c5 * 36, fc), nn.ReLU(), nn.Dropout(),
        nn.Linear(fc, fc), nn.ReLU(), nn.Dropout(), nn.Linear(fc, 10),
    )  # fmt: skip


def test_the_origin_s_network_is_torch_s_own() -> None:
    """Loud pictures, so that α matters: with the paper's α the same comparison fails."""
    settings = replace(Settings(**RECIPES["origin"]), width=1 / 8)
    ours = AlexNet(settings.architecture(classes=10, channels=1), init="torch").double().eval()
    theirs = plain(1 / 8).double().eval()
    state = dict(zip(theirs.state_dict(), ours.state_dict().values(), strict=True))
    theirs.load_state_dict(state)
    x = 300 * torch.randn(2, 1, 227, 227, generator=torch.Generator().manual_seed(0)).double()
    with torch.no_grad():
        torch.testing.assert_close(ours(x), theirs(x), rtol=1e-9, atol=1e-9)
        paper = AlexNet(replace(settings, lrn="paper").architecture(classes=10, channels=1))
        paper.load_state_dict(ours.state_dict())
        assert not torch.allclose(paper.double().eval()(x), theirs(x), rtol=1e-3)


def test_the_origin_s_first_weights_are_distributed_as_torch_s() -> None:
    """Same limits and, for uniform values, same mean and deviation: layer by layer, weight and bias."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        theirs = list(plain(1 / 4).parameters())
    ours = list(AlexNet(FASHION.scaled(1 / 4), init="torch").named_parameters())
    for (name, mine), other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape, name
        bound = other[0].numel() ** -0.5 if other.dim() > 1 else bound  # noqa: F821 (the weight's)
        count = mine.numel()
        for values in (mine, other):
            assert values.abs().max().item() <= bound
            assert values.abs().max().item() > bound * (1 - 12 / count), name
            sigma = bound / 3**0.5
            assert abs(values.mean().item()) < 5 * sigma / count**0.5, name
            assert values.std().item() == pytest.approx(sigma, rel=2.5 / count**0.5), name


def test_the_weights_file_tells_which_lrn_it_is(facts) -> None:
    dividing = replace(facts, architecture=facts.architecture.with_torch_lrn())
    assert from_metadata(to_metadata(dividing), "") == replace(dividing, source="")
    alphas = {s.alpha for s in dividing.architecture.layers if isinstance(s, LrnSpec)}
    assert max(alphas) == min(alphas) == pytest.approx(2e-5)
