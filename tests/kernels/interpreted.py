"""Triton's kernels as its interpreter runs them, on the CPU: started by ``test_lrn_triton.py``.

A process of its own, since TRITON_INTERPRET=1 must be there before Triton is loaded.
"""

import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from torch import Tensor

from alexnet_tutor.kernels import lrn, lrn_triton

# Interpreted steps are slow, and so would be the search for a simpler failing example.
FEW = settings(max_examples=16, deadline=None, database=None, phases=[Phase.generate])
ROUNDING = {torch.float32: 1e-5, torch.float16: 2**-10}
ROUNDING[torch.bfloat16] = 2**-7  # the interpreter cuts bits off where a card rounds
LAYOUTS = [torch.contiguous_format, torch.channels_last]
Constants = tuple[int, float, float, float]


def loud(shape: tuple[int, ...], seed: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)) * 30


def through(x: Tensor, upstream: Tensor, constants: Constants) -> tuple[Tensor, Tensor]:
    """Output and gradient."""
    leaf = x.detach().requires_grad_()
    out = lrn.local_response_norm(leaf, *constants)
    out.backward(upstream)
    return out.detach(), leaf.grad


def by_triton(x: Tensor) -> bool:
    return lrn._kernels(x)[0] is lrn_triton.forward


@FEW
@given(
    shape=st.tuples(*(st.integers(1, most) for most in (2, 9, 7, 7))),
    layout=st.sampled_from(LAYOUTS),
    upstream_layout=st.sampled_from(LAYOUTS),
    dtype=st.sampled_from(list(ROUNDING)),
    size=st.sampled_from([1, 3, 5, 7]),
    k=st.floats(0.5, 3),
    alpha=st.floats(0, 1e-2),
    beta=st.sampled_from([0.75, 0.75, 0.5, 1]),
    seed=st.integers(0, 99),
)
def output_and_gradient_are_the_torch_form_s_and_float64_s(
    shape, layout, upstream_layout, dtype, size, k, alpha, beta, seed
) -> None:
    constants = (size, k, alpha, beta)
    x = loud(shape, seed).to(dtype).to(memory_format=layout)
    upstream = loud(shape, seed + 1).to(dtype).to(memory_format=upstream_layout)
    assert by_triton(x)
    ours = through(x, upstream, constants)
    lrn._TRITON_DEVICES.remove("cpu")
    torchs = through(x, upstream, constants)
    exact = through(x.double(), upstream.double(), constants)
    lrn._TRITON_DEVICES.add("cpu")
    for our, plain, right in zip(ours, torchs, exact, strict=True):
        assert our.dtype == dtype
        assert our.stride() == plain.stride()
        torch.testing.assert_close(our.double(), right, rtol=ROUNDING[dtype], atol=3e-4)
        torch.testing.assert_close(our, plain, rtol=2 * ROUNDING[dtype], atol=3e-4)


def a_gradient_that_is_one_number_spread_out_is_read_right() -> None:
    x = loud((2, 6, 3, 3), 0)
    one = torch.full((), 2.0)
    spread, whole = one.expand_as(x), one.expand_as(x).contiguous()
    for ours, theirs in zip(
        *(through(x, g, (5, 2, 1e-3, 0.75)) for g in (spread, whole)), strict=True
    ):
        assert torch.equal(ours, theirs)


def what_the_kernels_cannot_take_goes_the_other_way() -> None:
    x = loud((2, 6, 4, 4), 0)
    for other in (x.double(), x[:, ::2], x.transpose(0, 1)):
        assert not by_triton(other)
    lrn._MOST_TRITON_VALUES = x.numel() - 1
    assert not by_triton(x)
    lrn._MOST_TRITON_VALUES += 1
    assert by_triton(x)


def nothing_in_is_nothing_out() -> None:
    empty = torch.empty(0, 4, 3, 3)
    assert by_triton(empty)
    out, gradient = through(empty, empty, (5, 2.0, 1e-4, 0.75))
    assert out.shape == gradient.shape == empty.shape


def the_trial_needs_no_gradients() -> None:
    lrn._triton_works.cache_clear()
    with torch.inference_mode():
        assert by_triton(torch.ones(1, 2, 3, 3))


if __name__ == "__main__":
    lrn._TRITON_DEVICES.add("cpu")
    output_and_gradient_are_the_torch_form_s_and_float64_s()
    a_gradient_that_is_one_number_spread_out_is_read_right()
    what_the_kernels_cannot_take_goes_the_other_way()
    nothing_in_is_nothing_out()
    the_trial_needs_no_gradients()
