"""The known mistakes of lesson 11 on the way back through LRN. Each is one switch of one wrong function."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l11_backprop.wrong import wrong_lrn_backward

LRN = (
    Mistake(
        "brackets-taken-for-constants",
        "You divide grad by the bracket's power and stop there, as if the bracket were a constant. The value stands in it, and in its neighbours' brackets.",
        (
            "100 arrives at map 1 and nothing at map 0. If map 0 grows, does map 1's output move?",
            "A louder map turns down every map that sees it. That is a second term, with a minus.",
            "Subtract `2 * alpha * beta * a * over_window(grad * a * s ** (-beta - 1))`.",
        ),
        partial(wrong_lrn_backward, whose="none"),
    ),
    Mistake(
        "neighbours-forgotten",
        "Your second term has the map's own bracket only; the value also stands in the brackets of its neighbours, and each turns an output down.",
        (
            "100 arrives at map 1 and nothing at map 0. What does map 0 get from you?",
            "The sum in the second term runs over all maps that see this one.",
            "Sum `grad * a * s ** (-beta - 1)` over the window of maps.",
        ),
        partial(wrong_lrn_backward, whose="alone"),
    ),
    Mistake(
        "own-bracket-forgotten",
        "Your second term leaves the map itself out; its value stands in its own bracket, too, and turns itself down.",
        (
            "Take a single map. Is its output a / k^β?",
            "The window runs from i − ⌊n/2⌋ to i + ⌊n/2⌋, and i lies between.",
            "Let the sum take in the map itself.",
        ),
        partial(wrong_lrn_backward, whose="others"),
    ),
    Mistake(
        "numerator-forgotten",
        "Your first term is missing: the value stands in its own numerator, where it moves the output by 1 / bracket^β.",
        (
            "Let α be 0. What is the output, what is its gradient, and what do you give?",
            "A fraction has two places where a value can stand.",
            "Add `grad * s**-beta`.",
        ),
        partial(wrong_lrn_backward, direct="none"),
    ),
    Mistake(
        "two-forgotten",
        "Your second term is half of the right one: the derivative of a² is 2 · a.",
        (
            "Move one value by a little and measure. By which factor is your second term off?",
            "The bracket holds squares.",
            "A factor of 2.",
        ),
        partial(wrong_lrn_backward, times=1),
    ),
    Mistake(
        "exponent-kept",
        "Your second term has bracket^−β; a derivative takes one off the exponent: bracket^(−β − 1).",
        (
            "What is the derivative of s^−0.75?",
            "The factor comes down and the exponent falls by one: −β · s^(−β − 1).",
            "`s ** (-beta - 1)` in the sum.",
        ),
        partial(wrong_lrn_backward, power=0),
    ),
    Mistake(
        "exponent-raised",
        "Your second term has bracket^(1 − β): one is taken off the exponent, and the exponent is −β.",
        (
            "What is the derivative of s^−0.75?",
            "−0.75 less 1 is −1.75, not 0.25.",
            "`s ** (-beta - 1)` in the sum.",
        ),
        partial(wrong_lrn_backward, power=-1),
    ),
    Mistake(
        "plus-for-minus",
        "You add the second term; it is subtracted. A louder map makes the brackets larger, and with that the outputs smaller.",
        (
            "Make a neighbour louder. Does the output of the map grow or shrink?",
            "The exponent is −β, and the minus comes down with it.",
            "A minus before the second term.",
        ),
        partial(wrong_lrn_backward, sign=1),
    ),
    Mistake(
        "grad-left-out-of-the-first-term",
        "Your first term is the slope alone; it has to be multiplied by what arrives.",
        (
            "Double grad. Does your result double?",
            "∂L/∂a = ∂L/∂b · ∂b/∂a, in both terms.",
            "`grad * s**-beta`.",
        ),
        partial(wrong_lrn_backward, direct="one"),
    ),
    Mistake(
        "grad-left-out-of-the-sum",
        "Your second term counts every map that sees this one alike; each counts with the gradient that arrives there.",
        (
            "Let a gradient arrive at map 0 only. Which maps have something to pass on?",
            "The outputs are what the loss knows. An output at which 0 arrives moves nothing.",
            "Put `grad` inside the sum over the window.",
        ),
        partial(wrong_lrn_backward, inside="no grad"),
    ),
    Mistake(
        "own-grad-for-the-neighbours",
        "In your second term the map's own gradient stands before the sum. The sum runs over other outputs, and at each of them another gradient arrives: it belongs inside.",
        (
            "128 arrives at map 1 and 0 at map 0. What does map 0 get from you?",
            "The path goes from a_j through the bracket of map i to b_i, and what arrives there is grad_i.",
            "Multiply `grad * a * s ** (-beta - 1)` first, then sum over the window.",
        ),
        partial(wrong_lrn_backward, inside="own grad"),
    ),
    Mistake(
        "whom-i-see-for-who-sees-me",
        "In your second term the map's own bracket stands before the sum. That asks how this output is moved by its neighbours; asked is how this value moves its neighbours' outputs, and each of those has its own bracket.",
        (
            "A change of a_j reaches b_i through one bracket. Is it that of i or of j?",
            "The table of who moves whom is not symmetric: entry (i, j) has the bracket of i. The way back sums down the other side.",
            "Put `s ** (-beta - 1)` inside the sum over the window, with `grad * a`.",
        ),
        partial(wrong_lrn_backward, inside="own bracket"),
    ),
    Mistake(
        "numerator-left-out-of-the-sum",
        "In the sum you have grad · bracket^(−β − 1) without a; the output of map i is a_i times a power, and the a_i stays.",
        (
            "How much does b_i move with its bracket if a_i is 0?",
            "The derivative of a_i · s^−β by s is a_i · (−β) · s^(−β − 1).",
            "Sum `grad * a * s ** (-beta - 1)`.",
        ),
        partial(wrong_lrn_backward, inside="no value"),
    ),
    Mistake(
        "own-value-left-out",
        "Before the sum the map's own value is missing: the derivative of its square is 2 · a, not 2.",
        (
            "How much does a bracket move with a map that stands at 0?",
            "A square is flat at 0 and steep far out.",
            "`2 * alpha * beta * a * over_window(…)`.",
        ),
        partial(wrong_lrn_backward, outside="none"),
    ),
    Mistake(
        "beta-forgotten",
        "Your second term lacks the factor β: an exponent comes down as a factor.",
        (
            "What is the derivative of s^−0.75?",
            "−β · s^(−β − 1): β stands there twice.",
            "Multiply the second term by `beta`.",
        ),
        partial(wrong_lrn_backward, beta_factor=False),
    ),
    Mistake(
        "alpha-over-n",
        "You divide α by n; the paper multiplies α with the plain sum. PyTorch's layer divides (lesson 4).",
        (
            "Compute one bracket by hand with the formula. By which factor is your sum smaller?",
            "n belongs to the ends of the window and nowhere else.",
            "Use `alpha` as it is given.",
        ),
        partial(wrong_lrn_backward, alpha_is="over n"),
    ),
    Mistake(
        "last-map-left-out",
        "Your window ends one map early, in the bracket and on the way back. It goes from i − ⌊n/2⌋ to i + ⌊n/2⌋, both included.",
        (
            "Count the maps in your window for a map in the middle and n = 5.",
            "A Python slice `low:high` does not contain `high`.",
            "Slice to `i + n // 2 + 1`.",
        ),
        partial(wrong_lrn_backward, window="open"),
    ),
    Mistake(
        "window-wraps-around",
        "Your window wraps around: map 0 sees the last maps. It is cut off at the first and the last map.",
        (
            "Change only the last map. Does your result at map 0 change?",
            "`torch.roll` and negative indices bring values in from the other end.",
            "Cut the window: from `max(0, i - n // 2)` on.",
        ),
        partial(wrong_lrn_backward, window="around"),
    ),
    Mistake(
        "window-over-space",
        "Your sums run over rows and columns of one map; the window runs over maps at one pixel.",
        (
            "Take a tensor of one single pixel with many maps. What is in your window?",
            "In LRN maps compete, not places.",
            "Sum over axis 1 of (N, C, H, W).",
        ),
        partial(wrong_lrn_backward, window="space"),
    ),
)
