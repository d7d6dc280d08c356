"""Any picture file becomes one finite tensor, or a sentence that says why not."""

import dataclasses
import io
import struct
import tracemalloc
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.images import enlarge, files, load_image, modes, normalise
from alexnet_tutor.images.files import open_picture
from alexnet_tutor.records import FASHION_PREPARATION, PAPER_PREPARATION, Preparation

AS_STORED = dataclasses.replace(FASHION_PREPARATION, image_size=28)
SMALL = dataclasses.replace(FASHION_PREPARATION, image_size=50)
SMALL_PHOTOGRAPHS = dataclasses.replace(PAPER_PREPARATION, image_size=50)
FORMATS = {
    "1": "PNG", "L": "PNG", "LA": "PNG", "P": "PNG", "RGB": "PNG", "RGBA": "PNG", "I;16": "PNG",
    "PA": "TIFF", "CMYK": "TIFF", "YCbCr": "TIFF", "LAB": "TIFF", "I": "TIFF", "F": "TIFF", "I;16B": "TIFF",
}  # fmt: skip

NORMALISED = "normalised: (pixel − 0.286) / 0.353"


def noise(mode: str, width: int, height: int, seed: int = 0) -> Image.Image:
    """A picture of any mode with every value possible."""
    rng = np.random.default_rng(seed)
    if mode == "I":
        values = rng.integers(-70_000, 70_000, (height, width), dtype=np.int32)
        return Image.fromarray(values)
    if mode == "F":
        return Image.fromarray(rng.normal(0, 1000, (height, width)).astype(np.float32))
    if mode in {"I;16", "I;16B"}:
        return Image.frombytes(mode, (width, height), rng.bytes(2 * width * height))
    if mode in {"P", "PA"}:
        paletted = Image.frombytes("P", (width, height), rng.bytes(width * height))
        paletted.putpalette(rng.bytes(768))
        return paletted if mode == "P" else paletted.convert("PA")
    if mode == "1":
        return noise("L", width, height, seed).convert("1")
    if mode in {"YCbCr", "RGBX"}:
        return noise("RGB", width, height, seed).convert(mode)
    return Image.frombytes(mode, (width, height), rng.bytes(len(mode) * width * height))


def saved(folder: Path, picture: Image.Image, name: str = "picture.png", **options) -> Path:
    picture.save(folder / name, **options)
    return folder / name


def grey(values, folder: Path, name: str = "picture.png") -> Path:
    return saved(folder, Image.fromarray(np.asarray(values, dtype=np.uint8)), name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    mode=st.sampled_from(sorted(FORMATS)),
    width=st.integers(1, 300),
    height=st.integers(1, 300),
    preparation=st.sampled_from([SMALL, SMALL_PHOTOGRAPHS]),
)
@example("L", 1, 5000, FASHION_PREPARATION)
@example("RGB", 5000, 1, FASHION_PREPARATION)
@example("RGB", 1, 5000, PAPER_PREPARATION)
def test_every_size_and_mode_gives_one_finite_tensor(
    tmp_path: Path, mode: str, width: int, height: int, preparation: Preparation
) -> None:
    kind = FORMATS[mode]
    path = saved(tmp_path, noise(mode, width, height), f"picture.{kind.lower()}")
    prepared = load_image(path, preparation)
    assert prepared.tensor.shape == (1, preparation.channels, *[preparation.image_size] * 2)
    assert prepared.tensor.dtype == prepared.pixels.dtype == torch.float32
    assert prepared.tensor.isfinite().all()
    assert prepared.pixels.min() >= 0
    assert prepared.pixels.max() <= 1
    assert (prepared.facts.width, prepared.facts.height) == (width, height)
    assert prepared.facts.path == str(path)
    torch.testing.assert_close(prepared.tensor[0], normalise(prepared.pixels, preparation))


@pytest.mark.parametrize("mode", sorted({*FORMATS, "HSV", "La", "RGBa", "RGBX"}))
@pytest.mark.parametrize("final", ["L", "RGB"])
def test_every_mode_is_converted_even_where_no_file_holds_it(mode: str, final: str) -> None:
    picture = noise({"La": "LA", "RGBa": "RGBA"}.get(mode, mode), 6, 5)
    picture = picture if picture.mode == mode else picture.convert(mode)
    picture.format = None
    convert, _ = modes.conversion(picture)
    assert convert(picture).convert(final).size == (6, 5)


# Grey values


def test_a_picture_like_the_training_pictures_is_left_as_it_is(tmp_path: Path) -> None:
    values = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    values[[0, -1]] = values[:, [0, -1]] = 0
    prepared = load_image(grey(values, tmp_path), AS_STORED)
    assert prepared.pixels.mul(255).round().byte().numpy().tolist() == [values.tolist()]
    assert prepared.facts.steps == (NORMALISED,)
    assert not prepared.facts.inverted


