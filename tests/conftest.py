"""Two hypothesis profiles, the long tests' markers, and one thread count for all."""

import os
from itertools import count
from pathlib import Path

# Small networks on many threads mostly wait for each other; child processes read the variable.
os.environ["OMP_NUM_THREADS"] = "1"

import pytest
import torch
from hypothesis import HealthCheck, settings

torch.set_num_threads(1)

settings.register_profile("dev", max_examples=15, deadline=None)
settings.register_profile(
    "ci",
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

REAL_DATA = Path(
    os.environ.get("TUTOR_DATA") or Path(__file__).parents[1].parent / "shared" / "data"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--stress", action="store_true", help="run the tests that take minutes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("stress") and not config.getoption("--stress"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: run with --stress"))
        if item.get_closest_marker("gpu") and not torch.cuda.is_available():
            item.add_marker(pytest.mark.skip(reason="needs a CUDA device, and there is none"))


_HOMES = count()


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a TUTOR_HOME of its own, an 80-column terminal, and no settings from outside.

    Not ``tmp_path``: thousands of tests need no folder, and each would have one made and removed.
    """
    folder = tmp_path_factory.getbasetemp() / f"home-{next(_HOMES)}"
    for name in ("TUTOR_DATA", "TUTOR_OFFLINE", "TUTOR_DEBUG", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TUTOR_HOME", str(folder))
    monkeypatch.setenv("COLUMNS", "80")
    return folder


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder that holds the real FashionMNIST, where there is one; always in CI."""
    if not (REAL_DATA / "FashionMNIST" / "raw" / "t10k-images-idx3-ubyte").is_file():
        reason = f"no FashionMNIST under {REAL_DATA}: set TUTOR_DATA to a folder that has it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return REAL_DATA
