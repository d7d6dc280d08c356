"""Weights on disk: what is saved comes back, and what is not sound is refused in one line."""

import json
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from alexnet_tutor.architecture import FASHION, PAPER
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.machine import sha256_of
from alexnet_tutor.network import AlexNet
from alexnet_tutor.records import FASHION_PREPARATION, PAPER_PREPARATION, ModelFacts
from alexnet_tutor.weights.digest import digest_of
from alexnet_tutor.weights.metadata import _LARGEST_METADATA, KEY, require_readable, to_metadata
from alexnet_tutor.weights.store import expected_shapes, load_weights, save_weights

TINY = FASHION.scaled(1 / 64).at_size(67)
FACTS = ModelFacts(
    architecture=TINY,
    preparation=replace(FASHION_PREPARATION, image_size=67),
    history={"epochs": "3", "validation_accuracy": "0.5"},
)


@pytest.fixture
def network() -> AlexNet:
    return AlexNet(TINY, seed=5)


@pytest.fixture
def saved(tmp_path: Path, network: AlexNet) -> Path:
    path = tmp_path / "w.safetensors"
    save_weights(path, network, FACTS)
    return path


def with_metadata(path: Path, told: object) -> Path:
    save_file(load_file(path), path, {KEY: told if isinstance(told, str) else json.dumps(told)})
    return path


def told(facts: ModelFacts = FACTS) -> dict:
    return json.loads(to_metadata(facts)[KEY])


def refused(path: Path, **options: object) -> TutorError:
    with pytest.raises(TutorError) as caught:
        load_weights(path, **options)
    assert caught.value.exit_code is ExitCode.BAD_CHECKPOINT
    assert str(path) in caught.value.what
    assert "--weights" in caught.value.remedy
    assert str(caught.value).isprintable()
    return caught.value


def test_what_is_saved_comes_back(saved: Path, network: AlexNet) -> None:
    loaded, facts = load_weights(saved)
    assert facts == replace(FACTS, source=str(saved))
    for name, tensor in network.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor)
        assert loaded.state_dict()[name].is_contiguous()


def test_a_loaded_network_is_ready_to_use_and_to_train(saved: Path) -> None:
    loaded, _ = load_weights(saved)
    assert not loaded.training
    assert all(parameter.requires_grad for parameter in loaded.parameters())
    assert loaded(torch.zeros(2, 1, 67, 67)).shape == (2, 10)


def test_the_paper_preset_round_trips_with_its_own_facts(tmp_path: Path) -> None:
    facts = ModelFacts(
        architecture=PAPER.scaled(1 / 64).at_size(67).with_classes(3),
        labels=("a", "b", "c"),
        preparation=replace(PAPER_PREPARATION, image_size=67),
    )
    path = tmp_path / "paper.safetensors"
    save_weights(path, AlexNet(facts.architecture), facts)
    assert load_weights(path)[1] == replace(facts, source=str(path))


def test_the_same_network_gives_the_same_bytes(saved: Path, network: AlexNet) -> None:
    before = sha256_of(saved)
    for _ in range(5):
        save_weights(saved, network.to(memory_format=torch.channels_last), FACTS)
        assert sha256_of(saved) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": ("my\xa0cat", *FACTS.labels[1:])}, "plain text"),
        ({"labels": ("\udcff", *FACTS.labels[1:])}, "plain text"),
        ({"labels": ("long" * 300_000, *FACTS.labels[1:])}, "too long"),
        ({"history": {"data": "folder:a\tb"}}, "plain text"),
        ({"architecture": FASHION.at_size(2800)}, "gibibyte"),
    ],
)
def test_facts_that_could_not_be_read_again_are_known_before_they_are_written(
    change: dict, words: str
) -> None:
    require_readable(FACTS)
    with pytest.raises(ValueError, match=words):
        require_readable(replace(FACTS, **change))


def test_the_longest_names_that_are_allowed_can_be_loaded(tmp_path: Path, network: AlexNet) -> None:
    letters = (_LARGEST_METADATA - len(json.dumps(to_metadata(FACTS)))) // 7  # escaped twice
    facts = replace(FACTS, labels=(FACTS.labels[0] + "\u00e9" * letters, *FACTS.labels[1:]))
    require_readable(facts)
    save_weights(tmp_path / "w", network, facts)
    assert load_weights(tmp_path / "w")[1].labels == facts.labels


