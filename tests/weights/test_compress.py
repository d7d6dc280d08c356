"""Small weights: how far they are from the whole ones, and files that are not sound."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from torch import Tensor

from alexnet_tutor.architecture import FASHION
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.machine import sha256_of
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import FASHION_PREPARATION, ModelFacts
from alexnet_tutor.weights.compress import (
    Factors,
    bytes_of,
    eight_bit,
    low_rank,
    quantise,
    ranks_for,
    restored,
    stored_shapes,
)
from alexnet_tutor.weights.factors import factorise, fit
from alexnet_tutor.weights.metadata import KEY, to_metadata
from alexnet_tutor.weights.store import expected_shapes, load_weights, save_compressed

SMALL = FASHION.scaled(1 / 32).at_size(67)
FACTS = ModelFacts(architecture=SMALL, preparation=replace(FASHION_PREPARATION, image_size=67))
RANKS = {"fc6": 12, "fc7": 8}


def normal(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def decaying(rows: int, columns: int) -> Tensor:
    """A matrix whose singular values fall slowly, as a trained layer's do."""
    u, _ = torch.linalg.qr(normal(rows, min(rows, columns), seed=2))
    v, _ = torch.linalg.qr(normal(columns, min(rows, columns), seed=3))
    return (u / (1 + torch.arange(min(rows, columns)) / 5)) @ v.T


@given(
    st.lists(
        st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    )
)
def test_every_weight_is_within_half_a_step_of_what_it_was(rows: list[list[float]]) -> None:
    weight = torch.tensor(rows)
    small = quantise(weight)
    assert small.values.dtype is torch.int8
    off = (weight.double() - small.restored().double()).abs()
    assert (off <= small.scale.double()[:, None] * 0.50001).all()


def test_a_row_of_zeros_stays_one_and_the_largest_weight_stays_exact() -> None:
    weight = torch.tensor([[0.0, 0.0], [127.0, -1.0], [3e-45, 0.0]])
    back = quantise(weight).restored()
    assert back[0].tolist() == [0.0, 0.0]
    assert back[1].tolist() == [127.0, -1.0]
    assert back.isfinite().all()


def test_steps_are_the_row_s_own() -> None:
    assert quantise(torch.tensor([[127.0], [254.0]])).scale.tolist() == [1.0, 2.0]
    assert quantise(normal(6, 3, 5, 5)).scale.shape == (6,)


@pytest.mark.parametrize("shape", [(120, 260), (260, 120), (40, 300)])
def test_factors_are_nearly_as_near_as_the_exact_decomposition_s(shape: tuple[int, int]) -> None:
    """torch.linalg.svd in float64 is the judge."""
    for matrix in (decaying(*shape), normal(*shape)):
        outputs, inputs = factorise(matrix, 20)
        assert (outputs.shape, inputs.shape) == ((20, shape[0]), (20, shape[1]))
        best = torch.linalg.svdvals(matrix.double())[20:].square().sum().sqrt()
        off = (matrix.double() - outputs.T.double() @ inputs.double()).norm()
        assert best * 0.9999 <= off <= best * 1.02


def test_both_factors_carry_the_same_share_of_the_size() -> None:
    outputs, inputs = factorise(decaying(90, 200), 10)
    torch.testing.assert_close(outputs.norm(dim=1), inputs.norm(dim=1), rtol=1e-4, atol=1e-5)


def test_a_matrix_of_low_rank_is_recovered() -> None:
    matrix = normal(90, 7) @ normal(7, 200, seed=4)
    for rank in (7, 30):
        outputs, inputs = factorise(matrix, rank)
        torch.testing.assert_close(outputs.T @ inputs, matrix, rtol=1e-4, atol=1e-4)


def test_fitted_factors_answer_what_was_seen_with_the_least_error() -> None:
    """Eckart and Young: no matrix of rank 9 is nearer to the answers than their own truncation."""
    matrix, seen = normal(80, 150), normal(60, 150, seed=5) @ decaying(150, 150)
    outputs, inputs = fit(matrix, seen, 9)
    answers = matrix.double() @ seen.T.double()
    best = torch.linalg.svdvals(answers)[9:].square().sum().sqrt()
    off = (answers - outputs.T.double() @ (inputs.double() @ seen.T.double())).norm()
    assert best * 0.9999 <= off <= best * 1.02
    near = factorise(matrix, 9)
    assert off < (answers - (near[0].T @ near[1]).double() @ seen.T.double()).norm()


@pytest.mark.parametrize("make", [factorise, lambda m, r: fit(m, normal(50, 90), r)])
def test_factors_repeat_and_leave_the_global_generator_alone(make: Callable) -> None:
    state = torch.get_rng_state()
    first, second = make(normal(70, 90), 8), make(normal(70, 90), 8)
    assert all(map(torch.equal, first, second))
    assert torch.equal(torch.get_rng_state(), state)


def test_the_fashion_network_s_file_takes_at_most_6_5_megabytes() -> None:
    shapes = expected_shapes(FASHION)
    ranks = ranks_for(FASHION, shapes)
    assert ranks == {"fc6": 128, "fc7": 100}
    stored = stored_shapes(shapes, ranks)
    size = sum(
        (1 if name.endswith(".values") else 4) * torch.Size(shape).numel()
        for name, shape in stored.items()
    )
    assert size + 10_000 <= 6_500_000


