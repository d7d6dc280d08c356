"""Scoring: the mean over pictures, not over batches; the network is left as it was."""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F

from alexnet_tutor.machine import StopRequest
from alexnet_tutor.training.score import score
from alexnet_tutor.training.step import Learner


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
    judged = score(network, Uneven())
    assert judged.loss == pytest.approx(float(F.cross_entropy(scores, targets)), rel=1e-5)
    assert judged.accuracy == pytest.approx(float((scores.argmax(1) == targets).float().mean()))


@pytest.mark.parametrize("training", [True, False])
def test_the_mode_is_put_back(make_learner: Callable[..., Learner], training: bool) -> None:
    network = make_learner().network.train(training)
    first, second = score(network, Uneven()), score(network, Uneven())
    assert first == second
    assert network.training is training


def test_a_request_to_stop_ends_it_without_a_score(make_learner: Callable[..., Learner]) -> None:
    stop = StopRequest()
    stop.signal = 2
    assert score(make_learner().network, Uneven(), stop=stop) is None
