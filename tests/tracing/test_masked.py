"""A pass with dropout as in training: only what is dropped differs, and nothing is left changed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from passes import followed

from alexnet_tutor.layers import Dropout
from alexnet_tutor.tracing.masked import with_dropout

DROPS = [("relu6", "drop6"), ("relu7", "drop7")]


def test_survivors_are_doubled_the_others_are_zero_and_all_before_is_the_same() -> None:
    whole = followed("fashion")
    masked = with_dropout(whole, 3)
    for layer in whole.layers[: whole.layers.index("drop6")]:
        np.testing.assert_array_equal(masked.values(layer), whole.values(layer))
    for before, layer in DROPS:
        given, out = masked.values(before), masked.values(layer)
        assert set(np.unique(out[given != 0] / given[given != 0])) == {0.0, 2.0}
        assert not out[given == 0].any()
    assert masked.record.pixels is whole.record.pixels
    assert masked.record.image == whole.record.image


def test_a_value_after_dropout_is_the_sum_of_what_survived() -> None:
    masked = with_dropout(followed("fashion"), 3)
    place = masked.strongest("fc7")
    weight, bias = (
        one.detach().double().numpy() for one in masked.network.get_submodule("fc7").parameters()
    )
    (unit,) = place.index
    by_hand = weight[unit] @ masked.values("drop6").astype(float) + bias[unit]
    assert masked.unit(place, 0).by_hand == pytest.approx(by_hand, abs=1e-12)
    assert masked.unit(place, 0).agrees


def test_a_seed_is_a_mask() -> None:
    whole = followed("fashion")
    one, again, two = (with_dropout(whole, seed).values("drop6") for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != two).any()


def test_random_state_modes_and_masks_to_come_are_left_as_they_were() -> None:
    whole = followed("fashion")
    dropouts = [module for module in whole.network.modules() if isinstance(module, Dropout)]
    torchs, numpys = torch.random.get_rng_state(), np.random.get_state()[1].copy()
    modes = [module.training for module in whole.network.modules()]
    whole.network.get_submodule("fc7").train()
    seeds = [(layer.seed, layer._generator) for layer in dropouts]
    try:
        with_dropout(whole, 5)
        assert whole.network.get_submodule("fc7").training
        assert seeds == [(layer.seed, layer._generator) for layer in dropouts]
        assert torch.equal(torch.random.get_rng_state(), torchs)
        np.testing.assert_array_equal(np.random.get_state()[1], numpys)
    finally:
        for module, mode in zip(whole.network.modules(), modes, strict=True):
            module.training = mode
