"""Picture files, whatever they hold, become eight-bit pictures: upright, opaque, grey or RGB.

Files come from strangers. What cannot be opened ends in a TutorError that says why; what is very
large is made smaller while it is decoded, so that memory stays bounded.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError

from alexnet_tutor.errors import TutorError
from alexnet_tutor.images.modes import Convert, about_colours, bands, conversion

MOST_PIXELS = 120_000_000  # above a telephone's 108 megapixels; 480 MB when decoded
_MANY_PIXELS = 4_000_000  # more are averaged down before anything else
_KEPT_SIDE = 512  # … but no side below this
# Not among them: formats that run a program to be read (EPS, WMF) or that are guessed from any bytes.
_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "DIB", "PPM", "TIFF", "WEBP", "AVIF", "JPEG2000", "MPO")
_RARE_FORMATS = ("ICO", "ICNS", "PCX", "SGI", "QOI", "PSD", "DDS", "XBM", "XPM")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True, eq=False)
class OpenedPicture:
    """A decoded file.

    Attributes:
        picture: upright and opaque, mode L or RGB; smaller than the file's where that is very large.
        width, height, mode: the file's own, before anything was done.
        steps: what was done, short clauses in order.
    """

    picture: Image.Image
    width: int
    height: int
    mode: str
    steps: tuple[str, ...]


class _Quiet:
    """Silences decoders' doubts about files that they then read, in any number of threads.

    Python's warning filters belong to the whole process: the first thread to come in sets them
    aside, the last to leave puts them back.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._aside = ExitStack()

    @contextmanager
    def while_decoding(self) -> Iterator[None]:
        with self._lock:
            if self._inside == 0:
                self._aside.enter_context(warnings.catch_warnings())
                warnings.simplefilter("ignore")
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if self._inside == 0:
                    self._aside.close()


_QUIET = _Quiet()


def open_picture(path: Path | str, *, grey: bool) -> OpenedPicture:
    """The first picture in the file ``path``, made grey (ITU-R 601 luma) or RGB.

    Raises:
        TutorError: no such file, no picture in it, damaged, cut short, or more than 120 million pixels.
    """
    file = _readable(Path(path))
    try:
        with (
            _QUIET.while_decoding(),
            file.open("rb") as stream,
            Image.open(stream, formats=formats()) as picture,
        ):
            return _decode(picture, file, grey=grey)
    except TutorError:
        raise
    except (Image.DecompressionBombError, MemoryError):
        raise _too_large(file) from None
    except PermissionError:
        raise TutorError(f"{file} may not be read.", "Ask for the right to read it.") from None
    except UnidentifiedImageError:
        raise TutorError(
            f"{file} is not a picture of a kind the kit reads, or its beginning is damaged.",
            "Save the picture as a PNG or a JPEG.",
        ) from None
    except Exception as error:  # decoders answer a broken file with any kind of exception
        reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise TutorError(
            f"{file} is damaged or cut short: {reason}.",
            "Open it in a picture program and save it anew, or fetch it again.",
        ) from error


def _readable(path: Path) -> Path:
    try:
        if path.is_dir():
            raise TutorError(f"{path} is a folder, not a picture.", "Name one file in it.")
        if path.is_file():
            if path.stat().st_size:
                return path
            raise TutorError(f"{path} is empty.", "Fetch or save the picture again.")
        exists = path.exists()
    except (OSError, ValueError):  # a name too long, or one that no file can have
        exists = False
    if exists:
        raise TutorError(f"{path} is not an ordinary file.", "Give a picture file.")
    raise TutorError(f"There is no file {path}.", "Check the name and the folder you are in.")


def formats() -> list[str]:
    """The kinds of picture that are read, by Pillow's names: those that cannot run anything."""
    Image.init()
    return [name for name in _FORMATS + _RARE_FORMATS if name in Image.OPEN]


def _too_large(path: Path) -> TutorError:
    return TutorError(
        f"{path} has more than {MOST_PIXELS // 10**6} million pixels, or needs more memory than there is.",
        "Make it smaller in a picture program first.",
    )


def _decode(picture: ImageFile.ImageFile, path: Path, *, grey: bool) -> OpenedPicture:
    (width, height), mode = picture.size, picture.mode
    if not width or not height:
        raise TutorError(f"{path} is {width}×{height}: no pixels.", "Give another picture.")
    if width * height > MOST_PIXELS:
        raise _too_large(path)
    steps = _about_frames(picture)
    if _orientation(picture) != 1:
        steps.append("turned as its EXIF says")
    factor = _reduction(width, height)
    picture.draft(None, (width // factor, height // factor))  # a JPEG can be decoded smaller
    picture.load()
    convert, about = conversion(picture)
    steps += [clause for clause in (about, about_colours(mode, grey=grey)) if clause]
    whole = _by_bands(picture, convert, "L" if grey else "RGB")
    turn = _TURNS.get(_orientation(picture))  # none by now for a TIFF: loading it turns it
    upright = whole if turn is None else whole.transpose(turn)
    return OpenedPicture(upright, width, height, mode, tuple(steps))


def _about_frames(picture: ImageFile.ImageFile) -> list[str]:
    several = False
    with suppress(Exception):  # a damaged second frame does not matter
        several = bool(getattr(picture, "is_animated", False))
    return ["the first of its frames"] if several else []


def _orientation(picture: Image.Image) -> int:
    """EXIF's number, 1 to 8; 1 where there is none or it cannot be read."""
    with suppress(Exception):  # damaged EXIF does not spoil the picture
        number = int(picture.getexif().get(ExifTags.Base.Orientation, 1))
        return number if number in _TURNS else 1
    return 1


def _reduction(width: int, height: int) -> int:
    """How many pixels of a very large picture become one, along either side."""
    wanted = math.ceil(math.sqrt(width * height / _MANY_PIXELS))
    return max(1, min(wanted, min(width, height) // _KEPT_SIDE))


def _by_bands(picture: Image.Image, convert: Convert, mode: str) -> Image.Image:
    """Convert to ``mode``, and reduce where it is very large, some rows at a time."""
    factor = _reduction(*picture.size)
    size = (math.ceil(picture.width / factor), math.ceil(picture.height / factor))
    rows = factor * max(1, _MANY_PIXELS // (picture.width * factor))
    whole = Image.new(mode, size)
    for number, band in enumerate(bands(picture, rows)):
        piece = convert(band).convert(mode)
        if factor > 1:
            piece = piece.reduce(factor)
        whole.paste(piece, (0, number * rows // factor))
    return whole
