"""Messages between the parent and the child that runs a learner's code: JSON and raw arrays.

Never pickle: what comes from the child is read as data, whatever the learner's code has done there.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

import numpy as np

MOST_BYTES = 64_000_000  # of one message from a learner's code
_HEAD = struct.Struct(">II")  # bytes of JSON, bytes of arrays


class GarbledError(Exception):
    """What came is no message."""


def send(file: BinaryIO, message: dict[str, Any]) -> None:
    """Write ``message``: in it dicts, lists, text, numbers, ``None`` and NumPy arrays.

    Raises:
        OSError: nobody reads.
    """
    arrays: list[bytes] = []
    text = json.dumps(_packed(message, arrays)).encode()
    body = b"".join(arrays)
    file.write(_HEAD.pack(len(text), len(body)) + text + body)
    file.flush()


def receive(file: BinaryIO, most: int | None = MOST_BYTES) -> dict[str, Any] | None:
    """The next message, or ``None`` where there are no more.

    Args:
        file: to read from.
        most: bytes that a message may have; ``None`` for any number, where the sender is trusted.

    Raises:
        GarbledError: the bytes are no message.
    """
    head = file.read(_HEAD.size)
    if not head:
        return None
    if len(head) < _HEAD.size:
        raise GarbledError
    sizes = _HEAD.unpack(head)
    if most is not None and sum(sizes) > most:
        raise GarbledError
    text, body = (file.read(size) for size in sizes)
    if (len(text), len(body)) != sizes:
        return None  # its sender ended in the middle
    try:
        message = _unpacked(json.loads(text), body)
        if not isinstance(message, dict):
            raise TypeError
        return message
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise GarbledError from error


def _packed(value: Any, arrays: list[bytes]) -> Any:
    if isinstance(value, np.ndarray):
        place = sum(map(len, arrays))
        arrays.append(np.ascontiguousarray(value).tobytes())
        return {"array": value.dtype.str, "shape": list(value.shape), "at": place}
    if isinstance(value, dict):
        return {str(key): _packed(entry, arrays) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_packed(entry, arrays) for entry in value]
    return value


def _unpacked(value: Any, body: bytes) -> Any:
    if isinstance(value, list):
        return [_unpacked(entry, body) for entry in value]
    if not isinstance(value, dict):
        return value
    if "array" not in value:
        return {key: _unpacked(entry, body) for key, entry in value.items()}
    kind, shape = np.dtype(value["array"]), tuple(value["shape"])
    if kind.kind not in "biufc":
        raise ValueError("an array of numbers is wanted")
    count = int(np.prod(shape, dtype=np.int64))
    return np.frombuffer(body, kind, count, value["at"]).reshape(shape).copy()
