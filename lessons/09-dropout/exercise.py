"""Lesson 9: dropout. Your code; `tutor check 9` tests it.

Shapes are (N, F): pictures, units of a fully connected layer. Chance comes from outside: `uniform` has a
number from 0 to 1 for each value, and a value is kept where its number is at least p.
"""

from torch import Tensor


def dropout_paper(x: Tensor, uniform: Tensor, p: float, training: bool) -> Tensor:
    """Dropout as the paper has it, section 4.2: nothing is scaled in training.

    Args:
        x: (N, F).
        uniform: (N, F), from 0 to 1; kept where it is at least p.
        p: the probability of being dropped, above 0 and below 1; 0.5 in the paper.
        training: False for a prediction.

    Returns:
        (N, F). For the values 2, 6, 4, 8, the uniform numbers 0.7, 0.2, 0.5, 0.9 and p = 0.5, in
        training: 2, 0, 4, 8. For a prediction: 1, 3, 2, 4.
    """
    if training:
        return x * (uniform >= p)
    return ...  # TODO: what the next layer is given in a prediction, (N, F)


def dropout(x: Tensor, uniform: Tensor, p: float, training: bool) -> Tensor:
    """Dropout as programs have it today, called inverted: a prediction leaves x as it is.

    Args:
        x: (N, F).
        uniform: (N, F), from 0 to 1; kept where it is at least p.
        p: the probability of being dropped, above 0 and below 1.
        training: False for a prediction.

    Returns:
        (N, F). For the values 2, 6, 4, 8, the uniform numbers 0.7, 0.2, 0.5, 0.9 and p = 0.5, in
        training: 4, 0, 8, 16. With p = 0.75: 0, 0, 0, 32.
    """
    raise NotImplementedError("TODO: training and prediction")


def dropout_backward(upstream: Tensor, uniform: Tensor, p: float, training: bool) -> Tensor:
    """∂L/∂x of `dropout`, from ∂L/∂output, without autograd.

    Args:
        upstream: (N, F), ∂L/∂output.
        uniform: (N, F), the numbers that `dropout` was given.
        p: the probability of being dropped, above 0 and below 1.
        training: False for a prediction.

    Returns:
        (N, F). For ∂L/∂output 1, 1, −1, 3, the uniform numbers 0.7, 0.2, 0.5, 0.9 and p = 0.5, in
        training: 2, 0, −2, 6.
    """
    raise NotImplementedError("TODO: the chain rule through the mask")
