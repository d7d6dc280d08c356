"""The sample at the root is the kit's own drawing, pixel for pixel."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from alexnet_tutor import resources
from alexnet_tutor.images import load_image

SCRIPT = Path(__file__).parents[1] / "scripts" / "draw_sample.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("draw_sample", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_script_draws_the_committed_sample_pixel_for_pixel(script: ModuleType) -> None:
    with Image.open(resources.sample()) as committed:
        assert committed.mode == "RGB"
        np.testing.assert_array_equal(np.asarray(committed), np.asarray(script.draw_sample()))


def test_the_sample_is_small_and_dark_on_light() -> None:
    path = resources.sample()
    assert path.stat().st_size < 60_000
    prepared = load_image(path)
    assert prepared.facts.inverted
    assert prepared.tensor.shape == (1, 1, 227, 227)
    assert prepared.pixels[0, 100:180, 140:180].mean() > 0.6  # the boot's ankle is light now


def test_the_sample_is_nearest_to_real_ankle_boots(real_data: Path) -> None:
    """Of the 10,000 real test pictures, the five that differ least from it are ankle boots."""
    raw = real_data / "FashionMNIST" / "raw"
    pictures = np.frombuffer((raw / "t10k-images-idx3-ubyte").read_bytes(), np.uint8, offset=16)
    labels = np.frombuffer((raw / "t10k-labels-idx1-ubyte").read_bytes(), np.uint8, offset=8)
    sample = load_image(resources.sample()).pixels[0].numpy()[4::8, 4::8][:28, :28] * 255
    distance = np.square(pictures.reshape(-1, 28, 28) - sample).sum(axis=(1, 2))
    assert labels[distance.argsort()[:5]].tolist() == [9] * 5
