"""A folder of pictures becomes two sets, wherever it lies and whatever is in it."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.datasets import ImageFolder
from torchvision.datasets.folder import IMG_EXTENSIONS

from alexnet_tutor.data import open_data
from alexnet_tutor.data.batches import Batches
from alexnet_tutor.data.class_folders import extensions, label_of
from alexnet_tutor.data.dataset import DataSplits
from alexnet_tutor.data.folder import DiskDataset, decode, folder
from alexnet_tutor.errors import TutorError
from alexnet_tutor.images import load_image
from alexnet_tutor.records import FASHION_PREPARATION, PAPER_PREPARATION, Preparation

GREY = Preparation(1, 8, 28, (0.1,), (0.2,), light_on_dark=True)
COLOUR = Preparation(3, 8, 28, (0.1,) * 3, (0.2,) * 3, light_on_dark=True)


def paint(path: Path, seed: int = 0, size: tuple[int, int] = (12, 10)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return path


def fill(root: Path, each: int = 6, classes: tuple[str, ...] = ("cat", "dog")) -> Path:
    for number, name in enumerate(classes):
        for index in range(each):
            paint(root / name / f"{index}.png", seed=100 * number + index)
    return root


def everything(dataset) -> tuple[torch.Tensor, torch.Tensor]:
    return dataset.take(torch.arange(len(dataset)))


def where(path: Path, **options: object) -> list[str]:
    """The test pictures' names, seen through a set that stays on disk."""
    test = folder(path, preparation=GREY, memory_limit=0, **options).test
    return [sample.name for sample in test.samples]


# --- what is found ------------------------------------------------------------------------------


def test_the_files_that_torchvision_takes_for_pictures_are_found(tmp_path: Path) -> None:
    assert extensions() > set(IMG_EXTENSIONS)
    fill(tmp_path, each=3, classes=("b", "a", "C"))
    paint(tmp_path / "a" / "deep" / "er" / "x.PNG")
    (tmp_path / "a" / "notes.txt").write_text("not a picture")
    splits = folder(tmp_path, preparation=GREY, memory_limit=0)
    reference = ImageFolder(tmp_path)
    found = {
        (str(tmp_path / sample.name), sample.target)
        for part in (splits.train, splits.test)
        for sample in part.samples
    }
    assert found == set(reference.samples)
    assert list(splits.train.labels) == reference.classes


@pytest.mark.parametrize("ending", ["gif", "GIF", "tga", "eps", "jp2", "ico", "jfif", "pdf"])
def test_what_trace_reads_counts_as_a_picture_and_nothing_else(ending: str, tmp_path: Path) -> None:
    counts = ending not in {"tga", "eps", "pdf"}
    fill(tmp_path)
    file = paint(tmp_path / "cat" / "more.png")
    file.rename(file.with_suffix(f".{ending}"))
    splits = folder(tmp_path, preparation=GREY, memory_limit=0)
    assert len(splits.train) + len(splits.test) == 12 + counts


def test_names_that_begin_with_a_dot_are_passed_over(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / "cat" / "._0.png").write_bytes(b"a Mac's notes about 0.png")
    splits = folder(tmp_path, preparation=GREY)
    assert splits.train.labels == ("cat", "dog")
    assert len(splits.train) + len(splits.test) == 12


def test_links_in_a_circle_are_followed_once(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "cat" / "self").symlink_to(tmp_path / "cat")
    (tmp_path / "cat" / "up").symlink_to(tmp_path)
    (tmp_path / "dog" / "lost").symlink_to(tmp_path / "dog" / "lost")
    splits = folder(tmp_path, preparation=GREY)
    assert len(splits.train) + len(splits.test) == 12


def test_a_class_may_be_a_link_to_a_folder_elsewhere(tmp_path: Path) -> None:
    fill(tmp_path / "real")
    (tmp_path / "seen").mkdir()
    for name in ("cat", "dog"):
        (tmp_path / "seen" / name).symlink_to(tmp_path / "real" / name)
    assert len(folder(tmp_path / "seen", preparation=GREY).train) == 10


# --- the names of classes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Ankle boot", "Ankle boot"),
        ("my\xa0cat", "my cat"),
        ("caf\udce9", "caf?"),
        ("\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u062e\u0648"),
        ("a\u202eb", "ab"),
        ("bell\a", "bell?"),
    ],
)
def test_a_label_is_what_of_the_folder_s_name_can_be_shown(name: str, label: str) -> None:
    assert label_of(name) == label
    assert label.isprintable()


