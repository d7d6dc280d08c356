"""The command itself: help, version, errors, settings."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import pytest
import typer

from alexnet_tutor import __version__
from alexnet_tutor.architecture import FASHION, PRESETS
from alexnet_tutor.cli import options, output
from alexnet_tutor.cli.app import app
from alexnet_tutor.footprint import Footprint
from alexnet_tutor.training import recipes

COMMANDS = [
    "start",
    "lesson",
    "check",
    "watch",
    "hint",
    "solution",
    "reset",
    "progress",
    "trace",
    "walk",
    "inspect",
    "summary",
    "train",
    "evaluate",
    "plot",
    "predict",
    "compress",
    "bench",
    "release",
    "grade",
]


def test_version(tutor) -> None:
    assert tutor("--version").stdout == f"alexnet_tutor {__version__}\n"


def test_help_names_every_command_and_fits_80_columns(tutor) -> None:
    text = tutor("--help").stdout
    for name in COMMANDS:
        assert f"\n  {name} " in text
        own = tutor(name, "--help").stdout
        assert "Usage:" in own
        assert all(len(line) <= 80 for line in own.splitlines()), own
    assert all(len(line) <= 80 for line in text.splitlines())


def test_alone_it_shows_its_help(tutor) -> None:
    assert tutor().stdout == tutor("--help").stdout
    assert tutor().exit_code == 0


def test_layers_can_be_completed() -> None:
    assert options.layer_names()[0] == "conv1"
    assert options.layer_names()[-2:] == ["fc8", "softmax"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_output_that_cannot_be_written_is_told() -> None:
    command = [sys.executable, "-m", "alexnet_tutor", "inspect", "conv1"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_command_is_registered() -> None:
    assert set(typer.main.get_command(app).commands) == set(COMMANDS)


@pytest.mark.parametrize("arguments", [["fly"], ["--fly"], ["inspect"], ["predict"]])
def test_wrong_use_is_one_line_with_a_way_to_help(refused, arguments: list[str]) -> None:
    assert "--help" in refused(*arguments)


def test_choices_are_the_ones_the_library_knows() -> None:
    assert [preset.value for preset in options.PresetName] == list(PRESETS)
    assert list(get_args(recipes.Preset)) == list(PRESETS)


def test_a_settings_file_gives_defaults_and_a_flag_beats_it(tutor, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text('[summary]\npreset = "paper"\n')
    assert "60,965,224" in tutor("summary").stdout
    assert "58,299,082" in tutor("summary", "--preset", "fashion").stdout


@pytest.mark.parametrize(
    ("text", "word"),
    [("[train]\nepoch = 3\n", "epoch"), ("[fly]\nx = 1\n", "fly"), ("[train\n", "settings.toml")],
)
def test_a_settings_file_that_makes_no_sense_is_refused(refused, home, text, word) -> None:
    home.mkdir()
    (home / "settings.toml").write_text(text)
    assert word in refused("summary")


def test_a_settings_file_names_options_as_a_person_does(tutor, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("[summary]\njson = true\n")
    assert json.loads(tutor("summary").stdout)["agrees"] is True


def test_help_and_version_work_whatever_the_settings_file_says(tutor, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("nonsense")
    assert tutor("--version").exit_code == 0
    assert tutor("train", "--help").exit_code == 0


def test_python_m_runs_the_same_command() -> None:
    command = [sys.executable, "-m", "alexnet_tutor", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"alexnet_tutor {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_had_for_every_shell(shell: str) -> None:
    command = [sys.executable, "-m", "alexnet_tutor"]
    environment = {**os.environ, "_TUTOR_COMPLETE": f"source_{shell}"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert "tutor" in done.stdout


def test_what_is_no_finite_number_is_null_in_json(capsys) -> None:
    output.show_json({"a": [1.5, float("nan")], "b": (float("inf"),)})
    assert json.loads(capsys.readouterr().out) == {"a": [1.5, None], "b": [None]}


def test_something_unforeseen_is_one_line_and_says_how_to_see_more(refused, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("alexnet_tutor.cli.summary.walk", broken)
    line = refused("summary", code=1)
    assert "a bug" in line
    assert "TUTOR_DEBUG=1" in line


def test_ctrl_c_ends_with_130_and_no_traceback(tutor, monkeypatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("alexnet_tutor.cli.summary.walk", interrupted)
    result = tutor("summary")
    assert result.exit_code == 130
    assert "Traceback" not in result.output


@pytest.mark.parametrize("layer", [spec.name for spec in FASHION.layers] + ["softmax"])
def test_every_layer_has_its_page(tutor, layer: str) -> None:
    result = tutor("inspect", layer)
    assert result.exit_code == 0, result.output
    assert layer in result.stdout.splitlines()[0]
    assert "ection" in result.stdout
    assert "parameters = " in result.stdout
    assert all(len(line) <= 80 for line in result.stdout.splitlines())
    assert f"tutor trace --layer {layer}" in result.stdout


def test_a_page_shows_its_code_when_asked(tutor) -> None:
    assert "def forward" not in tutor("inspect", "conv2").stdout
    assert "class LRN" in tutor("inspect", "lrn1", "--source").stdout
    assert "def by_hand" in tutor("inspect", "conv2", "--source").stdout


def test_a_page_of_an_unknown_layer_lists_the_layers(refused) -> None:
    assert "conv1 relu1 lrn1" in refused("inspect", "conv9")


@pytest.mark.parametrize(("preset", "total"), [("fashion", "58,299,082"), ("paper", "60,965,224")])
def test_summary_shows_two_counts_that_agree(tutor, preset: str, total: str) -> None:
    text = tutor("summary", "--preset", preset).stdout
    assert f"Total params: {total}" in text
    assert text.count(total) >= 2
    told = json.loads(tutor("summary", "--preset", preset, "--json").stdout)
    assert (told["agrees"], f"{told['params']:,}") == (True, total)
    assert len(told["layers"]) == 23
    memory = Footprint.of(PRESETS[preset], 128)
    assert told["memory"] == asdict(memory)
    assert f"about {memory.fp32 / 1e9:.1f} GB to train at batch 128 in fp32" in " ".join(
        text.split()
    )


def test_summary_refuses_bad_input(refused) -> None:
    assert "fashion" in refused("summary", "--preset", "imagenet")
