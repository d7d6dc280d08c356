"""The known mistakes of lesson 6 in the count and in the frame; those of the layer lie beside."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l06_conv2.wrong import wrong_padded, wrong_parameters

COUNT = (
    Mistake(
        "groups-ignored",
        "Your kernels are as deep as everything that comes in; a kernel sees the channels of its own group alone. That is the count without towers: 614,656 for conv2, not 307,456.",
        (
            "Call your function with 1 group and with 2. Does the count change?",
            "The paper writes 5×5×48 where 96 maps come in. What is 48 of 96?",
            "Divide the channels among the groups: `in_channels // groups`.",
        ),
        partial(wrong_parameters, sees="all"),
    ),
    Mistake(
        "one-tower-counted",
        "You divide the channels and the kernels by the groups: that counts one tower. The layer has all of them.",
        (
            "How many maps go out of the layer, and how many kernels do you count?",
            "With two groups each tower has half the kernels, and there are two towers.",
            "Multiply by `out_channels`, not by `out_channels // groups`.",
        ),
        partial(wrong_parameters, sees="tower"),
    ),
    Mistake(
        "kernels-divided",
        "You divide the kernels among the groups and leave each as deep as the input. The weights come out right by chance, since a product does not mind which factor is halved; the biases do not. It is the depth that is divided.",
        (
            "Count the biases alone. The layer has as many maps as before: is there one for each?",
            "Groups change what a kernel sees, not how many kernels there are.",
            "Divide `in_channels` by `groups` and leave `out_channels` whole.",
        ),
        partial(wrong_parameters, sees="kernels"),
    ),
    Mistake(
        "outputs-for-depth",
        "Your kernel's depth is the number of outgoing maps of its group; a kernel is as deep as the channels that come in.",
        (
            "Try 2 channels in and 6 maps out. Which of your numbers should the depth depend on?",
            "A kernel is laid over what comes in.",
            "`in_channels // groups`, not `out_channels // groups`.",
        ),
        partial(wrong_parameters, sees="out"),
    ),
    Mistake(
        "biases-not-counted",
        "The biases are missing: one number per map is added after the sum, and training has to find it too.",
        (
            "What does your function give for 1 channel, 1 map, a kernel of 1×1? How many numbers does that layer learn?",
            "weight and bias are two tensors; the bias has one value per map.",
            "Add 1 to each kernel's weights before you multiply by the kernels.",
        ),
        partial(wrong_parameters, biases="none"),
    ),
    Mistake(
        "bias-counted-per-channel",
        "You count one bias for every channel that a kernel sees; it has one in all, added after the channels' sum.",
        (
            "How many biases does a map of 48 channels get in your count?",
            "The bias stands outside the Σ over channels.",
            "The `+ 1` belongs behind the product with the channels, not within it.",
        ),
        partial(wrong_parameters, biases="per channel"),
    ),
    Mistake(
        "bias-counted-per-group",
        "You count a bias per map and group; a map belongs to one group only and has one bias.",
        (
            "How many biases do you count for 4 maps in 2 groups?",
            "The groups share the maps out: no map is in two.",
            "One bias per map: `+ 1`, not `+ groups`.",
        ),
        partial(wrong_parameters, biases="per group"),
    ),
    Mistake(
        "one-side-of-the-kernel",
        "You multiply by the kernel's side once; a sheet has as many weights as rows times columns.",
        (
            "How many weights has one sheet of a 5×5 kernel in your count?",
            "The kernel is a square.",
            "`kernel * kernel`.",
        ),
        partial(wrong_parameters, side="line"),
    ),
)
AFTER = Mistake(
    "zeros-right-and-below",
    "You put all the zeros right and below; a padding of p means p on each of the four sides. The shape is the same, and every window stands p further to the lower right.",
    (
        "Print your result for one map of ones. Where does the frame begin?",
        "Row 0 of the picture is row p of the result.",
        "Copy x to `framed[:, :, padding : padding + height, padding : padding + width]`.",
    ),
    partial(wrong_padded, sides="after"),
)
EDGE = Mistake(
    "edge-repeated",
    "You fill the frame with copies of the outermost values; here it is filled with zeros, the value of a map that found nothing.",
    (
        "Print your result for the one value 7. What stands round it?",
        "Outside the map the formula's `in` is 0.",
        "Begin with `x.new_zeros(…)` and copy x into the middle; leave the rest alone.",
    ),
    partial(wrong_padded, fill="edge"),
)
FRAME = (
    AFTER,
    EDGE,
    Mistake(
        "zeros-left-and-above",
        "You put all the zeros left and above; a padding of p means p on each of the four sides.",
        (
            "Print your result for one map of ones. Where does the frame end?",
            "Behind the picture's last row lie p rows of zeros.",
            "Copy x to rows `padding : padding + height`, not to the last `height` rows.",
        ),
        partial(wrong_padded, sides="before"),
    ),
    Mistake(
        "one-side-alone",
        "Your frame lies on one side in each direction: a side grows by p. Padding p grows it by p at both ends, 2p in all.",
        (
            "How many rows has your result for a map of 1 row and a padding of 1?",
            "The frame goes all round.",
            "`height + 2 * padding` rows, `width + 2 * padding` columns.",
        ),
        partial(wrong_padded, sides="one"),
    ),
    Mistake(
        "rows-alone",
        "You add rows above and below, and no columns left and right; padding holds in both directions.",
        (
            "Compare your result's shape with the one in the docstring.",
            "A 5×5 window hangs over the left edge as it hangs over the top.",
            "Make `width + 2 * padding` columns, and copy x to columns `padding : padding + width`.",
        ),
        partial(wrong_padded, axes="rows"),
    ),
    Mistake(
        "every-axis",
        "You pad all four axes: there are new pictures and new channels of zeros. Only rows and columns get a frame.",
        (
            "How many pictures has your result, and how many channels?",
            "(N, C, H, W): N and C stay.",
            "Give the sizes singly: `x.new_zeros(batch, channels, height + 2 * padding, width + 2 * padding)`.",
        ),
        partial(wrong_padded, axes="every"),
    ),
)
