"""Checkpoints: whole or not there, the last two, and a damaged one is passed over with a word."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.records import EpochRecord, ModelFacts
from alexnet_tutor.training import checkpoint
from alexnet_tutor.training.checkpoint import (
    complete,
    from_state,
    load_newest,
    place_of,
    save_checkpoint,
    to_state,
    write_json,
)
from alexnet_tutor.training.loop import Position
from alexnet_tutor.training.step import Learner, Tally

Make = Callable[..., Learner]
finite = st.floats(allow_nan=False, allow_infinity=False)


def names(root: Path) -> list[str]:
    return [path.name for path in complete(root)]


def at(epoch: int, step: int = 0) -> Position:
    return Position(epoch=epoch, step=step)


@pytest.fixture
def save(tmp_path: Path, make_learner: Make, facts: ModelFacts) -> Callable[[Position], Path]:
    learner = make_learner()
    return lambda position: save_checkpoint(tmp_path, learner, position, facts)


@given(
    epoch=st.integers(0, 10**6),
    step=st.integers(0, 10**6),
    sums=st.tuples(finite, finite, finite, finite),
    seconds=finite,
    losses=st.lists(finite, max_size=3),
)
def test_a_position_survives_the_trip_through_json_to_the_last_bit(
    epoch: int, step: int, sums: tuple[float, ...], seconds: float, losses: list[float]
) -> None:
    history = tuple(
        EpochRecord(number, 3, loss, loss, None, loss, loss, loss, loss)
        for number, loss in enumerate(losses, 1)
    )
    position = Position(epoch, step, Tally(*sums), seconds, history)
    assert from_state(json.loads(json.dumps(to_state(position)))) == position


@pytest.mark.parametrize("state", [{}, {"epoch": 1}, {**to_state(Position()), "sums": [1, 2]}])
def test_a_state_that_makes_no_sense_is_refused(state: dict) -> None:
    with pytest.raises(ValueError, match="makes no sense"):
        from_state(state)


def test_what_was_saved_is_taken_over(
    tmp_path: Path,
    make_learner: Make,
    facts: ModelFacts,
    make_row: Callable[..., EpochRecord],
    noise: type,
) -> None:
    learner = make_learner()
    for pictures, targets in noise().epoch(0):
        learner.learn(pictures, targets, rate=0.1)
    position = Position(1, 2, learner.tally(), 0.1, (make_row(1),))
    folder = save_checkpoint(tmp_path, learner, position, facts)
    assert folder.name == "epoch-001-step-00002"
    other = make_learner(seed=4)
    loaded = load_newest(tmp_path, other)
    assert (loaded.position, loaded.folder, loaded.notices) == (position, folder, ())
    for name, value in other.network.state_dict().items():
        assert torch.equal(value, learner.network.state_dict()[name])
    for name, value in other.momentum().items():
        assert torch.equal(value, learner.momentum()[name])


def test_no_file_of_a_checkpoint_is_a_pickle(save: Callable[[Position], Path]) -> None:
    files = sorted(path.name for path in save(at(1)).iterdir())
    assert files == ["manifest.json", "optimiser.safetensors", "state.json", "weights.safetensors"]


def test_where_there_is_none_there_is_none(tmp_path: Path, make_learner: Make) -> None:
    assert load_newest(tmp_path / "nowhere", make_learner()) is None


def test_the_last_two_are_kept(tmp_path: Path, save: Callable[[Position], Path]) -> None:
    for position in (at(0, 5), at(1), at(1, 7), at(2)):
        save(position)
    assert names(tmp_path) == ["epoch-002-step-00000", "epoch-001-step-00007"]


def test_newest_is_by_number_and_not_by_name(
    tmp_path: Path, save: Callable[[Position], Path]
) -> None:
    save(at(999))
    save(at(1000, 100_000))
    assert place_of(complete(tmp_path)[0]) == (1000, 100_000)


def test_other_folders_are_left_alone(tmp_path: Path, save: Callable[[Position], Path]) -> None:
    for name in ("epoch-one-step-two", "mine"):
        (tmp_path / name).mkdir()
    for number in (1, 2, 3):
        save(at(number))
    assert {path.name for path in tmp_path.iterdir()} >= {"epoch-one-step-two", "mine"}


def test_an_incomplete_one_is_ignored_and_swept(
    tmp_path: Path, save: Callable[[Position], Path], make_learner: Make
) -> None:
    save(at(1))
    trace = save(at(1, 4))
    (trace / "manifest.json").unlink()
    assert load_newest(tmp_path, make_learner()).position == at(1)
    save(at(2))
    assert not trace.exists()
    assert names(tmp_path) == ["epoch-002-step-00000", "epoch-001-step-00000"]


@pytest.mark.parametrize("name", ["weights.safetensors", "optimiser.safetensors", "state.json"])
@pytest.mark.parametrize("harm", ["flip", "truncate", "remove"])
def test_a_damaged_newest_one_is_passed_over_with_a_word(
    tmp_path: Path, save: Callable[[Position], Path], make_learner: Make, name: str, harm: str
) -> None:
    save(at(1))
    path = save(at(2)) / name
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    if harm == "remove":
        path.unlink()
    else:
        path.write_bytes(content if harm == "flip" else content[:-1])
    loaded = load_newest(tmp_path, make_learner())
    assert loaded.position == at(1)
    assert len(loaded.notices) == 1
    assert "epoch-002-step-00000 is damaged" in loaded.notices[0]


def test_a_damaged_one_goes_with_the_next_save_and_a_sound_one_stays(
    tmp_path: Path, save: Callable[[Position], Path]
) -> None:
    save(at(1))
    (save(at(2)) / "state.json").write_text("{}")
    save(at(1, 3))
    assert names(tmp_path) == ["epoch-001-step-00003", "epoch-001-step-00000"]


def test_none_usable_is_an_error_of_its_own(
    tmp_path: Path, save: Callable[[Position], Path], make_learner: Make
) -> None:
    for position in (at(1), at(2)):
        (save(position) / "manifest.json").write_text("[]" if position.epoch == 1 else "{")
    with pytest.raises(TutorError, match=r"No checkpoint .* is usable") as caught:
        load_newest(tmp_path, make_learner())
    assert caught.value.exit_code is ExitCode.BAD_CHECKPOINT


def test_a_checkpoint_of_another_network_is_not_taken_over(
    tmp_path: Path, make_learner: Make, facts: ModelFacts, save: Callable[[Position], Path]
) -> None:
    save(at(1))
    learner = make_learner()
    learner.network.architecture = facts.architecture.without("lrn1")
    with pytest.raises(TutorError, match="belongs to another network"):
        load_newest(tmp_path, learner)


@pytest.mark.parametrize("epoch", [2, 3], ids=["at the place of the last", "further on"])
@pytest.mark.parametrize("function", ["save_weights", "save_tensors", "write_json"])
def test_a_full_disk_is_told_and_the_earlier_checkpoints_stay(
    tmp_path: Path,
    save: Callable[[Position], Path],
    make_learner: Make,
    monkeypatch: pytest.MonkeyPatch,
    function: str,
    epoch: int,
) -> None:
    save(at(1))
    save(at(2))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(checkpoint, function, full)
        with pytest.raises(TutorError, match=r"No space left .* --resume") as caught:
            save(at(epoch))
    assert caught.value.exit_code is ExitCode.FAILED
    assert names(tmp_path) == ["epoch-002-step-00000", "epoch-001-step-00000"]
    assert len(list(tmp_path.iterdir())) == 2
    assert load_newest(tmp_path, make_learner()).position == at(2)


def test_saving_again_at_the_same_place_replaces_what_was_there(
    tmp_path: Path, save: Callable[[Position], Path], make_learner: Make
) -> None:
    folder = save(at(1))
    shutil.copy(folder / "state.json", folder / ".state.json.abc.tmp")
    (folder / "state.json").write_text("{}")
    assert save(at(1)) == folder
    assert load_newest(tmp_path, make_learner()).position == at(1)
    assert not list(folder.glob(".*"))


def test_what_a_killed_process_was_writing_is_no_checkpoint_and_goes(
    tmp_path: Path, save: Callable[[Position], Path], make_learner: Make
) -> None:
    save(at(1))
    save(at(2)).rename(tmp_path / ".new")
    assert load_newest(tmp_path, make_learner()).position == at(1)
    save(at(1, 5))
    assert {path.name for path in tmp_path.iterdir()} == {
        "epoch-001-step-00000",
        "epoch-001-step-00005",
    }


def test_a_name_that_utf_8_lacks_can_be_written_down(tmp_path: Path) -> None:
    """The home folder of someone whose name was spelt in Latin-1."""
    write_json(tmp_path / "x.json", {"name": "/home/rené/caf\udce9"})
    text = (tmp_path / "x.json").read_text(encoding="utf-8")
    assert "rené" in text
    assert json.loads(text) == {"name": "/home/rené/caf\udce9"}
