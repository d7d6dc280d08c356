"""One file of any kind → one tensor, safely.

A network answers best when a picture looks like those it has learnt from. So a photograph of a shoe
on a white table is made grey, turned light on dark, padded to a square, and brought to 28×28, as
coarse as the training pictures, before it is enlarged to the network's 227×227.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageOps
from torch import Tensor

from alexnet_tutor.errors import TutorError
from alexnet_tutor.images.files import open_picture
from alexnet_tutor.machine import to_device
from alexnet_tutor.records import FASHION_PREPARATION, ImageFacts, Preparation

_LARGEST_SIDE = 1024  # finer than any training picture, coarse enough to pad to a square
_MIDDLE_GREY = 127.5


@dataclass(frozen=True, slots=True, eq=False)
class PreparedImage:
    """A picture ready for a network.

    Attributes:
        tensor: what enters the network, float32 (1, C, S, S), normalised.
        pixels: the same before normalising, float32 (C, S, S), 0 to 1.
        facts: the file and what was done to it.
    """

    tensor: Tensor
    pixels: Tensor
    facts: ImageFacts


def load_image(
    path: Path | str,
    preparation: Preparation = FASHION_PREPARATION,
    *,
    invert: bool | None = None,
) -> PreparedImage:
    """The picture in the file ``path`` as a network with this ``preparation`` takes it.

    Args:
        path: a picture file of any size and mode.
        preparation: channels, sizes, mean and deviation of the training pictures.
        invert: whether light and dark change places; ``None``: where the training pictures are
            light on dark and this one's border is light.

    Raises:
        TutorError: the file is missing, no picture, damaged or too large.
    """
    if preparation.channels not in (1, 3):
        raise TutorError(
            f"A picture file cannot fill {preparation.channels} channels.", "Use 1 or 3."
        )
    opened = open_picture(path, grey=preparation.channels == 1)
    steps = list(opened.steps)
    picture, inverted = _inverted(opened.picture, preparation, invert, steps)
    if preparation.source_size is None:
        picture = _centre(picture, preparation.image_size, steps)
    else:
        side = max(opened.width, opened.height)
        picture = _squared(picture, side, steps)
        picture = _coarse(picture, side, preparation.source_size, steps)
        if preparation.image_size != preparation.source_size:
            steps.append(_arrow(preparation.source_size, preparation.image_size))
    if preparation.channels == 1:
        steps.append(f"normalised: (pixel − {preparation.mean[0]:g}) / {preparation.std[0]:g}")
    else:
        steps.append("normalised, channel by channel")
    pixels = enlarge(_to_tensor(picture)[None], preparation.image_size)  # (1, C, S, S)
    facts = ImageFacts(
        path=str(path),
        width=opened.width,
        height=opened.height,
        mode=opened.mode,
        inverted=inverted,
        steps=tuple(steps),
    )
    return PreparedImage(normalise(pixels, preparation), pixels[0], facts)


def enlarge(images: Tensor, size: int) -> Tensor:
    """(N, C, H, W) -> (N, C, size, size), float, on the same device.

    Bilinear between pixel centres; where it makes smaller, each new pixel is a weighted mean of all
    that it covers. Training batches go through this very function.
    """
    height, width = images.shape[-2:]
    if height == width == size:
        return images
    return F.interpolate(
        images,
        size=(size, size),
        mode="bilinear",
        align_corners=False,
        antialias=size < max(height, width),
    )


def normalise(pixels: Tensor, preparation: Preparation) -> Tensor:
    """(…, C, H, W) -> (…, C, H, W): (pixel − mean) / std, channel by channel."""
    if len(preparation.mean) == len(preparation.std) == 1:  # plain numbers need no copy to a GPU
        return (pixels - preparation.mean[0]).div_(preparation.std[0])
    mean, std = (
        to_device(torch.tensor(values, dtype=pixels.dtype), pixels.device).reshape(-1, 1, 1)
        for values in (preparation.mean, preparation.std)
    )
    return (pixels - mean).div_(std)  # in the difference's own memory: a batch is large


def _arrow(before: int, after: int) -> str:
    return f"{before}×{before} → {after}×{after}"


def _to_tensor(picture: Image.Image) -> Tensor:
    """A picture of mode L or RGB -> float32 (C, H, W), 0 to 1."""
    values = np.array(picture, dtype=np.float32).reshape(picture.height, picture.width, -1)
    return torch.from_numpy(values).permute(2, 0, 1).contiguous() / 255


def _border(picture: Image.Image) -> tuple[int, ...]:
    """The median of the outermost ring of pixels, a number per channel."""
    values = np.asarray(picture).reshape(picture.height, picture.width, -1)
    ring = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    return tuple(int(value) for value in np.median(ring, axis=0))


def _inverted(
    picture: Image.Image, preparation: Preparation, invert: bool | None, steps: list[str]
) -> tuple[Image.Image, bool]:
    """Light on dark, where the training pictures are so or the caller asks; and whether it was done."""
    light = _border(picture.convert("L"))[0] > _MIDDLE_GREY
    wanted = preparation.light_on_dark and light
    inverts = wanted if invert is None else invert
    if inverts:
        steps.append("inverted: its background is light" if wanted else "inverted, as asked")
    elif wanted:
        steps.append("not inverted, as asked, though its background is light")
    return (ImageOps.invert(picture) if inverts else picture), inverts


def _squared(picture: Image.Image, side: int, steps: list[str]) -> Image.Image:
    """Nothing is cut: the shorter side grows by the border's own colour, as much on both ends."""
    longest = max(picture.size)
    if longest > _LARGEST_SIDE:
        scale = _LARGEST_SIDE / longest
        width, height = (max(1, round(length * scale)) for length in picture.size)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    if picture.width == picture.height:
        return picture
    steps.append(f"padded to a square, {side}×{side}")
    longest = max(picture.size)
    ground = _border(picture)
    square = Image.new(picture.mode, (longest, longest), ground if len(ground) > 1 else ground[0])
    square.paste(picture, ((longest - picture.width) // 2, (longest - picture.height) // 2))
    return square


def _coarse(picture: Image.Image, side: int, size: int, steps: list[str]) -> Image.Image:
    """As coarse as the training pictures: Lanczos keeps edges as sharp as theirs are."""
    if side != size:
        steps.append(f"{_arrow(side, size)}, the size of the training pictures")
    if picture.width == size:
        return picture
    shrinks = size < picture.width
    how = Image.Resampling.LANCZOS if shrinks else Image.Resampling.BILINEAR
    return picture.resize((size, size), how)


def _centre(picture: Image.Image, size: int, steps: list[str]) -> Image.Image:
    """Short side to ``size``, the middle kept; the paper, section 2, keeps 256×256 and crops from it."""
    steps.append(f"short side to {size}, the middle {size}×{size} kept")
    side = min(picture.size)
    left, top = (picture.width - side) / 2, (picture.height - side) / 2
    how = Image.Resampling.LANCZOS if size < side else Image.Resampling.BILINEAR
    return picture.resize((size, size), how, box=(left, top, left + side, top + side))