def test_grey_is_the_luma_of_itu_r_601(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.new("RGB", (28, 28), (100, 50, 200)))
    prepared = load_image(path, AS_STORED)
    expected = (0.299 * 100 + 0.587 * 50 + 0.114 * 200) / 255
    assert prepared.pixels.mean().item() == pytest.approx(expected, abs=0.5 / 255)
    assert prepared.facts.steps == ("made grey", NORMALISED)


def test_sixteen_bits_are_divided_by_257(tmp_path: Path) -> None:
    values = np.full((28, 28), 100 * 257, dtype=np.uint16)
    prepared = load_image(saved(tmp_path, Image.fromarray(values)), AS_STORED)
    assert prepared.pixels.mul(255).unique().tolist() == [100]
    assert prepared.facts.steps == ("16 bits brought to 8", NORMALISED)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0, 100, 200), (0, 100, 200)),
        ((0, 0.5, 1), (0, 128, 255)),
        ((-1000, 0, 1000), (0, 128, 255)),
        ((np.nan, -1e38, 3e38), (0, 0, 255)),
        ((-np.inf, 300, np.inf), (0, 0, 0)),
        ((-np.inf, 300, 400), (0, 0, 255)),
        ((300, 300, 300), (0, 0, 0)),
        ((np.nan, np.nan, np.nan), (0, 0, 0)),
    ],
)
def test_floats_are_brought_to_bytes_only_as_far_as_they_must(tmp_path, values, expected) -> None:
    rows = np.full((28, 28), values[0], dtype=np.float32)
    rows[14, 10], rows[14, 11] = values[1:]
    prepared = load_image(saved(tmp_path, Image.fromarray(rows), "f.tiff"), AS_STORED)
    bytes_ = prepared.pixels[0].mul(255).round().int()
    assert tuple(bytes_[14, [0, 10, 11]].tolist()) == expected


def test_transparency_is_laid_on_white(tmp_path: Path) -> None:
    """A black disc on nothing is black on white, and so becomes white on black."""
    picture = Image.new("RGBA", (28, 28), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (8, 8, 20, 20))
    prepared = load_image(saved(tmp_path, picture), AS_STORED)
    assert prepared.facts.steps == (
        "laid on white where it is transparent", "made grey", "inverted: its background is light", NORMALISED,
    )  # fmt: skip
    assert prepared.pixels[0, 0, 0] == 0
    assert prepared.pixels[0, 14, 14] == 1
    palette = picture.convert("P")
    palette.info["transparency"] = palette.getpixel((0, 0))
    assert load_image(saved(tmp_path, palette, "p.png"), AS_STORED).pixels[0, 0, 0] == 0


# Turning and frames


@pytest.mark.parametrize("kind", ["jpeg", "png", "tiff", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_eight_exif_orientations_show_the_upright_picture(tmp_path, kind, orientation) -> None:
    upright = noise("L", 3, 2).resize((48, 32), Image.Resampling.NEAREST).convert("RGB")
    stored = upright
    turns = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE",
             6: "ROTATE_90", 7: "TRANSVERSE", 8: "ROTATE_270"}  # fmt: skip
    if orientation in turns:
        stored = upright.transpose(Image.Transpose[turns[orientation]])
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"jpeg": {"quality": 100}, "webp": {"lossless": True}}.get(kind, {})
    turned = load_image(saved(tmp_path, stored, f"t.{kind}", exif=exif, **options), AS_STORED)
    expected = load_image(saved(tmp_path, upright, "upright.png"), AS_STORED)
    close = 0.02 if kind == "jpeg" else 0
    torch.testing.assert_close(turned.pixels, expected.pixels, rtol=0, atol=close)
    assert ("turned as its EXIF says" in turned.facts.steps) == (orientation != 1)


def test_damaged_exif_does_not_spoil_the_picture(tmp_path: Path) -> None:
    path = saved(
        tmp_path, noise("RGB", 20, 20), "p.jpeg", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01"
    )
    assert load_image(path).tensor.isfinite().all()


@pytest.mark.parametrize("kind", ["gif", "png", "webp", "tiff"])
def test_the_first_frame_is_taken_and_said(tmp_path: Path, kind: str) -> None:
    first, second = Image.new("L", (28, 28), 90), Image.new("L", (28, 28), 10)
    path = saved(tmp_path, first, f"a.{kind}", save_all=True, append_images=[second])
    prepared = load_image(path, AS_STORED)
    assert prepared.facts.steps[0] == "the first of its frames"
    assert prepared.pixels.mean().item() == pytest.approx(90 / 255, abs=0.02)


# Light and dark