def test_labels_stand_in_the_order_of_the_folders_in_both_splits(tmp_path: Path) -> None:
    """A no-break space sorts after the letters that a plain one sorts before."""
    names = ("my\xa0cat", "my dog", "my\xa0emu")
    fill(tmp_path / "train", each=1, classes=names)
    fill(tmp_path / "test", each=1, classes=names)
    splits = folder(tmp_path, preparation=GREY)
    assert splits.train.labels == splits.test.labels == ("my dog", "my cat", "my emu")


def test_classes_that_look_alike_are_refused(tmp_path: Path) -> None:
    refused(
        fill(tmp_path, classes=("my cat", "my\xa0cat")), "2 class folders .* look like 'my cat'"
    )


# --- the split ----------------------------------------------------------------------------------


def test_a_sixth_of_each_class_is_kept_for_the_test(tmp_path: Path) -> None:
    splits = folder(fill(tmp_path, each=12), preparation=GREY)
    assert torch.bincount(splits.train.take(torch.arange(20))[1]).tolist() == [10, 10]
    assert torch.bincount(splits.test.take(torch.arange(4))[1]).tolist() == [2, 2]


def test_the_split_follows_from_the_names_alone(tmp_path: Path) -> None:
    chosen = where(fill(tmp_path / "one", each=12))
    shutil.copytree(tmp_path / "one", tmp_path / "other")
    paint(tmp_path / "other" / chosen[0], seed=999)
    assert where(tmp_path / "other") == chosen
    assert len(chosen) == 4
    assert {name.partition("/")[0] for name in chosen} == {"cat", "dog"}


@pytest.mark.parametrize("name", ["test", "val"])
def test_train_and_test_folders_are_the_splits(name: str, tmp_path: Path) -> None:
    fill(tmp_path / "train", each=4)
    fill(tmp_path / name, each=2)
    splits = folder(tmp_path, preparation=GREY)
    assert (len(splits.train), len(splits.test)) == (8, 4)
    assert splits.train.labels == splits.test.labels == ("cat", "dog")
    assert splits.train.fingerprint != splits.test.fingerprint


# --- what becomes of a picture ------------------------------------------------------------------


@pytest.mark.parametrize("memory_limit", [1 << 30, 0], ids=["memory", "disk"])
@pytest.mark.parametrize("preparation", [GREY, COLOUR], ids=["grey", "colour"])
def test_every_picture_comes_as_decoded(
    preparation: Preparation, memory_limit: int, tmp_path: Path
) -> None:
    fill(tmp_path / "train", each=3)
    fill(tmp_path / "test", each=1)
    splits = folder(tmp_path, preparation=preparation, memory_limit=memory_limit)
    assert splits.train.on_disk == isinstance(splits.train, DiskDataset) == (memory_limit == 0)
    images, targets = splits.train.take(torch.tensor([4, 0, 4]))
    assert targets.tolist() == [1, 0, 1]
    assert (images.shape, images.dtype) == ((3, preparation.channels, 8, 8), torch.uint8)
    expected = decode(tmp_path / "train" / "dog" / "1.png", preparation.channels, 8)
    assert torch.equal(images[0], expected)
    assert torch.equal(images[2], expected)
    assert not torch.equal(images[1], expected)


def test_memory_is_used_up_to_the_limit(tmp_path: Path) -> None:
    fill(tmp_path)
    needed = 12 * 1 * 8 * 8
    assert not folder(tmp_path, preparation=GREY, memory_limit=needed).train.on_disk
    assert folder(tmp_path, preparation=GREY, memory_limit=needed - 1).train.on_disk


def test_the_middle_square_is_cut_out(tmp_path: Path) -> None:
    """A wide picture, black at both ends: nothing of the ends is left."""
    pixels = np.zeros((10, 30), dtype=np.uint8)
    pixels[:, 10:20] = np.arange(10) * 20 + 50
    Image.fromarray(pixels).save(tmp_path / "wide.png")
    assert decode(tmp_path / "wide.png", 1, 10)[0, 0].tolist() == (np.arange(10) * 20 + 50).tolist()


def test_a_picture_is_turned_as_exif_says(tmp_path: Path) -> None:
    pixels = np.zeros((16, 16), dtype=np.uint8)
    pixels[:8] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter to the right: what was on top comes to the right
    Image.fromarray(pixels).save(tmp_path / "turned.png", exif=exif)
    turned = decode(tmp_path / "turned.png", 1, 16)[0]
    assert turned[:, 8:].min() == 255
    assert turned[:, :8].max() == 0


