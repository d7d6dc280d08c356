"""The known mistakes of lesson 11's convolutions. Each is one switch of one wrong function."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l11_backprop.wrong import (
    wrong_conv_input_grad,
    wrong_conv_weight_grad,
)

WEIGHT = (
    Mistake(
        "mean-over-the-batch",
        "You divide by the number of pictures. The loss has done that already: its 1/N is in every gradient that arrives (lesson 10).",
        (
            "Give the same picture twice. Should the weights' gradient double or stay?",
            "grad is ∂L/∂out, and L is the mean over the batch. The division is behind you.",
            "Leave out the division by N.",
        ),
        partial(wrong_conv_weight_grad, divide="batch"),
    ),
    Mistake(
        "mean-over-the-windows",
        "You divide by the number of windows; the weight was used in each of them, and the contributions add up.",
        (
            "Two windows, 1 arrives at both, both show the pixel 5. If the weight grows by 0.001, by how much does the loss?",
            "A weight that is used twice moves two outputs.",
            "Sum over i and j.",
        ),
        partial(wrong_conv_weight_grad, divide="places"),
    ),
    Mistake(
        "last-picture-alone",
        "Only the last picture's gradient is in your result; all pictures share the weights.",
        (
            "Change the first picture. Does your result change?",
            "A loop over pictures that assigns with `=` keeps the last one.",
            "Let the sum run over n as well.",
        ),
        partial(wrong_conv_weight_grad, pictures="last"),
    ),
    Mistake(
        "last-window-alone",
        "Only the last window is in your result; the kernel was laid on all of them.",
        (
            "Change what arrives at window (0, 0). Does your result change?",
            "A loop over windows that assigns with `=` keeps the last one.",
            "`+=` in the loop over windows.",
        ),
        partial(wrong_conv_weight_grad, windows="last"),
    ),
    Mistake(
        "stride-forgotten",
        "You lay the windows side by side, one pixel apart; on the way there they stood a stride apart.",
        (
            "With a stride of 2: which rows of the picture did window 1 look at?",
            "Window i begins in row i·stride, on the way back as on the way there.",
            "Give the slice the step `stride`, or begin it at `i * stride`.",
        ),
        partial(wrong_conv_weight_grad, step="one"),
    ),
    Mistake(
        "one-sided-padding",
        "You put all the zeros right and below; on the way there they lay on all four sides, so your windows see pixels further down and right.",
        (
            "Which pixels did window (0, 0) see with a padding of 1?",
            "The first window begins at row −padding.",
            "Pad x with `padding` on each side, as in lesson 2.",
        ),
        partial(wrong_conv_weight_grad, pad="after"),
    ),
    Mistake(
        "result-flipped",
        "Your result is turned by 180 degrees. On the way there the kernel lay on the window unturned, and so each weight finds its pixel.",
        (
            "One window, [[1, 2], [3, 4]]: which pixel did the top left weight meet?",
            "Row r of the kernel met row i·stride + r of the picture.",
            "Leave out the flip.",
        ),
        partial(wrong_conv_weight_grad, taps="flipped"),
    ),
    Mistake(
        "result-transposed",
        "Rows and columns of your kernels are exchanged: row r of the kernel met rows of the picture.",
        (
            "One window, [[1, 2], [3, 4]]: which pixel did the top right weight meet?",
            "Axis 2 of the result is r and goes with rows; axis 3 is s.",
            "Exchange r and s in one of the two places.",
        ),
        partial(wrong_conv_weight_grad, taps="transposed"),
    ),
    Mistake(
        "kernels-and-channels-exchanged",
        "Your result is (C, K, R, R); the weights are (K, C, R, R), a kernel after the other.",
        (
            "Compare your result's shape with the weight's.",
            "grad brings k, the picture brings c.",
            "`…->kc` in place of `…->ck`.",
        ),
        partial(wrong_conv_weight_grad, turned=True),
    ),
    Mistake(
        "channels-together",
        "Each sheet of a kernel gets the sum over all channels; sheet c met channel c alone.",
        (
            "Change one channel of the picture. Which sheets of your result change?",
            "c stands on both sides of the formula: it is not summed.",
            "Keep the channels apart: `ncij` on the way in and `c` in the result.",
        ),
        partial(wrong_conv_weight_grad, channels="together"),
    ),
    Mistake(
        "kernels-together",
        "Each kernel gets what arrives at all maps; kernel k made map k alone.",
        (
            "Change what arrives at map 1. Does your result for kernel 0 change?",
            "k stands on both sides of the formula: it is not summed.",
            "Keep the kernels apart: `nkij` on the way in and `k` in the result.",
        ),
        partial(wrong_conv_weight_grad, kernels="together"),
    ),
    Mistake(
        "grad-not-used",
        "You add up the pixels that the weight met; each counts with what arrives at its window.",
        (
            "Double grad. Does your result double?",
            "Gradient of the output times the factor: the pixel is the factor.",
            "Multiply by `grad` before you sum.",
        ),
        partial(wrong_conv_weight_grad, upstream="one"),
    ),
    Mistake(
        "sign-turned",
        "Your sign is the other one. The minus of the update rule comes later: a gradient says how the loss grows.",
        (
            "All numbers positive: if the weight grows, does the output? And the loss?",
            "The rule w ← w − ε · gradient has its own minus.",
            "Leave out the minus.",
        ),
        partial(wrong_conv_weight_grad, sign=-1),
    ),
)
INPUT = (
    Mistake(
        "correlated-again",
        "You lay the kernel the wrong way round. Where each window hands out, it stays unturned. Where it slides over the gradients, it must be turned: seen from a pixel, later windows have it under earlier weights.",
        (
            "One window, weight [[1, 2], [3, 4]], 10 arrives. Which pixel gets 10 · 1?",
            "The top left weight met the window's top left pixel, and hands its share to that one.",
            "Where windows hand out: `weight` as it is. Where you convolve grad: `weight.flip(2, 3)`.",
        ),
        partial(wrong_conv_input_grad, taps="flipped"),
    ),
    Mistake(
        "kernel-transposed",
        "Rows and columns of your kernel are exchanged: row r of the kernel met rows of the picture.",
        (
            "One window, weight [[1, 2], [3, 4]], 10 arrives. Which pixel gets 10 · 2?",
            "Axis 2 of the weight is r and goes with rows; axis 3 is s.",
            "Exchange r and s in one of the two places.",
        ),
        partial(wrong_conv_input_grad, taps="transposed"),
    ),
    Mistake(
        "stride-forgotten",
        "Your windows hand out one pixel apart; on the way there they stood a stride apart. Everything lands too far up and left.",
        (
            "With a stride of 2: on which rows did window 1 lie?",
            "Window i begins in row i·stride, on the way back as on the way there.",
            "Begin at `i * stride`, or give the slice the step `stride`.",
        ),
        partial(wrong_conv_input_grad, step="one"),
    ),
    Mistake(
        "padding-not-cut-off",
        "Your result still has the padding round it. The zeros were no part of x and have no gradient.",
        (
            "Compare your result's shape with that of x.",
            "What windows handed to the padding is dropped.",
            "Return `padded[:, :, padding : padding + height, padding : padding + width]`.",
        ),
        partial(wrong_conv_input_grad, cut="nothing"),
    ),
    Mistake(
        "padding-cut-at-the-end",
        "You cut all of the padding off at the bottom and the right; half of it lies at the top and the left.",
        (
            "Where in the padded picture does x begin?",
            "Row 0 of x is row `padding` of the padded picture.",
            "Begin both slices at `padding`.",
        ),
        partial(wrong_conv_input_grad, cut="corner"),
    ),
    Mistake(
        "padding-cut-at-the-beginning",
        "You cut all of the padding off at the top and the left; half of it lies at the bottom and the right.",
        (
            "Where in the padded picture does x begin?",
            "Row 0 of x is row `padding` of the padded picture.",
            "Begin both slices at `padding`, not at `2 * padding`.",
        ),
        partial(wrong_conv_input_grad, cut="after"),
    ),
    Mistake(
        "overwritten",
        "Where windows overlap, the last one to hand out wins; a pixel gets the sum of what all of them hand to it.",
        (
            "A pixel lies in two windows, both hand it 10. What does it get?",
            "It stands in two outputs. If it grows by a little, both grow.",
            "`+=` in place of `=`.",
        ),
        partial(wrong_conv_input_grad, meet="last window"),
    ),
    Mistake(
        "overwritten-by-the-last-weight",
        "A pixel keeps what the last row and column of the kernel handed to it; it gets the sum over all weights it has lain under.",
        (
            "A pixel lies in two windows, both hand it 10. What does it get?",
            "In your loop over r and s, a later turn overwrites an earlier one.",
            "`+=` in place of `=`.",
        ),
        partial(wrong_conv_input_grad, meet="last tap"),
    ),
    Mistake(
        "mean-over-the-windows",
        "You divide by the number of windows that a pixel lies in; what they hand to it adds up.",
        (
            "A pixel lies in two windows, both hand it 10. If it grows by 0.001, by how much does the loss?",
            "The chain rule adds over all ways and divides by nothing.",
            "Leave out the division.",
        ),
        partial(wrong_conv_input_grad, meet="mean"),
    ),
    Mistake(
        "mean-over-the-kernels",
        "You take the mean over the kernels; a pixel was met by every kernel, and the contributions add up.",
        (
            "Two kernels hand 10 each to a pixel. What does it get?",
            "k stands only under the Σ: it is summed.",
            "`sum` over k in place of `mean`.",
        ),
        partial(wrong_conv_input_grad, kernels="mean"),
    ),
    Mistake(
        "first-kernel-alone",
        "Only the first kernel hands out; the picture went into all maps.",
        (
            "Change what arrives at the last map. Does your result change?",
            "Each of the K kernels met the pixel, each with a weight of its own.",
            "Let the sum run over axis 1 of grad and axis 0 of weight.",
        ),
        partial(wrong_conv_input_grad, kernels="first"),
    ),
    Mistake(
        "channels-together",
        "Every channel gets the sum over all sheets of a kernel; channel c was met by sheet c alone.",
        (
            "Let all sheets but the first be 0. Which channels should get something?",
            "c stands on both sides of the formula: it is not summed.",
            "Keep the channels apart: `kc` on the way in and `c` in the result.",
        ),
        partial(wrong_conv_input_grad, channels="together"),
    ),
    Mistake(
        "grad-not-used",
        "Every window hands out its kernel as it is; it hands out kernel times the gradient that arrived there.",
        (
            "Double grad. Does your result double?",
            "Gradient of the output times the factor: the weight is the factor.",
            "Multiply by `grad[:, :, i, j]`.",
        ),
        partial(wrong_conv_input_grad, upstream="one"),
    ),
    Mistake(
        "sign-turned",
        "Your sign is the other one: a gradient says how the loss grows, and the weights have their own signs.",
        (
            "All numbers positive: if the pixel grows, does the output? And the loss?",
            "There is no minus in a sum of products.",
            "Leave out the minus.",
        ),
        partial(wrong_conv_input_grad, sign=-1),
    ),
)
