"""`range` takes an end that it never reaches: `size - window + 1` is one past the last first cell
from which a window still lies inside. Rounding down is in it: a step that does not fit is not taken.

The pooling keeps one running maximum per window and goes over the places in a window, 9 of them at
3×3: place (r, s) meets one cell of every window, and those cells are a slice with the stride as its
step. It begins at −∞, and so does the ring of padding: any cell is larger.

The way back asks each window again who won. `argmax` gives the first of equals. Its number counts
along the window's rows, so `// window` is the row within the window and `% window` the column. A
cell may win in up to four windows at 3×3, stride 2: what they pass on adds up.
"""

import torch
from torch import Tensor


def coverage(size: int, window: int, stride: int) -> list[int]:
    starts = range(0, size - window + 1, stride)
    return [sum(start <= cell < start + window for start in starts) for cell in range(size)]


def max_pool(x: Tensor, window: int, stride: int, padding: int) -> Tensor:
    batch, maps, height, width = x.shape
    high, wide = height + 2 * padding, width + 2 * padding
    padded = x.new_full((batch, maps, high, wide), -torch.inf)
    padded[:, :, padding : padding + height, padding : padding + width] = x
    rows, columns = (high - window) // stride + 1, (wide - window) // stride + 1
    largest = x.new_full((batch, maps, rows, columns), -torch.inf)
    for r in range(window):
        for s in range(window):
            end_r, end_s = r + (rows - 1) * stride + 1, s + (columns - 1) * stride + 1
            seen = padded[:, :, r:end_r:stride, s:end_s:stride]  # (N, C, H', W')
            largest = torch.maximum(largest, seen)
    return largest


def pool_backward(x: Tensor, grad: Tensor, window: int, stride: int) -> Tensor:
    batch, maps, rows, columns = grad.shape
    picture, which = torch.arange(batch)[:, None], torch.arange(maps)
    passed = torch.zeros_like(x)
    for i in range(rows):
        for j in range(columns):
            top, left = i * stride, j * stride
            seen = x[:, :, top : top + window, left : left + window]
            place = seen.flatten(2).argmax(dim=2)  # (N, C)
            row, column = top + place // window, left + place % window
            passed[picture, which, row, column] += grad[:, :, i, j]
    return passed
