"""Messages come through as they were sent; what is no message is refused."""

from __future__ import annotations

import io
import pickle
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from alexnet_tutor.course.wire import GarbledError, receive, send

plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text()
numbers = arrays.arrays(
    st.sampled_from([np.float32, np.float64, np.int64, np.bool_]),
    arrays.array_shapes(min_dims=0, max_dims=4, max_side=3),
)
messages = st.dictionaries(
    st.text().filter(lambda key: key != "array"), plain | numbers | st.lists(plain | numbers)
)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(
            one, other, equal_nan=one.dtype.kind == "f"
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return one == other or repr(one) == repr(other) == "nan"


@given(st.lists(messages, max_size=3))
def test_messages_come_through_in_order(sent: list[dict[str, Any]]) -> None:
    file = io.BytesIO()
    for message in sent:
        send(file, message)
    file.seek(0)
    for message in sent:
        assert same(message, receive(file))
    assert receive(file) is None


@given(st.binary(min_size=1, max_size=200))
def test_bytes_that_are_no_message_are_refused_or_cut_off(data: bytes) -> None:
    with suppress(GarbledError):
        assert receive(io.BytesIO(data)) is None


@given(messages, st.data())
def test_a_message_that_breaks_off_is_none(message: dict[str, Any], data: st.DataObject) -> None:
    file = io.BytesIO()
    send(file, message)
    whole = file.getvalue()
    end = data.draw(st.integers(8, len(whole) - 1))
    assert receive(io.BytesIO(whole[:end])) is None


def test_an_array_of_objects_cannot_be_smuggled_in() -> None:
    text = b'{"x": {"array": "|O", "shape": [1], "at": 0}}'
    body = pickle.dumps(print)
    head = len(text).to_bytes(4, "big") + len(body).to_bytes(4, "big")
    with pytest.raises(GarbledError):
        receive(io.BytesIO(head + text + body))
