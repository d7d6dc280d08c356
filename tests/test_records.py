"""Records in a notebook: one short line each."""

from dataclasses import replace

from show.showing import fake_trace


def test_a_layer_is_told_in_a_line() -> None:
    expected = "LayerRecord(conv1, conv, 1×1×227×227 → 1×96×56×56)"
    assert repr(fake_trace().layer("conv1")) == expected


def test_a_trace_is_told_in_a_line() -> None:
    trace = fake_trace()
    assert repr(trace) == "TraceRecord(sample.png, 24 layers, Ankle boot 87.7%)"
    assert repr(fake_trace(source=None)) == "TraceRecord(sample.png, 24 layers, untrained network)"
    assert repr(replace(trace, image=None, top=())) == "TraceRecord(24 layers)"
