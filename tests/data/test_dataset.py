"""What every set of pictures promises, and how some are held out."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from alexnet_tutor.data import open_data
from alexnet_tutor.data.dataset import ArrayDataset, Subset, held_out_beside, hold_out
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import FASHION_PREPARATION, PAPER_PREPARATION


def numbered(count: int) -> ArrayDataset:
    """Pictures of one pixel, whose class is their number."""
    targets = torch.arange(count)
    images = (targets % 256).to(torch.uint8).reshape(count, 1, 1, 1)
    return ArrayDataset("numbered", ("a", "b"), "n", images, targets)


def numbers(subset: Subset) -> list[int]:
    return subset.take(torch.arange(len(subset)))[1].tolist()


def test_five_thousand_of_sixty_thousand_are_held_out() -> None:
    learnt, held = hold_out(numbered(60_000), limit=None, validation=None)
    assert (len(learnt), len(held)) == (55_000, 5_000)
    assert sorted(numbers(learnt) + numbers(held)) == list(range(60_000))


@given(
    total=st.integers(1, 300),
    limit=st.none() | st.integers(1, 400),
    validation=st.none() | st.integers(0, 400),
)
def test_no_picture_is_both_learnt_from_and_held_out(
    total: int, limit: int | None, validation: int | None
) -> None:
    if validation is not None and validation >= total:
        with pytest.raises(TutorError, match="--validation"):
            hold_out(numbered(total), limit, validation)
        return
    learnt, held = (numbers(part) for part in hold_out(numbered(total), limit, validation))
    assert len(learnt) >= 1
    assert len(set(learnt) | set(held)) == len(learnt) + len(held) <= total
    if validation is not None:
        assert len(held) == validation
    assert len(learnt) == min(total if limit is None else limit, total - len(held))


def test_the_choice_is_a_fixed_shuffle() -> None:
    first, again = (hold_out(numbered(100), 40, 10) for _ in range(2))
    assert numbers(first[0]) == numbers(again[0])
    assert numbers(first[1]) == numbers(again[1])
    assert numbers(first[0]) != sorted(numbers(first[0]))


def test_a_larger_limit_learns_from_the_same_pictures_and_more() -> None:
    few, many = (numbers(hold_out(numbered(100), limit, 10)[0]) for limit in (20, 60))
    assert many[:20] == few


def test_sketches_are_drawn_for_both_parts(tmp_path) -> None:
    splits = open_data(
        "sketches", data_dir=tmp_path, preparation=FASHION_PREPARATION, limit=30, validation=50
    )
    learnt, held = hold_out(splits.train, 30, 50)
    assert (len(learnt), len(held)) == (30, 50)


def test_more_sketches_than_anyone_waits_for_are_refused(tmp_path) -> None:
    with pytest.raises(TutorError, match="--limit"):
        open_data("sketches", data_dir=tmp_path, preparation=FASHION_PREPARATION, limit=10**8)


def test_nothing_held_out_learns_from_everything() -> None:
    learnt, held = hold_out(numbered(50), limit=None, validation=0)
    assert len(held) == 0
    assert sorted(numbers(learnt)) == list(range(50))
    images, targets = held.take(torch.arange(0))
    assert images.shape == (0, 1, 1, 1)
    assert targets.shape == (0,)


def test_a_set_without_pictures_is_refused() -> None:
    with pytest.raises(TutorError, match="no pictures to learn from"):
        hold_out(numbered(0), limit=None, validation=0)


@given(limit=st.integers(1, 3000))
def test_what_a_source_adds_for_holding_out_leaves_the_limit_whole(limit: int) -> None:
    """How many sketches are drawn for a limit is enough to learn from that many."""
    learnt, held = hold_out(numbered(limit + held_out_beside(limit)), limit, None)
    assert len(learnt) == limit
    assert abs(len(held) - limit / 11) <= 1


def test_a_subset_has_a_fingerprint_of_its_own() -> None:
    whole = numbered(10)
    one, other = Subset(whole, torch.tensor([1, 2])), Subset(whole, torch.tensor([2, 1]))
    assert one.fingerprint == Subset(whole, torch.tensor([1, 2])).fingerprint
    assert len({one.fingerprint, other.fingerprint, whole.fingerprint}) == 3


def test_a_subset_of_a_subset_takes_from_the_whole() -> None:
    inner = Subset(numbered(10), torch.tensor([7, 3, 5]))
    outer = Subset(inner, torch.tensor([2, 0]))
    assert numbers(outer) == [5, 7]
    assert (outer.name, outer.labels, outer.on_disk) == ("numbered", ("a", "b"), False)


def test_open_data_draws_as_many_sketches_as_are_learnt_from(tmp_path) -> None:
    splits = open_data("sketches", data_dir=tmp_path, preparation=FASHION_PREPARATION, limit=22)
    assert len(hold_out(splits.train, 22, None)[0]) == 22
    assert len(splits.test) == 1000
    again = open_data("sketches", data_dir=tmp_path, preparation=FASHION_PREPARATION, limit=22)
    assert splits.train.fingerprint == again.train.fingerprint
    assert splits.preparation == FASHION_PREPARATION


def test_grey_sources_prepare_themselves_for_a_colour_network(tmp_path) -> None:
    preparation = open_data(
        "sketches", data_dir=tmp_path, preparation=PAPER_PREPARATION, limit=1
    ).preparation
    assert preparation.mean == FASHION_PREPARATION.mean * 3
    assert preparation.std == FASHION_PREPARATION.std * 3
    assert (preparation.channels, preparation.source_size) == (3, 28)
    assert preparation.light_on_dark


@pytest.mark.parametrize("source", ["mnist", "folder:", "folder", "", "sketches:3"])
def test_an_unknown_source_is_answered_with_the_three(source: str, tmp_path) -> None:
    with pytest.raises(TutorError, match="fashion-mnist, sketches, folder:PATH"):
        open_data(source, data_dir=tmp_path, preparation=FASHION_PREPARATION)


@pytest.mark.parametrize("split", ["train", "test"])
def test_only_the_split_that_is_asked_for_is_drawn_and_it_says_how_far_it_is(
    split: str, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alexnet_tutor.data.TEST_SKETCHES", 24)
    told: list[tuple[str, int, int]] = []
    splits = open_data(
        "sketches",
        data_dir=tmp_path,
        preparation=FASHION_PREPARATION,
        limit=22,
        progress=lambda *facts: told.append(facts),
    )
    assert told == []
    assert len(getattr(splits, split)) == 24
    assert getattr(splits, split) is getattr(splits, split)
    assert told == [(f"sketches {split}", done, 24) for done in range(1, 25)]
