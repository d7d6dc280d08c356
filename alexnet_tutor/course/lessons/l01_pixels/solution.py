"""`permute` moves axes and takes every value along; it copies nothing and mixes nothing. Dividing by
`white`, not by how many values there are, makes white exactly 1.

A pixel is a square. The centre of new pixel i lies i + 0.5 new pixels from the edge, that is
(i + 0.5) · before / after old ones; and old pixel 0 has its centre at 0.5, so 0.5 is taken off.

Bilinear enlarging is the same thing twice. `_rows` makes new rows: each is a mixture of the two old
rows on either side of its place. Turned on its side, the picture goes through it once more. `clamp`
moves a place outside the picture to the nearest centre, so that no row is read that is not there.

In `normalise` the two numbers of a channel need two more axes, or they would be laid along columns.
"""

import torch
from torch import Tensor


def to_tensor(picture: Tensor, white: int) -> Tensor:
    values = picture.float()
    return values.permute(2, 0, 1) / white


def source_place(i: int, before: int, after: int) -> float:
    return (i + 0.5) * before / after - 0.5


def enlarge(x: Tensor, size: int) -> Tensor:
    tall = _rows(x, size)  # (N, C, size, W)
    return _rows(tall.transpose(2, 3), size).transpose(2, 3)  # (N, C, size, size)


def _rows(x: Tensor, size: int) -> Tensor:
    """(N, C, H, W) -> (N, C, size, W)."""
    before = x.shape[2]
    places = torch.tensor([source_place(i, before, size) for i in range(size)], dtype=x.dtype)
    places = places.clamp(0, before - 1)
    above = places.floor().long()
    below = (above + 1).clamp(max=before - 1)
    share = (places - above)[:, None]  # of the row below; (size, 1)
    return (1 - share) * x[:, :, above] + share * x[:, :, below]


def normalise(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    return (x - mean[:, None, None]) / std[:, None, None]
