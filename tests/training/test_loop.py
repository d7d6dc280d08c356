"""The loop yields what happens, in order, and reads the device only when someone is to be told."""

from collections.abc import Callable
from itertools import count

import pytest

from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.machine import StopRequest
from alexnet_tutor.records import EpochRecord, JudgingRecord, ProgressRecord, SavedRecord
from alexnet_tutor.training.loop import Loop, Position, Timer
from alexnet_tutor.training.recipes import Settings
from alexnet_tutor.training.step import Learner


@pytest.fixture
def make_loop(
    make_learner: Callable[..., Learner], noise: type, settings: Settings
) -> Callable[..., Loop]:
    def make(**changes: object) -> Loop:
        saves: list[Position] = []

        def save(position: Position) -> SavedRecord:
            saves.append(position)
            name = f"epoch-{position.epoch}-step-{position.step}"
            return SavedRecord(name, position.epoch, position.step, best=False)

        options = {
            "learner": make_learner(),
            "batches": noise(),
            "held_out": noise(steps=1),
            "settings": settings,
            "save": save,
            "stop": StopRequest(),
            "refresh_seconds": 0.0,
        }
        return Loop(**{**options, **changes})

    return make


def names(records: list[object]) -> list[str]:
    return [type(record).__name__.removesuffix("Record") for record in records]


def test_each_epoch_is_its_steps_then_its_row_then_its_checkpoint(
    make_loop: Callable[..., Loop],
) -> None:
    records = list(make_loop().run(Position()))
    assert names(records) == ["Progress", "Progress", "Progress", "Judging", "Epoch", "Saved"] * 3
    rows = [record for record in records if isinstance(record, EpochRecord)]
    assert [row.epoch for row in rows] == [1, 2, 3]
    assert all(row.validation_accuracy is not None and row.steps == 3 for row in rows)
    saved = [record for record in records if isinstance(record, SavedRecord)]
    assert [(record.epoch, record.step) for record in saved] == [(1, 0), (2, 0), (3, 0)]


def test_progress_counts_from_one_and_its_last_figures_are_the_rows(
    make_loop: Callable[..., Loop],
) -> None:
    *progress, _, row = list(make_loop().run(Position()))[:5]
    assert [record.step for record in progress] == [1, 2, 3]
    last = progress[-1]
    assert isinstance(last, ProgressRecord)
    assert (last.epoch, last.epochs, last.steps) == (1, 3, 3)
    assert (last.loss, last.accuracy) == (row.train_loss, row.train_accuracy)
    assert last.learning_rate == row.learning_rate == 0.02
    assert last.images_per_second > 0
    assert last.seconds_left > 0


def test_without_pictures_held_out_a_row_has_no_validation(make_loop: Callable[..., Loop]) -> None:
    rows = [row for row in make_loop(held_out=None).run(Position()) if isinstance(row, EpochRecord)]
    assert {row.validation_loss for row in rows} == {None}
    assert {row.validation_accuracy for row in rows} == {None}


