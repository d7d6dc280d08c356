"""The known mistakes of lesson 7 in the three layers in a row."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l07_conv345.wrong_middle import wrong_middle

_RELUS = (
    Mistake(
        "no-relu-between",
        "No ReLU stands between your layers. Three convolutions with nothing between are one convolution of 7×7: you have three layers' weights and one layer's answer.",
        (
            "Take the page's map of one value. What leaves your conv4, and what does your conv5 get?",
            "A sum of sums is a sum. What is it that keeps conv4 from being part of conv5?",
            "`F.relu` around each convolution, before its answer goes into the next.",
        ),
        partial(wrong_middle, between="none"),
    ),
    Mistake(
        "last-relu-missing",
        "What you return has negative values: relu5 is missing. pool5 takes the largest of nine, and where all nine are negative one of them goes on to fc6.",
        (
            "Look for the smallest value in what you return.",
            "Each convolution of this network is followed by a ReLU. How many convolutions do you call, and how many ReLUs?",
            "`F.relu` around the last convolution too.",
        ),
        partial(wrong_middle, last="none"),
    ),
    Mistake(
        "relu-before-conv",
        "Your ReLU stands before each convolution instead of after it: x loses its negative values, and the last layer's answer keeps them.",
        (
            "Follow one value: which comes first in your code, the sum or the ReLU?",
            "The paper's order is convolution, then ReLU. relu3 works on what conv3 gives.",
            "`F.relu(F.conv2d(x, …))`, not `F.conv2d(F.relu(x), …)`.",
        ),
        partial(wrong_middle, relu="before"),
    ),
)
_BIASES = (
    Mistake(
        "bias-after-relu",
        "You add the bias after the ReLU. It belongs to the sum: it decides from which answer on a unit is heard.",
        (
            "What does your layer give where the sum is −5 and the bias 1?",
            "max(0, sum + bias) and max(0, sum) + bias differ wherever either is below 0.",
            "Give the bias to the convolution: `F.conv2d(x, weight, bias, …)`.",
        ),
        partial(wrong_middle, add="after"),
    ),
    Mistake(
        "biases-left-out",
        "Your layers have no bias. `F.conv2d` adds one only where it is given one.",
        (
            "Which of your eight arguments does your code never use?",
            "Take x of zeros and positive biases. Should 0 come out?",
            "The bias is the third argument: `F.conv2d(x, weight, bias, …)`.",
        ),
        partial(wrong_middle, add="never"),
    ),
    Mistake(
        "bias-of-conv3-again",
        "conv4 adds bias3. In the network both have 384 values, so nothing complains.",
        (
            "Change bias4 alone. Does anything in your answer change?",
            "Read the three calls beside one another, argument by argument.",
            "`bias4` in the second call.",
        ),
        partial(wrong_middle, biases="conv3's again"),
    ),
)
_FRAMES = (
    Mistake(
        "no-padding",
        "You do not pad: each layer takes two rows and two columns away, 13 become 11, 9 and 7.",
        (
            "Print the shape after each of your layers.",
            "A window of 3 has how many places on a side of 13? And with a frame of zeros around it?",
            "`padding=1` in each of the three calls.",
        ),
        partial(wrong_middle, pad="none"),
    ),
    Mistake(
        "frame-at-once",
        "You put one frame of 3 around x and none later. The size comes out right, and inside the values do too. Near the border conv4 and conv5 meet what conv3 and conv4 make of the frame, where zeros should stand.",
        (
            "Compare the rows: which differ from the right ones, and how far are they from the border?",
            "Beyond the edge relu3 has no values; conv4 is to meet zeros there.",
            "`padding=1` in each call, in place of 3 in the first.",
        ),
        partial(wrong_middle, pad="at once"),
    ),
    Mistake(
        "padding-of-conv2",
        "Your frames are 2 wide, as in conv2. A window of 5 needs 2; for one of 3 the map grows by two with each layer.",
        (
            "Print the shape after each of your layers.",
            "Lesson 6: at stride 1 a padding of (kernel − 1) / 2 keeps the size.",
            "`padding=1`.",
        ),
        partial(wrong_middle, pad="two"),
    ),
)
_ROW = (
    Mistake(
        "pools-between",
        "You pool after conv3 and after conv4, as after conv1 and conv2. Nothing but ReLU stands between these three: a pool more would leave 6×6 of 13×13, another one 2×2.",
        (
            "How large is the map that your conv5 gets?",
            "Read the table that `tutor trace` prints, from pool2 down.",
            "Leave the pools out: the next one, pool5, is no part of this function.",
        ),
        partial(wrong_middle, after="pool"),
    ),
    Mistake(
        "lrn-between",
        "You normalise after relu3 and after relu4. The paper normalises after conv1 and conv2 alone (section 3.3).",
        (
            "Which layers of `tutor trace`'s table have an LRN behind them?",
            "On small values LRN divides by nearly the same number everywhere: 2 to the power of 0.75. Is yours too small by a factor?",
            "ReLU, and then the next convolution at once.",
        ),
        partial(wrong_middle, after="lrn"),
    ),
    Mistake(
        "pool5-included",
        "You return pool5's answer. The function ends with relu5; pool5 comes after it, as a layer of its own.",
        (
            "Compare the height of what comes in with that of what you return.",
            "What is asked for goes into pool5.",
            "Return what the last ReLU gives.",
        ),
        partial(wrong_middle, end="pool5"),
    ),
    Mistake(
        "conv4-passed-over",
        "conv4's answer does not reach conv5: it gets relu3's. Both have 384 maps in the network, so nothing complains.",
        (
            "Change weight4 alone. Does anything in your answer change?",
            "Name what each layer takes in and what it gives. Which of these names is used only once?",
            "The third call begins with what the second gave.",
        ),
        partial(wrong_middle, layers="without conv4"),
    ),
)
MIDDLE = (*_RELUS, *_BIASES, *_FRAMES, *_ROW)
