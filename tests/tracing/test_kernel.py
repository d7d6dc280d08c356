"""One channel of a kernel at work: the very products of the sum, place by place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from passes import all_products, drawn, followed

from alexnet_tutor.tracing.sums import one_channel

CONVS = [("fashion", "conv1"), ("fashion", "conv2"), ("paper", "conv2"), ("paper", "conv5")]


@given(data=st.data(), which=st.sampled_from(CONVS))
def test_the_channels_of_a_kernel_are_all_products_of_the_sum(data: st.DataObject, which) -> None:
    preset, layer = which
    whole = followed(preset)
    place = drawn(data, whole, layer)
    first, last = whole.unit(place, 0).work.channels
    channels = [one_channel(whole.task(place), c) for c in range(first, last + 1)]
    products = np.stack([channel.products for channel in channels])
    np.testing.assert_array_equal(products.reshape(-1), all_products(whole, place))
    np.testing.assert_allclose(
        products.sum(axis=(1, 2)), whole.unit(place, 0).work.subtotals, atol=1e-12
    )
    for (row, column), value in np.ndenumerate(channels[-1].patch):
        at = channels[-1].at(row, column)
        assert value == (0 if at is None else whole.value(at))
        assert at is None or at.index[0] == last


def test_a_kernel_of_one_tower_does_not_see_the_other_s_channels() -> None:
    whole = followed("paper")
    task = whole.task(whole.strongest("conv2"))
    first, last = whole.unit(whole.strongest("conv2"), 0).work.channels
    outside = last + 1 if first == 0 else first - 1
    with pytest.raises(ValueError, match="sees channels"):
        one_channel(task, outside)
