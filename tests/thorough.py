"""What is tried once here is tried several times where the profile is the thorough one (CI's)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

import pytest

T = TypeVar("T")
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "ci"

only = pytest.mark.skipif(not THOROUGH, reason="takes seconds: tried with HYPOTHESIS_PROFILE=ci")


def cases(every: Sequence[T], few: int = 1) -> Sequence[T]:
    """All of them under the thorough profile, the first few otherwise."""
    return every if THOROUGH else every[:few]
