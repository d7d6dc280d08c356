"""The real files, and how they are had from mirrors good and bad."""

import errno
import gzip
import hashlib
import os
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import torch

from alexnet_tutor.data import fashion_mnist as module
from alexnet_tutor.data import open_data
from alexnet_tutor.data.dataset import DataSplits
from alexnet_tutor.data.fashion_mnist import PUBLISHED, RawFile, RawFiles, fashion_mnist
from alexnet_tutor.data.pixels import moments
from alexnet_tutor.errors import ExitCode, TutorError
from alexnet_tutor.machine import sole_user
from alexnet_tutor.records import FASHION_LABELS, FASHION_PREPARATION, PAPER_PREPARATION

# --- the real set -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(real_data: Path) -> DataSplits:
    return fashion_mnist(real_data, download=False)


def test_sixty_thousand_and_ten_thousand_grey_pictures(real: DataSplits) -> None:
    for split, count in ((real.train, 60_000), (real.test, 10_000)):
        assert len(split) == count
        images, targets = split.take(torch.tensor([0, count - 1]))
        assert (images.shape, images.dtype) == ((2, 1, 28, 28), torch.uint8)
        assert (targets.shape, targets.dtype) == ((2,), torch.int64)
        assert split.labels == FASHION_LABELS
    assert real.train.fingerprint != real.test.fingerprint


def test_every_class_has_its_share(real: DataSplits) -> None:
    for split, each in ((real.train, 6000), (real.test, 1000)):
        targets = split.take(torch.arange(len(split)))[1]
        assert torch.bincount(targets).tolist() == [each] * 10


def test_the_first_training_picture_is_an_ankle_boot(real: DataSplits) -> None:
    image, target = real.train.take(torch.tensor([0]))
    assert real.train.labels[int(target)] == "Ankle boot"
    assert int(image.sum()) == 76_247


def test_the_stated_mean_and_deviation_are_the_training_set_s(real: DataSplits) -> None:
    pixels = real.train.take(torch.arange(60_000))[0].numpy()
    share, grey = np.bincount(pixels.ravel(), minlength=256) / pixels.size, np.arange(256) / 255
    mean = share @ grey
    assert real.preparation == FASHION_PREPARATION
    assert round(mean, 4) == FASHION_PREPARATION.mean[0] == 0.2860
    assert round((share @ (grey - mean) ** 2) ** 0.5, 4) == FASHION_PREPARATION.std[0] == 0.3530


def test_a_thousand_pictures_are_enough_for_the_moments(real: DataSplits) -> None:
    mean, covariance = moments(real.train, 1)
    assert float(mean) == pytest.approx(0.2860, abs=0.01)
    assert float(covariance) ** 0.5 == pytest.approx(0.3530, abs=0.01)


def test_open_data_prepares_it_for_the_network_at_hand(real_data: Path) -> None:
    splits = open_data("fashion-mnist", data_dir=real_data, preparation=PAPER_PREPARATION)
    assert len(splits.train) == 60_000
    assert splits.preparation.mean == (0.2860,) * 3
    assert (splits.preparation.channels, splits.preparation.source_size) == (3, 28)


# --- a small set of the same build, with sums of its own ----------------------------------------


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">I{array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


def small() -> dict[str, bytes]:
    rng = np.random.default_rng(0)
    return {
        PUBLISHED.train_images.name: idx(rng.integers(0, 256, (30, 28, 28), dtype=np.uint8)),
        PUBLISHED.train_labels.name: idx(np.arange(30, dtype=np.uint8) % 10),
        PUBLISHED.test_images.name: idx(rng.integers(0, 256, (10, 28, 28), dtype=np.uint8)),
        PUBLISHED.test_labels.name: idx(np.arange(10, dtype=np.uint8)),
    }


CONTENT = small()
FILES = RawFiles(
    *(RawFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in CONTENT.items())
)
GOOD = {f"{name}.gz": gzip.compress(data) for name, data in CONTENT.items()}
FIRST = f"{FILES.train_images.name}.gz"


class Mirror:
    """A web server on this machine: ``files`` by path, ``asked`` in order."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.silent = threading.Event()  # set: answers nothing until the test is over
        self.over = threading.Event()
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirror.asked.append(self.path)
                if mirror.silent.is_set():
                    mirror.over.wait(10)
                    return
                body = mirror.files.get(self.path.lstrip("/"))
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        self.thread.start()

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def mirrors(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Mirror, Mirror]]:
    """Two mirrors; the second is sound."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    first, second = Mirror(), Mirror()
    second.files = dict(GOOD)
    yield first, second
    first.close()
    second.close()


