"""softmax: from scores to probabilities.

e is raised to the power of each logit, and the result is divided by the sum over all classes. The
results are positive and sum to 1. One more point of logit means e = 2.718 times the odds. Only
differences count: adding 100 to every logit changes nothing. So the largest may be subtracted first,
and e^1000 never has to be computed.

It has no weights, and in training it hides inside the cross-entropy loss. In a trace it is the last
row.

Look: tutor trace --layer softmax.

Paper: section 3.5: 1000 classes; the mean log-probability of the true class is maximised. This kit
minimises its negative, the cross-entropy. Section 5 subtracts the gradient, so its L must be that
negative too.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from alexnet_tutor.layers.base import Layer


class Softmax(Layer):
    """e^z_k / Σ e^z_j: logits (N, K) -> probabilities (N, K)."""

    kind = "softmax"
    formula = "p[k] = e^(z[k] − m) / Σ over j of  e^(z[j] − m),   m = max z"

    def __init__(self) -> None:
        super().__init__("softmax")

    def forward(self, z: Tensor) -> Tensor:
        """(N, K) -> (N, K)."""
        return torch.softmax(z, dim=1)

    def by_hand(self, z: Tensor) -> Tensor:
        """(N, K) -> (N, K), stable for logits of any size."""
        powers = torch.exp(z - z.amax(dim=1, keepdim=True))
        return powers / powers.sum(dim=1, keepdim=True)

    def explain(self, input_shape: Sequence[int]) -> list[str]:
        """A worked case of three logits, and the even case of K."""
        (classes,) = input_shape
        return [
            "logits 2, 1, 0 less the largest, 2: e^0 = 1, e^−1 = 0.368, e^−2 = 0.135; sum 1.503",
            "probabilities: 0.665, 0.245, 0.090",
            f"{classes} equal logits: each 1/{classes} = {1 / classes:g}",
            "parameters = 0",
        ]
