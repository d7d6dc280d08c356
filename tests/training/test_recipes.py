"""Settings: the kit's recipe by default, and no value that cannot be."""

import subprocess
import sys
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.records import ModelFacts, preparation_of
from alexnet_tutor.training.recipes import Settings, option, origins_of
from alexnet_tutor.weights.metadata import require_readable


def test_defaults_keep_the_origins_rate_batch_and_schedule() -> None:
    settings = Settings()
    assert (settings.batch_size, settings.lr, settings.epochs) == (128, 0.01, 10)
    assert (settings.momentum, settings.weight_decay) == (0.9, 5e-4)
    assert (settings.schedule, settings.image_size, settings.data) == ("step", 227, "fashion-mnist")


def test_nesterov_without_momentum_is_refused() -> None:
    with pytest.raises(TutorError, match="needs momentum"):
        Settings(nesterov=True, momentum=0.0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lr", 0.0),
        ("lr", -1.0),
        ("lr", float("nan")),
        ("lr", float("inf")),
        ("lr", "fast"),
        ("lr", True),
        ("momentum", 1.0),
        ("momentum", -0.1),
        ("weight_decay", -1e-9),
        ("label_smoothing", 1.0),
        ("label_smoothing", -0.1),
        ("nesterov", 1),
        ("weight_decay", float("nan")),
        ("width", 0.0),
        ("width", 5.0),
        ("epochs", 0),
        ("epochs", 1.5),
        ("epochs", True),
        ("batch_size", 0),
        ("image_size", 0),
        ("seed", -1),
        ("seed", 2**63),
        ("limit", 0),
        ("validation", -1),
        ("preset", "vgg"),
        ("init", "zeros"),
        ("schedule", "linear"),
        ("augment", "cutmix"),
        ("precision", "fp16"),
        ("device", "tpu"),
        ("data", ""),
        ("data", "folder:my\xa0cats"),
        ("data", "folder:caf\udce9"),
        ("deterministic", 1),
    ],
)
def test_a_value_out_of_range_is_refused_by_the_name_of_its_option(
    name: str, value: object
) -> None:
    with pytest.raises(TutorError) as caught:
        Settings(**{name: value})
    assert caught.value.what.startswith(option(name) + " ")
    assert caught.value.exit_code is ExitCode.BAD_INPUT
    assert caught.value.remedy


@given(
    lr=st.floats(1e-6, 100),
    momentum=st.floats(0, 0.99),
    decay=st.floats(0, 1),
    seed=st.integers(0, 2**63 - 1),
    limit=st.none() | st.integers(1, 10**6),
    validation=st.none() | st.integers(0, 10**6),
)
def test_every_value_in_range_survives_the_trip_through_json(
    lr: float, momentum: float, decay: float, seed: int, limit: int | None, validation: int | None
) -> None:
    settings = Settings(
        lr=lr, momentum=momentum, weight_decay=decay, seed=seed, limit=limit, validation=validation
    )
    assert Settings(**settings.to_dict()) == settings


def test_options_are_spelt_with_dashes() -> None:
    assert option("batch_size") == "--batch-size"


def test_what_differs_from_the_default_counts_as_asked_for() -> None:
    origins = origins_of(Settings(lr=0.5))
    assert origins["lr"] == "flag"
    assert set(origins) == {entry.name for entry in fields(Settings)}
    assert [name for name, origin in origins.items() if origin != "default"] == ["lr"]


def test_the_architecture_has_the_width_and_size_asked_for() -> None:
    built = Settings(width=0.5, image_size=99).architecture(classes=7, channels=1)
    assert (built.classes, built.input_shape) == (7, (1, 99, 99))
    assert built.layer("conv1").out_channels == 48


def test_pictures_too_small_for_the_network_are_refused_by_the_option_s_name() -> None:
    with pytest.raises(TutorError, match=r"--image-size 20 is too small: pool2: .*does not fit"):
        Settings(image_size=20).architecture(classes=10, channels=1)


def test_pictures_whose_network_could_not_be_loaded_again_are_refused() -> None:
    with pytest.raises(TutorError, match=r"--image-size 2800 is too large.* smaller .*--width"):
        Settings(image_size=2800).architecture(classes=10, channels=1)
    narrow = Settings(image_size=2800, width=0.25).architecture(classes=10, channels=1)
    require_readable(ModelFacts(architecture=narrow, preparation=preparation_of("fashion", 2800)))


def test_settings_load_no_torch() -> None:
    code = "import sys, alexnet_tutor.training.recipes; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
