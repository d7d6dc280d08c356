"""Integers that follow from integers."""

import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn

from alexnet_tutor.architecture import FASHION, PAPER, Architecture, preset
from alexnet_tutor.errors import TutorError
from alexnet_tutor.geometry import Field, grid_windows, output_size


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 5), st.integers(0, 4))
def test_output_size_counts_the_places_where_a_window_fits(size, kernel, stride, padding) -> None:
    places = [
        start
        for start in range(-padding, size + padding, stride)
        if start + kernel <= size + padding
    ]
    if places:
        assert output_size(size, kernel, stride, padding) == len(places)
    else:
        with pytest.raises(TutorError, match="does not fit"):
            output_size(size, kernel, stride, padding)


def test_the_paper_s_224_gives_no_whole_number() -> None:
    assert pytest.approx((224 - 11) / 4 + 1) == 54.25
    assert output_size(227, 11, 4) == 55
    assert output_size(227, 11, 4, padding=2) == 56


@given(st.integers(1, 40), st.integers(1, 12))
def test_grid_windows_are_torch_s(size, grid) -> None:
    """Where torch's adaptive average lays a window, its gradient is not zero."""
    x = torch.zeros(1, 1, size, 1, requires_grad=True)
    out = nn.AdaptiveAvgPool2d((grid, 1))(x)[0, 0, :, 0]
    for cell, (first, end) in zip(out, grid_windows(size, grid), strict=True):
        (gradient,) = torch.autograd.grad(cell, x, retain_graph=True)
        assert gradient.flatten().nonzero().flatten().tolist() == list(range(first, end))


@given(
    st.integers(5, 60),
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 3)), max_size=4),
    st.integers(1, 8),
)
def test_spans_are_what_counting_pixels_gives(size, windows, grid) -> None:
    """Each output's set of pixels, carried through every layer, against the closed form."""
    seen = [{pixel} for pixel in range(size)]
    field = Field.pixel(size)
    for kernel, stride, wanted in windows:
        padding = min(wanted, kernel - 1)
        assume(len(seen) + 2 * padding >= kernel)
        outputs = output_size(len(seen), kernel, stride, padding)
        starts = [i * stride - padding for i in range(outputs)]
        seen = [
            set().union(*(seen[j] for j in range(max(0, s), min(len(seen), s + kernel))))
            for s in starts
        ]
        field = field.through(kernel, stride, padding, outputs)
    assert field.spans == tuple((min(pixels), max(pixels)) for pixels in seen)
    shared = [set().union(*seen[first:end]) for first, end in grid_windows(len(seen), grid)]
    assert field.through_grid(grid).spans == tuple((min(p), max(p)) for p in shared)


@pytest.mark.parametrize("architecture", [FASHION, PAPER, FASHION.scaled(0.1).at_size(99)])
def test_an_architecture_survives_json(architecture: Architecture) -> None:
    assert Architecture.from_dict(architecture.to_dict()) == architecture


@pytest.mark.parametrize("damage", [{}, {"layers": 3}, {"layers": [{"kind": "magic"}]}])
def test_nonsense_is_no_architecture(damage: dict) -> None:
    with pytest.raises(ValueError, match="not an architecture"):
        Architecture.from_dict(damage and {**FASHION.to_dict(), **damage})


def test_derived_networks_leave_the_preset_alone() -> None:
    derived = FASHION.with_classes(3).with_channels(3).scaled(0.5).at_size(99)
    assert (derived.classes, derived.channels, derived.image_size) == (3, 3, 99)
    assert (FASHION.classes, FASHION.channels, FASHION.image_size) == (10, 1, 227)
    assert [spec.name for spec in FASHION.without("lrn1").layers][:3] == ["conv1", "relu1", "pool1"]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: preset("imagenet"),
        lambda: FASHION.layer("conv9"),
        lambda: FASHION.with_classes(1),
        lambda: FASHION.with_channels(0),
        lambda: FASHION.scaled(0),
    ],
)
def test_wrong_values_are_refused_with_a_way_out(wrong) -> None:
    with pytest.raises(TutorError) as caught:
        wrong()
    assert caught.value.remedy


@given(
    st.integers(5, 40),
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 3)), max_size=4),
)
def test_unclipped_spans_are_those_of_a_picture_without_an_edge(size, windows) -> None:
    """On a row of pixels that goes on for ever, layer by layer back from an output."""
    field, cells, laid = Field.pixel(size), size, []
    for kernel, stride, wanted in windows:
        padding = min(wanted, kernel - 1)
        assume(cells + 2 * padding >= kernel)
        cells = output_size(cells, kernel, stride, padding)
        field = field.through(kernel, stride, padding, cells)
        laid.append((kernel, stride, padding))
    for place, span in enumerate(field.unclipped):
        first = last = place
        for kernel, stride, padding in reversed(laid):
            first, last = first * stride - padding, last * stride - padding + kernel - 1
        assert span == (first, last)
        assert last - first + 1 == field.size
        inside = field.spans[place]
        assert first <= inside[0] <= inside[1] <= last
