"""The known mistakes of lesson 7 in what a value sees; those in its cost lie beside."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l07_conv345.wrong import wrong_field, wrong_span

FIELD = (
    Mistake(
        "strides-left-out",
        "You add up the kernels without the strides. One cell further on a map is several pixels further on the picture: 16 in conv3. Your conv5 sees 25 pixels, not 163.",
        (
            "Two layers of 3 with stride 1 see 5. What changes if the lower one has a stride of 2?",
            "Neighbouring cells of the layer below lie `apart` pixels from one another.",
            "Each further cell adds `apart` pixels, not 1: `(kernel - 1) * apart`.",
        ),
        partial(wrong_field, strides="none"),
    ),
    Mistake(
        "stride-too-early",
        "You multiply this layer's stride in before the view grows. Its own stride says how far apart its results lie; within a window the cells lie as the layer below laid them.",
        (
            "Take conv1 alone: 11 pixels wide, stride 4. How many pixels does one value see?",
            "A stride moves windows. Does it make a window wider?",
            "First `size = size + (kernel - 1) * apart`, then `apart = apart * stride`.",
        ),
        partial(wrong_field, strides="after"),
    ),
    Mistake(
        "own-stride-alone",
        "Your view grows by the layer's own stride per cell; it grows by the product of all the strides below it.",
        (
            "conv3 has a stride of 1. How far apart are the cells that it looks at, in pixels?",
            "Strides of lower layers multiply: 4 in conv1, 2 in pool1, 2 in pool2.",
            "Use `apart`, which the loop carries along, in place of `stride`.",
        ),
        partial(wrong_field, strides="own"),
    ),
    Mistake(
        "kernel-not-less-one",
        "Your view grows by `kernel` cells; it grows by kernel − 1. The window's first cell sees `size` pixels already.",
        (
            "A kernel of 1 looks at one cell. By how much should the view grow?",
            "Three windows in a row: how many steps from the first to the last?",
            "`kernel - 1` steps, each `apart` pixels wide.",
        ),
        partial(wrong_field, kernel="whole"),
    ),
    Mistake(
        "kernels-multiplied",
        "You multiply the view by the kernel, as if the windows below lay side by side. They overlap: neighbours are `apart` pixels apart, and each sees more than that.",
        (
            "Two layers of 3 with stride 1: draw what the upper value sees on a strip of pixels. 9, or 5?",
            "Each further cell adds only what the one before did not see yet.",
            "Add `(kernel - 1) * apart` to the size.",
        ),
        partial(wrong_field, kernel="product"),
    ),
    Mistake(
        "padding-subtracted",
        "You take the padding off the view. A window over the frame is as wide as any other; some of it lies outside the picture.",
        (
            "A value in the middle of the map never meets the frame. Should its view shrink?",
            "Padding says where a window starts, not how wide it is.",
            "Leave the padding out of the size altogether.",
        ),
        partial(wrong_field, padding="subtracted"),
    ),
    Mistake(
        "stride-of-the-last-layer",
        "Your stride is that of the last layer; the strides of all layers multiply. One step in conv3 is one step of conv3 times 2 of pool2 times 2 of pool1 times 4 of conv1.",
        (
            "Put a stride of 1 on top of a stride of 2. How far apart are the views of two neighbours?",
            "One step up here is `stride` steps on the layer below, and each of those is `apart` pixels.",
            "`apart = apart * stride`.",
        ),
        partial(wrong_field, apart="last"),
    ),
    Mistake(
        "starts-at-zero",
        "Your view starts at 0 pixels; before any layer a pixel sees itself, so it starts at 1.",
        (
            "Take one layer with a kernel of 1. How many pixels does a value see?",
            "With no layers at all, a value is a pixel.",
            "Begin with `size = 1`.",
        ),
        partial(wrong_field, start=0),
    ),
)
SPAN = (
    Mistake(
        "from-the-picture-up",
        "You go through the layers from the picture's side. The place counts values of the last layer, so its window is laid first, and the picture comes last.",
        (
            "`place` is a number in which layer's map?",
            "From that map the window leads to cells of the layer below, and so on down.",
            "`for kernel, stride, padding in reversed(layers)`.",
        ),
        partial(wrong_span, order="up"),
    ),
    Mistake(
        "frame-left-out",
        "You leave the padding out: your first value begins at pixel 0. With a frame it begins before the picture.",
        (
            "Take one layer (3, 1, 1), place 0. Which pixel is in the middle of its window?",
            "Padding p moves every window p cells to the left.",
            "Subtract `padding` from both ends, in each layer.",
        ),
        partial(wrong_span, padding="none"),
    ),
    Mistake(
        "padding-added",
        "You add the padding; a frame in front moves a window to the left, so it is subtracted.",
        (
            "Take one layer (3, 1, 1), place 0. Does its window begin before pixel 0 or after?",
            "Lesson 2: y = i·stride + r − padding.",
            "`first * stride - padding`.",
        ),
        partial(wrong_span, padding="added"),
    ),
    Mistake(
        "padding-times-stride",
        "You subtract the padding before you multiply with the layer's stride; it is counted in cells of the layer below, so the stride does not touch it.",
        (
            "conv1 of this kit has a padding of 2 and a stride of 4. Does its first window begin at −2 or at −8?",
            "Window i begins i strides after the first one, and the first one begins at −padding.",
            "`first * stride - padding`, not `(first - padding) * stride`.",
        ),
        partial(wrong_span, padding="early"),
    ),
    Mistake(
        "padding-at-the-first-alone",
        "You subtract the padding from the first end and not from the last; the whole window moves.",
        (
            "How many pixels lie from your first to your last? Compare with `receptive_field`.",
            "A padding moves a window without making it wider.",
            "`last = last * stride - padding + kernel - 1`.",
        ),
        partial(wrong_span, padding="first alone"),
    ),
    Mistake(
        "one-too-far",
        "Your last cell is the one after the window; a window that starts at 0 and has 3 cells ends at 2.",
        (
            "How many pixels lie from your first to your last? Compare with `receptive_field`.",
            "The last of `kernel` cells is `kernel - 1` after the first.",
            "`last * stride - padding + kernel - 1`.",
        ),
        partial(wrong_span, window="whole"),
    ),
    Mistake(
        "window-left-out",
        "Your first and your last pixel are the same: you follow where windows start and leave out how wide they are.",
        (
            "How many pixels does a value of one layer with kernel 3 see?",
            "The last pixel is in the last window's last cell.",
            "Add `kernel - 1` to the last end, in each layer.",
        ),
        partial(wrong_span, window="none"),
    ),
    Mistake(
        "windows-centred",
        "You lay window i with its middle at i · stride; it begins there, less the padding. A frame of half a kernel makes both the same, and only then.",
        (
            "Take one layer (3, 2, 0), place 0. Does its window reach before pixel 0?",
            "Lesson 2: the first window begins at −padding, whatever the kernel.",
            "Do not subtract `kernel // 2`; the padding does it where there is one.",
        ),
        partial(wrong_span, window="centred"),
    ),
    Mistake(
        "windows-one-apart",
        "Your window i begins at cell i of the layer below; it begins at cell i · stride, less the padding.",
        (
            "Take one layer (3, 2, 0). Where does the window of place 1 begin?",
            "At stride 2 neighbouring windows begin 2 cells apart.",
            "Multiply both ends by `stride` before the padding is subtracted.",
        ),
        partial(wrong_span, stride="one"),
    ),
)
