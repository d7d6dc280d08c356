"""docs/performance.md is what scripts/write_performance.py makes of the committed results."""

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from show.showing import fake_bench

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("wp", ROOT / "scripts" / "write_performance.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def committed() -> list[Path]:
    """The result files that git knows, so that a measurement of one's own breaks no test."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        words = ["git", "-C", str(ROOT), "ls-files", "-z", "benchmarks/results"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            names = [name for name in done.stdout.split("\0") if name.endswith(".json")]
            return sorted(ROOT / name for name in names)
    return sorted(RESULTS.glob("*.json"))


def test_the_page_is_what_the_script_makes(script: ModuleType) -> None:
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert page == script.page(committed()), "run python scripts/write_performance.py"


def test_without_results_the_page_says_so(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("[1]")
    assert script.NOTHING in script.page([])
    assert script.NOTHING in script.page([tmp_path / "other.json"])


def test_each_figure_stands_with_command_machine_and_date(
    script: ModuleType, tmp_path: Path
) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps(fake_bench().to_json()))
    page = script.page([file])
    assert "## `tutor bench`, 2026-11-25, 2 cores" in page
    assert "A processor of 2 GHz, 2 cores, Linux; torch 2.14.0" in page
    assert "| this kit | 1.85 | 1.80–2.08 | 69.1 | 6.3× |" in page
    assert "| this kit's LRN | 0.0952 |" in page
    assert "GPU: not measured." in page
