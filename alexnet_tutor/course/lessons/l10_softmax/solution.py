"""Softmax depends on differences alone, so each picture's largest logit is subtracted first. Then no power
is above 1 and one of them is exactly 1: their sum lies between 1 and K, never 0, never infinite.

The loss is never taken from a finished probability. That may have become 0, and its logarithm −∞, while
the loss itself is a plain number such as 20,000. Instead −log p[t] is written out: the logarithm of the
sum, minus the logit of the true class. The largest logit stands in both and is taken out of both; a sum
of small numbers stays, and float32 keeps its digits.

In the gradient exponent and logarithm have cancelled: probability, less 1 where the class is the true
one, shared by the N pictures of the mean.
"""

import torch
from torch import Tensor


def softmax(logits: Tensor) -> Tensor:
    powers = torch.exp(logits - logits.amax(dim=1, keepdim=True))  # (N, K), at most 1
    total = powers.sum(dim=1, keepdim=True)
    return powers / total


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    largest = logits.amax(dim=1, keepdim=True)  # (N, 1)
    sums = torch.exp(logits - largest).sum(dim=1)  # (N,), from 1 to K
    own = logits.gather(1, targets[:, None])  # (N, 1)
    return ((largest - own)[:, 0] + torch.log(sums)).mean()


def loss_gradient(logits: Tensor, targets: Tensor) -> Tensor:
    pictures, classes = logits.shape
    truth = torch.nn.functional.one_hot(targets, classes)  # (N, K), 1 at the true class
    return (softmax(logits) - truth) / pictures
