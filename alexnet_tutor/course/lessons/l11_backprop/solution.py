"""Each function asks the same: what went into this result, and with which factor?

A bias went in unchanged, at every place of its map and in every picture: its gradient is the sum of
all that arrives there.

fc6 is three steps. Through fc7 by its weights, (N, K) to (N, M). Through the ReLU by its slope, 1 or
0, which needs z. Then each weight of fc6 was multiplied with a number of x, so its gradient is what
arrived times that number, added up over the pictures. Shapes alone would allow other orders.

The convolution goes over kernel positions again, as in lesson 2. Position (r, s) met one pixel of
every window. Its weights get gradient times pixel, summed; the pixels get gradient times weight,
added to what other positions have given them. What falls on the padding is cut off at the end.

In LRN a value stands in its own numerator, and in the brackets of all maps that see it. For those
the derivative of bracket^−β is −β · bracket^(−β−1) · 2α · a.
"""

import torch
from torch import Tensor
from torch.nn.functional import pad


def conv_bias_grad(grad: Tensor) -> Tensor:
    kernels = grad.shape[1]
    total = grad.new_empty(kernels)
    for k in range(kernels):
        total[k] = grad[:, k].sum()
    return total


def fc6_weight_grad(x: Tensor, z: Tensor, weight: Tensor, grad: Tensor) -> Tensor:
    at_relu6 = grad @ weight  # (N, M)
    at_fc6 = at_relu6 * (z > 0)  # (N, M)
    return at_fc6.T @ x  # (M, F)


def conv_weight_grad(x: Tensor, grad: Tensor, kernel: int, stride: int, padding: int) -> Tensor:
    kernels, high, wide = grad.shape[1:]
    padded = pad(x, (padding, padding, padding, padding))
    total = x.new_empty(kernels, x.shape[1], kernel, kernel)
    for r in range(kernel):
        for s in range(kernel):
            met = padded[:, :, r : r + high * stride : stride, s : s + wide * stride : stride]
            total[:, :, r, s] = torch.einsum("nkij,ncij->kc", grad, met)
    return total


def conv_input_grad(
    weight: Tensor, grad: Tensor, height: int, width: int, stride: int, padding: int
) -> Tensor:
    batch, _, high, wide = grad.shape
    channels, rows, columns = weight.shape[1:]
    nothing = grad.new_zeros(batch, channels, height, width)
    padded = pad(nothing, (padding, padding, padding, padding))
    for r in range(rows):
        for s in range(columns):
            met = padded[:, :, r : r + high * stride : stride, s : s + wide * stride : stride]
            met += torch.einsum("nkij,kc->ncij", grad, weight[:, :, r, s])
    return padded[:, :, padding : padding + height, padding : padding + width]


def lrn_backward(a: Tensor, grad: Tensor, n: int, k: float, alpha: float, beta: float) -> Tensor:
    def over_window(values: Tensor) -> Tensor:  # (N, C, H, W) -> (N, C, H, W)
        maps = range(values.shape[1])
        return torch.stack(
            [values[:, max(0, i - n // 2) : i + n // 2 + 1].sum(dim=1) for i in maps], dim=1
        )

    bracket = k + alpha * over_window(a**2)
    passed = over_window(grad * a * bracket ** (-beta - 1))
    return grad * bracket**-beta - 2 * alpha * beta * a * passed
