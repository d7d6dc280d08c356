"""Lesson 3: ReLU. Your code; `tutor check 3` tests it.

Shapes: (…) is any shape; (N, C, H, W) is pictures, maps, rows, columns.
"""

import torch  # noqa: F401  you will want it
from torch import Tensor


def relu(x: Tensor) -> Tensor:
    """The rectified linear unit, section 3.1 of the paper.

    Args:
        x: (…). It is left as it is: the answer is another tensor.

    Returns:
        (…). For −2, 0, 3: 0, 0, 3.
    """
    return ...  # TODO: what passes, and what becomes 0


def relu_backward(x: Tensor, grad: Tensor) -> Tensor:
    """The gradient on its way back through a ReLU.

    Args:
        x: (…), what went into the ReLU.
        grad: (…), ∂L/∂out: how the loss changes with each value that came out.

    Returns:
        (…), ∂L/∂x; 0 where x is exactly 0. For x = −2, 0, 3 and grad = 10, 20, −30: 0, 0, −30.
    """
    raise NotImplementedError("TODO: which of them pass")


def tanh_backward(x: Tensor, grad: Tensor) -> Tensor:
    """The gradient on its way back through a tanh.

    Args:
        x: (…), what went into the tanh.
        grad: (…), ∂L/∂out.

    Returns:
        (…), ∂L/∂x. For x = 0, 0.5, 2 and grad = 10, 10, 10: 10, 7.864, 0.7065.
    """
    raise NotImplementedError("TODO: what is left of each")


def dead_share(z: Tensor) -> float:
    """The share of a layer's maps that a ReLU silences on every picture.

    Args:
        z: (N, C, H, W), what a convolution gives for N pictures, before the ReLU.

    Returns:
        Of the C maps, 0 to 1: the share that lets no gradient through at any place of any picture.
        For two pictures of three maps with one place each, (−1, 2, 0) and (−3, −2, 0): 0.6667.
    """
    raise NotImplementedError("TODO: which maps are dead, and what share of them all")
