"""The known mistakes of lesson 2. Each is one switch of one wrong function, so that two combine."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l02_conv1.wrong import wrong_conv, wrong_overhang, wrong_size

SIZE = (
    Mistake(
        "ceil-for-floor",
        "You round up; a window that hangs over the edge does not count in this formula. (The authors' code does round up: that is the next exercise.)",
        (
            "Take 6 pixels, a kernel of 3, a stride of 2. Draw your windows: does the last one lie inside?",
            "A started stride leads nowhere. Only whole strides count.",
            "Use `//`, which rounds down, in place of the ceiling.",
        ),
        partial(wrong_size, rounding="ceil"),
    ),
    Mistake(
        "plus-one-forgotten",
        "You count the steps between windows; asked are the windows. There is one more of them.",
        (
            "Take a picture as large as the kernel. How many windows fit?",
            "Five fence posts have four gaps.",
            "Add 1 to the number of strides.",
        ),
        partial(wrong_size, plus=0),
    ),
    Mistake(
        "padding-once",
        "You add the padding once; it lies on both sides of the picture.",
        (
            "Draw a strip of 5 pixels with a padding of 1. How long is it now?",
            "Padding p makes a side longer by p at each end.",
            "Add `2 * padding`.",
        ),
        partial(wrong_size, sides=1),
    ),
    Mistake(
        "padding-forgotten",
        "You leave the padding out: your answer is the same whatever it is.",
        (
            "Call your function with two paddings. Does anything change?",
            "The padded picture is what the window moves over.",
            "Begin with `size + 2 * padding`.",
        ),
        partial(wrong_size, sides=0),
    ),
    Mistake(
        "not-rounded",
        "You divide without rounding; there is no quarter of a window. At 224 your answer is the paper's puzzle: 54.25 is no number of windows.",
        (
            "What does your function give for 224, 11, 4, 0?",
            "`/` gives a fraction, `//` whole strides.",
            "Use `//`.",
        ),
        partial(wrong_size, rounding="none"),
    ),
    Mistake(
        "kernel-not-subtracted",
        "You divide the whole side by the stride; the last window must still fit, so its width is not free to move in.",
        (
            "Take a picture as large as the kernel. How far can the window move?",
            "Subtract what the window itself takes before you count strides.",
            "The room is `size + 2 * padding - kernel`.",
        ),
        partial(wrong_size, minus="nothing"),
    ),
)
OVERHANG = (
    Mistake(
        "remainder",
        "Your answer is how many pixels the rounded-down windows leave uncovered; asked is how many zeros the next window needs beyond them.",
        (
            "At 224: how many pixels are left over, and how many does a window of stride 4 more need?",
            "What is left over and what is missing add up to a whole stride.",
            "The remainder's counterpart: `-(size - kernel) % stride`.",
        ),
        partial(wrong_overhang, rule="remainder"),
    ),
    Mistake(
        "whole-stride",
        "Where the windows fit exactly your answer is a whole stride; nothing hangs over there, so it is 0.",
        (
            "What do you give for 227, 11, 4, where 216 / 4 = 54 exactly?",
            "Stride minus remainder is right unless the remainder is 0.",
            "Take it modulo the stride once more: `(stride - rest) % stride`.",
        ),
        partial(wrong_overhang, rule="whole"),
    ),
    Mistake(
        "kernel-ignored",
        "You fill the side up to a multiple of the stride; what must be a multiple is size − kernel, the way the window moves.",
        (
            "Take 5 pixels, a kernel of 3, a stride of 2. Do the windows fit?",
            "The first window stands without any stride.",
            "Use `size - kernel` where you use `size`.",
        ),
        partial(wrong_overhang, rule="size"),
    ),
)
CONV = (
    Mistake(
        "flipped-kernel",
        "You turn the kernel by 180 degrees before you lay it on. That is the mathematician's convolution; networks, this paper's too, lay it on as it is (a cross-correlation).",
        (
            "Take a kernel with a single 1 in its top left corner. Which pixel of the window does your output show?",
            "In the formula row r of the kernel meets row i·stride + r of the picture: both count the same way.",
            "Leave out the flip, or the minus signs before r and s.",
        ),
        partial(wrong_conv, kernel="flipped"),
    ),
    Mistake(
        "transposed-kernel",
        "Your kernel's rows run along the picture's columns: r and s are exchanged.",
        (
            "Take a kernel with one 1 in its top right corner. Which pixel does your output show?",
            "Axis 2 of the weight is r and goes with rows; axis 3 is s and goes with columns.",
            "Exchange r and s in one of the two places.",
        ),
        partial(wrong_conv, kernel="transposed"),
    ),
    Mistake(
        "one-sided-padding",
        "You put all the zeros right and below; padding p means p on each of the four sides.",
        (
            "Where does your output show the picture's top left pixel: in the first window or earlier?",
            "The first window begins at row −padding.",
            "Copy the picture to `padded[:, :, padding:padding + height, padding:padding + width]`.",
        ),
        partial(wrong_conv, pad="after"),
    ),
    Mistake(
        "padding-once",
        "Your padded picture is longer by p on a side; padding p adds p at both ends, 2p in all.",
        (
            "Compare your output's shape with `output_size`.",
            "How large must the tensor of zeros be that the picture is copied into?",
            "`height + 2 * padding` rows, and as much for the columns.",
        ),
        partial(wrong_conv, pad="once"),
    ),
    Mistake(
        "no-padding",
        "You do not pad: your windows stay inside the picture whatever the padding is.",
        (
            "Call your function with two paddings. Does the output's shape change?",
            "A window that hangs over the edge sees zeros there.",
            "Copy the picture into a larger tensor of zeros first.",
        ),
        partial(wrong_conv, pad="none"),
    ),
    Mistake(
        "edge-repeated",
        "You fill the border with copies of the edge pixels; here it is filled with zeros.",
        (
            "What do your border windows give on a picture that is 1 everywhere?",
            "Outside the picture the formula's `in` is 0.",
            "Pad with zeros: `new_zeros`, or `F.pad` with its default mode.",
        ),
        partial(wrong_conv, fill="edge"),
    ),
    Mistake(
        "channel-mean",
        "You take the mean over the channels; the formula sums over c.",
        (
            "Double a picture's channels by repeating them. Should the answer grow?",
            "There is one Σ over c, r and s, and nothing is divided.",
            "`sum` in place of `mean` over the channels.",
        ),
        partial(wrong_conv, channels="mean"),
    ),
    Mistake(
        "first-channel-alone",
        "You use the first channel only; a kernel has a sheet of weights for every channel, and all are summed.",
        (
            "Change the last channel of the picture. Does your output change?",
            "weight[k] has the shape (C, R, S): as deep as the picture.",
            "Let the sum run over axis 1 of both.",
        ),
        partial(wrong_conv, channels="first"),
    ),
    Mistake(
        "bias-forgotten",
        "The bias is missing: every value is too small by bias[k].",
        (
            "Take a picture of zeros. What should come out?",
            "One number per kernel is added after the sum.",
            "Add `bias[:, None, None]`, which spreads over rows and columns.",
        ),
        partial(wrong_conv, add="never"),
    ),
    Mistake(
        "bias-per-tap",
        "You add the bias at every position of the kernel; it is added once per window.",
        (
            "Take a picture of zeros. How many times the bias comes out?",
            "The bias stands outside the Σ.",
            "Move `+ bias` out of the loop over r and s.",
        ),
        partial(wrong_conv, add="per tap"),
    ),
    Mistake(
        "bias-per-channel",
        "You add the bias once per channel; it is added once per window.",
        (
            "Take a picture of zeros with three channels. How many times the bias comes out?",
            "The bias stands outside the Σ over c.",
            "Move `+ bias` out of the loop over channels.",
        ),
        partial(wrong_conv, add="per channel"),
    ),
    Mistake(
        "stride-ignored",
        "Your windows start at every pixel; they start every `stride` pixels.",
        (
            "Compare your output's shape with `output_size` for stride 2.",
            "Window i starts at row i·stride.",
            "Multiply both starts by `stride`, or step your slices by it.",
        ),
        partial(wrong_conv, step="one"),
    ),
    Mistake(
        "stride-down-alone",
        "Your windows keep the stride down the picture and not across it.",
        (
            "Which of the two sides of your output is too long?",
            "The stride holds in both directions.",
            "Step the columns by `stride` too.",
        ),
        partial(wrong_conv, step="down"),
    ),
    Mistake(
        "windows-side-by-side",
        "Your windows lie side by side, a kernel's width apart; they start every `stride` pixels and overlap.",
        (
            "At stride 1, how far apart are your windows?",
            "In conv1 windows are 11 wide and start every 4 pixels.",
            "Window i starts at `i * stride`, not at `i * rows`.",
        ),
        partial(wrong_conv, step="kernel"),
    ),
    Mistake(
        "mean-over-window",
        "You take the mean over the window's rows and columns; the formula sums.",
        (
            "Take a kernel of ones on a picture of ones. What should come out?",
            "Nothing in the formula is divided.",
            "`sum` in place of `mean` over r and s.",
        ),
        partial(wrong_conv, mean=True),
    ),
)
