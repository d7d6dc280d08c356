"""The known mistakes of lesson 7 in what a layer costs."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l07_conv345.wrong import wrong_macs

MACS = (
    Mistake(
        "places-of-the-input",
        "You count a window at every cell that comes in; a window stands at every cell that goes out. In conv1 these are 227·227 and 55·55.",
        (
            "Take a stride of 4. How many windows lie in one row?",
            "One value of the map that goes out is one sum of products.",
            "Use lesson 2's formula: `(height + 2 * padding - kernel) // stride + 1`, and the same for the width.",
        ),
        partial(wrong_macs, places="in"),
    ),
    Mistake(
        "weights-alone",
        "You count the weights; each of them is used at every place of its map. What is counted is the work, not the memory.",
        (
            "Make the picture twice as large. Should the work stay the same?",
            "A window is laid at every place, and all weights are multiplied again.",
            "Multiply the weights by the rows and columns that go out.",
        ),
        partial(wrong_macs, places="one"),
    ),
    Mistake(
        "padding-left-out",
        "You count the windows of the picture without its frame; with it there are more.",
        (
            "conv3 takes 13×13 and gives 13×13. How many places do you count?",
            "The frame makes a side longer by `padding` at both ends.",
            "`(height + 2 * padding - kernel) // stride + 1`.",
        ),
        partial(wrong_macs, places="unpadded"),
    ),
    Mistake(
        "stride-left-out",
        "You count a window at every pixel; they stand `stride` apart.",
        (
            "Double the stride. Does your count change?",
            "Only each stride-th place has a window.",
            "Divide the room by `stride`, rounded down, and add 1.",
        ),
        partial(wrong_macs, places="every pixel"),
    ),
    Mistake(
        "channels-left-out",
        "Your kernel is one sheet; it has a sheet for each channel that comes in, and all of them are multiplied.",
        (
            "Double the channels that come in. Does your count change?",
            "Lesson 6: the answers of all sheets are added to one value.",
            "Multiply by `in_channels // groups`.",
        ),
        partial(wrong_macs, channels="one"),
    ),
    Mistake(
        "groups-ignored",
        "Your kernels see all channels; with groups each sees those of its own. That is what two towers save.",
        (
            "Does your count change with the number of groups?",
            "A kernel of conv4 is 192 sheets deep where 384 maps come in.",
            "`in_channels // groups`.",
        ),
        partial(wrong_macs, channels="all"),
    ),
    Mistake(
        "one-tower-counted",
        "You divide the kernels by the groups as well: that is the work of one tower. The layer has all of them.",
        (
            "How many maps go out, and how many do you count?",
            "Groups change what a kernel sees, not how many kernels there are.",
            "Multiply by `out_channels`, whole.",
        ),
        partial(wrong_macs, kernels="tower"),
    ),
    Mistake(
        "maps-left-out",
        "You count one map; each of the maps that go out takes as much.",
        (
            "Double `out_channels`. Does your count change?",
            "There is one map per kernel.",
            "Multiply by `out_channels`.",
        ),
        partial(wrong_macs, kernels="one"),
    ),
    Mistake(
        "bias-counted",
        "You count the bias as a product; it is added, and nothing is multiplied.",
        (
            "Take one channel and a kernel of 1×1. How many products has one value?",
            "A MAC is one product that is added to a sum.",
            "Leave the `+ 1` out: it belongs to the parameters, not to the MACs.",
        ),
        partial(wrong_macs, bias=True),
    ),
    Mistake(
        "two-per-mac",
        "You count the product and the addition singly. A multiply-accumulate is both together and counts once; yours are operations, FLOPs.",
        (
            "How many MACs has one product that is added to one sum?",
            "Both counts are in use. Which one is asked for?",
            "Do not multiply by 2.",
        ),
        partial(wrong_macs, each=2),
    ),
    Mistake(
        "kernel-once",
        "You multiply by the kernel's side once; a sheet has as many weights as rows times columns.",
        (
            "How many products does one 3×3 window of one channel take?",
            "The kernel is a square.",
            "`kernel * kernel`.",
        ),
        partial(wrong_macs, side="line"),
    ),
)
