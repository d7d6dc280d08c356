"""Order and augmentation follow from (seed, epoch, step) alone, and batches are what they should be."""

import threading
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from alexnet_tutor.data.augment import Augment, colour_axes, crop, draw, mirror, size_to_crop_from
from alexnet_tutor.data.batches import Batches, memory_layout, order
from alexnet_tutor.data.dataset import ArrayDataset
from alexnet_tutor.data.pixels import SAMPLED, mixing, moments, to_channels
from alexnet_tutor.errors import TutorError
from alexnet_tutor.randomness import seed_of
from alexnet_tutor.records import FASHION_PREPARATION, Preparation

SIZE = 27
SMALL = replace(FASHION_PREPARATION, image_size=SIZE)
COLOUR = Preparation(3, SIZE, None, (0.5, 0.4, 0.3), (0.2, 0.25, 0.3), light_on_dark=False)
AUGMENTS: tuple[Augment, ...] = ("none", "flip", "paper")


def pictures(count: int, channels: int = 1, side: int = 9, seed: int = 0) -> ArrayDataset:
    generator = torch.Generator().manual_seed(seed)
    shape = (count, channels, side, side)
    images = torch.randint(256, shape, generator=generator, dtype=torch.uint8)
    return ArrayDataset("some", tuple("abc"), "some", images, torch.arange(count))


def seen(batches: Batches, epoch: int, start: int = 0) -> list[tuple[Tensor, Tensor]]:
    return list(batches.epoch(epoch, start))


def same(one: list[tuple[Tensor, Tensor]], other: list[tuple[Tensor, Tensor]]) -> bool:
    return len(one) == len(other) and all(
        torch.equal(a, c) and torch.equal(b, d) for (a, b), (c, d) in zip(one, other, strict=True)
    )


# --- order --------------------------------------------------------------------------------------


@given(length=st.integers(0, 400), seed=st.integers(0, 2**40), epoch=st.integers(0, 50))
def test_an_epoch_is_a_permutation(length: int, seed: int, epoch: int) -> None:
    numbers = order(length, seed, epoch)
    assert numbers.dtype == torch.int64
    assert sorted(numbers.tolist()) == list(range(length))


