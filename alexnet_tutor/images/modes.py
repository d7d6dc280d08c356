"""The modes a picture file can have, and how each becomes opaque pixels of eight bits."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFile

Convert: TypeAlias = Callable[[Image.Image], Image.Image]

_PIXELS_AT_ONCE = 4_000_000
_GREY_MODES = {"1", "L", "LA", "La", "I", "F"}
_RGB_MODES = {"RGB", "RGBA", "RGBa", "RGBX"}


def about_colours(mode: str, *, grey: bool) -> str:
    """A clause for a picture of this mode that is made grey, or RGB; empty where it is so already."""
    if mode in _GREY_MODES or mode.startswith("I;16"):
        return "" if grey else "made RGB"
    if grey:
        return "made grey"
    return "" if mode in _RGB_MODES else "made RGB"


def bands(picture: Image.Image, rows: int) -> Iterator[Image.Image]:
    """The picture, so many rows at a time."""
    for top in range(0, picture.height, rows):
        yield picture.crop((0, top, picture.width, min(top + rows, picture.height)))


def conversion(picture: ImageFile.ImageFile) -> tuple[Convert, str]:
    """How the pixels of this picture become opaque eight-bit ones, and a clause that says so."""
    mode = picture.mode
    if mode.startswith("I;16"):
        return _scaled(0, 65535), "16 bits brought to 8"
    if mode == "I" and picture.format in {"PNG", "PPM"}:  # so do some decoders give 16 bits
        return _scaled(0, 65535), "16 bits brought to 8"
    if mode in {"I", "F"}:
        low, high = _extremes(picture)
        if low >= 0 and high <= 1 and mode == "F":
            return _scaled(0, 1), "values 0 to 1 brought to 0 to 255"
        if low >= 0 and high <= 255:
            return _scaled(0, 255), ""
        return _scaled(low, high), f"values {low:g} to {high:g} brought to 0 to 255"
    if mode == "LAB":
        return _from_lab, ""
    if picture.has_transparency_data:
        return _on_white, "laid on white where it is transparent"
    return _as_it_is, ""


def _as_it_is(band: Image.Image) -> Image.Image:
    return band


def _on_white(band: Image.Image) -> Image.Image:
    clear = band.convert("LA").convert("RGBA") if band.mode == "La" else band.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", band.size, "white"), clear)


def _from_lab(band: Image.Image) -> Image.Image:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    converted = ImageCms.profileToProfile(band, lab, srgb, outputMode="RGB")
    assert converted is not None  # it is only where the band is changed in place
    return converted


def _scaled(low: float, high: float) -> Convert:
    """Bring values from ``low``–``high`` to 0–255; what is no number becomes ``low``."""

    def convert(band: Image.Image) -> Image.Image:
        values: NDArray[np.float64] = np.asarray(band).astype(np.float64)
        finite = np.nan_to_num(values, nan=low, posinf=high, neginf=low)
        span = high / 2 - low / 2  # halves, because high − low may be more than a float holds
        share = (finite / 2 - low / 2) / span if span > 0 else np.zeros_like(finite)
        return Image.fromarray(np.rint(255 * share.clip(0, 1)).astype(np.uint8))

    return convert


def _extremes(picture: Image.Image) -> tuple[float, float]:
    """The least and the greatest finite value; (0, 0) where there is none."""
    low, high = math.inf, -math.inf
    for band in bands(picture, max(1, _PIXELS_AT_ONCE // picture.width)):
        values = np.asarray(band)
        finite = values[np.isfinite(values)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return (low, high) if low <= high else (0.0, 0.0)
