"""The command line as a person meets it: exit code, standard output, standard error."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.cli.app import app
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import ModelFacts
from alexnet_tutor.weights.store import save_weights

Tutor = Callable[..., Result]


@pytest.fixture
def tutor() -> Tutor:
    """``tutor("trace", "--json")``."""
    return lambda *arguments: CliRunner().invoke(app, [str(word) for word in arguments])


@pytest.fixture
def refused(tutor: Tutor) -> Callable[..., str]:
    """Run a command that must be refused in one line on standard error, and give that line."""

    def run(*arguments: object, code: int = 2) -> str:
        result = tutor(*arguments)
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        lines = result.stderr.strip().splitlines()
        assert len(lines) == 1, lines
        assert lines[0].startswith("Error: ")
        return lines[0]

    return run


@pytest.fixture(scope="session")
def small_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of weights of a network that is quick to run."""
    path = tmp_path_factory.mktemp("weights") / "small.safetensors"
    architecture = FASHION.scaled(1 / 16)
    save_weights(path, AlexNet(architecture), ModelFacts(architecture=architecture))
    return path
