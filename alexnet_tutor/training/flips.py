"""Test-time flips: a network asked twice, about a picture and about its mirror image."""

from __future__ import annotations

from math import log

import torch
from torch import Tensor, nn


class BothWays(nn.Module):
    """The mean of the probabilities of a picture and of its mirror image, as scores: their logarithms.

    Softmax of those gives the mean itself, so whatever judges a network can judge this one. A picture
    and its mirror image get the same scores.

    Args:
        network: pictures (N, C, H, W) -> scores (N, classes).
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, classes)."""
        one, other = (
            self.network(way).float().log_softmax(1) for way in (pictures, pictures.flip(-1))
        )
        return torch.logaddexp(one, other) - log(2)