@given(length=st.integers(0, 200), world=st.integers(1, 9), epoch=st.integers(0, 9))
def test_ranks_share_out_one_permutation_evenly(length: int, world: int, epoch: int) -> None:
    whole = order(length, 5, epoch).tolist()
    parts = [order(length, 5, epoch, rank, world).tolist() for rank in range(world)]
    assert {len(part) for part in parts} == {length // world}
    dealt = [number for turn in zip(*parts, strict=True) for number in turn]
    assert dealt == whole[: length // world * world]


def test_order_changes_with_seed_and_epoch_and_nothing_else() -> None:
    assert torch.equal(order(100, 1, 2), order(100, 1, 2))
    assert not torch.equal(order(100, 1, 2), order(100, 1, 3))
    assert not torch.equal(order(100, 1, 2), order(100, 2, 2))
    assert order(5, 1, 2, shuffle=False).tolist() == [0, 1, 2, 3, 4]


# --- batches ------------------------------------------------------------------------------------


@given(
    count=st.integers(1, 40),
    batch_size=st.integers(1, 17),
    start=st.integers(0, 12),
    augment=st.sampled_from(AUGMENTS),
    epoch=st.integers(0, 5),
)
def test_an_epoch_resumed_at_a_step_goes_on_as_if_undisturbed(
    count: int, batch_size: int, start: int, augment: Augment, epoch: int
) -> None:
    batches = Batches(pictures(count), SMALL, batch_size, seed=3, augment=augment)
    whole = seen(batches, epoch)
    assert len(whole) == batches.steps_per_epoch == -(-count // batch_size)
    assert [len(targets) for _, targets in whole[:-1]] == [batch_size] * (len(whole) - 1)
    assert sorted(torch.cat([targets for _, targets in whole]).tolist()) == list(range(count))
    again = Batches(pictures(count), SMALL, batch_size, seed=3, augment=augment)
    assert same(seen(again, epoch, start), whole[start:])


@pytest.mark.parametrize("augment", AUGMENTS)
def test_two_ranks_see_together_what_one_process_sees(augment: Augment) -> None:
    """With batches of half the size: the same pictures, mirrored and cropped the same, in each step."""
    data = pictures(23)
    alone = seen(Batches(data, SMALL, 8, seed=1, augment=augment), 4)
    halves = [
        seen(Batches(data, SMALL, 4, seed=1, augment=augment, rank=rank, world=2), 4)
        for rank in range(2)
    ]
    for step, (images, targets) in enumerate(alone):
        for rank, half in enumerate(halves):
            size = len(half[step][1])
            assert torch.equal(half[step][1], targets[rank::2][:size])
            torch.testing.assert_close(half[step][0], images[rank::2][:size], rtol=0, atol=1e-6)
    assert sum(len(targets) for half in halves for _, targets in half) == 22


@pytest.mark.parametrize("augment", ["flip", "paper"])
def test_augmentation_changes_with_seed_epoch_and_step(augment: Augment) -> None:
    data = pictures(64)
    data.images[:] = data.images[0].clone()  # all alike: only chance tells batches apart

    def first(seed: int, epoch: int, step: int) -> Tensor:
        batches = Batches(data, SMALL, 32, seed=seed, augment=augment)
        return seen(batches, epoch, step)[0][0]

    reference = first(0, 0, 0)
    assert torch.equal(reference, first(0, 0, 0))
    for other in ((1, 0, 0), (0, 1, 0), (0, 0, 1)):
        assert not torch.equal(reference, first(*other))


def test_the_global_generators_are_left_alone() -> None:
    torch.manual_seed(7)
    np.random.seed(7)
    before, before_numpy = torch.get_rng_state(), np.random.get_state()[1].copy()
    seen(Batches(pictures(9), SMALL, 4, seed=0, augment="paper"), 0)
    assert torch.equal(torch.get_rng_state(), before)
    assert (np.random.get_state()[1] == before_numpy).all()


def weights(source: int, target: int) -> np.ndarray:
    """Bilinear enlarging of one axis as a matrix (target, source), pixel centres at halves."""
    matrix = np.zeros((target, source))
    for place in range(target):
        centre = max((place + 0.5) * source / target - 0.5, 0)
        left = min(int(centre), source - 1)
        share = centre - left
        matrix[place, left] += 1 - share
        matrix[place, min(left + 1, source - 1)] += share
    return matrix


def enlarged(picture: np.ndarray, size: int) -> np.ndarray:
    """(C, H, W) -> (C, size, size), in float64."""
    rows, columns = weights(picture.shape[1], size), weights(picture.shape[2], size)
    return np.einsum("yh,chw,xw->cyx", rows, picture, columns)


def expected(
    image: np.ndarray,
    preparation: Preparation,
    augment: str,
    place: int,
    draws: dict,
    axes: np.ndarray,
) -> np.ndarray:
    """One picture's input, worked out plainly."""
    pixels = image.astype(np.float64) / 255
    if preparation.channels == 3 and len(pixels) == 1:
        pixels = np.repeat(pixels, 3, axis=0)
    if preparation.channels == 1 and len(pixels) == 3:
        pixels = 0.299 * pixels[:1] + 0.587 * pixels[1:2] + 0.114 * pixels[2:]
    size = preparation.image_size
    if augment == "paper":
        top, left = int(draws["top"][place]), int(draws["left"][place])
        pixels = enlarged(pixels, round(size * 256 / 227))[:, top : top + size, left : left + size]
    else:
        pixels = enlarged(pixels, size)
    if augment != "none" and draws["mirrored"][place]:
        pixels = pixels[:, :, ::-1]
    if augment == "paper":
        pixels = pixels + (axes @ draws["alpha"][place])[:, None, None]
    mean, std = np.array(preparation.mean), np.array(preparation.std)
    return (pixels - mean[:, None, None]) / std[:, None, None]


@pytest.mark.parametrize("given_channels", [1, 3])
@pytest.mark.parametrize("preparation", [SMALL, COLOUR], ids=["grey", "colour"])
@pytest.mark.parametrize("augment", AUGMENTS)
def test_a_batch_is_what_plain_arithmetic_makes_of_its_pictures(
    augment: Augment, preparation: Preparation, given_channels: int
) -> None:
    data = pictures(10, given_channels)
    batches = Batches(data, preparation, 4, seed=11, augment=augment)
    axes = colour_axes(moments(data, preparation.channels)[1]).numpy()
    for step, (images, targets) in enumerate(batches.epoch(2)):
        assert images.dtype == torch.float32
        assert images.is_contiguous(memory_format=torch.channels_last)
        room = size_to_crop_from(SIZE) - SIZE
        seed = seed_of(11, "augment", 2, step)
        drawn = draw(4, room=room, channels=preparation.channels, seed=seed)
        draws = {
            name: getattr(drawn, name).numpy() for name in ("mirrored", "top", "left", "alpha")
        }
        assert len(images) == len(targets)
        for place, number in enumerate(targets.tolist()):
            picture = data.images[number].numpy()
            wanted = expected(picture, preparation, augment, place, draws, axes)
            np.testing.assert_allclose(images[place].numpy(), wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("batch_size", "options"),
    [(0, {}), (1, {"rank": 2, "world": 2}), (1, {"rank": -1}), (1, {"augment": "blur"})],
)
def test_arguments_out_of_range_are_refused(batch_size: int, options: dict) -> None:
    with pytest.raises(ValueError, match=r"batch|process|augment"):
        Batches(pictures(4), SMALL, batch_size, seed=0, **options)


@pytest.mark.parametrize(
    ("kind", "layout"),
    [
        ("cpu", torch.channels_last),
        ("cuda", torch.channels_last),
        ("mps", torch.contiguous_format),
    ],
)
def test_channels_lie_last_where_that_is_known_to_be_faster(
    kind: str, layout: torch.memory_format
) -> None:
    assert memory_layout(torch.device(kind)) is layout


def test_a_negative_start_is_refused() -> None:
    with pytest.raises(ValueError, match="step -1"):
        next(Batches(pictures(4), SMALL, 2, seed=0).epoch(0, -1))


def test_fewer_pictures_than_processes_are_no_batches() -> None:
    batches = Batches(pictures(2), SMALL, 2, seed=0, rank=0, world=3)
    assert batches.steps_per_epoch == 0
    assert seen(batches, 0) == []


# --- the pieces of augmentation -----------------------------------------------------------------


def test_draws_have_the_paper_s_distributions() -> None:
    draws = draw(40_000, room=29, channels=3, seed=1)
    assert float(draws.mirrored.float().mean()) == pytest.approx(0.5, abs=0.01)
    for corner in (draws.top, draws.left):
        assert torch.bincount(corner).tolist() == pytest.approx([40_000 / 30] * 30, rel=0.15)
    assert float(draws.alpha.std()) == pytest.approx(0.1, rel=0.02)
    assert float(draws.alpha.mean()) == pytest.approx(0, abs=0.002)
    assert abs(float(torch.corrcoef(draws.alpha.T)[0, 1])) < 0.02


def test_crops_of_227_are_taken_from_256() -> None:
    assert size_to_crop_from(227) == 256


@given(
    top=st.lists(st.integers(0, 4), min_size=1, max_size=5),
    left=st.integers(0, 4),
    channels=st.integers(1, 3),
)
def test_a_crop_is_a_slice(top: list[int], left: int, channels: int) -> None:
    pixels = torch.arange(len(top) * channels * 100.0).reshape(len(top), channels, 10, 10)
    cropped = crop(pixels, torch.tensor(top), torch.full((len(top),), left), 6)
    for place, start in enumerate(top):
        assert torch.equal(cropped[place], pixels[place, :, start : start + 6, left : left + 6])


def test_only_the_marked_pictures_are_mirrored() -> None:
    pixels = torch.arange(12.0).reshape(2, 1, 2, 3)
    result = mirror(pixels, torch.tensor([False, True]))
    assert result[0].tolist() == [[[0, 1, 2], [3, 4, 5]]]
    assert result[1].tolist() == [[[8, 7, 6], [11, 10, 9]]]


def test_colour_axes_are_deviations_along_principal_components() -> None:
    """By hand: red and green always equal with deviation 3, blue apart with deviation 2."""
    axes = colour_axes(torch.tensor([[9.0, 9, 0], [9, 9, 0], [0, 0, 4]]))
    lengths = axes.norm(dim=0)
    assert lengths.tolist() == pytest.approx([0, 2, 18**0.5], abs=1e-6)
    assert axes[:, 1].tolist() == pytest.approx([0, 0, 2], abs=1e-6)
    assert axes[:, 2].tolist() == pytest.approx([3, 3, 0], abs=1e-6)


def test_colour_noise_does_not_depend_on_the_pixel_unit() -> None:
    covariance = moments(pictures(30, 3), 3)[1]
    torch.testing.assert_close(colour_axes(covariance * 255**2), colour_axes(covariance) * 255)


def test_moments_are_those_of_the_pixels() -> None:
    data = pictures(50, 3)
    data.images[:, 1] = (data.images[:, 0] // 2 + data.images[:, 1] // 4).to(torch.uint8)
    pixels = data.images.numpy().transpose(1, 0, 2, 3).reshape(3, -1) / 255
    mean, covariance = moments(data, 3)
    np.testing.assert_allclose(mean.numpy(), pixels.mean(1), rtol=1e-12)
    np.testing.assert_allclose(covariance.numpy(), np.cov(pixels, bias=True), rtol=1e-9, atol=1e-12)


def test_moments_of_many_pictures_are_those_of_a_thousand_evenly_spaced() -> None:
    data = pictures(2 * SAMPLED - 1, side=2)
    data.images[1::2] = 255  # every other picture: never looked at
    assert float(moments(data, 1)[0]) == pytest.approx(float(data.images[::2].float().mean()) / 255)


def test_moments_do_not_depend_on_the_number_of_threads() -> None:
    data, threads = pictures(200, 3, 20), torch.get_num_threads()
    try:
        results = []
        for count in (1, 2):
            torch.set_num_threads(count)
            results.append(torch.cat([part.flatten() for part in moments(data, 3)]))
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(*results)


def test_channels_that_cannot_be_had_are_refused() -> None:
    assert to_channels(torch.rand(1, 3, 2, 2), 1).shape == (1, 1, 2, 2)
    with pytest.raises(ValueError, match="4 channels cannot be given 3"):
        mixing(4, 3)


# --- sets on disk -------------------------------------------------------------------------------


@dataclass(eq=False)
class Slow:
    """A set that reads files, seen from outside: which parts were taken, and by which thread."""

    inner: ArrayDataset
    fail_at: int = -1
    name: str = "slow"
    labels: tuple[str, ...] = ("a", "b")
    fingerprint: str = "slow"
    on_disk: bool = True
    threads: list[str] = field(default_factory=list)
    taken: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __len__(self) -> int:
        return len(self.inner)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        if len(self.threads) == self.fail_at:
            raise TutorError("Cannot read the picture x.png.")
        self.threads.append(threading.current_thread().name)
        self.taken.release()
        return self.inner.take(indices)


def alive() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("batches")]


def test_a_set_on_disk_gives_the_same_batches_as_in_memory() -> None:
    data = pictures(21)
    slow = Slow(data)
    expected_batches = seen(Batches(data, SMALL, 4, seed=2, augment="flip"), 1, 2)
    assert same(seen(Batches(slow, SMALL, 4, seed=2, augment="flip"), 1, 2), expected_batches)
    assert len(slow.threads) == 4
    assert all(name.startswith("batches") for name in slow.threads)
    assert alive() == []


def test_the_next_batch_of_a_set_on_disk_is_read_ahead() -> None:
    slow = Slow(pictures(12))
    batches = Batches(slow, SMALL, 4, seed=0).epoch(0)
    next(batches)
    assert slow.taken.acquire(timeout=10)
    assert slow.taken.acquire(timeout=10)  # the second, though only one was asked for
    batches.close()
    assert len(slow.threads) == 2
    assert alive() == []


def test_a_set_in_memory_needs_no_thread() -> None:
    batches = Batches(pictures(12), SMALL, 4, seed=0).epoch(0)
    next(batches)
    assert alive() == []


def test_an_error_while_reading_ahead_comes_with_its_own_batch() -> None:
    batches = Batches(Slow(pictures(12), fail_at=1), SMALL, 4, seed=0).epoch(0)
    next(batches)
    with pytest.raises(TutorError, match=r"x\.png"):
        next(batches)
    assert alive() == []


# --- a graphics card ----------------------------------------------------------------------------


@pytest.mark.gpu
@pytest.mark.parametrize("augment", AUGMENTS)
def test_a_card_makes_the_same_batches(augment: Augment) -> None:
    data, device = pictures(20, 3), torch.device("cuda")
    there = seen(Batches(data, COLOUR, 8, seed=4, augment=augment, device=device), 1)
    for (images, targets), (other, others) in zip(
        there, seen(Batches(data, COLOUR, 8, seed=4, augment=augment), 1), strict=True
    ):
        assert (images.device.type, targets.device.type) == ("cuda", "cuda")
        torch.testing.assert_close(images.cpu(), other, rtol=1e-4, atol=1e-5)
        assert torch.equal(targets.cpu(), others)
