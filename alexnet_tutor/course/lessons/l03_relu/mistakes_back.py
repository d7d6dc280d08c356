"""The known mistakes of lesson 3 on the way back. Each is one switch of one wrong function."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l03_relu.wrong import wrong_relu_backward, wrong_tanh_backward

RELU = (
    Mistake(
        "passes-everywhere",
        "You pass the gradient on everywhere; where x is negative nothing may come through. (If you ask whether the output is ≥ 0: it always is.)",
        (
            "Make an x that is negative everywhere. What goes back?",
            "To the left of 0 the ReLU lies flat: its slope there is 0.",
            "Multiply grad by `x > 0`.",
        ),
        partial(wrong_relu_backward, where="everywhere"),
    ),
    Mistake(
        "passes-at-zero",
        "Where x is exactly 0 your gradient passes; there it is 0, as in PyTorch. Over a patch of zeros, with a bias of 0, a sum is exactly 0.",
        (
            "Take an x of zeros. What goes back?",
            "Which values of x does the ReLU let through: those ≥ 0, or those > 0?",
            "`x > 0` in place of `x >= 0`.",
        ),
        partial(wrong_relu_backward, at_zero=1),
    ),
    Mistake(
        "half-at-zero",
        "Where x is exactly 0 you pass half of the gradient: the mean of both slopes. That is allowed by mathematics; here, and in PyTorch, it is 0.",
        (
            "Take an x of zeros. What goes back?",
            "There is no slope at the bend: one is agreed on.",
            "Let x = 0 belong to the side that lies flat.",
        ),
        partial(wrong_relu_backward, at_zero=0.5),
    ),
    Mistake(
        "leaky-slope",
        "Where x is negative you pass a hundredth of the gradient: that is the way back through a leaky ReLU. Here it is 0.",
        (
            "Make an x that is negative everywhere. What goes back?",
            "Does the function on the way there let anything negative through?",
            "A slope of 0 in place of 0.01.",
        ),
        partial(wrong_relu_backward, below=0.01),
    ),
    Mistake(
        "way-back-of-the-absolute-value",
        "Where x is negative you turn the gradient's sign: that is the way back through an absolute value. Through a ReLU nothing comes there.",
        (
            "Make an x that is negative everywhere. What goes back?",
            "If such an x moves a little, does max(0, x) move?",
            "`x > 0` in place of the sign of x.",
        ),
        partial(wrong_relu_backward, below=-1),
    ),
    Mistake(
        "sign-of-the-gradient",
        "You let positive gradients pass and stop negative ones; what decides is x. A gradient may well be negative: then the loss falls as the value grows.",
        (
            "Take x = 3 and a gradient of −30. What goes back?",
            "The slope of max(0, x) is a question to x alone.",
            "`grad * (x > 0)`, not a ReLU of grad.",
        ),
        partial(wrong_relu_backward, where="grad"),
    ),
    Mistake(
        "both-positive",
        "You stop the gradient where x or the gradient is negative; only x decides. (Guided backpropagation does so on purpose, to draw what a network looks at. It is not the gradient.)",
        (
            "Take x = 3 and a gradient of −30. What goes back?",
            "The slope of max(0, x) is a question to x alone.",
            "Leave out the condition on grad.",
        ),
        partial(wrong_relu_backward, where="both"),
    ),
    Mistake(
        "other-side",
        "Your gradient passes where x is negative; it passes where x is positive.",
        (
            "Take x = 3. What goes back?",
            "Where does the function on the way there let values through?",
            "Turn the condition round.",
        ),
        partial(wrong_relu_backward, where="negative"),
    ),
    Mistake(
        "grad-not-used",
        "You return the slope, 0 or 1; what goes back is the slope times the gradient that came.",
        (
            "Double grad. Does your result double?",
            "∂L/∂x = ∂L/∂out · ∂out/∂x. The second factor is the slope.",
            "Multiply by `grad`.",
        ),
        partial(wrong_relu_backward, amount="one"),
    ),
    Mistake(
        "times-the-value",
        "You multiply the gradient by the value of x; the factor is the slope, and that is 1.",
        (
            "Double x. Does your result change?",
            "max(0, x) rises as fast at 3 as at 300.",
            "Multiply by `x > 0`, not by the ReLU of x.",
        ),
        partial(wrong_relu_backward, amount="value"),
    ),
)
TANH = (
    Mistake(
        "not-squared",
        "Your slope is 1 − tanh(x); it is 1 − tanh(x)². Yours grows beyond 1 for negative x, and tanh is nowhere that steep.",
        (
            "Compare your slopes at −1 and at 1. What does tanh look like at these two?",
            "The formula has a small 2.",
            "`1 - torch.tanh(x) ** 2`.",
        ),
        partial(wrong_tanh_backward, slope="unsquared"),
    ),
    Mistake(
        "square-outside",
        "You square the whole difference, (1 − tanh(x))²; only tanh is squared.",
        (
            "Compare your slopes at −1 and at 1. What does tanh look like at these two?",
            "In 1 − y² the power comes first.",
            "Move the `** 2` inside the bracket.",
        ),
        partial(wrong_tanh_backward, slope="square outside"),
    ),
    Mistake(
        "plus-for-minus",
        "Your slope is 1 + tanh(x)²; it is 1 − tanh(x)². Yours is largest where tanh is flattest.",
        (
            "What slope do you give at 5, where tanh hardly moves any more?",
            "Towards both ends the slope goes to 0.",
            "A minus.",
        ),
        partial(wrong_tanh_backward, slope="plus"),
    ),
    Mistake(
        "tanh-twice",
        "You take tanh of what is tanh already: 1 − tanh(tanh(x))². x is what went in; one tanh makes the output of it.",
        (
            "What slope do you give at 5? tanh hardly moves there.",
            "In 1 − y², y is tanh(x).",
            "Call `torch.tanh` once.",
        ),
        partial(wrong_tanh_backward, slope="twice"),
    ),
    Mistake(
        "input-for-output",
        "Your slope is 1 − x², as if x were what came out; x is what went in. Beyond 1 your slope is negative, and tanh never falls.",
        (
            "What slope do you give at 2?",
            "In 1 − y², y is the output, tanh(x).",
            "Take `torch.tanh(x)` before you square.",
        ),
        partial(wrong_tanh_backward, slope="of the input"),
    ),
    Mistake(
        "root",
        "Your slope is the root of the right one: 1 / cosh(x), where it is 1 / cosh(x)².",
        (
            "At 2 the slope is 0.0707. What do you give?",
            "1 − tanh² = 1 / cosh²: both have a square.",
            "Square it, or use `1 - torch.tanh(x) ** 2`.",
        ),
        partial(wrong_tanh_backward, slope="root"),
    ),
    Mistake(
        "slope-of-the-sigmoid",
        "Your slope is y · (1 − y), the sigmoid's, with y = tanh(x). tanh has 1 − y².",
        (
            "What slope do you give at 0, where tanh is steepest?",
            "The sigmoid runs from 0 to 1, tanh from −1 to 1: their slopes differ.",
            "`1 - y ** 2`, which is (1 − y) · (1 + y).",
        ),
        partial(wrong_tanh_backward, slope="sigmoid"),
    ),
    Mistake(
        "value-for-slope",
        "You multiply by tanh(x), the value; the way back multiplies by the slope.",
        (
            "What do you give at 0, where tanh is steepest?",
            "A value says how high a function is, a slope how fast it rises.",
            "`1 - torch.tanh(x) ** 2`.",
        ),
        partial(wrong_tanh_backward, slope="value"),
    ),
    Mistake(
        "slope-of-the-relu",
        "You pass the gradient where x is positive: that is the ReLU's slope. tanh has one everywhere, between 0 and 1.",
        (
            "What do you give at −0.5?",
            "tanh rises on both sides of 0.",
            "`1 - torch.tanh(x) ** 2`, for every x.",
        ),
        partial(wrong_tanh_backward, slope="relu"),
    ),
    Mistake(
        "grad-not-used",
        "You return the slope; what goes back is the slope times the gradient that came.",
        (
            "Double grad. Does your result double?",
            "∂L/∂x = ∂L/∂out · ∂out/∂x. The second factor is the slope.",
            "Multiply by `grad`.",
        ),
        partial(wrong_tanh_backward, amount="one"),
    ),
)
