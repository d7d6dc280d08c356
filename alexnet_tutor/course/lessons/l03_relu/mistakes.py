"""The known mistakes of lesson 3. Each is one switch of one wrong function, so that two combine."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l03_relu.wrong import wrong_dead_share, wrong_relu

RELU = (
    Mistake(
        "absolute-value",
        "You make negative values positive; a ReLU makes them 0. After an absolute value an edge from dark to light and one from light to dark look the same.",
        (
            "What does your function give for −2?",
            "max(0, −2): which of the two is larger?",
            "`x.clamp(min=0)` in place of `x.abs()`.",
        ),
        partial(wrong_relu, below="absolute"),
    ),
    Mistake(
        "leaky-slope",
        "You let a hundredth of each negative value through: that is a leaky ReLU. Here nothing negative passes.",
        (
            "What does your function give for −100?",
            "To the left of 0 the paper's function lies flat.",
            "A slope of 0 in place of 0.01.",
        ),
        partial(wrong_relu, below="leaky"),
    ),
    Mistake(
        "exponential-below",
        "Below 0 you give e^x − 1, which is an ELU; a ReLU gives 0 there.",
        (
            "What does your function give for −5?",
            "To the left of 0 the paper's function lies flat.",
            "0 in place of the exponential.",
        ),
        partial(wrong_relu, below="exponential"),
    ),
    Mistake(
        "nothing-removed",
        "Negative values come through as they are: your output is x. Then the layers before and after are one sum together.",
        (
            "Look at the signs of your output.",
            "max(0, x) is never below 0.",
            "`x.clamp(min=0)`. A `clamp_` or a mask whose result is not used changes nothing.",
        ),
        partial(wrong_relu, below="same"),
    ),
    Mistake(
        "negative-part",
        "You keep the negative values and make the positive ones 0; it is the other way round.",
        (
            "What does your function give for 3?",
            "max(0, 3): which of the two is larger?",
            "`clamp(min=0)`, not `clamp(max=0)`.",
        ),
        partial(wrong_relu, below="same", above="zero"),
    ),
    Mistake(
        "step",
        "You give 1 for every positive value; a ReLU gives the value itself. A step has slope 0 on both sides, and no gradient comes through.",
        (
            "What does your function give for 3?",
            "`x > 0` says whether it passes, not what.",
            "Multiply it by x, or choose with `torch.where`.",
        ),
        partial(wrong_relu, above="one"),
    ),
    Mistake(
        "capped-at-one",
        "You cut positive values off at 1; a ReLU has no upper end. With one, it would saturate as tanh does.",
        (
            "What does your function give for 3?",
            "There is one number in max(0, x) to compare with, not two.",
            "`clamp(min=0)`, without a max.",
        ),
        partial(wrong_relu, above="capped"),
    ),
    Mistake(
        "positive-values-alone",
        "You return only the values that are positive, in one row; each value keeps its place, and what does not pass is 0.",
        (
            "Compare your output's shape with that of x.",
            "`x[x > 0]` picks values out of their places.",
            "`torch.where(x > 0, x, 0)` keeps the places.",
        ),
        partial(wrong_relu, kept="positive"),
    ),
)
DEAD = (
    Mistake(
        "share-of-values",
        "You count values; asked are maps. A map with one positive value in a thousand is alive: there its weights get a gradient.",
        (
            "Take one map with the values −1, −1, −1 and 5. Is it dead?",
            "Two questions, one after the other: is this map dead? Then: what share of the maps is?",
            "First one True or False for each map, (C,). Then the mean.",
        ),
        partial(wrong_dead_share, over="nothing"),
    ),
    Mistake(
        "per-picture",
        "You ask for each picture by itself. A map that is silent on one picture may answer the next; it is dead if none moves it.",
        (
            "Take two pictures, and a map that answers the second alone. Is it dead?",
            "Pictures are axis 0 of (N, C, H, W).",
            "Reduce over the axes 0, 2 and 3 together.",
        ),
        partial(wrong_dead_share, over="places"),
    ),
    Mistake(
        "silent-on-some-picture",
        "You call a map dead if some picture leaves it silent; it is dead if every picture does.",
        (
            "Take two pictures, and a map that answers the second alone. Is it dead?",
            "One picture that moves it is enough to keep it alive.",
            "`all` over the pictures, not `any`.",
        ),
        partial(wrong_dead_share, over="some picture"),
    ),
    Mistake(
        "first-picture-alone",
        "You look at the first picture only.",
        (
            "Change the last picture. Does your answer change?",
            "z[0] is one picture of N.",
            "Reduce over axis 0 as well.",
        ),
        partial(wrong_dead_share, over="first picture"),
    ),
    Mistake(
        "share-of-pictures",
        "You count pictures on which no map answers; asked are maps that answer no picture. Axes 0 and 1 are exchanged.",
        (
            "Take one picture and three maps. Which answers can your function give?",
            "In (N, C, H, W) the maps are axis 1.",
            "Reduce over the axes 0, 2 and 3; axis 1 stays.",
        ),
        partial(wrong_dead_share, over="maps"),
    ),
    Mistake(
        "zero-counts-as-alive",
        "You ask for values below 0; a map whose largest value is exactly 0 passes no gradient either.",
        (
            "Take a map of nothing but zeros. What goes back through its ReLU?",
            "The slope at 0 is 0, as in relu_backward.",
            "`<= 0` in place of `< 0`.",
        ),
        partial(wrong_dead_share, rule="all negative"),
    ),
    Mistake(
        "by-the-mean",
        "You judge a map by its mean; what counts is whether any value of it is positive.",
        (
            "Take one map with the values −1, −1, −1 and 2. Is it dead?",
            "A single place that passes gives the map's weights a gradient.",
            "`amax` in place of `mean`.",
        ),
        partial(wrong_dead_share, rule="mean"),
    ),
    Mistake(
        "share-of-the-living",
        "You give the share that is alive; asked is the share that is dead.",
        (
            "Take maps of nothing but −1. What should come out?",
            "`any(z > 0)` says that a map is alive.",
            "1 minus it, or turn the condition round.",
        ),
        partial(wrong_dead_share, told="alive"),
    ),
    Mistake(
        "number-of-maps",
        "You give the number of dead maps; asked is their share, 0 to 1.",
        (
            "Take maps of nothing but −1. What should come out?",
            "A share is a number of all.",
            "`mean` in place of `sum`, or divide by the number of maps.",
        ),
        partial(wrong_dead_share, told="count"),
    ),
)
