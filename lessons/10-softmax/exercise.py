"""Lesson 10: softmax and cross-entropy. Your code; `tutor check 10` tests it.

Logits are (N, K): pictures, classes. Targets are (N,): the number of each picture's true class.
"""

import torch
from torch import Tensor


def softmax(logits: Tensor) -> Tensor:
    """Probabilities from scores.

    Args:
        logits: (N, K), of any size: 10,000 and −10,000 too.

    Returns:
        (N, K): the K probabilities of each picture. For one picture with the logits 2, 1, 0:
        0.6652, 0.2447, 0.09003.
    """
    powers = torch.exp(logits)
    total = ...  # TODO: what the powers of each picture amount to, (N, 1)
    return powers / total


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """The loss of a batch: how little probability the true classes were given, in nats.

    Args:
        logits: (N, K), of any size: 10,000 and −10,000 too.
        targets: (N,), whole numbers from 0 to K − 1.

    Returns:
        One number, a tensor without axes. For one picture with the logits 2, 1, 0 and the target
        2: 2.408. For two pictures with these logits and the targets 0 and 2: 1.408.
    """
    raise NotImplementedError("TODO: straight from the logits")


def loss_gradient(logits: Tensor, targets: Tensor) -> Tensor:
    """∂cross_entropy / ∂logits, from its formula.

    Args:
        logits: (N, K), of any size: 10,000 and −10,000 too.
        targets: (N,), whole numbers from 0 to K − 1.

    Returns:
        (N, K). For one picture with the logits 2, 1, 0 and the target 2: 0.6652, 0.2447, −0.91.
    """
    raise NotImplementedError("TODO: the derivative by each logit")
