"""The known mistakes in lesson 6's layer. Each is one switch of one wrong function, so that two combine."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l06_conv2.mistakes import AFTER, EDGE
from alexnet_tutor.course.lessons.l06_conv2.wrong import wrong_grouped

GROUPED = (
    Mistake(
        "first-channels-for-all",
        "Every map adds up the first C/G channels, whatever its group: you read the weight as if there were one group. The second tower never sees its own half.",
        (
            "Change the last channel of x. Does any of your maps change?",
            "weight[k, c] has c from 0 to C/G − 1: c counts from the group's first channel, not from channel 0.",
            "Map k of group g needs channel `g * seen + c`, with `seen = weight.shape[1]`.",
        ),
        partial(wrong_grouped, channels="first"),
    ),
    Mistake(
        "groups-added-up",
        "Every map adds up all C channels, and the kernel's sheets are used again for each group. A map belongs to one group and is blind to the others.",
        (
            "Change the last channel of x. How many of your maps change?",
            "A kernel has C/G sheets, and each lies on one channel.",
            "Choose the group's channels first: `x[:, g * seen : (g + 1) * seen]`.",
        ),
        partial(wrong_grouped, channels="added"),
    ),
    Mistake(
        "channels-dealt-in-turn",
        "You deal the channels like cards: channel i goes to group i mod G. The groups take them in blocks: the first C/G are the first group's.",
        (
            "With four channels and two groups, which two does your first map see?",
            "Maps 0 to 47 of conv1 lie on one card, 48 to 95 on the other.",
            "`x[:, g * seen : (g + 1) * seen]`, not `x[:, g::groups]`.",
        ),
        partial(wrong_grouped, channels="dealt"),
    ),
    Mistake(
        "kernels-dealt-in-turn",
        "You give kernel k to group k mod G; the groups take the kernels in blocks, K/G side by side.",
        (
            "With four kernels and two groups, which channels does your kernel 1 see?",
            "The first K/G kernels are the first group's.",
            "The group of kernel k is `k // (kernels // groups)`, not `k % groups`.",
        ),
        partial(wrong_grouped, channels="kernels dealt"),
    ),
    Mistake(
        "towers-shuffled",
        "Each tower is right, but your output takes one map of each in turn. The towers' maps lie one after the other: first all of the first, then all of the second.",
        (
            "Compare your maps with the docstring's 21, 201, 43, 403. Are the same numbers there?",
            "Map k must be the answer of kernel k.",
            "`torch.cat(towers, dim=1)`; a stack of the towers along a later axis shuffles them.",
        ),
        partial(wrong_grouped, order="in turn"),
    ),
    Mistake(
        "first-kernels-for-all",
        "Every group uses the first K/G kernels; each group has kernels of its own.",
        (
            "Change the last kernel. Does any of your maps change?",
            "weight's axis 0 counts the kernels of all groups, one after the other.",
            "Kernel j of group g is `weight[g * (kernels // groups) + j]`.",
        ),
        partial(wrong_grouped, kernels="first"),
    ),
    Mistake(
        "first-biases-for-all",
        "Every group adds the first K/G biases; each map has its own.",
        (
            "Take a picture of zeros. Do the biases come out, in their order?",
            "bias counts the maps of all groups, as weight's axis 0 does.",
            "Add `bias[:, None, None]` once, when the towers' maps lie side by side.",
        ),
        partial(wrong_grouped, biases="first"),
    ),
    Mistake(
        "channel-mean",
        "You take the mean over a kernel's channels; the formula sums over c.",
        (
            "Take one pixel with the channels 1 and 2 and the weights 1 and 10. What should come out?",
            "There is a Σ over c, and nothing is divided.",
            "`sum` in place of `mean` over the channels.",
        ),
        partial(wrong_grouped, total="mean"),
    ),
    Mistake(
        "bias-forgotten",
        "The bias is missing: every value of map k is too small by bias[k].",
        (
            "Take a picture of zeros. What should come out?",
            "One number per map is added after the sum over channels.",
            "Let each map's sum start at `bias[k]`.",
        ),
        partial(wrong_grouped, add="never"),
    ),
    Mistake(
        "bias-per-channel",
        "You add the bias once for every channel; it is added once per map, after the channels' sum.",
        (
            "Take a picture of zeros with several channels. How many times the bias comes out?",
            "The bias stands outside the Σ over c.",
            "Move `+ bias[k]` out of the loop over channels.",
        ),
        partial(wrong_grouped, add="per channel"),
    ),
    Mistake(
        "bias-per-group",
        "You add the bias once for every group; a map belongs to one group and gets its bias once.",
        (
            "Take a picture of zeros and two groups. How many times the bias comes out?",
            "What happens once for the whole layer must not stand in the loop over groups.",
            "Add `bias[:, None, None]` after the loop.",
        ),
        partial(wrong_grouped, add="per group"),
    ),
    Mistake(
        "no-padding",
        "You do not pad: your maps shrink. The padding is what keeps conv2 at 27×27.",
        (
            "Call your function with two paddings. Does the output's shape change?",
            "You have written a function that makes the frame.",
            "Begin with `framed = padded(x, padding)` and slide over `framed`.",
        ),
        partial(wrong_grouped, pad="none"),
    ),
    replace(AFTER, wrong=partial(wrong_grouped, pad="after")),
    replace(EDGE, wrong=partial(wrong_grouped, fill="edge")),
)
