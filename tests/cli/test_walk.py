"""``tutor walk``: where it begins, and the two lines it leaves with."""

import asyncio
import json
import shlex
from pathlib import Path

import pytest
from PIL import Image

from alexnet_tutor.cli import walk
from alexnet_tutor.show.walk.app import WalkApp


@pytest.fixture
def walked(tutor, small_weights: Path, monkeypatch):
    """``walked(keys, "--from", "conv2")`` presses keys; gives the result and where it began."""
    monkeypatch.setattr(walk, "has_terminal", lambda: True)

    def run(keys: list[str], *words: object):
        began = []

        def pressed(app: WalkApp) -> None:
            async def press() -> None:
                async with app.run_test() as pilot:
                    began.append(str(app.stand.place))
                    await pilot.press(*keys)

            asyncio.run(press())

        monkeypatch.setattr(WalkApp, "run", pressed)
        return tutor("walk", *words, "--weights", small_weights), *began

    return run


def test_q_s_command_leads_back_to_the_very_value(walked, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Image.new("L", (40, 30), 200).save("my boot.png")
    words = ("--image", "my boot.png", "--no-invert")
    result, began = walked(["left", "up", "n", "q"], "--from", "conv5:3,6,6", *words)
    assert result.exit_code == 0, result.output
    assert began == "conv5:3,6,6"
    seen, back = result.stdout.splitlines()
    assert seen == "You saw 4 values of 2 layers of my boot.png: conv5, relu5."
    assert back.startswith("Back to it: tutor walk --from relu5:3,5,5 --image 'my boot.png' ")
    assert back.endswith(" --no-invert")
    command = shlex.split(back.removeprefix("Back to it: tutor walk "))
    at = command.index("--weights")
    again, began = walked(["q"], *command[:at], *command[at + 2 :])
    assert again.exit_code == 0
    assert began == "relu5:3,5,5"
    assert again.stdout.splitlines()[1] == back


def test_it_opens_where_the_learner_left_off_by_picture_and_weights(
    walked, tmp_path: Path, home: Path
) -> None:
    Image.new("L", (40, 30), 200).save(tmp_path / "other.png")
    _, first = walked(["4", "right", "q"])
    assert first.startswith("conv1:")
    (left,) = json.loads((home / "walk.json").read_text()).values()
    assert left.startswith("conv4:")
    assert walked(["q"])[1] == left
    assert walked(["q"], "--image", tmp_path / "other.png")[1].startswith("conv1:")
    assert walked(["q"])[1] == left
    (home / "walk.json").write_text("[]")
    assert walked(["q"])[1] == first


def test_ctrl_c_ends_with_130(walked) -> None:
    assert walked(["ctrl+c"])[0].exit_code == 130


def test_a_layer_alone_is_its_strongest_value(walked, tutor, small_weights: Path) -> None:
    result, began = walked(["q"], "--from", "conv2")
    told = tutor("trace", "unit", "--layer", "conv2", "--json", "--weights", small_weights)
    assert json.loads(told.stdout)["unit"] == began
    assert f"--from {began} " in result.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--from", "conv9"], "The layers are: input conv1"),
        (["--from", "conv5:99,1,1"], "channel 0 to 15"),
        (["--image", "nowhere.png"], "nowhere.png"),
    ],
)
def test_bad_input_is_one_line(refused, small_weights, monkeypatch, words, expected) -> None:
    monkeypatch.setattr(walk, "has_terminal", lambda: True)
    assert expected in refused("walk", *words, "--weights", small_weights)