@pytest.mark.parametrize("preparation", [GREY, COLOUR], ids=["grey", "colour"])
def test_a_picture_is_learnt_from_as_it_is_traced(preparation: Preparation, tmp_path: Path) -> None:
    """Of any mode and size: what ``load_image`` makes of the file is what the set holds."""
    traced = replace(preparation, source_size=None, light_on_dark=False)
    paint(tmp_path / "colours.png", size=(31, 20))
    rng = np.random.default_rng(3)
    Image.fromarray(rng.integers(0, 65536, (9, 14), dtype=np.uint16)).save(tmp_path / "deep.png")
    Image.fromarray(rng.integers(0, 256, (20, 9, 4), dtype=np.uint8)).save(tmp_path / "clear.png")
    Image.fromarray(rng.integers(0, 256, (4, 5), dtype=np.uint8)).save(tmp_path / "tiny.png")
    for file in tmp_path.iterdir():
        pixels = decode(file, preparation.channels, 8).float() / 255
        assert torch.equal(pixels, load_image(file, traced).pixels)


def test_mean_and_deviation_are_measured_on_the_training_pictures(tmp_path: Path) -> None:
    splits = folder(fill(tmp_path), preparation=COLOUR)
    pixels = everything(splits.train)[0].numpy().transpose(1, 0, 2, 3).reshape(3, -1) / 255
    prepared = splits.preparation
    np.testing.assert_allclose(prepared.mean, pixels.mean(1), atol=1e-4)
    np.testing.assert_allclose(prepared.std, pixels.std(1), atol=1e-4)
    assert (prepared.channels, prepared.image_size) == (3, 8)
    assert (prepared.source_size, prepared.light_on_dark) == (None, False)


def test_pictures_all_alike_can_still_be_normalised(tmp_path: Path) -> None:
    for name in ("a", "b"):
        for index in range(2):
            (tmp_path / name).mkdir(exist_ok=True)
            Image.new("L", (9, 9), 40).save(tmp_path / name / f"{index}.png")
    assert folder(tmp_path, preparation=GREY).preparation.std[0] > 0


@pytest.mark.parametrize("memory_limit", [1 << 30, 0], ids=["memory", "disk"])
def test_the_fingerprint_changes_with_the_pictures(memory_limit: int, tmp_path: Path) -> None:
    def fingerprint(size: int = 8) -> str:
        options = {"memory_limit": memory_limit, "stored_size": size}
        return folder(tmp_path, preparation=GREY, **options).train.fingerprint

    fill(tmp_path / "train")
    fill(tmp_path / "test")
    before = fingerprint()
    assert fingerprint() == before
    assert fingerprint(size=9) != before
    paint(tmp_path / "train" / "cat" / "0.png", seed=7, size=(30, 30))
    after = fingerprint()
    assert after != before
    (tmp_path / "train" / "cat" / "0.png").unlink()
    assert fingerprint() not in {before, after}


