"""Runs and predictions: what is called best, and what a narrow screen leaves out."""

from dataclasses import replace

import pytest
from show.screens import SCREENS, predictions
from show.showing import fake_epochs, shown

from alexnet_tutor.records import EpochRecord
from alexnet_tutor.show.terminal.runs import RunView, winner

WHY = "train: measured while the weights change, with dropout; validation: after the epoch, without it."


def run_screen(**runs: list[EpochRecord]) -> str:
    return shown(RunView(runs, "tutor evaluate"), 120)


def test_of_equal_accuracies_the_epoch_of_lower_validation_loss_is_best() -> None:
    same = [
        replace(epoch, validation_accuracy=0.9, validation_loss=loss)
        for epoch, loss in zip(fake_epochs(3), (0.5, 0.3, 0.4), strict=True)
    ]
    text = run_screen(first=same)
    assert text.startswith("first: validation accuracy 90.0%, best at epoch 2\n")
    (line,) = (line for line in text.splitlines() if line.endswith(" best"))
    assert line.split()[0] == "2"


def test_without_validation_the_lowest_train_loss_is_best() -> None:
    epochs = fake_epochs(3, validation=False)
    epochs = [replace(epoch, train_accuracy=0.9 - 0.1 * n) for n, epoch in enumerate(epochs)]
    assert run_screen(first=epochs).startswith("first: train loss 1.180, best at epoch 3\n")


def test_runs_without_validation_do_not_compete_with_those_that_have_it() -> None:
    text = run_screen(seen=fake_epochs(90, validation=False), new=fake_epochs(3))
    assert text.startswith("new: validation accuracy 65.1%, best at epoch 3\n")


def test_of_several_runs_the_one_with_the_best_epoch_wins() -> None:
    text = run_screen(a=fake_epochs(3), b=fake_epochs(5), c=fake_epochs(4))
    assert text.startswith("b: validation accuracy 77.6%, best at epoch 5\n")
    (line,) = (line for line in text.splitlines() if line.endswith(" best"))
    assert line.startswith("b ")


def test_the_winner_can_be_asked_for_by_name() -> None:
    assert winner({"a": fake_epochs(3), "b": [], "c": fake_epochs(4)}) == "c"
    with pytest.raises(ValueError, match="empty"):
        winner({"b": []})


def test_untrained_weights_name_no_class() -> None:
    first, second, *bars = shown(SCREENS["untrained picture"]()).splitlines()
    assert first == "sample.png: untrained network"
    assert second == "! UNTRAINED: these weights are random; the percentages mean nothing."
    assert len(bars) == 3 + 2


def test_why_train_may_be_below_validation_is_told_where_it_is() -> None:
    assert WHY in " ".join(run_screen(first=fake_epochs(3)).split())
    above = [replace(epoch, train_accuracy=0.99) for epoch in fake_epochs(3)]
    assert "dropout" not in run_screen(first=above)
    assert "dropout" not in run_screen(first=fake_epochs(3, validation=False))


def test_one_picture_has_a_bar_for_every_class_asked_for() -> None:
    lines = shown(predictions(1, 10)).splitlines()
    assert len(lines) == 2 + 10 + 2


@pytest.mark.parametrize(
    ("width", "count", "gone"), [(60, 3, "3rd"), (60, 10, "3rd to 10th"), (80, 10, "4th to 10th"), (200, 10, "")]
)  # fmt: skip
def test_places_that_do_not_fit_are_announced(width: int, count: int, gone: str) -> None:
    text = shown(predictions(3, count), width)
    assert ("Not shown" in text) == bool(gone)
    assert not gone or f"Not shown at this width: {gone} (--json has them)." in text
    assert text.splitlines()[1].split()[:3] == ["file", "1st", "2nd"]


def test_the_screen_of_ten_classes_names_places_by_number() -> None:
    heads = shown(SCREENS["ten classes"](), 250).splitlines()[1].split()
    assert heads == ["file", "1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th"]
