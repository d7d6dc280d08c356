"""``tutor bench`` with everything that takes time left out."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from show.showing import fake_bench

from alexnet_tutor import resources
from alexnet_tutor.bench import measure
from alexnet_tutor.bench.plan import FULL, QUICK, Plan
from alexnet_tutor.cli import bench, output
from alexnet_tutor.records import BenchProgress, BenchRecord


@pytest.fixture
def asked(monkeypatch) -> list[tuple[Plan, str]]:
    """The plans and commands that were measured: an invented record stands for each."""
    plans: list[tuple[Plan, str]] = []

    def invented(plan: Plan, command: str) -> Iterator[BenchProgress]:
        plans.append((plan, command))
        yield BenchProgress("loading", 0, plan.rounds, 0, 1, None)
        yield BenchProgress("kit_step", 1, plan.rounds, 9, 27, 12.3)
        return fake_bench()

    monkeypatch.setattr(measure, "measure", invented)
    return plans


def test_the_record_is_shown_and_saved(tutor, asked, tmp_path: Path) -> None:
    file = tmp_path / "new" / "here.json"
    result = tutor("bench", "--save", file)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("This machine trains AlexNet at 69.1 pictures/s")
    assert result.stderr == f"Saved {file}.\n"
    assert BenchRecord.from_json(json.loads(file.read_text(encoding="utf-8"))) == fake_bench()
    assert asked == [(FULL, "tutor bench")]


def test_json_is_the_record_and_nothing_else(tutor, asked, tmp_path: Path) -> None:
    file = tmp_path / "here.json"
    result = tutor("bench", "--quick", "--rounds", 2, "--json", "--save", file)
    told = json.loads(result.stdout)
    assert told == json.loads(file.read_text(encoding="utf-8"))
    assert told["kind"] == "tutor bench"
    ((plan, command),) = asked
    assert (plan.batch_size, plan.rounds) == (QUICK.batch_size, 2)
    assert command == "tutor bench --quick --rounds 2"


def test_the_kit_can_be_measured_without_bf16(tutor, asked, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resources, "checkout", lambda: tmp_path)
    assert tutor("bench", "--precision", "fp32").exit_code == 0
    ((plan, command),) = asked
    assert (plan.precision, command) == ("fp32", "tutor bench --precision fp32")
    assert (tmp_path / "benchmarks/results/2026-11-25-linux-2cores-fp32.json").is_file()


def test_without_save_it_goes_to_a_checkout_s_results_or_home(
    tutor, asked, monkeypatch, tmp_path: Path, home: Path
) -> None:
    monkeypatch.setattr(resources, "checkout", lambda: tmp_path / "source")
    assert tutor("bench").exit_code == 0
    assert (tmp_path / "source/benchmarks/results/2026-11-25-linux-2cores.json").is_file()
    monkeypatch.setattr(resources, "checkout", lambda: None)
    assert tutor("bench", "--quick").exit_code == 0
    assert (home / "bench" / "2026-11-25-linux-2cores-quick.json").is_file()


def test_a_checkout_is_told_from_a_wheel(monkeypatch, tmp_path: Path) -> None:
    assert resources.checkout() == Path(__file__).parents[2]
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "alexnet_tutor")
    assert resources.checkout() is None


@pytest.mark.parametrize(
    "words",
    [
        ["--rounds", "0"],
        ["--rounds", "101"],
        ["--device", "abacus"],
        ["--precision", "fp8"],
        ["--save", "."],
    ],
)
def test_bad_input_is_refused_before_anything_is_measured(refused, asked, words: list[str]) -> None:
    assert words[0] in refused("bench", *words)
    assert not asked


def test_a_disk_that_refuses_names_the_option(refused, asked, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "--save" in refused("bench", "--save", tmp_path / "file" / "x.json")


def test_progress_says_what_which_round_and_how_long(capsys, monkeypatch) -> None:
    monkeypatch.setattr(output, "stderr_is_terminal", lambda: True)
    now = BenchProgress("kit_step", 1, 5, 9, 54, 75.0)
    assert bench._said(now, "this kit") == "this kit, round 1/5, 1 min 15 s left"
    warm = BenchProgress("kit_step", 0, 5, 1, 54, None)
    assert bench._said(warm, "this kit") == "this kit, warming up"

    def measured() -> Iterator[BenchProgress]:
        yield now
        return fake_bench()

    assert bench._follow(measured()) == fake_bench()
    assert "this kit, round 1/5" in capsys.readouterr().err
