"""Records in a notebook, one short line each; and back from what they print."""

import json
from dataclasses import replace

import pytest
from show.showing import fake_compression, fake_trace

from alexnet_tutor.records import CompressionRecord
from alexnet_tutor.records.compression import total


def test_a_layer_is_told_in_a_line() -> None:
    expected = "LayerRecord(conv1, conv, 1×1×227×227 → 1×96×56×56)"
    assert repr(fake_trace().layer("conv1")) == expected


def test_a_trace_is_told_in_a_line() -> None:
    trace = fake_trace()
    assert repr(trace) == "TraceRecord(sample.png, 24 layers, Ankle boot 87.7%)"
    assert repr(fake_trace(source=None)) == "TraceRecord(sample.png, 24 layers, untrained network)"
    assert repr(replace(trace, image=None, top=())) == "TraceRecord(24 layers)"


@pytest.mark.parametrize("data", ["fashion-mnist test", None])
def test_a_compression_comes_back_from_its_json(data: str | None) -> None:
    record = fake_compression(data)
    assert CompressionRecord.from_json(json.loads(json.dumps(record.to_json()))) == record


def test_a_layer_s_bits_are_those_of_its_bytes_over_its_parameters() -> None:
    record = fake_compression()
    for row, told in zip(record.layers, record.to_json()["layers"], strict=True):
        assert told["bits"] * row.params == pytest.approx(row.bytes_after * 8)
        assert told["bits"] == pytest.approx(32 * told["kept"]), "of 32-bit floats"
    whole = total(record.layers)
    assert whole.params == 58_299_082
    assert whole.bits == pytest.approx(
        sum(row.bits * row.params for row in record.layers) / 58_299_082
    )
