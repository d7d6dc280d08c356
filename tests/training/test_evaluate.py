"""Evaluation: counts against counting by hand; nothing undefined, nothing left changed."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from alexnet_tutor.data.batches import Batches
from alexnet_tutor.data.dataset import ArrayDataset
from alexnet_tutor.data.sketches import sketches
from alexnet_tutor.errors import TutorError
from alexnet_tutor.network import logits
from alexnet_tutor.records import ModelFacts
from alexnet_tutor.training.evaluate import confusion_of, evaluate, per_class
from alexnet_tutor.training.step import Learner

classes = st.integers(2, 6)


@given(st.data())
def test_counts_precision_and_recall_are_those_of_counting_one_by_one(data: st.DataObject) -> None:
    many = data.draw(classes)
    pairs = data.draw(
        st.lists(st.tuples(st.integers(0, many - 1), st.integers(0, many - 1)), min_size=1)
    )
    true, said = (np.array(side, dtype=np.int64) for side in zip(*pairs, strict=True))
    confusion = confusion_of(true, said, many)
    assert confusion.dtype == np.int64
    assert confusion.tolist() == [
        [pairs.count((row, column)) for column in range(many)] for row in range(many)
    ]
    for number, record in enumerate(per_class(confusion, map(str, range(many)))):
        right = pairs.count((number, number))
        there = sum(one == number for one, _ in pairs)
        named = sum(other == number for _, other in pairs)
        assert record.support == there
        assert record.precision == (right / named if named else 0.0)
        assert record.recall == (right / there if there else 0.0)


class ByBrightness(nn.Module):
    """Names class 0 when the picture is dark, else class 1, the surer the brighter."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mean = x.mean((1, 2, 3))
        return torch.stack([-mean, mean], 1)


@pytest.fixture
def two_classes(facts: ModelFacts) -> tuple[ArrayDataset, ModelFacts]:
    values = torch.tensor([0, 250, 140, 10, 200], dtype=torch.uint8)
    pictures = values[:, None, None, None].expand(5, 1, 28, 28).contiguous()
    targets = torch.tensor([0, 1, 0, 0, 0])
    preparation = replace(facts.preparation, image_size=28, mean=(0.5,), std=(0.1,))
    labels = ("dark", "light")
    known = replace(facts, labels=labels, preparation=preparation)
    return ArrayDataset("greys", labels, "x", pictures, targets), known


def test_a_small_set_is_judged_as_by_hand(two_classes: tuple[ArrayDataset, ModelFacts]) -> None:
    dataset, facts = two_classes
    record = evaluate(ByBrightness(), dataset, facts, batch_size=2, examples=3, mistakes=1)
    assert record.confusion.tolist() == [[2, 2], [0, 1]]
    assert (record.accuracy, record.images, record.data) == (3 / 5, 5, "greys")
    dark, light = record.per_class
    assert (dark.precision, dark.recall, dark.support) == (1.0, 0.5, 4)
    assert (light.precision, light.recall, light.support) == (1 / 3, 1.0, 1)
    assert [picture.index for picture in record.examples] == [0, 1, 2]
    assert [picture.index for picture in record.mistakes] == [4]  # 200 is surer than 140
    mistake = record.mistakes[0]
    assert (mistake.true, mistake.predicted) == (0, 1)
    assert mistake.pixels.shape == (1, 28, 28)
    assert mistake.pixels.dtype == np.uint8
    assert mistake.probability == pytest.approx(1.0, abs=0.01)


def test_it_computes_in_the_arithmetic_that_runs_are_judged_in(
    two_classes: tuple[ArrayDataset, ModelFacts],
) -> None:
    """Not in TF32, whatever the notebook has set; and what it has set is put back."""
    conv, seen = torch.backends.cudnn.conv, set()
    before = conv.fp32_precision

    class Watched(ByBrightness):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            seen.add(conv.fp32_precision)
            return super().forward(x)

    try:
        conv.fp32_precision = "tf32"
        evaluate(Watched(), *two_classes)
        assert conv.fp32_precision == "tf32"
    finally:
        conv.fp32_precision = before
    assert seen == {"ieee"}


def test_a_network_without_mistakes_has_none_to_show(
    two_classes: tuple[ArrayDataset, ModelFacts],
) -> None:
    dataset, facts = two_classes
    right = replace(dataset, targets=torch.tensor([0, 1, 1, 0, 1]))
    record = evaluate(ByBrightness(), right, facts)
    assert record.accuracy == 1.0
    assert record.mistakes == ()
    assert len(record.examples) == 5


@pytest.mark.parametrize("training", [True, False])
def test_the_mode_is_put_back_and_dropout_is_off(
    make_learner: Callable[..., Learner], facts: ModelFacts, training: bool
) -> None:
    network = make_learner().network.train(training)
    network.drop6.eval()
    told: list[tuple[int, int]] = []
    dataset = sketches("test", 20)
    records = [
        evaluate(
            network, dataset, facts, batch_size=8, progress=lambda *counts: told.append(counts)
        )
        for _ in range(2)
    ]
    assert records[0].loss == records[1].loss
    assert records[0].confusion.sum() == 20
    assert network.training is network.conv1.training is training
    assert not network.drop6.training
    assert told == [(8, 20), (16, 20), (20, 20)] * 2


def test_pictures_of_other_classes_are_refused(
    make_learner: Callable[..., Learner],
    facts: ModelFacts,
    two_classes: tuple[ArrayDataset, ModelFacts],
) -> None:
    with pytest.raises(TutorError, match="not those the network has learnt"):
        evaluate(make_learner().network, two_classes[0], facts)


def test_an_empty_set_is_refused(make_learner: Callable[..., Learner], facts: ModelFacts) -> None:
    whole = sketches("test", 10)
    empty = replace(whole, images=whole.images[:0], targets=whole.targets[:0])
    with pytest.raises(TutorError, match="no pictures to judge by"):
        evaluate(make_learner().network, empty, facts)


def test_with_flips_each_picture_is_judged_by_the_mean_of_both_ways(
    make_learner: Callable[..., Learner], facts: ModelFacts
) -> None:
    network, dataset = make_learner().network, sketches("test", 20)
    mirrored = replace(dataset, images=dataset.images.flip(3))
    record = evaluate(network, dataset, facts, flips=True)
    assert record.flips
    assert record.loss == pytest.approx(evaluate(network, mirrored, facts, flips=True).loss)
    batches = [
        Batches(pictures, facts.preparation, 20, seed=0, shuffle=False)
        for pictures in (dataset, mirrored)
    ]
    means = sum(logits(network, next(each.epoch(0))[0]).softmax(1) for each in batches) / 2
    right = means.gather(1, dataset.targets[:, None])
    assert record.loss == pytest.approx(-right.log().mean().item(), rel=1e-5)
    assert record.accuracy == (means.argmax(1) == dataset.targets).sum().item() / 20
