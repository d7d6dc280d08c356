"""Learning rates: torch's own schedulers as oracles, where the same thing exists."""

import warnings
from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from alexnet_tutor.records import EpochRecord
from alexnet_tutor.training.schedules import learning_rate, onecycle, plateaus

BASE = 0.3


def optimiser() -> torch.optim.SGD:
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE)


def rates_of_torch(scheduler: object, steps: int) -> list[float]:
    found = []
    for _ in range(steps):
        found.append(scheduler.optimizer.param_groups[0]["lr"])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # no optimiser step was done: none is needed here
            scheduler.step()
    return found


def rates(schedule: str, epochs: int, steps: int, **options: object) -> list[float]:
    return [
        learning_rate(
            schedule,
            BASE,
            epoch=epoch,
            step=step,
            steps_per_epoch=steps,
            epochs=epochs,
            **options,
        )
        for epoch in range(epochs)
        for step in range(steps)
    ]


def test_step_is_torchs_step_lr_of_50_epochs() -> None:
    oracle = torch.optim.lr_scheduler.StepLR(optimiser(), 50, 0.1)
    assert rates("step", 170, 1) == pytest.approx(rates_of_torch(oracle, 170), rel=1e-12)


def test_the_first_50_epochs_have_the_rate_as_given() -> None:
    assert set(rates("step", 50, 3)) == {BASE}


@given(epochs=st.integers(1, 12), steps=st.integers(1, 30))
def test_cosine_is_torchs_cosine_annealing(epochs: int, steps: int) -> None:
    total = epochs * steps
    oracle = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser(), total)
    wanted = rates_of_torch(oracle, total)
    assert rates("cosine", epochs, steps) == pytest.approx(wanted, rel=1e-6, abs=1e-9)


@given(epochs=st.integers(1, 12), steps=st.integers(14, 60))
def test_onecycle_is_torchs_one_cycle_in_two_lines(epochs: int, steps: int) -> None:
    total = epochs * steps
    oracle = torch.optim.lr_scheduler.OneCycleLR(
        optimiser(),
        BASE,
        total_steps=total,
        pct_start=0.15,
        anneal_strategy="linear",
        cycle_momentum=False,
    )
    found = [oracle.get_last_lr()[0]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(total - 1):
            oracle.step()
            found.append(oracle.get_last_lr()[0])
    assert rates("onecycle", epochs, steps) == pytest.approx(found, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("total", range(1, 14))
def test_onecycle_of_a_few_steps_still_tops_out_once_and_ends_low(total: int) -> None:
    """So few that 15 % of them are less than two steps."""
    shares = [onecycle(done, total) for done in range(total)]
    top = shares.index(max(shares))
    assert 0.8 < max(shares) <= 1
    assert top <= 1
    assert shares[top:] == sorted(shares[top:], reverse=True)
    assert shares[-1] == pytest.approx(1.0 if total == 1 else 1 / 250_000)


@given(
    schedule=st.sampled_from(["step", "onecycle", "cosine", "plateau"]),
    epochs=st.integers(1, 5),
    steps=st.integers(1, 9),
)
def test_every_rate_of_every_schedule_is_within_the_base(
    schedule: str, epochs: int, steps: int
) -> None:
    assert all(0 < rate <= BASE for rate in rates(schedule, epochs, steps))


@given(
    st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.4]), max_size=30),
)
def test_plateau_is_torchs_reduce_on_plateau_three_times_at_most(
    values: list[float],
) -> None:
    sgd = optimiser()
    oracle = torch.optim.lr_scheduler.ReduceLROnPlateau(
        sgd, factor=0.1, patience=2, threshold=0.0, min_lr=BASE * 1.0001e-3, eps=0.0
    )
    for value in values:
        oracle.step(value)
    assert BASE * 0.1 ** plateaus(values) == pytest.approx(sgd.param_groups[0]["lr"], rel=1e-3)


def test_two_epochs_without_a_new_low_are_forgiven_and_the_third_is_not() -> None:
    assert plateaus([0.5, 0.5, 0.5]) == 0
    assert plateaus([0.5, 0.5, 0.5, 0.5]) == 1
    assert plateaus([0.5] * 100) == 3


def test_plateau_watches_the_validation_error(make_row: Callable[..., EpochRecord]) -> None:
    stuck = [make_row(epoch, train_loss=1 / epoch) for epoch in range(1, 5)]
    options = {"epoch": 4, "step": 0, "steps_per_epoch": 1, "epochs": 9}
    assert learning_rate("plateau", BASE, history=stuck, **options) == pytest.approx(BASE / 10)


def test_plateau_watches_the_training_loss_where_nothing_is_held_out(
    make_row: Callable[..., EpochRecord],
) -> None:
    absent = {"validation_loss": None, "validation_accuracy": None}
    sinking = [make_row(epoch, train_loss=1 / epoch, **absent) for epoch in range(1, 5)]
    stuck = [make_row(epoch, **absent) for epoch in range(1, 5)]
    options = {"epoch": 4, "step": 0, "steps_per_epoch": 1, "epochs": 9}
    assert learning_rate("plateau", BASE, history=sinking, **options) == BASE
    assert learning_rate("plateau", BASE, history=stuck, **options) == pytest.approx(BASE / 10)