@pytest.mark.parametrize(
    ("ground", "invert", "inverted"),
    [(255, None, True), (128, None, True), (127, None, False), (0, None, False),
     (255, False, False), (255, True, True), (0, True, True), (0, False, False)],
)  # fmt: skip
def test_a_light_border_is_inverted_unless_the_caller_says(tmp_path, ground, invert, inverted):
    values = np.full((28, 28), ground)
    values[4:24, 4:24] = 60
    prepared = load_image(grey(values, tmp_path), AS_STORED, invert=invert)
    expected = 255 - ground if inverted else ground
    assert prepared.facts.inverted is inverted
    assert any("invert" in step for step in prepared.facts.steps) == (ground > 127 or inverted)
    assert prepared.pixels[0, 0, 0].item() == pytest.approx(expected / 255)


def test_where_training_pictures_are_photographs_nothing_is_inverted_unasked(tmp_path) -> None:
    path = saved(tmp_path, Image.new("RGB", (300, 300), "white"))
    assert not load_image(path, PAPER_PREPARATION).facts.inverted
    asked = load_image(path, PAPER_PREPARATION, invert=True)
    assert asked.facts.inverted
    assert asked.pixels.max() == 0


# Size and shape


def test_padding_is_centred_and_of_the_borders_colour(tmp_path: Path) -> None:
    values = np.full((14, 28), 50)
    values[4:10, 4:24] = 200
    prepared = load_image(grey(values, tmp_path), AS_STORED)
    rows = prepared.pixels[0].mul(255).round()
    assert rows[7:21].numpy().tolist() == values.tolist()
    assert rows[:7].unique().tolist() == rows[21:].unique().tolist() == [50]
    assert prepared.facts.steps == ("padded to a square, 28×28", NORMALISED)


def test_the_steps_tell_the_way_of_a_photograph(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.new("RGB", (640, 480), "white"), "p.jpeg")
    assert load_image(path).facts.steps == (
        "made grey",
        "inverted: its background is light",
        "padded to a square, 640×640",
        "640×640 → 28×28, the size of the training pictures",
        "28×28 → 227×227",
        NORMALISED,
    )


def test_the_papers_way_cuts_out_the_middle(tmp_path: Path) -> None:
    """Left and right thirds are lost; the middle is red up to its edges, where colours blend."""
    picture = Image.new("RGB", (900, 300), "blue")
    picture.paste("red", (300, 0, 600, 300))
    prepared = load_image(saved(tmp_path, picture), PAPER_PREPARATION)
    red = torch.tensor([1.0, 0, 0]).reshape(3, 1, 1).expand(3, 227, 221)
    torch.testing.assert_close(prepared.pixels[:, :, 3:-3], red)
    assert prepared.facts.steps == (
        "short side to 227, the middle 227×227 kept",
        "normalised, channel by channel",
    )


@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff"])
def test_a_very_large_picture_is_made_smaller_and_looks_the_same(tmp_path, monkeypatch, kind):
    small = noise("L", 8, 8).resize((420, 300), Image.Resampling.BICUBIC)
    path = saved(tmp_path, small, f"large.{kind}")
    whole = load_image(path, AS_STORED, invert=False).pixels
    for module, name in ((files, "_MANY_PIXELS"), (modes, "_PIXELS_AT_ONCE")):
        monkeypatch.setattr(module, name, 3_000)
    monkeypatch.setattr(files, "_KEPT_SIDE", 60)  # a fifth of the short side
    assert max(open_picture(path, grey=True).picture.size) < 120
    again = load_image(path, AS_STORED, invert=False).pixels
    torch.testing.assert_close(again, whole, rtol=0, atol=0.1)


def test_memory_stays_bounded_for_a_very_large_float_picture(tmp_path, monkeypatch) -> None:
    """Python's own memory, which NumPy counts: 8 bytes a value would be 8 MB at once."""
    path = saved(tmp_path, noise("F", 1000, 1000), "large.tiff")
    for module, name in ((files, "_MANY_PIXELS"), (modes, "_PIXELS_AT_ONCE")):
        monkeypatch.setattr(module, name, 50_000)
    load_image(path)  # what is imported or made once
    tracemalloc.start()
    load_image(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 7_000_000  # 4 MB of the file, and pieces


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 60), st.sampled_from([1, 3]))
def test_enlarge_keeps_a_plain_colour_and_the_range(height, width, size, channels) -> None:
    x = torch.rand(2, channels, height, width, generator=torch.Generator().manual_seed(0))
    y = enlarge(x, size)
    assert y.shape == (2, channels, size, size)
    assert y.min() >= x.min() - 1e-6
    assert y.max() <= x.max() + 1e-6
    torch.testing.assert_close(enlarge(torch.full_like(x, 0.3), size), torch.full_like(y, 0.3))


