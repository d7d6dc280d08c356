"""Pictures kept on the GPU are the same pictures, and nothing of a batch is then made on the CPU."""

from types import SimpleNamespace

import pytest
import torch
from data.test_batches import AUGMENTS, COLOUR, SMALL, Slow, pictures, same, seen

from alexnet_tutor.data import resident as module
from alexnet_tutor.data.augment import Augment
from alexnet_tutor.data.batches import Batches
from alexnet_tutor.data.dataset import Subset
from alexnet_tutor.data.resident import fits, resident

CPU, CUDA, META = torch.device("cpu"), torch.device("cuda"), torch.device("meta")


def memory_of(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    facts = SimpleNamespace(total_memory=size)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _device: facts)


@pytest.fixture
def kept_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "fits", lambda *_: True)


def test_pictures_may_take_a_fifth_of_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pictures(10, channels=3, side=4)  # 480 bytes
    memory_of(monkeypatch, 2400)
    assert fits(data, CUDA)
    memory_of(monkeypatch, 2399)
    assert not fits(data, CUDA)
    assert fits(Subset(data, torch.arange(9)), CUDA)


def test_other_devices_and_files_keep_pictures_where_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    memory_of(monkeypatch, 10**9)
    data, slow = pictures(4), Slow(pictures(4))
    assert resident(data, CPU) is data
    assert not fits(data, torch.device("mps"))
    assert resident(slow, CUDA) is slow
    assert slow.threads == []  # not one picture was read to find out
    assert not fits(pictures(0), CUDA)


@pytest.mark.parametrize("augment", AUGMENTS)
def test_batches_of_kept_pictures_have_the_same_bits(
    augment: Augment, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Subset(pictures(23, 3), torch.randperm(23, generator=torch.Generator().manual_seed(2)))
    plain = Batches(data, COLOUR, 8, seed=1, augment=augment)
    monkeypatch.setattr(module, "fits", lambda *_: True)
    kept = Batches(data, COLOUR, 8, seed=1, augment=augment)
    data.whole.images.zero_()  # the copy was made at the start
    kept_batches = seen(kept, 3)
    data.whole.images.copy_(pictures(23, 3).images)
    assert same(kept_batches, seen(plain, 3))


@pytest.mark.usefixtures("kept_anywhere")
@pytest.mark.parametrize("preparation", [SMALL, COLOUR], ids=["grey", "colour"])
@pytest.mark.parametrize("augment", AUGMENTS)
def test_a_batch_is_made_wholly_on_the_device(augment: Augment, preparation) -> None:
    """On torch's device without memory: reading a number there, or adding one of the CPU's, raises."""
    made = seen(Batches(pictures(10, 3), preparation, 4, seed=1, augment=augment, device=META), 0)
    assert [images.shape for images, _ in made] == [
        (size, preparation.channels, preparation.image_size, preparation.image_size)
        for size in (4, 4, 2)
    ]
    assert all(part.device == META for batch in made for part in batch)


@pytest.mark.gpu
@pytest.mark.parametrize("augment", AUGMENTS)
def test_on_cuda_kept_pictures_give_the_batches_of_pictures_that_are_not(
    augment: Augment, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pictures(20, 3)
    kept = Batches(data, COLOUR, 8, seed=4, augment=augment, device=CUDA)
    assert kept._source.images.device.type == "cuda"
    monkeypatch.setattr(module, "fits", lambda *_: False)
    sent = Batches(data, COLOUR, 8, seed=4, augment=augment, device=CUDA)
    assert sent._source is data
    assert same(seen(kept, 1), seen(sent, 1))