def test_the_device_is_read_only_when_the_bar_refreshes(
    make_loop: Callable[..., Loop], noise: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = []
    real = Learner.tally
    monkeypatch.setattr(Learner, "tally", lambda self: reads.append(1) or real(self))
    loop = make_loop(batches=noise(steps=12), refresh_seconds=1e9)
    records = list(loop.run(Position()))
    assert (
        len(reads) == 2 * 3
    )  # an epoch's first step, so that there is something to see, and its last
    assert names(records) == ["Progress", "Progress", "Judging", "Epoch", "Saved"] * 3


def test_stop_ends_after_the_step_under_way_with_a_checkpoint_there(
    make_loop: Callable[..., Loop],
) -> None:
    loop = make_loop()
    steps = loop.run(Position())
    next(steps)
    loop.stop.signal = 2
    assert [
        (record.epoch, record.step) if isinstance(record, SavedRecord) else type(record).__name__
        for record in steps
    ] == ["ProgressRecord", (0, 2)]


def test_stop_before_the_judgement_saves_an_epoch_that_only_lacks_it(
    make_loop: Callable[..., Loop],
) -> None:
    loop = make_loop()
    records = []
    for record in loop.run(Position()):
        records.append(record)
        if isinstance(record, ProgressRecord) and record.step == 3:
            loop.stop.signal = 15
    assert (records[-1].epoch, records[-1].step) == (0, 3)
    again = make_loop(learner=loop.learner)
    position = Position(step=3, tally=loop.learner.tally(), seconds=1.0)
    judging, row, *_ = again.run(position)
    assert isinstance(judging, JudgingRecord)
    assert isinstance(row, EpochRecord)
    assert row.epoch == 1
    assert row.train_loss == records[2].loss


def test_stop_in_the_middle_of_the_judgement_saves_that_epoch_too(
    make_loop: Callable[..., Loop], noise: type
) -> None:
    loop = make_loop(held_out=noise(steps=3))
    records = []
    for record in loop.run(Position()):
        records.append(record)
        if record == JudgingRecord(2, 3):
            loop.stop.signal = 15
    assert names(records) == [*["Progress"] * 3, "Judging", "Judging", "Saved"]
    assert (records[-1].epoch, records[-1].step) == (0, 3)


def test_within_an_epoch_it_saves_when_the_time_has_come(
    make_loop: Callable[..., Loop], noise: type
) -> None:
    ticks = count()
    loop = make_loop(
        batches=noise(steps=6),
        clock=lambda: float(next(ticks)),
        save_every_seconds=9.0,
        refresh_seconds=1e9,
    )
    saved = [record for record in loop.run(Position()) if isinstance(record, SavedRecord)]
    assert [record.step for record in saved if record.epoch == 0]
    assert all(0 <= record.step < 6 for record in saved)


def test_a_timer_is_due_once_per_span() -> None:
    times = iter([0.4, 0.5, 0.9, 1.0, 3.0, 3.4])
    timer = Timer(0.5, lambda: next(times), since=0.0)
    assert [timer.due() for _ in range(6)] == [False, True, False, True, True, False]


@pytest.mark.parametrize("refresh", [0.0, 1e9])
def test_a_loss_that_is_not_finite_ends_the_run_by_epoch_and_step(
    make_loop: Callable[..., Loop], noise: type, refresh: float
) -> None:
    loop = make_loop(batches=noise(broken=(1, 1)), refresh_seconds=refresh)
    records = []
    with pytest.raises(TutorError) as caught:
        records.extend(loop.run(Position()))
    error = caught.value
    assert error.exit_code is ExitCode.FAILED
    assert "epoch 2, step 2" in error.what
    assert "epoch-1-step-0" in error.what
    assert "--lr" in error.remedy
    assert "--precision fp32" in error.remedy
    assert loop.learner.is_finite()


def test_a_loss_that_is_not_finite_at_once_says_that_nothing_was_saved(
    make_loop: Callable[..., Loop], noise: type
) -> None:
    with pytest.raises(TutorError, match=r"epoch 1, step 1 .* Nothing was saved"):
        list(make_loop(batches=noise(broken=(0, 0))).run(Position()))


def test_a_validation_loss_that_is_not_finite_ends_the_run_before_the_save(
    make_loop: Callable[..., Loop], noise: type
) -> None:
    loop = make_loop(held_out=noise(steps=1, broken=(0, 0)))
    with pytest.raises(TutorError, match="The validation loss after epoch 1 is no longer"):
        list(loop.run(Position()))
    assert loop.kept is None


def test_weights_that_are_not_finite_are_never_saved(make_loop: Callable[..., Loop]) -> None:
    loop = make_loop(held_out=None)
    steps = loop.run(Position())
    for record in steps:
        if isinstance(record, ProgressRecord) and record.step == 3:
            loop.learner.network.fc8.bias.data[0] = float("inf")
            break
    with pytest.raises(TutorError, match="A weight in epoch"):
        list(steps)
    assert loop.kept is None


def test_the_same_position_always_draws_the_same_dropout(make_loop: Callable[..., Loop]) -> None:
    first = list(make_loop().run(Position()))
    second = list(make_loop().run(Position()))
    assert [row.train_loss for row in first if isinstance(row, EpochRecord)] == [
        row.train_loss for row in second if isinstance(row, EpochRecord)
    ]
