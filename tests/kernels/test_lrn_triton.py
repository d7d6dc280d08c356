"""The GPU's LRN, as far as it can be held to account without one: interpreted, and compiled."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from alexnet_tutor.kernels import lrn

INTERPRETED = Path(__file__).parent / "interpreted.py"
MAPS, SIDE = 96, 28


@pytest.fixture
def kernels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    pytest.importorskip("triton", reason="Triton comes with torch for CUDA on Linux only")
    monkeypatch.setenv("TRITON_CACHE_DIR", str(tmp_path))
    from alexnet_tutor.kernels import lrn_triton

    return lrn_triton


def test_interpreted_the_kernels_give_what_torch_and_float64_give(kernels: object) -> None:
    done = subprocess.run(
        [sys.executable, str(INTERPRETED)],
        env={**os.environ, "TRITON_INTERPRET": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("step", [1, SIDE * SIDE], ids=["channels_last", "NCHW"])
@pytest.mark.parametrize("dtype", ["fp32", "bf16", "fp16"])
def test_both_kernels_compile_for_a_card_and_read_each_value_once(
    kernels: object, dtype: str, step: int
) -> None:
    """The interpreter accepts what the compiler refuses. 5 values forward; 9, and 5 gradients, backward."""
    from triton import compile as compiled
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    constants = {"maps": MAPS, "step": step, "half": 2, "roots": True, "block": 512}
    for kernel, tensors, values in (
        (kernels._forward, ("x", "out"), 5),
        (kernels._backward, ("x", "gradient", "out"), 9 + 5),
    ):
        signature = dict.fromkeys(tensors, f"*{dtype}") | {"count": "i32"}
        signature |= dict.fromkeys(("k", "alpha", "beta"), "fp32")
        signature |= dict.fromkeys(constants, "constexpr")
        source = ASTSource(kernel, signature, constants)
        binary = compiled(source, target=GPUTarget("cuda", 80, 32))
        assert binary.asm["cubin"]
        assert binary.asm["ttgir"].count("tt.load") == values


def test_where_triton_fails_torch_s_form_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lrn, "_TRITON_DEVICES", {"cpu"})
    lrn._triton_works.cache_clear()
    try:
        monkeypatch.setitem(
            sys.modules, "alexnet_tutor.kernels.lrn_triton", None
        )  # as not installed
        x = torch.ones(1, 3, 2, 2, requires_grad=True)
        lrn.local_response_norm(x, 5, 2.0, 1e-4, 0.75).sum().backward()
        assert lrn._kernels(x)[0] is lrn._forward
        assert x.grad.isfinite().all()
    finally:
        lrn._triton_works.cache_clear()


@pytest.mark.gpu
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_on_cuda_lrn_and_its_gradient_are_float64_s(
    kernels: object, layout: torch.memory_format, dtype: torch.dtype
) -> None:
    rounding = {torch.float32: 1e-5, torch.bfloat16: 2**-8, torch.float16: 2**-10}[dtype]
    generator = torch.Generator().manual_seed(0)
    x, upstream = (
        (torch.randn(3, 96, 13, 13, generator=generator) * 30).to(dtype).to(memory_format=layout)
        for _ in range(2)
    )
    for beta in (0.75, 0.6):
        results = []
        for given in (x.double(), x.cuda()):
            leaf = given.requires_grad_()
            out = lrn.local_response_norm(leaf, 5, 2.0, 1e-4, beta)
            out.backward(upstream.to(leaf))
            results.append((out.detach(), leaf.grad))
        assert lrn._kernels(leaf)[0] is kernels.forward
        for right, ours in zip(*results, strict=True):
            assert ours.is_contiguous(memory_format=layout)
            torch.testing.assert_close(ours.double().cpu(), right, rtol=rounding, atol=3e-4)
