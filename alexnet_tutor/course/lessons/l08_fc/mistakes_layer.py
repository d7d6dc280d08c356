"""The known mistakes of the layers themselves, lesson 8."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l08_fc.wrong import wrong_fc_as_conv, wrong_linear

LINEAR = (
    Mistake(
        "weight-not-transposed",
        "You multiply x with `weight` as it lies: unit k then gets column k of the weights. Its weights are row k. In fc7 weight is square, so no shape complains.",
        (
            "Take x = [1, 0] and the weights [1, 2] and [3, 4], no bias. What should unit 1 give?",
            "In the formula the input's number i is weight's second index.",
            "`x @ weight.T + bias`.",
        ),
        partial(wrong_linear, turned=False),
    ),
    Mistake(
        "bias-forgotten",
        "The bias is missing: every value is too small by bias[k].",
        (
            "Take a row of zeros. What should come out?",
            "One number per unit is added after the sum.",
            "Add `bias`.",
        ),
        partial(wrong_linear, add="never"),
    ),
    Mistake(
        "bias-per-term",
        "You add the bias with every product; it is added once per unit.",
        (
            "Take a row of zeros. How many times the bias comes out?",
            "The bias stands outside the Σ.",
            "Move `+ bias` out of the loop over i.",
        ),
        partial(wrong_linear, add="per term"),
    ),
    Mistake(
        "bias-added-to-the-input",
        "You add the bias to x before the product, so every weight multiplies it; it belongs to the unit and is added after the sum.",
        (
            "Take weights of zeros. What should come out?",
            "bias has K numbers, one per unit, not one per input.",
            "`x @ weight.T + bias`, in that order.",
        ),
        partial(wrong_linear, add="to the input"),
    ),
    Mistake(
        "bias-subtracted",
        "You subtract the bias, like a threshold; the formula adds it.",
        (
            "Take a row of zeros and look at the signs.",
            "The larger its bias, the easier a unit answers.",
            "`+ bias`.",
        ),
        partial(wrong_linear, add="subtracted"),
    ),
    Mistake(
        "mean-for-sum",
        "You take the mean of the products; the formula sums them.",
        (
            "Take a row of ones and weights of ones. What should come out?",
            "Nothing in the formula is divided.",
            "`sum` in place of `mean`.",
        ),
        partial(wrong_linear, gather="mean"),
    ),
    Mistake(
        "relu-included",
        "You cut negative values off at 0. That is the layer after fc6 and fc7; fc8's scores keep their signs.",
        (
            "Look at the signs: do you ever return a negative value?",
            "ReLU is a layer of its own.",
            "Return the sum and the bias as they are.",
        ),
        partial(wrong_linear, after="relu"),
    ),
)
AS_CONV = (
    Mistake(
        "channels-last",
        "You read a unit's weights as (height, width, C) and move the channels forward. The row was flattened map by map, so the weights are (C, height, width) as they lie.",
        (
            "On maps of exactly height × width, do you get what `linear(flatten(x), …)` gives?",
            "The weight at `place(c, r, s, …)` belongs to channel c, row r, column s.",
            "`weight.reshape(K, C, height, width)`, without a `permute`.",
        ),
        partial(wrong_fc_as_conv, kernel="channels last"),
    ),
    Mistake(
        "rows-and-columns-exchanged",
        "Your kernels lie on their sides: a unit's weights go row by row, not column by column.",
        (
            "On maps of exactly height × width, do you get what `linear(flatten(x), …)` gives?",
            "In the row the column runs fastest, so it is the last axis of a kernel.",
            "`weight.reshape(K, C, height, width)`: height before width.",
        ),
        partial(wrong_fc_as_conv, kernel="columns first"),
    ),
    Mistake(
        "flipped-kernel",
        "You turn the kernels by 180 degrees. A unit's first weight belongs to the window's top left value.",
        (
            "Take a unit whose first weight is 1 and the others 0. Which value of the window do you show?",
            "`torch.conv2d` lays a kernel on as it is.",
            "Leave out the flip.",
        ),
        partial(wrong_fc_as_conv, kernel="flipped"),
    ),
    Mistake(
        "windows-side-by-side",
        "Your windows lie side by side; the layer is to stand at every place where it fits, one step apart.",
        (
            "Compare your shape with H − height + 1 and W − width + 1.",
            "The stride is 1.",
            "Leave the stride out: 1 is `torch.conv2d`'s own.",
        ),
        partial(wrong_fc_as_conv, step="side by side"),
    ),
    Mistake(
        "first-window-alone",
        "You use the top left window only; on larger maps the layer fits at several places.",
        (
            "Compare your shape with H − height + 1 and W − width + 1.",
            "How many windows of height × width does x have?",
            "Let `torch.conv2d` move the kernels, on the whole of x.",
        ),
        partial(wrong_fc_as_conv, step="first"),
    ),
    Mistake(
        "bias-forgotten",
        "The bias is missing: a unit adds it at every place.",
        (
            "Take maps of zeros. What should come out?",
            "`torch.conv2d` has a third argument.",
            "`torch.conv2d(x, kernels, bias)`.",
        ),
        partial(wrong_fc_as_conv, add="never"),
    ),
    Mistake(
        "bias-per-channel",
        "You add the bias once per channel; a unit adds it once, after the sum over all channels.",
        (
            "Take maps of zeros. How many times the bias comes out?",
            "The bias stands outside the Σ over c.",
            "Move `+ bias` out of the loop over channels.",
        ),
        partial(wrong_fc_as_conv, add="per channel"),
    ),
    Mistake(
        "mean-for-sum",
        "You take the mean over a window; a unit sums its products.",
        (
            "Take maps of ones and weights of ones. What should come out?",
            "Nothing in the formula is divided.",
            "`sum` in place of `mean`.",
        ),
        partial(wrong_fc_as_conv, gather="mean"),
    ),
)