def test_expected_shapes_are_those_of_the_network(network: AlexNet) -> None:
    shapes = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    assert expected_shapes(TINY) == shapes


def test_a_failed_save_leaves_the_old_file(
    saved: Path, network: AlexNet, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sha256_of(saved)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("alexnet_tutor.weights.store.save_file", full)
    with pytest.raises(OSError, match="No space"):
        save_weights(saved, AlexNet(TINY, seed=6), FACTS)
    assert sha256_of(saved) == before
    assert os.listdir(saved.parent) == [saved.name]  # noqa: PTH208  names, hidden ones too


def test_a_missing_file_is_bad_input(tmp_path: Path) -> None:
    for path in (tmp_path / "none.safetensors", tmp_path):
        with pytest.raises(TutorError, match="no file of weights") as caught:
            load_weights(path)
        assert caught.value.exit_code is ExitCode.BAD_INPUT


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"abc",
        b"PK\x03\x04 a pickle in a zip, as torch.save writes it",
        (1 << 40).to_bytes(8, "little") + b"{}",
        (50).to_bytes(8, "little") + b'{"a": 1}',
        (2).to_bytes(8, "little") + b"{}",
        (8).to_bytes(8, "little") + b'{"a": 1}',
        (2 << 20).to_bytes(8, "little") + b"{" + b" " * (2 << 20),
        (40).to_bytes(8, "little") + b'{"\x1b[31m":{"dtype":"F99","shape":[1]}}   ',
        (300_000).to_bytes(8, "little") + b'{"a":' + b"[" * 299_995,
    ],
)
def test_what_is_not_safetensors_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(content)
    refused(path)
    refused(path, fallback=FACTS)


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.01, 0.5, 0.999])
def test_a_truncated_file_is_refused(saved: Path, keep: float) -> None:
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(len(whole) * keep)])
    refused(saved)


def test_a_missing_or_surplus_key_is_refused_by_name(saved: Path) -> None:
    tensors = load_file(saved)
    save_file({**tensors, "conv9.weight": torch.zeros(1)}, saved, to_metadata(FACTS))
    assert "unknown 'conv9.weight'" in refused(saved).what
    del tensors["fc8.bias"]
    save_file(tensors, saved, to_metadata(FACTS))
    assert "lacks 'fc8.bias'" in refused(saved).what


def test_a_wrong_shape_is_refused_with_both_shapes(saved: Path) -> None:
    save_file({**load_file(saved), "fc8.bias": torch.zeros(11)}, saved, to_metadata(FACTS))
    what = refused(saved).what
    assert "fc8.bias" in what
    assert "(11,)" in what
    assert "(10,)" in what


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_not_finite_are_refused(saved: Path, value: float) -> None:
    tensors = load_file(saved)
    tensors["conv3.weight"].view(-1)[-1] = value
    save_file(tensors, saved, to_metadata(FACTS))
    assert "conv3.weight holds numbers that are not finite" in refused(saved).what


def test_whole_numbers_are_no_weights(saved: Path) -> None:
    save_file({**load_file(saved), "fc8.bias": torch.zeros(10).int()}, saved, to_metadata(FACTS))
    assert "I32" in refused(saved).what


def test_a_foreign_file_loads_with_the_facts_it_is_given(saved: Path, network: AlexNet) -> None:
    save_file({name: tensor.half() for name, tensor in load_file(saved).items()}, saved)
    assert "does not say which architecture" in refused(saved).what
    loaded, facts = load_weights(saved, fallback=FACTS)
    assert facts.source == str(saved)
    assert loaded.fc8.weight.dtype is torch.float32
    assert torch.equal(loaded.fc8.weight, network.fc8.weight.half().float())


def test_a_foreign_file_of_another_shape_is_refused(saved: Path) -> None:
    save_file(load_file(saved), saved)
    refused(saved, fallback=ModelFacts())


