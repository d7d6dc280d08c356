"""Figures: they are made, say what they show, and are quick."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from show.showing import fake_epochs, fake_evaluation, fake_trace

from alexnet_tutor.records import TraceRecord
from alexnet_tutor.show import plots, tiles


def texts(figure: plots.Figure) -> str:
    import matplotlib.text

    return "\n".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))


def test_curves_tell_training_from_validation_without_colour() -> None:
    figure = plots.loss_curves({"first": fake_epochs(5)})
    losses, accuracies = figure.axes
    assert [line.get_linestyle() for line in losses.lines] == ["--", "-"]
    assert losses.get_ylabel() == "cross-entropy loss, nats (natural-log units)"
    assert losses.get_ylim()[0] == 0
    assert accuracies.get_ylabel() == "accuracy (the axis starts at 30%)"
    assert accuracies.get_ylim()[0] == pytest.approx(0.3)
    assert [line.get_label() for line in losses.lines] == ["train", "validation"]
    np.testing.assert_allclose(
        losses.lines[1].get_ydata(), [epoch.validation_loss for epoch in fake_epochs(5)]
    )


def test_markers_are_whole_and_runs_that_coincide_all_show() -> None:
    runs = {"base": fake_epochs(5), "again": fake_epochs(5), "other": fake_epochs(5)}
    for axes in plots.loss_curves(runs).axes:
        assert not any(line.get_clip_on() for line in axes.lines)
        widths = [line.get_linewidth() for line in axes.lines][::2]
        assert widths == sorted(set(widths), reverse=True)
    (alone, *_) = plots.loss_curves({"base": fake_epochs(5)}).axes[0].lines
    assert alone.get_linewidth() == 1.5


@pytest.mark.parametrize(
    "epochs", [fake_epochs(1), [], fake_epochs(3, validation=False), fake_epochs(200)]
)
def test_curves_of_any_length_can_be_drawn(epochs: list, tmp_path: Path) -> None:
    figure = plots.loss_curves({"$a run_": epochs, "other": fake_epochs(1)})
    assert all(
        line.get_marker() == "o" for line in figure.axes[0].lines if len(line.get_xdata()) == 1
    )
    plots.save(figure, tmp_path / "new" / "curves.png")
    with Image.open(tmp_path / "new" / "curves.png") as picture:
        assert picture.size == (1000, 420)


def test_confusion_writes_every_count() -> None:
    record = fake_evaluation()
    words = texts(plots.confusion(record)).split("\n")
    assert all(f"{count:,}" in words for count in record.confusion.ravel() if count)
    assert "accuracy 78.9% on 10,000 pictures: fashion-mnist, test" in words
    plots.confusion(fake_evaluation(60, 20))


def test_a_wrong_picture_is_marked_by_more_than_colour(tmp_path: Path) -> None:
    record = fake_evaluation()
    figure = plots.picture_grid(record.examples, record.labels, "The first pictures")
    wrong = sum(picture.true != picture.predicted for picture in record.examples)
    assert texts(figure).count("✗ said") == wrong
    plots.save(figure, tmp_path / "grid.png")


def test_a_grid_of_no_pictures_says_so() -> None:
    assert "none" in texts(plots.picture_grid((), ("bag",), "Mistakes")).split("\n")


def test_a_label_the_font_lacks_does_not_warn(tmp_path: Path) -> None:
    record = fake_evaluation()
    plots.save(plots.picture_grid(record.examples[:1], ["靴"] * 10), tmp_path / "grid.png")


def test_a_grid_holds_every_map_pixel_for_pixel() -> None:
    maps = fake_trace().layer("relu1").maps
    sheet, pitch = tiles.tiled(tiles.grey(maps), 12, 1400)
    assert pitch == 2 * 56 + 2
    assert sheet.shape == (8 * pitch - 2, 12 * pitch - 2, 3)
    corner = sheet[pitch : pitch + 112 : 2, 2 * pitch : 2 * pitch + 112 : 2, 0]
    np.testing.assert_array_equal(corner, tiles.grey(maps)[14, :, :, 0])


def test_scales_are_what_the_title_says() -> None:
    values = np.array([[[-1.0, 0.0], [0.5, 2.0]], np.zeros((2, 2))])
    drawn = tiles.diverging(values)
    assert drawn[0, 0, 1].tolist() == [255, 255, 255]
    assert drawn[0, 1, 1].tolist() == [213, 94, 0]
    assert drawn[0, 0, 0, 2] > drawn[0, 0, 0, 0]
    assert (drawn[1] == 255).all()
    assert tiles.grey(values)[0, :, :, 0].tolist() == [[0, 85], [128, 255]]
    assert (tiles.grey(values)[1] == 0).all()


@pytest.mark.parametrize(
    ("count", "columns"), [(96, 12), (256, 16), (384, 24), (1, 1), (97, 13), (3, 3)]
)
def test_tiles_fill_their_rows_where_they_can(count: int, columns: int) -> None:
    assert tiles.columns_for(count) == columns


def small(trace: TraceRecord) -> TraceRecord:
    names = ("conv3", "relu5", "fc8", "softmax", "relu6")
    return replace(trace, layers=tuple(layer for layer in trace.layers if layer.name in names))


def test_a_trace_is_saved_in_the_order_of_its_layers(tmp_path: Path) -> None:
    assert plots.save_trace(small(fake_trace()), tmp_path / "maps") == 7
    names = sorted(path.name for path in (tmp_path / "maps").iterdir())
    assert names == ["00_input.png", "01_conv1_kernels.png", "01_conv3.png", "02_relu5.png", "03_relu6.png", "04_fc8.png", "05_softmax.png"]  # fmt: skip


@pytest.mark.parametrize("source", ["fashion.safetensors", None])
def test_saved_pictures_say_whose_they_are(
    source: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: dict[str, str] = {}
    monkeypatch.setattr(plots, "save", lambda figure, path: said.update({path.stem: texts(figure)}))
    plots.save_trace(small(fake_trace(source=source)), tmp_path)
    for name, words in said.items():
        assert ("sample.png" in words) == (name != "01_conv1_kernels")
        assert ("UNTRAINED" in words) == (source is None and name != "00_input")


def test_the_colours_are_called_what_they_are() -> None:
    red, green, blue = tiles.diverging(np.array([[[1.0, -1.0]]]))[0, 0, 0]
    assert red > 2 * green > 10 * blue  # orange
    assert "orange above" in texts(plots.kernels_grid(fake_trace().conv1_kernels))


def test_kernels_of_three_channels_are_drawn_in_colour() -> None:
    kernels = np.random.default_rng(0).normal(size=(96, 3, 11, 11)).astype(np.float32)
    assert "red, green and blue" in texts(plots.kernels_grid(kernels))
    assert "white is 0" in texts(plots.kernels_grid(kernels[:, :1]))
    assert tiles.colour(kernels).max() == 255


def test_silent_maps_are_counted_in_the_title() -> None:
    layer = fake_trace().layer("pool5")
    assert f"{layer.silent} of them silent" in texts(plots.maps_grid(layer))


@pytest.mark.stress
def test_all_layers_are_saved_in_six_seconds(tmp_path: Path) -> None:
    import time

    began = time.process_time()
    assert plots.save_trace(fake_trace(), tmp_path) == 26
    assert time.process_time() - began < 6


def test_a_class_s_known_mistakes_have_a_bar_each() -> None:
    from show.screens import empty_class, graded

    from alexnet_tutor.show import class_plots

    figure = class_plots.misconceptions(graded())
    words = texts(figure)
    assert "Known mistakes of 4 students" in words
    assert "7 macs: groups-forgotten" in words
    assert [bar.get_width() for bar in figure.axes[0].patches] == [2, 1, 1]
    assert "none" in texts(class_plots.misconceptions(empty_class()))
