"""Boxes drawn on the picture stand where the record says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from show.showing import fake_trace
from show.units import UNITS, conv, pixel

from alexnet_tutor.show import boxes, plots


def test_a_border_lies_within_its_box_and_nothing_else_changes() -> None:
    canvas = np.zeros((40, 40, 3), dtype=np.uint8)
    boxes.outline(canvas, (2, 3, 6, 8), plots.ORANGE)
    rows, columns = np.nonzero(canvas.any(axis=-1))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (8, 27, 12, 35)
    assert not canvas[11:25, 15:33].any()
    assert canvas[8, 12].tolist() == [0xE6, 0x9F, 0x00]


def test_what_lies_beyond_the_picture_is_padding() -> None:
    pixels = np.ones((1, 10, 10), dtype=np.float32)
    canvas = boxes.ground(pixels, (-2, 1, 6, 12))
    assert canvas.shape == (12 * 4, 13 * 4, 3)
    assert (canvas[8:, :40] == 255).all()
    assert canvas[:8].max() < 255
    assert canvas[:, 40:].max() < 255
    assert boxes.ground(np.ones((3, 10, 10), dtype=np.float32), (0, 0, 9, 9)).min() == 255


def test_the_path_has_each_box_once_from_the_value_to_the_pixel() -> None:
    record = conv()
    places = [place for place, _ in boxes.path(record)]
    assert places[0] == "conv5:37,0,6"
    assert places[-1] == "input:0,86,130"
    same = replace(record, producers=UNITS["unit_relu"]().producers)
    assert list(boxes.path(same)) == [("conv5:37,0,6", record.box)]


@pytest.mark.parametrize("make", [conv, pixel])
def test_a_file_is_written_with_colour_on_the_picture(make, tmp_path: Path) -> None:
    record = make()
    file = boxes.save(record, fake_trace(), tmp_path / "boxes")
    assert file.name == f"{str(record.place).replace(':', '_').replace(',', '_')}.png"
    with Image.open(file) as picture:
        shades = np.asarray(picture.convert("RGB")).reshape(-1, 3)
    assert (shades == [0xD5, 0x5E, 0x00]).all(axis=1).any()


def test_without_a_box_nothing_can_be_drawn(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not square"):
        boxes.save(replace(conv(), box=None), fake_trace(), tmp_path)
