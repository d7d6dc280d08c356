"""Lesson 11: backpropagation. Your code; `tutor check 11` tests it.

Shapes are (N, C, H, W): pictures, maps, rows, columns. `grad` is always ∂L/∂out: how the loss changes
with each value that the layer gave. Torch's own gradients are switched off here.
"""

import torch  # noqa: F401  you will want it
from torch import Tensor


def conv_bias_grad(grad: Tensor) -> Tensor:
    """The gradient of a convolution's biases.

    Args:
        grad: (N, K, H', W').

    Returns:
        (K,), ∂L/∂bias. For one picture and two maps, [1, 2] and [3, −1]: 3, 2.
    """
    kernels = grad.shape[1]
    total = grad.new_empty(kernels)
    for k in range(kernels):
        total[k] = ...  # TODO: what the bias of kernel k gets, one number
    return total


def fc6_weight_grad(x: Tensor, z: Tensor, weight: Tensor, grad: Tensor) -> Tensor:
    """The gradient of fc6's weights, from what arrives at the output of fc7.

    x goes into fc6, z comes out of it, relu6 follows, then fc7. (A prediction has no dropout.)

    Args:
        x: (N, F), what went into fc6.
        z: (N, M), what fc6 gave, before the ReLU.
        weight: (K, M), fc7's. In the network K and M are both 4,096; here, too, they are equal.
        grad: (N, K), ∂L/∂ what fc7 gave.

    Returns:
        (M, F), ∂L/∂ fc6's weights. For x = [[2]], z = [[6]], weight = [[5], [−1]] and
        grad = [[10, 4]]: [[92]].
    """
    raise NotImplementedError("TODO: three steps, from the end to the beginning")


def conv_weight_grad(x: Tensor, grad: Tensor, kernel: int, stride: int, padding: int) -> Tensor:
    """The gradient of a convolution's weights.

    Args:
        x: (N, C, H, W), what went in.
        grad: (N, K, H', W').
        kernel: rows and columns of a kernel, R.
        stride: pixels from window to window, down and across.
        padding: rows and columns of zeros that were laid round x.

    Returns:
        (K, C, R, R), ∂L/∂weight. For x = [[1, 2], [3, 4]], kernel 2, stride 1, no padding and
        grad = [[10]]: [[10, 20], [30, 40]].
    """
    raise NotImplementedError("TODO: what each weight was multiplied with")


def conv_input_grad(
    weight: Tensor, grad: Tensor, height: int, width: int, stride: int, padding: int
) -> Tensor:
    """The gradient of what went into a convolution.

    Args:
        weight: (K, C, R, R).
        grad: (N, K, H', W').
        height: rows of x, without padding.
        width: columns of x, without padding.
        stride: pixels from window to window, down and across.
        padding: rows and columns of zeros that were laid round x.

    Returns:
        (N, C, height, width), ∂L/∂x. For weight = [[1, 2], [3, 4]], stride 1, no padding, height 2,
        width 3 and grad = [[10, 100]]: [[10, 120, 200], [30, 340, 400]].
    """
    raise NotImplementedError("TODO: each window hands out what it got")


def lrn_backward(a: Tensor, grad: Tensor, n: int, k: float, alpha: float, beta: float) -> Tensor:
    """The gradient on its way back through local response normalisation.

    Args:
        a: (N, C, H, W), what went in.
        grad: (N, C, H, W).
        n: how many maps the window has, odd.
        k: the paper's k, 2.
        alpha: the paper's α, 0.0001.
        beta: the paper's β, 0.75.

    Returns:
        (N, C, H, W), ∂L/∂a. For one pixel with the maps 100, 300, 200, n = 3, the paper's numbers and
        grad = 0, 128, 0: −4.5, 2.5, −9.
    """
    raise NotImplementedError("TODO: two ways on which a value moves the outputs")
