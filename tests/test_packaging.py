"""A wheel that is built and installed elsewhere finds what it ships, away from the repository."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import alexnet_tutor
from alexnet_tutor.architecture import FASHION
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import ModelFacts
from alexnet_tutor.weights.store import save_weights

ROOT = Path(__file__).parents[1]
PARTS = ["alexnet_tutor", "lessons", "sample.png", "pyproject.toml", "README.md", "LICENSE"]
CARD = (".json", ".md", ".png")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel installed, built from a copy of the source.

    In its box: small weights, files that stand for their card, and a run that must stay out.
    """
    pytest.importorskip("pip", reason="installing a wheel needs pip")
    pytest.importorskip("hatchling", reason="building a wheel needs hatchling: install '.[dev]'")
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in PARTS:
        origin = ROOT / name
        if origin.is_dir():
            shutil.copytree(origin, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(origin, source / name)
    small = FASHION.scaled(1 / 16)
    box = source / "checkpoints" / "alexnet-fashionmnist.safetensors"
    save_weights(box, AlexNet(small), ModelFacts(architecture=small))
    for ending in CARD:
        box.with_suffix(ending).write_text("{}", encoding="utf-8")
    (box.parent / "first").mkdir()
    for name in ("README.md", "first/best.safetensors", "first/settings.json"):
        (box.parent / name).write_text("{}", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    installed = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(installed), str(next(out.glob("*.whl")))], check=True)
    return installed


def run_elsewhere(site: Path, folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_finds_its_sample_lessons_and_weights(site: Path, tmp_path: Path) -> None:
    code = "from alexnet_tutor import resources as r; print(r.sample(), r.lessons(), r.weights(), sep='\\n')"
    found = [Path(line) for line in run_elsewhere(site, tmp_path, "-c", code).split("\n")[:3]]
    assert all(path.is_relative_to(site) and path.exists() for path in found)
    assert found[0].read_bytes() == (ROOT / "sample.png").read_bytes()
    assert (found[1] / "README.md").is_file()


def test_the_installed_command_traces_its_sample_with_its_weights(
    site: Path, tmp_path: Path
) -> None:
    told = run_elsewhere(site, tmp_path, "-m", "alexnet_tutor", "trace")
    assert "UNTRAINED" not in told
    assert "conv5" in told


def test_the_installed_script_is_the_command(site: Path, tmp_path: Path) -> None:
    told = run_elsewhere(site, tmp_path, str(site / "bin" / "tutor"), "--version")
    assert told == f"alexnet_tutor {alexnet_tutor.__version__}\n"


def test_the_wheel_is_typed_and_licensed(site: Path) -> None:
    assert (site / "alexnet_tutor" / "py.typed").is_file()
    assert list(site.glob("*.dist-info/licenses/LICENSE"))


def test_runs_and_data_stay_out_of_the_wheel(site: Path) -> None:
    names = [path.name for path in (site / "alexnet_tutor" / "shipped").rglob("*")]
    assert not [name for name in names if "ubyte" in name]
    found = (site / "alexnet_tutor" / "shipped" / "checkpoints").iterdir()
    assert {path.name for path in found} == {
        f"alexnet-fashionmnist{ending}" for ending in (".safetensors", *CARD)
    }


def test_every_dependency_is_used() -> None:
    """Imported by the package or the tests; pytest-timeout is used by its setting."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {re.split(r"[<>=]", entry)[0] for entry in settings["project"]["dependencies"]}
    imported = {
        name.split(".")[0]
        for folder in ("alexnet_tutor", "tests")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    names = {"pillow": "PIL"}
    assert {name for name in wanted if names.get(name, name) not in imported} == {"pytest-timeout"}
    assert settings["tool"]["pytest"]["ini_options"]["timeout"] > 0
    assert not any("<" in entry for entry in settings["project"]["dependencies"])


def test_the_face_of_the_library_is_complete() -> None:
    assert all(getattr(alexnet_tutor, name) is not None for name in alexnet_tutor.__all__)
    assert set(alexnet_tutor.__all__) <= set(dir(alexnet_tutor))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = alexnet_tutor.nothing
