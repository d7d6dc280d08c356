"""A value is kept with probability 1 − p, so in training the next layer gets (1 − p)·x on average. The paper
gives it exactly that in a prediction. The inverted form divides by 1 − p in training instead: the average
is x, and a prediction has nothing to do.

Every value has a uniform number of its own, so comparing the whole tensor with p gives each picture, and
each unit in it, its own draw.

With the mask held still, dropout multiplies each value by a constant, 0 or 1/(1 − p). Its derivative is
that constant: going back is the same function, applied to the gradient.
"""

from torch import Tensor


def dropout_paper(x: Tensor, uniform: Tensor, p: float, training: bool) -> Tensor:
    if training:
        return x * (uniform >= p)
    return x * (1 - p)


def dropout(x: Tensor, uniform: Tensor, p: float, training: bool) -> Tensor:
    if not training:
        return x
    return x * (uniform >= p) / (1 - p)


def dropout_backward(upstream: Tensor, uniform: Tensor, p: float, training: bool) -> Tensor:
    return dropout(upstream, uniform, p, training)
