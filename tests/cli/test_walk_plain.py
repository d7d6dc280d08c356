"""``tutor walk --plain``, ``--md``, and without a terminal."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from PIL import Image
from thorough import only

from alexnet_tutor.cli import models, walk


@pytest.fixture
def page(tutor, small_weights: Path):
    """``page("--from", "conv2")``: the page of a network that is quick to run."""

    def run(*words: object) -> str:
        result = tutor("walk", *words, "--weights", small_weights)
        assert result.exit_code == 0, result.output
        assert result.stderr == ""
        return result.stdout

    return run


def test_without_a_terminal_the_walk_is_a_page(page, home: Path) -> None:
    text = page()
    assert text == page("--plain")
    assert text.startswith("A walk through the network: sample.png\n")
    assert len(re.findall(r"^Stop \d+ of 25: ", text, re.MULTILINE)) == 25
    assert re.search(r"\n    tutor trace unit softmax:\d --weights\s", text)
    assert not (home / "walk.json").exists()  # nobody stood anywhere


def test_plain_asks_for_no_screen_even_where_there_is_one(page, monkeypatch) -> None:
    monkeypatch.setattr(walk, "has_terminal", lambda: True)
    words = ("--from", "fc8")
    assert page("--plain", *words).startswith("A walk through the network: sample.png\n")
    assert page("--md", *words).startswith("# A walk through the network: sample.png\n")
    assert page("--plain", "--md", *words) == page("--md", *words)


def test_markdown_has_a_heading_for_each_stop(page) -> None:
    parsed = MarkdownIt("commonmark").enable("table").parse(page("--md"))
    assert [token.tag for token in parsed if token.type == "heading_open"] == ["h1", *["h2"] * 25]
    assert any(token.type == "table_open" for token in parsed)


def test_columns_is_the_width(page, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    lines = page("--from", "conv5:3,6,6").splitlines()
    assert 45 < max(len(line) for line in lines if " " in line.strip()) <= 50


def test_the_picture_and_its_inversion_count(page, tmp_path: Path) -> None:
    Image.new("L", (40, 30), 200).save(tmp_path / "my_*boot*.png")
    words = ("--from", "softmax", "--image", tmp_path / "my_*boot*.png")
    plain, inverted = page(*words, "--no-invert"), page(*words, "--invert")
    assert plain.startswith("A walk through the network: my_*boot*.png\n")
    assert plain != inverted
    assert " --invert" in " ".join(inverted.split())
    assert page(*words, "--md").startswith(r"# A walk through the network: my\_\*boot\*.png")


def test_random_weights_are_said(tutor) -> None:
    words = ("walk", "--preset", "paper", "--from", "drop7", "--plain")
    text = tutor(*words).stdout
    assert text.count("! UNTRAINED: these weights are random") == 2
    assert text.splitlines()[2].startswith("! UNTRAINED")
    assert "The network's answer" not in text


def test_a_layer_that_computes_something_else_ends_with_1(
    tutor, small_weights, monkeypatch
) -> None:
    real = models.open_model

    def tampered(*words: object):
        network, facts = real(*words)
        own = network.conv2.forward
        network.conv2.forward = lambda x: own(x) + 0.01
        return network, facts

    monkeypatch.setattr(models, "open_model", tampered)
    result = tutor("walk", "--plain", "--weights", small_weights)
    assert result.exit_code == 1
    assert result.stdout.count("- ✗ difference") == 1
    assert re.fullmatch(
        r"Error: By hand these .* network: conv2:\S+\. Rounding .*\n", result.stderr
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--from", "conv9"], "The layers are: input conv1"),
        (["--from", "conv5:99,1,1"], "channel 0 to 15"),
        (["--image", "nowhere.png"], "nowhere.png"),
        (["--run", "nowhere"], "--weights and --run"),
        (["--json"], "--json"),
        (["--quiz"], "--quiz needs the walk on a screen. Leave it or --plain out."),
    ],
)
def test_bad_input_is_one_line(refused, small_weights: Path, words, expected) -> None:
    assert expected in refused("walk", "--plain", *words, "--weights", small_weights)


@only
def test_a_page_loads_nothing_of_the_screen(small_weights: Path) -> None:
    code = (
        "import sys\nfrom alexnet_tutor.cli.app import app\n"
        f"app(['walk', '--plain', '--from', 'fc8', '--weights', {str(small_weights)!r}], standalone_mode=False)\n"
    )
    code = code.replace("app(", "try:\n    app(", 1) + (
        "except SystemExit as end:\n    assert not end.code\nassert 'textual' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert b"\x1b" not in done.stdout
