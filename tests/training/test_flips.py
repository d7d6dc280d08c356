"""Test-time flips: the mean of two softmaxes, and nothing that depends on which way round."""

from collections.abc import Callable

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from alexnet_tutor.network import logits
from alexnet_tutor.training.flips import BothWays
from alexnet_tutor.training.step import Learner


def pictures(count: int = 3, side: int = 67) -> torch.Tensor:
    return torch.randn(count, 1, side, side, generator=torch.Generator().manual_seed(0))


def test_its_probabilities_are_the_mean_of_both_ways(make_learner: Callable[..., Learner]) -> None:
    network, x = make_learner().network, pictures()
    mean = (logits(network, x).softmax(1) + logits(network, x.flip(3)).softmax(1)) / 2
    torch.testing.assert_close(logits(BothWays(network), x).softmax(1), mean)
    torch.testing.assert_close(logits(BothWays(network), x).exp(), mean)


def test_a_mirror_image_gets_the_picture_s_scores(make_learner: Callable[..., Learner]) -> None:
    both, x = BothWays(make_learner().network), pictures()
    torch.testing.assert_close(logits(both, x), logits(both, x.flip(3)))
    assert not torch.allclose(logits(both.network, x), logits(both.network, x.flip(3)))


@given(st.floats(-1e4, 1e4))
def test_however_sure_the_network_is_the_scores_are_finite(sure: float) -> None:
    """Probabilities would round to 0, whose logarithm is −∞."""

    class Sure(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.tensor([[sure, 0.0]]).expand(len(x), 2)

    assert logits(BothWays(Sure()), pictures(side=2)).isfinite().all()
