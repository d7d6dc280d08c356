"""scripts/compare_recipes.py: times, target and ratio from the folders of two runs, and no mixing."""

import importlib.util
import json
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from show.showing import fake_bench

from alexnet_tutor import machine
from alexnet_tutor.records import BenchRecord, EpochRecord, Timing
from alexnet_tutor.training.metrics import write_metrics
from alexnet_tutor.training.named import RECIPES
from alexnet_tutor.training.recipes import Settings, origins_of
from alexnet_tutor.training.run import RunFacts, write_settings
from alexnet_tutor.training.run_folder import RunFolder

ROOT = Path(__file__).parents[1]
ORIGIN = (0.5, 0.7, 0.8, 0.84, 0.86, 0.87, 0.88, 0.89, 0.9, 0.91)
QUICK = (0.8, 0.85, 0.9, 0.915, 0.92)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = ROOT / "scripts" / "compare_recipes.py"
    spec = importlib.util.spec_from_file_location("compare_recipes", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["compare_recipes"] = module  # its dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def invented_run(
    folder: Path, settings: Settings, accuracies: tuple[float | None, ...], prints: str = "a"
) -> Path:
    """36,000 pictures; half an hour per epoch."""
    facts = RunFacts(settings, origins_of(settings), "cpu", "fp32", prints, {"kit": "0"})
    folder.mkdir()
    write_settings(RunFolder(folder), facts, {"pictures": {"learnt": 36_000}})
    rows = [
        EpochRecord(number, 282, 0.5, 0.5, None if got is None else 0.4, got, 0.01, 1800.0, 20.0)
        for number, got in enumerate(accuracies, start=1)
    ]
    write_metrics(folder / "metrics.csv", rows)
    return folder


@pytest.fixture
def bench() -> BenchRecord:
    """The origin's step at 10 pictures a second on this machine: an epoch of 36,000 is an hour."""
    told = fake_bench()
    timings = {**told.timings, "origin_step": Timing((12.8, 12.8, 12.8))}
    return replace(told, timings=timings, machine=machine.describe())


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    return (
        invented_run(tmp_path / "origin", Settings(**RECIPES["origin"]), ORIGIN),
        invented_run(tmp_path / "quick", Settings(**RECIPES["quick"]), QUICK),
    )


def test_it_prints_the_ratio_and_draws_the_figure(
    script, folders, bench, tmp_path: Path, monkeypatch, capsys
) -> None:
    """The target is the origin's last 91%: 10 h there, 2 h with quick."""
    file, picture = tmp_path / "bench.json", tmp_path / "new" / "figure.png"
    file.write_text(json.dumps(bench.to_json()))
    words = ["--origin", folders[0], "--quick", folders[1], "--bench", file, "--save", picture]
    monkeypatch.setattr(sys, "argv", ["compare_recipes.py", *map(str, words)])
    script.main()
    out = capsys.readouterr().out
    assert out.startswith(
        "Target, of the pictures held out: 91.0%, the lower of 92% and the origin's"
    )
    assert "| origin | 10 | 91.0% | 10.00 | 10.00 |" in out
    assert "| quick | 5 | 92.0% | 2.50 | 2.00 |" in out
    assert "Ratio: 5.0×." in out
    assert "10.0 pictures/s, its measured rate" in out
    with Image.open(picture) as drawn:
        assert drawn.width > 500


def test_the_figure_shows_hours_on_a_logarithmic_axis(script, folders, bench) -> None:
    runs = [script.read_recipe(folders[i], name) for i, name in enumerate(("origin", "quick"))]
    origin, quick = script.curves(*runs, bench)
    (axes,) = script.figure(origin, quick, bench).axes
    assert axes.get_xscale() == "log"
    slow, fast, _ = axes.lines
    assert list(slow.get_xdata()) == pytest.approx(range(1, 11))
    assert list(fast.get_xdata()) == pytest.approx([0.5, 1, 1.5, 2, 2.5])
    assert list(fast.get_ydata()) == list(QUICK)
    assert slow.get_marker() != fast.get_marker()
    assert "its measured rate" in slow.get_label()
    assert slow.get_label().endswith("reached after 10 h 00 min")
    assert fast.get_label() == "quick: as measured; reached after 2 h 00 min"


