"""Scoring: the mean over pictures, not over batches; the network is left as it was."""

from collections.abc import Callable, Generator

import pytest
import torch
import torch.nn.functional as F

from alexnet_tutor.machine import StopRequest
from alexnet_tutor.records import JudgingRecord
from alexnet_tutor.training.score import Score, score
from alexnet_tutor.training.step import Learner


def outcome(scoring: Generator[JudgingRecord, None, Score | None]) -> Score | None:
    while True:
        try:
            next(scoring)
        except StopIteration as end:
            return end.value


class Uneven:
    steps_per_epoch = 2

    def epoch(self, number: int, start: int = 0):
        generator = torch.Generator().manual_seed(1)
        for size in (5, 2):
            yield torch.randn(size, 1, 67, 67, generator=generator), torch.arange(size)


def test_a_score_is_the_mean_over_all_pictures(make_learner: Callable[..., Learner]) -> None:
    network = make_learner().network
    pictures, targets = (torch.cat(parts) for parts in zip(*Uneven().epoch(0), strict=True))
    network.eval()
    with torch.no_grad():
        scores = network(pictures)
    judged = outcome(score(network, Uneven()))
    assert judged.loss == pytest.approx(float(F.cross_entropy(scores, targets)), rel=1e-5)
    assert judged.accuracy == pytest.approx(float((scores.argmax(1) == targets).float().mean()))


def test_after_each_batch_it_says_how_far_it_is(make_learner: Callable[..., Learner]) -> None:
    told = list(score(make_learner().network, Uneven()))
    assert told == [JudgingRecord(1, 2), JudgingRecord(2, 2)]


def test_each_layer_s_mode_is_put_back(make_learner: Callable[..., Learner]) -> None:
    """Whoever looks at a record may train: gradients are on, and a frozen layer stays frozen."""
    network = make_learner().network.train()
    network.drop6.eval()
    before = [module.training for module in network.modules()]
    for _ in score(network, Uneven()):
        assert torch.is_grad_enabled()
        assert [module.training for module in network.modules()] == before
    assert outcome(score(network, Uneven())) == outcome(score(network, Uneven()))


def test_a_request_to_stop_ends_it_without_a_score(make_learner: Callable[..., Learner]) -> None:
    stop = StopRequest()
    stop.signal = 2
    assert outcome(score(make_learner().network, Uneven(), stop=stop)) is None
