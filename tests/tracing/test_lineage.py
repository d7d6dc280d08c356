"""Where a value comes from, and the box of the picture that it depends on."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from passes import LAYERS, all_products, drawn, followed
from torch import nn

from alexnet_tutor.tracing.unit import Pass

presets = st.sampled_from(["fashion", "paper"])


@given(presets, st.integers(0, 1), st.sampled_from(LAYERS[1:]), st.data())
def test_lineage_follows_the_largest_term_down_to_a_pixel_in_the_box(
    preset, seed, layer, data
) -> None:
    whole = followed(preset, seed)
    record = whole.unit(drawn(data, whole, layer))
    above, producers, depth = record.place, record.producers, 0
    while producers:
        strongest = producers[0]
        depth += 1
        kind = whole.record.layer(above.layer).kind
        if kind in ("conv", "linear"):
            largest = np.abs(all_products(whole, above)).max()
            assert abs(strongest.product) == pytest.approx(largest, rel=1e-12)
            assert all(each.producers is None for each in producers[1:])
        elif kind == "pool":
            assert strongest.value == whole.value(above)
        else:
            assert len(producers) == 1
        assert whole.layers.index(strongest.place.layer) == whole.layers.index(above.layer) - 1
        assert strongest.value == whole.value(strongest.place)
        above, producers = strongest.place, strongest.producers
    assert producers == ()
    if above.layer != "input":
        assert not all_products(whole, above).any(), "only where nothing is added does it end early"
        return
    assert depth == whole.layers.index(layer)
    top, left, bottom, right = record.clipped
    assert top <= above.index[1] <= bottom
    assert left <= above.index[2] <= right


def test_depth_counts_layers() -> None:
    place = followed("fashion").strongest("conv5")
    for depth in (0, 1, 3):
        producers, count = followed("fashion").unit(place, depth).producers, 0
        while producers:
            producers, count = producers[0].producers, count + 1
        assert (producers, count) == (None, depth)


@pytest.mark.parametrize("preset", ["fashion", "paper"])
@given(st.sampled_from(LAYERS[1:]), st.data())
def test_a_box_is_where_the_gradient_is(preset: str, layer: str, data) -> None:
    """Without ReLU, LRN and dropout, with average pooling and positive weights, it fills the box."""
    whole = followed(preset)
    place = drawn(data, whole, layer)
    x = torch.zeros(1, *whole.entered.shape, dtype=torch.float64, requires_grad=True)
    out = x
    for name in LAYERS[1 : LAYERS.index(layer) + 1]:
        out = positive(whole, name, out)
    out[(0, *place.index)].backward()
    record = whole.unit(place, depth=0)
    top, left, bottom, right = record.clipped
    expected = torch.zeros(x.shape[-2:], dtype=torch.bool)
    expected[top : bottom + 1, left : right + 1] = True
    tower = x.grad[0].abs().sum(dim=0)
    assert torch.equal(tower != 0, expected)
    if whole.values(layer).ndim == 3 and layer != "pool5":
        box, field = record.box, whole.record.layer(layer).field
        assert (box[2] - box[0] + 1, box[3] - box[1] + 1) == (field.size, field.size)
    assert record.box[0] <= top
    assert record.box[3] >= right


def positive(whole: Pass, name: str, x: torch.Tensor) -> torch.Tensor:
    kind = "softmax" if name == "softmax" else whole.record.layer(name).kind
    if kind in ("conv", "linear"):
        module = whole.network.get_submodule(name)
        weight = torch.full(module.weight.shape, 0.01, dtype=torch.float64)
        if kind == "linear":
            return x @ weight.T
        return nn.functional.conv2d(x, weight, None, module.stride, module.padding, groups=module.groups)  # fmt: skip
    if kind == "pool":
        module = whole.network.get_submodule(name)
        if module.grid:
            return nn.functional.adaptive_avg_pool2d(x, module.grid)
        return nn.functional.avg_pool2d(x, module.kernel, module.stride)
    if kind == "flatten":
        return x.flatten(1)
    return x.sum(dim=1, keepdim=True).expand_as(x) if kind == "softmax" else x