def test_progress_is_told_up_to_the_last_picture(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    splits = folder(fill(tmp_path), preparation=GREY, progress=lambda *facts: told.append(facts))
    assert told == []
    assert splits.preparation.channels == 1
    assert [(done, total) for name, done, total in told if name.endswith("train")] == [
        (done, 10) for done in range(1, 11)
    ]
    assert told[-1][1:] == (10, 10)
    assert told[-1][0].endswith("mean and deviation")


def test_the_test_pictures_can_be_had_without_reading_any_other(tmp_path: Path) -> None:
    fill(tmp_path / "train")
    fill(tmp_path / "test", each=2)
    for file in (tmp_path / "train").rglob("*.png"):
        file.write_bytes(b"no picture")
    told: list[str] = []
    splits = open_data(
        f"folder:{tmp_path}",
        data_dir=tmp_path,
        preparation=FASHION_PREPARATION,
        progress=lambda name, done, total: told.append(name),
    )
    assert len(splits.test) == 4
    assert set(told) == {f"folder:{tmp_path} test"}
    with pytest.raises(TutorError, match="damaged"):
        splits.train  # noqa: B018  opening is what is refused


# --- through the front door ---------------------------------------------------------------------


def test_open_data_keeps_room_for_crops(tmp_path: Path) -> None:
    fill(tmp_path)

    def side(augment: str) -> int:
        splits = open_data(
            f"folder:{tmp_path}", data_dir=tmp_path, preparation=PAPER_PREPARATION, augment=augment
        )
        return everything(splits.test)[0].shape[-1]

    assert (side("none"), side("flip"), side("paper")) == (227, 227, 256)


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    fill(tmp_path / "pictures")
    splits = open_data("folder:~/pictures", data_dir=tmp_path, preparation=FASHION_PREPARATION)
    assert len(splits.train) == 10


def test_a_folder_feeds_batches_from_disk_as_from_memory(tmp_path: Path) -> None:
    fill(tmp_path)

    def batches(memory_limit: int) -> list[torch.Tensor]:
        splits: DataSplits = folder(tmp_path, preparation=GREY, memory_limit=memory_limit)
        return [x for x, _ in Batches(splits.train, splits.preparation, 4, seed=0).epoch(0)]

    for one, other in zip(batches(0), batches(1 << 30), strict=True):
        assert torch.equal(one, other)


# --- what can be wrong --------------------------------------------------------------------------


def refused(path: Path, words: str) -> None:
    with pytest.raises(TutorError, match=words) as caught:
        folder(path, preparation=GREY)
    assert caught.value.remedy


def test_no_such_folder(tmp_path: Path) -> None:
    refused(tmp_path / "absent", "There is no folder")
    paint(tmp_path / "x.png")
    refused(tmp_path / "x.png", "There is no folder")


def test_an_empty_folder(tmp_path: Path) -> None:
    refused(tmp_path, "no class folders")


def test_one_class_only(tmp_path: Path) -> None:
    refused(fill(tmp_path, classes=("cat",)), "only one class folder, cat")


def test_a_class_without_pictures(tmp_path: Path) -> None:
    (fill(tmp_path) / "bird").mkdir()
    refused(tmp_path, r"bird has no pictures\. .*\.gif .*\.png")
    (tmp_path / "bird" / "notes.txt").touch()
    refused(tmp_path, r"bird has no pictures\. ")


def test_a_class_of_empty_folders(tmp_path: Path) -> None:
    (fill(tmp_path) / "bird" / "wren").mkdir(parents=True)
    refused(tmp_path, "bird has no pictures but only folders")


@pytest.mark.parametrize(
    ("there", "missing"), [("train", "test"), ("test", "train"), ("val", "train")]
)
def test_one_split_without_the_other(there: str, missing: str, tmp_path: Path) -> None:
    fill(tmp_path / there)
    refused(tmp_path, f"has {there}/ but no {missing}/")


def test_a_class_of_one_picture_cannot_be_split(tmp_path: Path) -> None:
    paint(fill(tmp_path) / "bird" / "x.png")
    refused(tmp_path, "'bird' .* has one picture")


def test_a_class_missing_in_either_split(tmp_path: Path) -> None:
    fill(tmp_path / "train", classes=("bird", "cat", "dog"))
    fill(tmp_path / "test")
    refused(tmp_path, "test has no pictures of bird")
    shutil.move(tmp_path / "train", tmp_path / "swap")
    shutil.move(tmp_path / "test", tmp_path / "train")
    shutil.move(tmp_path / "swap", tmp_path / "test")
    refused(tmp_path, "train has no pictures of bird")


@pytest.mark.parametrize("content", [b"", b"no picture", None], ids=["empty", "text", "cut short"])
@pytest.mark.parametrize("memory_limit", [1 << 30, 0], ids=["memory", "disk"])
def test_a_picture_that_cannot_be_read_is_named(
    content: bytes | None, memory_limit: int, tmp_path: Path
) -> None:
    """At once where all are held in memory, when it is met where they are read from disk."""
    fill(tmp_path / "train")
    fill(tmp_path / "test", each=1)
    broken = tmp_path / "test" / "dog" / "0.png"
    broken.write_bytes(broken.read_bytes()[:200] if content is None else content)
    with pytest.raises(TutorError, match=r"damaged|empty") as caught:
        everything(folder(tmp_path, preparation=GREY, memory_limit=memory_limit).test)
    assert str(broken) in caught.value.what


def test_other_numbers_of_channels_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TutorError, match="4 channels"):
        folder(fill(tmp_path), preparation=Preparation(4, 8, None, (0.1,) * 4, (0.1,) * 4, False))


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_folder_that_may_not_be_read(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "cat").chmod(0)
    try:
        refused(tmp_path, "Cannot read the folder .*cat")
    finally:
        (tmp_path / "cat").chmod(0o700)