@given(
    accuracy=st.lists(st.floats(0, 1), min_size=1, max_size=8),
    target=st.floats(0, 1),
)
def test_a_target_is_reached_at_the_end_of_the_first_epoch_that_has_it(
    script, accuracy: list[float], target: float
) -> None:
    curve = script.Curve("x", tuple(range(1, len(accuracy) + 1)), tuple(accuracy))
    time = curve.hours_to(target)
    assert (time is None) == (max(accuracy) < target)
    if time is not None:
        assert accuracy[time - 1] >= target
        assert all(got < target for got in accuracy[: time - 1])
    assert script.target_of(curve, curve) == min(0.92, accuracy[-1])
    begun = replace(curve, finished=False)
    assert script.target_of(begun, curve) == min(0.92, max(accuracy))


def test_a_target_that_quick_misses_is_said(script, bench) -> None:
    origin = script.Curve("origin", (1.0, 2.0), (0.9, 0.95))
    quick = script.Curve("quick", (0.1,), (0.9,))
    told = script.table(origin, quick, bench)
    assert "held out: 92.0%," in told
    assert "| quick | 1 | 90.0% | 0.10 | not reached |" in told
    assert "Ratio: none." in told
    script.figure(origin, quick, bench)


def test_an_origin_that_is_not_finished_gives_a_bound(script, bench, tmp_path: Path) -> None:
    """After 3 hours at 80% it has not come to quick's 91%, which took half an hour: more than 6×."""
    settings = replace(Settings(**RECIPES["origin"]), precision="bf16")
    run = script.read_recipe(invented_run(tmp_path / "begun", settings, ORIGIN[:3]), "origin")
    assert len(run.history) == 3
    origin = script.Curve("origin", (1.0, 2.0, 3.0), ORIGIN[:3], finished=False, precision="bf16")
    quick = script.Curve("quick", (0.25, 0.5), (0.9, 0.91))
    told = script.table(origin, quick, bench)
    assert "Ratio: more than 6.0×." in told
    assert (
        "91.0%, the lower of 92% and quick's highest; the origin was followed for 3 epochs" in told
    )
    assert "its accuracy was learnt in bf16" in told
    assert "accuracy in bf16" in script.figure(origin, quick, bench).axes[0].lines[0].get_label()


def test_what_would_not_compare_is_refused(script, folders, bench, tmp_path: Path) -> None:
    origin, quick = Settings(**RECIPES["origin"]), Settings(**RECIPES["quick"])
    read, refused = script.read_recipe, pytest.raises
    narrow = invented_run(tmp_path / "narrow", replace(origin, width=0.5), ORIGIN)
    with refused(script.TutorError, match="not the recipe origin: it has its own width"):
        read(narrow, "origin")
    with refused(script.TutorError, match="not finished"):
        read(invented_run(tmp_path / "half", quick, QUICK[:2]), "quick")
    with refused(script.TutorError, match="held nothing out"):
        read(invented_run(tmp_path / "all", quick, (None,) * 5), "quick")
    first, second = read(folders[0], "origin"), read(folders[1], "quick")
    others = read(invented_run(tmp_path / "others", quick, QUICK, prints="b"), "quick")
    with refused(script.TutorError, match="different pictures"):
        script.curves(first, others, bench)
    with refused(script.TutorError, match="not of the same machine"):
        script.curves(first, second, replace(bench, device="cuda"))
    with refused(script.TutorError, match="not of the same machine"):
        script.curves(first, second, replace(bench, machine={**bench.machine, "cores": 99}))
    with refused(script.TutorError, match="step is not the origin's"):
        script.curves(first, second, replace(bench, batch_size=32))
    with refused(script.TutorError, match="no result of tutor bench"):
        script.read_bench(folders[0] / "settings.json")