def test_ranks_follow_the_width_and_end_at_the_matrix() -> None:
    half = FASHION.scaled(0.5)
    assert ranks_for(half, expected_shapes(half)) == {"fc6": 64, "fc7": 50}
    tiny = FASHION.scaled(1 / 256)  # 16 rows: the factors would be larger than the matrix
    assert ranks_for(tiny, expected_shapes(tiny)) == {}
    assert ranks_for(half, expected_shapes(half), {"fc6": 10**9, "fc7": 3}) == {"fc7": 3}
    bare = half.without("fc7").without("relu7").without("drop7")
    assert ranks_for(bare, expected_shapes(bare)) == {"fc6": 64}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "small.safetensors"
    weights = AlexNet(SMALL, seed=5).state_dict()
    save_compressed(path, eight_bit(low_rank(weights, RANKS)), FACTS)
    return path


def test_a_small_file_gives_the_whole_network_under_the_same_keys(saved: Path) -> None:
    network, facts = load_weights(saved)
    assert facts == replace(FACTS, source=str(saved))
    forms = eight_bit(low_rank(AlexNet(SMALL, seed=5).state_dict(), RANKS))
    assert list(network.state_dict()) == list(AlexNet(SMALL).state_dict())
    for name, tensor in network.state_dict().items():
        assert torch.equal(tensor, restored(forms[name]))
        assert tensor.dtype is torch.float32
        assert tensor.is_contiguous()
    assert all(parameter.requires_grad for parameter in network.parameters())


def test_the_same_weights_give_the_same_small_bytes(saved: Path) -> None:
    before = sha256_of(saved)
    weights = AlexNet(SMALL, seed=5).state_dict()
    save_compressed(saved, eight_bit(low_rank(weights, RANKS)), FACTS)
    assert sha256_of(saved) == before


def test_bytes_are_those_of_the_tensors_in_the_file(saved: Path) -> None:
    forms = eight_bit(low_rank(AlexNet(SMALL, seed=5).state_dict(), RANKS))
    assert isinstance(forms["fc6.weight"], Factors)
    assert forms["fc6.weight"].rank == 12
    told = sum(map(bytes_of, forms.values()))
    assert told == sum(t.numel() * t.element_size() for t in load_file(saved).values())


def refused(path: Path) -> str:
    with pytest.raises(TutorError) as caught:
        load_weights(path)
    assert caught.value.exit_code is ExitCode.BAD_CHECKPOINT
    assert str(caught.value).isprintable()
    return caught.value.what


@pytest.mark.parametrize("keep", [0.001, 0.5, 0.999])
def test_part_of_a_small_file_is_refused(saved: Path, keep: float) -> None:
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(len(whole) * keep)])
    refused(saved)


@pytest.mark.parametrize(
    "told",
    [
        1,
        [],
        {},
        {"ranks": []},
        {"ranks": {"fc6": 12}},
        {"ranks": {"fc6": 0, "fc7": 8}},
        {"ranks": {"fc6": -1, "fc7": 8}},
        {"ranks": {"fc6": 10**9, "fc7": 8}},
        {"ranks": {"fc6": True, "fc7": 8}},
        {"ranks": {"fc6": "12", "fc7": 8}},
        {"ranks": {"fc6": 13, "fc7": 8}},
        {"ranks": {"fc6": 12, "fc7": 8, "conv1": 1}},
    ],
)
def test_ranks_that_make_no_sense_are_refused(saved: Path, told: object) -> None:
    metadata = json.loads(to_metadata(FACTS)[KEY])
    metadata["compressed"] = told
    save_file(load_file(saved), saved, {KEY: json.dumps(metadata)})
    refused(saved)


def test_a_small_file_that_would_fill_the_memory_is_refused_unread(saved: Path) -> None:
    layers = [
        replace(spec, out_features=60_000) if spec.name in ("fc6", "fc7") else spec
        for spec in SMALL.layers
    ]
    facts = replace(FACTS, architecture=replace(SMALL, layers=tuple(layers)))
    save_file(load_file(saved), saved, to_metadata(facts, {"fc6": 1, "fc7": 1}))
    assert "would take" in refused(saved)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("conv1.weight.values", torch.zeros(2, 1, 11, 11), "8-bit"),
        ("conv1.weight.scale", torch.zeros(2).int(), "real numbers"),
        ("fc6.weight.inputs.scale", torch.full((12,), float("nan")), "not finite"),
        ("fc6.weight.inputs.scale", torch.full((12,), 3e38), "not finite"),
        ("fc7.weight.outputs.values", torch.zeros(8, 9).to(torch.int8), "shape"),
        ("fc8.weight", torch.zeros(10, 128), "unknown"),
    ],
)
def test_damaged_parts_are_refused_by_name(
    saved: Path, name: str, value: Tensor, words: str
) -> None:
    tensors = load_file(saved)
    if name.startswith("conv1"):
        value = value.new_zeros(tensors[name].shape)
    tensors[name] = value
    save_file(tensors, saved, to_metadata(FACTS, RANKS))
    what = refused(saved)
    assert words in what
    assert name.split(".", maxsplit=1)[0] in what