def load(data_dir: Path, *mirrors: Mirror, **options: object) -> DataSplits:
    urls = [mirror.url for mirror in mirrors]
    return fashion_mnist(data_dir, mirrors=urls, files=FILES, timeout=5, **options)


def raw(data_dir: Path) -> Path:
    return data_dir / "FashionMNIST" / "raw"


def place(data_dir: Path, content: dict[str, bytes] = CONTENT) -> None:
    raw(data_dir).mkdir(parents=True)
    for name, data in content.items():
        (raw(data_dir) / name).write_bytes(data)


def test_a_download_gives_the_published_files_and_leaves_no_others(tmp_path: Path, mirrors) -> None:
    splits = load(tmp_path, mirrors[1])
    assert {file.name: file.read_bytes() for file in raw(tmp_path).iterdir()} == CONTENT
    assert (len(splits.train), len(splits.test)) == (30, 10)
    expected = np.frombuffer(CONTENT[FILES.test_images.name], np.uint8, offset=16)
    assert splits.test.take(torch.arange(10))[0].numpy().ravel().tolist() == expected.tolist()


def test_what_a_killed_download_left_goes_with_the_next_one(tmp_path: Path, mirrors) -> None:
    raw(tmp_path).mkdir(parents=True)
    (raw(tmp_path) / f".{FILES.test_images.name}.a1b2.tmp").write_bytes(b"the beginning")
    load(tmp_path, mirrors[1])
    assert {file.name for file in raw(tmp_path).iterdir()} == set(CONTENT)


def test_what_another_download_is_writing_stays(tmp_path: Path, mirrors) -> None:
    raw(tmp_path).mkdir(parents=True)
    growing = raw(tmp_path) / f".{FILES.test_images.name}.a1b2.tmp"
    growing.write_bytes(b"the beginning")
    with sole_user(tmp_path / "FashionMNIST" / ".lock") as alone:
        assert alone
        assert len(load(tmp_path, mirrors[1]).train) == 30
    assert growing.exists()


def test_an_interrupted_download_leaves_nothing(tmp_path: Path, mirrors) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(tmp_path, mirrors[1], progress=interrupt)
    assert list(raw(tmp_path).iterdir()) == []


def test_a_second_load_asks_no_mirror(tmp_path: Path, mirrors) -> None:
    load(tmp_path, mirrors[1])
    mirrors[1].asked.clear()
    load(tmp_path, mirrors[1])
    assert mirrors[1].asked == []


def test_only_what_is_missing_is_fetched(tmp_path: Path, mirrors) -> None:
    place(tmp_path)
    (raw(tmp_path) / FILES.test_labels.name).unlink()
    load(tmp_path, mirrors[1])
    assert mirrors[1].asked == [f"/{FILES.test_labels.name}.gz"]


