"""Devices: what is not there is refused, and what is set is put back."""

import os

import pytest
import torch

from alexnet_tutor import machine
from alexnet_tutor.errors import TutorError
from alexnet_tutor.training.devices import arithmetic, choose_device, choose_precision

CPU = torch.device("cpu")


def state() -> tuple[object, ...]:
    return (
        torch.are_deterministic_algorithms_enabled(),
        torch.utils.deterministic.fill_uninitialized_memory,
        torch.backends.cudnn.deterministic,
        torch.backends.cudnn.benchmark,
        torch.backends.cudnn.conv.fp32_precision,
        torch.backends.cuda.matmul.fp32_precision,
        os.environ.get("CUBLAS_WORKSPACE_CONFIG"),
    )


@pytest.mark.parametrize(
    ("cuda", "mps", "wanted"),
    [(True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_auto_is_cuda_then_mps_then_cpu(
    monkeypatch: pytest.MonkeyPatch, cuda: bool, mps: bool, wanted: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert choose_device("auto").type == wanted


@pytest.mark.parametrize("name", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(TutorError, match=f"finds no {name} device"):
        choose_device(name)


@pytest.mark.parametrize(("has", "wanted"), [(True, "bf16"), (False, "fp32")])
def test_auto_precision_is_bf16_only_where_the_hardware_multiplies_it(
    monkeypatch: pytest.MonkeyPatch, has: bool, wanted: str
) -> None:
    monkeypatch.setattr(machine, "cpu_has_bf16", lambda: has)
    assert choose_precision("auto", CPU) == wanted
    assert choose_precision("auto", torch.device("mps")) == "fp32"


def test_bf16_may_be_asked_of_a_cpu_that_emulates_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "cpu_has_bf16", lambda: False)
    assert choose_precision("bf16", CPU) == "bf16"


def test_bf16_is_refused_where_the_gpu_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: False)
    with pytest.raises(TutorError, match="--precision fp32"):
        choose_precision("bf16", torch.device("cuda"))


@pytest.mark.parametrize("deterministic", [False, True])
def test_arithmetic_is_set_and_put_back(deterministic: bool) -> None:
    before = state()
    with arithmetic(deterministic=deterministic):
        assert torch.are_deterministic_algorithms_enabled() is deterministic
        assert torch.backends.cudnn.benchmark is not deterministic
        assert torch.backends.cudnn.conv.fp32_precision == "ieee"
    assert state() == before


@pytest.mark.parametrize("outside", ["tf32", "ieee", "none"])
def test_fp32_is_never_tf32_whatever_is_set_outside(outside: str) -> None:
    both = (torch.backends.cuda.matmul, torch.backends.cudnn.conv)
    before = [each.fp32_precision for each in both]
    try:
        for each in both:
            each.fp32_precision = outside
        with arithmetic(deterministic=False):
            assert [each.fp32_precision for each in both] == ["ieee", "ieee"]
        assert [each.fp32_precision for each in both] == [outside, outside]
    finally:
        for each, value in zip(both, before, strict=True):
            each.fp32_precision = value


@pytest.mark.gpu
def test_on_cuda_fp32_products_and_convolutions_keep_more_bits_than_tf32_has() -> None:
    """Factors cut to TF32's 10 bits put these sums off by 0.0002 of their size."""
    generator = torch.Generator().manual_seed(0)
    rows, columns = (torch.rand(256, 64, generator=generator) + 0.5 for _ in range(2))
    with arithmetic(deterministic=False):
        product = rows.cuda() @ columns.cuda().T
        convolved = torch.nn.functional.conv2d(
            rows.cuda()[:, :, None, None], columns.cuda()[:, :, None, None]
        )
    exact = rows.double() @ columns.double().T
    for got in (product, convolved[:, :, 0, 0]):
        torch.testing.assert_close(got.double().cpu(), exact, rtol=3e-6, atol=0)


def test_ordinary_arithmetic_does_not_wait_for_torch_s_compiler_to_load(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(torch, "use_deterministic_algorithms", None)  # what loads it
    with arithmetic(deterministic=False):
        pass


def test_arithmetic_is_put_back_after_an_error() -> None:
    before = state()
    with pytest.raises(RuntimeError, match="inside"), arithmetic(deterministic=True):
        raise RuntimeError("inside")
    assert state() == before
