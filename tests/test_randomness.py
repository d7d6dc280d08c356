"""Seeds: the same on every machine and in every version, and different wherever something differs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_tutor.randomness import seed_of

part = st.integers(0, 2**63 - 1) | st.text(st.characters(exclude_characters="\x1f"), max_size=8)


@pytest.mark.parametrize(
    ("parts", "seed"),
    [
        ((0,), 4761921975702974394),
        ((0, "dropout", 3, 17), 8546873823495192569),
        ((1, "dropout", 3, 17), 4387603309508645666),
        ((0, "order", 0), 5724104768301139219),
        ((9223372036854775807, "init", "conv1"), 2675643725290118505),
    ],
)
def test_seeds_are_these_numbers_for_ever(parts: tuple[int | str, ...], seed: int) -> None:
    """Whoever changes one changes every run that was ever recorded."""
    assert seed_of(*parts) == seed


@given(st.integers(0, 2**63 - 1), st.lists(part, max_size=4))
def test_every_seed_fits_torch_s_generators(seed: int, parts: list[int | str]) -> None:
    assert 0 <= seed_of(seed, *parts) < 2**63


@given(st.lists(part, min_size=1, max_size=4), st.lists(part, min_size=1, max_size=4))
def test_different_parts_give_different_seeds(one: list[int | str], other: list[int | str]) -> None:
    alike = list(map(str, one)) == list(map(str, other))
    assert (seed_of(0, *one) == seed_of(0, *other)) == alike


def test_parts_do_not_run_into_one_another() -> None:
    assert seed_of(1, 23) != seed_of(12, 3)
    assert len({seed_of(0, epoch, step) for epoch in range(40) for step in range(40)}) == 1600
