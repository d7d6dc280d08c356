"""metrics.csv: what was written comes back, and nonsense is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.records import EpochRecord, best_epoch
from alexnet_tutor.training.metrics import read_history, write_metrics

finite = st.floats(allow_nan=False, allow_infinity=False)
HEADER = (
    "epoch,steps,train_loss,train_accuracy,validation_loss,validation_accuracy,"
    "learning_rate,seconds,images_per_second"
)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 10**6), finite, finite, st.none() | finite, finite, finite, finite
        ),
        max_size=4,
    )
)
def test_rows_come_back_at_full_precision(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple]
) -> None:
    run = tmp_path_factory.mktemp("run")
    history = [
        EpochRecord(epoch, steps, loss, right, judged, judged, *rest)
        for epoch, (steps, loss, right, judged, *rest) in enumerate(values, 1)
    ]
    write_metrics(run / "metrics.csv", history)
    assert read_history(run) == history


def test_the_table_is_plain_csv_with_an_empty_cell_for_what_is_absent(
    tmp_path: Path, make_row: Callable[..., EpochRecord]
) -> None:
    row = make_row(1, validation_loss=None, validation_accuracy=None)
    write_metrics(tmp_path / "metrics.csv", [row])
    text = (tmp_path / "metrics.csv").read_bytes().decode()
    assert text == f"{HEADER}\n1,3,0.3333333333333333,0.5,,,0.01,1.5,99.9\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense\n",
        "nonsense\n1\n",
        f"{HEADER}\n1,3\n",
        f"{HEADER}\n1,3,0.1,0.5,,,0.01,1.5,99.9,7\n",
        f"{HEADER}\n1,3,fast,0.5,,,0.01,1.5,99.9\n",
        f"{HEADER}\n1,3,nan,0.5,,,0.01,1.5,99.9\n",
        f"{HEADER}\n1.5,3,0.1,0.5,,,0.01,1.5,99.9\n",
        f"{HEADER}\n2,3,0.1,0.5,,,0.01,1.5,99.9\n",
        f'{HEADER}\n1,3,"0.1,0.5\n',
        "\udcff",
    ],
)
def test_a_table_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "metrics.csv").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(TutorError, match=r"metrics\.csv makes no sense") as caught:
        read_history(tmp_path)
    assert caught.value.exit_code is ExitCode.BAD_CHECKPOINT


def test_a_folder_without_a_table_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(TutorError, match=r"no metrics\.csv") as caught:
        read_history(tmp_path)
    assert caught.value.exit_code is ExitCode.BAD_INPUT


def test_best_is_the_highest_validation_accuracy_then_the_lowest_loss_then_the_earliest(
    make_row: Callable[..., EpochRecord],
) -> None:
    figures = [(0.5, 0.1), (0.9, 0.4), (0.9, 0.3), (0.9, 0.3), (0.8, 0.0)]
    history = [
        make_row(epoch, validation_accuracy=accuracy, validation_loss=loss)
        for epoch, (accuracy, loss) in enumerate(figures, 1)
    ]
    assert best_epoch(history) is history[2]


def test_best_is_the_lowest_training_loss_where_nothing_is_held_out(
    make_row: Callable[..., EpochRecord],
) -> None:
    history = [
        make_row(epoch, train_loss=loss, validation_loss=None, validation_accuracy=None)
        for epoch, loss in enumerate([0.3, 0.1, 0.2], 1)
    ]
    assert best_epoch(history) is history[1]