BAD = {
    "not an archive": b"<html>moved</html>",
    "cut short": GOOD[FIRST][:-20],
    "empty": b"",
    "another file": gzip.compress(b"x" * FILES.train_images.size),
    "too short": gzip.compress(CONTENT[FILES.train_images.name][:-1]),
    "corrupt": GOOD[FIRST][:500] + b"\0\0\0\0" + GOOD[FIRST][504:],
    "too long": gzip.compress(CONTENT[FILES.train_images.name] + b"\0"),
    "absent": None,
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_mirror_is_passed_over(kind: str, tmp_path: Path, mirrors) -> None:
    first, second = mirrors
    first.files = {**GOOD, FIRST: BAD[kind]} if BAD[kind] is not None else {}
    assert len(load(tmp_path, first, second).train) == 30
    assert f"/{FIRST}" in second.asked
    assert {file.name: file.read_bytes() for file in raw(tmp_path).iterdir()} == CONTENT


def test_a_silent_mirror_is_passed_over(tmp_path: Path, mirrors) -> None:
    first, second = mirrors
    first.silent.set()
    urls = [first.url, second.url]
    assert len(fashion_mnist(tmp_path, mirrors=urls, files=FILES, timeout=0.2).train) == 30


def test_an_archive_that_unfolds_without_end_is_stopped_at_the_known_size(
    tmp_path: Path, mirrors, monkeypatch
) -> None:
    written: list[int] = []
    bomb = gzip.compress(bytes(100_000_000), compresslevel=1)
    mirrors[0].files = {FIRST: bomb}
    with pytest.raises(TutorError, match="longer than the published file"):
        load(tmp_path, mirrors[0], progress=lambda name, done, size: written.append(done))
    assert max(written, default=0) <= FILES.train_images.size
    assert list(raw(tmp_path).iterdir()) == []


def test_when_all_mirrors_fail_the_ways_out_are_named(tmp_path: Path, mirrors) -> None:
    mirrors[0].files = {FIRST: b"nonsense"}
    with pytest.raises(TutorError) as caught:
        load(tmp_path, mirrors[0])
    assert caught.value.exit_code == ExitCode.BAD_INPUT
    assert all(
        word in str(caught.value) for word in ("--data-dir", "TUTOR_DATA", "--data sketches")
    )
    assert mirrors[0].url in caught.value.what
    assert list(raw(tmp_path).iterdir()) == []


def test_no_network_names_the_ways_out(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with pytest.raises(TutorError, match="--data sketches") as caught:
        fashion_mnist(tmp_path, mirrors=["http://127.0.0.1:9/"], files=FILES, timeout=1)
    assert caught.value.exit_code == ExitCode.BAD_INPUT


def test_offline_asks_no_mirror_and_names_the_ways_out(
    tmp_path: Path, mirrors, monkeypatch
) -> None:
    monkeypatch.setenv("TUTOR_OFFLINE", "1")
    with pytest.raises(TutorError) as caught:
        load(tmp_path, mirrors[1])
    text = str(caught.value)
    assert all(word in text for word in ("--data-dir", "TUTOR_DATA", "--data sketches"))
    assert str(tmp_path) in text
    assert caught.value.exit_code == ExitCode.BAD_INPUT
    assert mirrors[1].asked == []
    assert not raw(tmp_path).exists()


def test_offline_loads_what_is_there(tmp_path: Path, monkeypatch) -> None:
    place(tmp_path)
    monkeypatch.setenv("TUTOR_OFFLINE", "1")
    assert len(load(tmp_path).train) == 30


def test_no_download_unless_allowed(tmp_path: Path, mirrors) -> None:
    with pytest.raises(TutorError, match="--data-dir"):
        load(tmp_path, mirrors[1], download=False)
    assert mirrors[1].asked == []


@pytest.mark.parametrize("name", list(CONTENT))
def test_a_changed_file_is_named_and_left_as_it_is(name: str, tmp_path: Path, mirrors) -> None:
    wrong = CONTENT[name][:-1] + bytes([CONTENT[name][-1] ^ 1])
    place(tmp_path, {**CONTENT, name: wrong})
    with pytest.raises(TutorError, match="Delete it") as caught:
        load(tmp_path, mirrors[1])
    assert str(raw(tmp_path) / name) in caught.value.what
    assert (raw(tmp_path) / name).read_bytes() == wrong
    assert mirrors[1].asked == []


def test_progress_is_told_up_to_the_whole_of_each_file(tmp_path: Path, mirrors) -> None:
    told: dict[str, list[tuple[int, int]]] = {}
    load(
        tmp_path,
        mirrors[1],
        progress=lambda name, done, size: told.setdefault(name, []).append((done, size)),
    )
    assert {name: values[-1] for name, values in told.items()} == {
        name: (len(data), len(data)) for name, data in CONTENT.items()
    }


def test_a_full_disk_is_one_clear_error(tmp_path: Path, mirrors, monkeypatch) -> None:
    def full(path: Path, write: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module, "write_atomically", full)
    with pytest.raises(TutorError, match="No space left") as caught:
        load(tmp_path, *mirrors)
    assert caught.value.exit_code == ExitCode.FAILED


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path: Path, mirrors) -> None:
    (tmp_path / "FashionMNIST").write_text("a file where a folder should be")
    with pytest.raises(TutorError, match="Cannot write"):
        load(tmp_path, mirrors[1])


def test_a_folder_in_a_file_s_place_is_one_clear_error(tmp_path: Path) -> None:
    place(tmp_path, {})
    for name in CONTENT:
        (raw(tmp_path) / name).mkdir()
    with pytest.raises(TutorError, match="Cannot read"):
        load(tmp_path)


def test_there_are_two_mirrors_for_the_published_files() -> None:
    assert len(module.MIRRORS) >= 2
    assert all(url.endswith("/") for url in module.MIRRORS)
    assert len({file.sha256 for file in PUBLISHED.all()}) == 4