def test_enlarge_by_hand() -> None:
    """[0, 1] to four pixels: their centres lie at −0.25, 0.25, 0.75, 1.25 of the old ones."""
    row = torch.tensor([0.0, 1.0]).expand(1, 1, 2, 2)
    torch.testing.assert_close(enlarge(row, 4)[0, 0, 0], torch.tensor([0, 0.25, 0.75, 1]))
    assert enlarge(row, 2) is row


def test_normalise_is_the_same_with_one_number_and_with_a_row_of_them() -> None:
    pixels = torch.rand(2, 3, 4, 5, generator=torch.Generator().manual_seed(0))
    one = dataclasses.replace(PAPER_PREPARATION, mean=(0.4,), std=(0.2,))
    three = dataclasses.replace(PAPER_PREPARATION, mean=(0.4,) * 3, std=(0.2,) * 3)
    torch.testing.assert_close(normalise(pixels, one), normalise(pixels, three))
    torch.testing.assert_close(normalise(pixels, one), (pixels - 0.4) / 0.2)
    assert normalise(pixels[0], three).shape == (3, 4, 5)


# Files that are no pictures


def refused(path: Path | str) -> TutorError:
    with pytest.raises(TutorError) as caught:
        load_image(path)
    assert caught.value.exit_code is ExitCode.BAD_INPUT
    assert caught.value.what.endswith(".")
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("name", ["none.png", "no/such/folder.png", "x" * 5000, "nul\0byte", ""])
def test_a_missing_file_is_told(tmp_path: Path, name: str) -> None:
    what = refused(f"{tmp_path}/{name}").what
    assert "folder, not a picture" in what if name == "" else "There is no file" in what


def test_an_empty_file_and_one_that_is_no_picture_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    (tmp_path / "text.png").write_text("%!PS not a picture")
    assert "is empty" in refused(tmp_path / "empty.png").what
    assert "not a picture" in refused(tmp_path / "text.png").what


@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "bmp", "tiff", "webp", "ppm"])
def test_a_truncated_or_corrupt_file_is_refused_or_read_but_never_crashes(tmp_path, kind) -> None:
    stream = io.BytesIO()
    noise("RGB", 60, 50).save(stream, kind)
    data = stream.getvalue()
    rng = np.random.default_rng(0)
    path = tmp_path / f"cut.{kind}"
    path.write_bytes(data[: len(data) // 2])
    refused(path)
    for _ in range(25):
        damaged = np.frombuffer(data, dtype=np.uint8).copy()
        damaged[rng.integers(0, min(len(data), 200), 6)] = rng.integers(0, 256, 6)
        path.write_bytes(damaged.tobytes())
        with suppress(TutorError):
            assert load_image(path, AS_STORED).tensor.isfinite().all()


def png_of(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = (
        chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize("size", [(60_000, 60_000), (13_000, 10_000), (2**31 - 1, 1)])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, size: tuple[int, int]) -> None:
    (tmp_path / "bomb.png").write_bytes(png_of(*size))
    assert "million pixels" in refused(tmp_path / "bomb.png").what


def test_a_picture_without_pixels_is_refused(tmp_path: Path) -> None:
    (tmp_path / "none.png").write_bytes(png_of(0, 5))
    refused(tmp_path / "none.png")


def test_what_is_no_ordinary_file_is_not_opened() -> None:
    if not Path("/dev/null").exists():
        pytest.skip("only where devices are files")
    assert "ordinary" in refused("/dev/null").what


def test_other_channels_than_one_or_three_are_refused(tmp_path: Path) -> None:
    path = grey(np.zeros((28, 28)), tmp_path)
    with pytest.raises(TutorError, match="channels"):
        load_image(path, dataclasses.replace(FASHION_PREPARATION, channels=5))


def test_no_warning_leaks_from_a_large_picture(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    path = saved(tmp_path, noise("L", 40, 30))
    with warnings.catch_warnings(record=True) as caught:
        load_image(path)
    assert not caught


def test_threads_that_decode_leave_the_warning_filters_as_they_were(tmp_path) -> None:
    path = saved(tmp_path, noise("RGB", 90, 80))
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        pictures = list(pool.map(lambda _: open_picture(path, grey=True).picture, range(40)))
    assert warnings.filters == before
    assert len({picture.tobytes() for picture in pictures}) == 1


def test_loading_is_repeatable_and_touches_no_global_generator(tmp_path: Path) -> None:
    path = saved(tmp_path, ImageOps.expand(noise("RGB", 40, 30), 3, "white"))
    torch_state, numpy_state = torch.get_rng_state(), np.random.get_state()[1].tolist()
    first, second = load_image(str(path)), load_image(path)
    assert first.tensor.equal(second.tensor)
    assert first.facts == second.facts
    assert torch.get_rng_state().equal(torch_state)
    assert np.random.get_state()[1].tolist() == numpy_state
