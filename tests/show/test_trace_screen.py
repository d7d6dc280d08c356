"""The trace's table tells the record, and its first line the truth."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from show.screens import SCREENS
from show.showing import fake_trace, shown

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.geometry import walk
from alexnet_tutor.records import LayerRecord
from alexnet_tutor.show.terminal.layer import LayerView
from alexnet_tutor.show.terminal.trace import LEAVE, TraceView, layer_columns


def table_of(text: str) -> tuple[list[str], list[list[str]]]:
    """(heads, rows as words) of the layer table."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("layer "))
    rows = [line.split() for line in lines[start + 2 : start + 2 + 24]]
    return lines[start].split(), rows


def test_the_first_line_is_the_answer() -> None:
    assert shown(SCREENS["trace"]()).splitlines()[0] == "sample.png: Ankle boot 87.7%"


def test_untrained_weights_are_said_loudly_and_name_no_class() -> None:
    first, second, *_ = shown(SCREENS["untrained"]()).splitlines()
    assert first == "sample.png: untrained network"
    assert second == "! UNTRAINED: these weights are random; the percentages mean nothing."


def test_an_untrained_layer_says_of_percentages_only_what_is_true() -> None:
    assert "! UNTRAINED: these weights are random.\n" in shown(SCREENS["untrained conv1"]())
    softmax = LayerView(fake_trace().layer("softmax"), fake_trace(source=None), (), "tutor trace")
    assert "the percentages mean nothing" in shown(softmax)


def test_the_made_up_layers_follow_from_one_another() -> None:
    values = {layer.name: layer.values for layer in fake_trace().layers}
    for geometry in walk(FASHION):
        assert values[geometry.spec.name].shape == (1, *geometry.output_shape)
    np.testing.assert_array_equal(values["relu2"], np.maximum(values["conv2"], 0))
    assert (values["lrn1"] <= values["relu1"]).all()
    assert values["pool5"].max() == values["relu5"].max()
    np.testing.assert_array_equal(values["drop6"], values["relu6"])
    assert values["softmax"].sum() == pytest.approx(1)


def test_the_second_line_tells_what_was_done_to_the_picture() -> None:
    assert shown(SCREENS["trace"](), 120).splitlines()[1] == "; ".join(fake_trace().image.steps)


@given(st.integers(60, 200))
def test_the_footer_names_exactly_the_columns_that_went(width: int) -> None:
    text = shown(SCREENS["trace"](), width)
    heads, _ = table_of(text)
    gone = [
        column.name for column in layer_columns(fake_trace().layers) if column.name not in heads
    ]
    assert sorted(gone) == sorted(LEAVE[: len(gone)])
    flat = " ".join(text.split())
    assert ("Not shown at this width" in flat) == bool(gone)
    if gone:
        assert (
            f"Not shown at this width: {', '.join(LEAVE[: len(gone)])} (--json has them)." in flat
        )


def test_the_tables_numbers_are_the_records() -> None:
    heads, rows = table_of(shown(SCREENS["trace"](), 200))
    assert heads == ["layer", "kind", "output", "params", "MACs", "sees", "stride", "min", "mean", "max", "std", "zeros", "silent"]  # fmt: skip
    assert len(rows) == 24
    for words, layer in zip(rows, fake_trace().layers, strict=True):
        cell = dict(zip(heads, words, strict=True))
        assert (cell["layer"], cell["kind"]) == (layer.name, layer.kind)
        assert [int(n.replace(",", "")) for n in cell["output"].split("×")] == list(
            layer.output_shape[1:]
        )
        assert int(cell["params"].replace(",", "")) == layer.params
        assert int(cell["MACs"].replace(",", "")) == layer.macs
        assert int(cell["silent"].replace(",", "")) == layer.silent
        few = 0 < layer.zeros < 0.0005
        assert (cell["zeros"] == "<0.1") == few
        assert few or float(cell["zeros"]) == pytest.approx(layer.zeros * 100, abs=0.06)
        for name in ("min", "mean", "max", "std"):
            assert float(cell[name]) == pytest.approx(getattr(layer, name), rel=0.006, abs=0.0006)


def test_after_flatten_a_value_sees_all_of_the_picture() -> None:
    heads, rows = table_of(shown(SCREENS["trace"](), 200))
    sees = {words[0]: (words[heads.index("sees")], words[heads.index("stride")]) for words in rows}
    assert sees["conv1"] == ("11", "4")
    assert sees["pool5"] == ("195", "32")
    assert {sees[name] for name in ("flatten", "fc6", "fc8", "softmax")} == {("all", "–")}


def test_the_totals_are_the_networks() -> None:
    total = next(
        line for line in shown(SCREENS["trace"](), 120).splitlines() if line.startswith("total")
    )
    assert total.split() == ["total", "58,299,082", "1,062,213,632"]


def test_a_picture_says_its_map_its_range_and_where_it_looks() -> None:
    layer = fake_trace().layer("relu1")
    (number,) = layer.strongest_maps(1)
    top, left, bottom, right = layer.peak_box(number)
    text = shown(SCREENS["trace"](), 200)
    assert f"relu1 map {number} " in text
    assert f"0 to {layer.max:.2f}" in text
    assert f"peak sees rows {top}–{bottom}," in text
    assert f"columns {left}–{right}" in text


def test_a_map_whose_peak_has_no_place_says_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LayerRecord, "peak_box", lambda *_: None)
    for name in ("trace", "conv1"):
        text = shown(SCREENS[name](), 200)
        assert "conv1 map" in text or "relu1 map" in text
        assert "peak sees" not in text


def test_a_network_without_relu_shows_its_convolutions_and_one_without_maps_none() -> None:
    trace = fake_trace()
    bare = replace(trace, layers=tuple(layer for layer in trace.layers if layer.kind != "relu"))
    assert "conv5 map" in shown(TraceView(bare, "tutor trace"))
    vectors = replace(trace, layers=trace.layers[-3:], image=None, facts=None, top=())
    text = shown(TraceView(vectors, "tutor trace"))
    assert text.startswith("this picture: followed through 3 layers")
    assert " map " not in text.split("Layer by layer")[0].split("high end.")[1]


def test_a_layer_of_nans_is_shown_and_not_hidden() -> None:
    trace = fake_trace()
    layer = trace.layer("relu2")
    broken = replace(layer, values=np.full_like(layer.values, np.nan), min=np.nan, max=np.nan, mean=np.nan, std=np.nan)  # fmt: skip
    layers = tuple(broken if each is layer else each for each in trace.layers)
    assert "nan" in shown(TraceView(replace(trace, layers=layers), "tutor trace"))
