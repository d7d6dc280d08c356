"""What the README tells a newcomer to type is what the command line takes."""

import csv
import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from alexnet_tutor.cli.app import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(
    r"(?<![\w./-])tutor ([^`\n&]+)", "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))
)


def test_the_readme_has_the_two_lines_that_ci_runs() -> None:
    lines = README.splitlines()
    assert [
        line
        for line in lines
        if re.fullmatch(r"python3 -m venv .* trace --image sample\.png", line)
    ]
    assert [line for line in lines if re.fullmatch(r"python3 -m venv .*/pytest", line)]


@pytest.mark.parametrize("command", sorted(set(COMMANDS)))
def test_every_command_in_the_readme_is_understood(command: str) -> None:
    group = typer.main.get_command(app)
    context = group.make_context("tutor", shlex.split(command))
    name, found, rest = group.resolve_command(context, [*context._protected_args, *context.args])
    found.make_context(name, rest, parent=context)


def test_the_first_training_in_the_readme_runs(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    small = [command for command in COMMANDS if "checkpoints/small" in command]
    assert [command.split()[0] for command in small] == ["train", "evaluate"]
    for command in small:
        result = CliRunner().invoke(app, shlex.split(command))
        assert result.exit_code == 0, result.output


def test_every_command_has_a_row_in_the_readme() -> None:
    for name in typer.main.get_command(app).commands:
        assert re.search(rf"^\| `tutor {name}\b", README, re.MULTILINE), name


def test_the_notebook_lines_do_what_they_say(tmp_path: Path, monkeypatch) -> None:
    first, second = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    monkeypatch.chdir(ROOT)
    exec(compile(first, "README.md", "exec"), names)
    record = names["record"]
    assert record.layer("conv1").output_shape == (1, 96, 56, 56)
    assert record.layer("relu5").maps.shape == (256, 13, 13)
    monkeypatch.chdir(tmp_path)
    exec(compile(second, "README.md", "exec"), names)
    judged = names["evaluate"](names["network"], names["data"].test, names["facts"])
    assert judged.accuracy > 0.2, "chance is 0.1"


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_the_measurement_of_the_initialisations_is_the_file_s() -> None:
    """benchmarks/results/inits.csv: what scripts/compare_inits.py wrote."""
    with (ROOT / "benchmarks" / "results" / "inits.csv").open() as file:
        rows = list(csv.DictReader(file))
    last = max(int(row["epoch"]) for row in rows)
    for init in ("kaiming", "paper"):
        reached = [
            100 * float(row["validation_accuracy"])
            for row in rows
            if row["init"] == init and int(row["epoch"]) == last
        ]
        assert len(reached) == 3
        assert f"{min(reached):.1f} to {max(reached):.1f}%" in README