HOSTILE = {
    "not json": "{",
    "deep": "[" * 100_000,
    "a list": [],
    "nothing": {},
    "an unknown preset": {"architecture.name": "vgg"},
    "a huge picture": {"architecture.image_size": 10**9},
    "a picture of nothing": {"architecture.image_size": 0},
    "a huge number": {"architecture.channels": 10**400},
    "no layers": {"architecture.layers": []},
    "layers that are text": {"architecture.layers": "conv1"},
    "a layer of no kind": {"architecture.layers": [{"name": "conv1"}]},
    "labels too few": {"labels": ["a"]},
    "labels that are numbers": {"labels": list(range(10))},
    "labels that command the terminal": {"labels": ["\x1b[2J"] * 10},
    "history that is nested": {"history": {"a": {"b": "c"}}},
    "no standard deviation": {"preparation.std": [0.0]},
    "a mean that is no number": {"preparation.mean": [float("nan")]},
    "a preparation for colour": {"preparation.channels": 3},
    "a preparation of another size": {"preparation.image_size": 227},
    "an unknown preparation": {"preparation.blur": 1},
    "a source of pixels": {"preparation.source_size": -1},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_metadata_that_makes_no_sense_is_refused(saved: Path, name: str) -> None:
    change = HOSTILE[name]
    if isinstance(change, dict) and change:
        changed = told()
        for place, value in change.items():
            *rooms, last = place.split(".")
            room = changed
            for step in rooms:
                room = room[step]
            room[last] = value
        change = changed
    refused(with_metadata(saved, change))


LAYER_CHANGES = [
    ("conv1", "out_channels", 10**12),
    ("conv1", "out_channels", "96"),
    ("conv1", "out_channels", True),
    ("conv1", "out_channels", 96.0),
    ("conv1", "kernel", 0),
    ("conv1", "stride", 0),
    ("conv1", "stride", -4),
    ("conv1", "padding", 60_000),
    ("conv1", "groups", 0),
    ("conv1", "groups", 7),
    ("conv1", "surprise", 1),
    ("conv1", "kind", "relu"),
    ("conv1", "name", "conv2"),
    ("conv1", "name", "a.b"),
    ("conv1", "name", ["conv1"]),
    ("relu1", "name", "forward"),
    ("pool5", "grid", 10**9),
    ("pool5", "grid", 7),
    ("lrn1", "alpha", float("nan")),
    ("lrn1", "size", 0),
    ("drop6", "p", 1.5),
    ("drop6", "p", 1.0),
    ("fc8", "out_features", 1000),
]


@pytest.mark.parametrize(("layer", "field", "value"), LAYER_CHANGES)
def test_layers_that_cannot_be_are_refused(
    saved: Path, layer: str, field: str, value: object
) -> None:
    changed = told()
    spec = next(spec for spec in changed["architecture"]["layers"] if spec["name"] == layer)
    spec[field] = value
    refused(with_metadata(saved, changed))


def test_a_network_without_a_layer_is_a_network(tmp_path: Path) -> None:
    facts = replace(FACTS, architecture=TINY.without("lrn1"))
    path = tmp_path / "ablation.safetensors"
    save_weights(path, AlexNet(facts.architecture), facts)
    assert load_weights(path)[1].architecture == facts.architecture


@given(
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_no_change_of_the_header_brings_any_error_but_ours(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]]
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "w.safetensors"
    save_weights(path, AlexNet(TINY), FACTS)
    content = bytearray(path.read_bytes())
    for place, value in changes:
        content[place] = value
    path.write_bytes(content)
    with suppress(TutorError):
        load_weights(path)


@pytest.mark.parametrize("place", [-1, -1000, -20_000])
def test_one_damaged_bit_is_noticed(tmp_path: Path, place: int) -> None:
    architecture = FASHION.scaled(1 / 16)
    path = tmp_path / "w.safetensors"
    save_weights(path, AlexNet(architecture), ModelFacts(architecture=architecture))
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(TutorError, match="damaged") as caught:
        load_weights(path)
    assert caught.value.exit_code == ExitCode.BAD_CHECKPOINT


def test_the_digest_depends_on_names_types_shapes_and_bytes() -> None:
    weights = {"a": torch.arange(6.0).reshape(2, 3), "b": torch.ones(2, dtype=torch.int8)}
    others = [
        {"a": weights["a"].reshape(3, 2), "b": weights["b"]},
        {"a": weights["a"] + 1, "b": weights["b"]},
        {"c": weights["a"], "b": weights["b"]},
        {"a": weights["a"], "b": weights["b"].float()},
    ]
    digests = {digest_of(tensors) for tensors in [weights, *others]}
    assert len(digests) == 5
    assert digest_of(dict(reversed(weights.items()))) == digest_of(weights)
