"""The right answers of lesson 11 in float64: sums over every contribution, and central differences.

A convolution and a fully connected layer are sums of products, so each contribution is written out:
what came in, times what it met. LRN is bent; its gradient is measured on lesson 4's formula.
"""

from __future__ import annotations

import numpy as np

from alexnet_tutor.course.exercise import Array, difference_quotients
from alexnet_tutor.course.lessons.l04_lrn.oracle import lrn


def conv_bias_grad(grad: Array) -> Array:
    """∂L/∂bias: (N, K, H', W') -> (K,)."""
    out = np.zeros(grad.shape[1])
    for n, k, i, j in np.ndindex(grad.shape):
        out[k] += grad[n, k, i, j]
    return out


def fc6_weight_grad(x: Array, z: Array, weight: Array, grad: Array) -> Array:
    """∂L/∂fc6.weight, path by path: (N, F), (N, M), (K, M), (N, K) -> (M, F)."""
    out = np.zeros((z.shape[1], x.shape[1]))
    for n, m, f, k in np.ndindex(*z.shape, x.shape[1], grad.shape[1]):
        if z[n, m] > 0:
            out[m, f] += grad[n, k] * weight[k, m] * x[n, f]
    return out


def conv_weight_grad(x: Array, grad: Array, kernel: int, stride: int, padding: int) -> Array:
    """∂L/∂weight: (N, C, H, W), (N, K, H', W') -> (K, C, R, R)."""
    channels, height, width = x.shape[1:]
    out = np.zeros((grad.shape[1], channels, kernel, kernel))
    for n, k, i, j in np.ndindex(grad.shape):
        for r, s in np.ndindex(kernel, kernel):
            y, z = i * stride + r - padding, j * stride + s - padding
            if 0 <= y < height and 0 <= z < width:
                out[k, :, r, s] += grad[n, k, i, j] * x[n, :, y, z]
    return out


def conv_input_grad(
    weight: Array, grad: Array, height: int, width: int, stride: int, padding: int
) -> Array:
    """∂L/∂x: (K, C, R, R), (N, K, H', W') -> (N, C, H, W)."""
    out = np.zeros((len(grad), weight.shape[1], height, width))
    for n, k, i, j in np.ndindex(grad.shape):
        for r, s in np.ndindex(*weight.shape[2:]):
            y, z = i * stride + r - padding, j * stride + s - padding
            if 0 <= y < height and 0 <= z < width:
                out[n, :, y, z] += grad[n, k, i, j] * weight[k, :, r, s]
    return out


def lrn_backward(a: Array, grad: Array, n: int, k: float, alpha: float, beta: float) -> Array:
    """∂L/∂a by moving each value up and down: (N, C, H, W), (N, C, H, W) -> (N, C, H, W)."""
    out = np.empty_like(a)
    constants = {"n": n, "k": k, "alpha": alpha, "beta": beta}
    for batch, row, column in np.ndindex(len(a), *a.shape[2:]):
        pixel = np.s_[batch : batch + 1, :, row : row + 1, column : column + 1]
        out[pixel] = difference_quotients(lrn, {"a": a[pixel], **constants}, "a", grad[pixel])
    return out
