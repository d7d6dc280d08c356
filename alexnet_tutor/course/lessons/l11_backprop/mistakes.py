"""The known mistakes of lesson 11's first two exercises. Each is one switch of one wrong function."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l11_backprop.wrong import wrong_bias_grad, wrong_fc6_weight_grad

BIAS = (
    Mistake(
        "mean-of-everything",
        "You take the mean over pictures, rows and columns; it is their sum. The bias moved every one of these outputs, and each moves the loss.",
        (
            "Take a map of two places where 1 and 2 arrive. If the bias grows by 0.001, by how much does the loss?",
            "The bias went into every place of its map with the factor 1, not with 1 / places.",
            "`sum` in place of `mean`.",
        ),
        partial(wrong_bias_grad, divide="both"),
    ),
    Mistake(
        "mean-over-the-batch",
        "You divide by the number of pictures. The loss has done that already: its 1/N is in every gradient that arrives (lesson 10).",
        (
            "Two pictures, at each arrives 1. What moves the loss more, the bias or one output?",
            "grad is ∂L/∂out, and L is the mean over the batch. The division is behind you.",
            "Leave out the division by N.",
        ),
        partial(wrong_bias_grad, divide="batch"),
    ),
    Mistake(
        "mean-over-the-places",
        "You divide by the number of places; the bias was added at every place, and the contributions add up.",
        (
            "Take a map of two places where 1 and 2 arrive. If the bias grows by 0.001, by how much does the loss?",
            "A map twice as large has twice as many outputs that the bias moves.",
            "Sum over rows and columns.",
        ),
        partial(wrong_bias_grad, divide="places"),
    ),
    Mistake(
        "last-picture-alone",
        "Only the last picture's gradient is in your result; all pictures share the bias.",
        (
            "Change what arrives at the first picture. Does your result change?",
            "A loop over pictures that assigns with `=` keeps the last one.",
            "Sum over axis 0 as well.",
        ),
        partial(wrong_bias_grad, pictures="last"),
    ),
    Mistake(
        "last-place-alone",
        "Only the last row and column of each map is in your result; the bias was added at every place.",
        (
            "Change what arrives in the first row. Does your result change?",
            "A loop over places that assigns with `=` keeps the last one.",
            "Sum over axes 2 and 3 as well.",
        ),
        partial(wrong_bias_grad, places="last"),
    ),
    Mistake(
        "all-maps-together",
        "Each bias gets what arrives at all maps; a bias moves its own map and no other.",
        (
            "Change what arrives at map 1. Does your result for kernel 0 change?",
            "`grad.sum()` takes in every map.",
            "Sum `grad[:, k]`.",
        ),
        partial(wrong_bias_grad, kernels="together"),
    ),
    Mistake(
        "a-gradient-per-picture",
        "You keep the pictures apart: (N, K). There is one bias for all of them, so its gradient is their sum.",
        (
            "Compare your result's shape with the bias's.",
            "A gradient has the shape of what it is the gradient of.",
            "Sum over axis 0 as well.",
        ),
        partial(wrong_bias_grad, kept="pictures"),
    ),
    Mistake(
        "a-gradient-per-place",
        "You keep the places apart: (K, H', W'). There is one bias for all of them, so its gradient is their sum.",
        (
            "Compare your result's shape with the bias's.",
            "A gradient has the shape of what it is the gradient of.",
            "Sum over axes 2 and 3 as well.",
        ),
        partial(wrong_bias_grad, kept="places"),
    ),
    Mistake(
        "grad-not-used",
        "You count the outputs that the bias went into; each counts with what arrives there.",
        (
            "Double grad. Does your result double?",
            "The factor is 1 for every output. Gradient times factor is the gradient.",
            "Sum the values of `grad[:, k]`, not ones.",
        ),
        partial(wrong_bias_grad, upstream="one"),
    ),
    Mistake(
        "sign-turned",
        "Your sign is the other one. The minus of the update rule comes later: a gradient says how the loss grows.",
        (
            "1 arrives everywhere. If the bias grows, does the loss?",
            "The rule w ← w − ε · gradient has its own minus.",
            "Leave out the minus.",
        ),
        partial(wrong_bias_grad, sign=-1),
    ),
)
FC6 = (
    Mistake(
        "mean-over-the-batch",
        "You divide by the number of pictures. The loss has done that already: its 1/N is in every gradient that arrives (lesson 10). Done again, fc6 learns N times too slowly.",
        (
            "Give the same picture twice. Should the weights' gradient double or stay?",
            "grad is ∂L/∂out, and L is the mean over the batch. The division is behind you.",
            "Sum over the pictures, as the product of matrices does, and leave out the division.",
        ),
        partial(wrong_fc6_weight_grad, divide="batch"),
    ),
    Mistake(
        "last-picture-alone",
        "Only the last picture's gradient is in your result; all pictures share the weights.",
        (
            "Change the first picture's x. Does your result change?",
            "A loop over pictures that assigns with `=` keeps the last one.",
            "Add the pictures up.",
        ),
        partial(wrong_fc6_weight_grad, pictures="last"),
    ),
    Mistake(
        "result-turned",
        "Your result is turned: row f, column m. fc6's weights are (M, F), a row per unit, and so is their gradient.",
        (
            "Compare your result's shape with that of fc6's weights.",
            "`x.T @ …` has a row per number that goes in.",
            "`back.T @ x`.",
        ),
        partial(wrong_fc6_weight_grad, turned=True),
    ),
    Mistake(
        "fc7-weights-turned",
        "You go back through fc7 with its weights turned. weight[k, m] led from m to k, so from k back to m the sum runs over k, its rows. The matrix is square: no shape tells.",
        (
            "Let a single weight[0, 1] be other than 0. From which output does a gradient come, and to which number does it go?",
            "On the way there it was y @ weight.T. The way back has the other one.",
            "`grad @ weight`, without `.T`.",
        ),
        partial(wrong_fc6_weight_grad, through="turned"),
    ),
    Mistake(
        "fc7-skipped",
        "What arrives at fc7's outputs you use as if it had arrived at its inputs; fc7's weights lie between.",
        (
            "Double fc7's weights. Does your result double?",
            "A number that went in with a factor of 5 moves the output five times as much.",
            "Begin with `grad @ weight`.",
        ),
        partial(wrong_fc6_weight_grad, through="skipped"),
    ),
    Mistake(
        "relu-forgotten",
        "The ReLU is missing on your way back: where z is not above 0 nothing passes (lesson 3).",
        (
            "Let z be negative everywhere. What should come out?",
            "Between fc6 and fc7 stands relu6. Its slope is 1 or 0.",
            "Multiply by `z > 0` between the two layers.",
        ),
        partial(wrong_fc6_weight_grad, relu="none"),
    ),
    Mistake(
        "relu-before-fc7",
        "You multiply by the ReLU's slope before you go back through fc7. On the way there relu6 came first and fc7 second; the way back meets fc7 first.",
        (
            "Say aloud in which order the way back meets fc7, relu6, fc6.",
            "z belongs to fc6's units. At which moment do you have one gradient per unit of fc6?",
            "`(grad @ weight) * (z > 0)`, not `(grad * (z > 0)) @ weight`.",
        ),
        partial(wrong_fc6_weight_grad, relu="before"),
    ),
    Mistake(
        "sign-of-the-gradient",
        "You stop negative gradients; what stops a gradient is z. A gradient may well be negative.",
        (
            "Take z = 3 and a gradient of −30. What passes?",
            "The slope of max(0, z) is a question to z alone.",
            "Multiply by `z > 0`, not by `back > 0`.",
        ),
        partial(wrong_fc6_weight_grad, relu="grad"),
    ),
    Mistake(
        "value-for-slope",
        "You multiply by the ReLU's value; the way back multiplies by its slope, 1 or 0.",
        (
            "Double z. Does your result change?",
            "max(0, z) rises as fast at 3 as at 300.",
            "Multiply by `z > 0`, not by `torch.relu(z)`.",
        ),
        partial(wrong_fc6_weight_grad, relu="value"),
    ),
    Mistake(
        "passes-at-zero",
        "Where z is exactly 0 your gradient passes; there the slope is 0, as in lesson 3.",
        (
            "Let z be 0 everywhere. What should come out?",
            "Which z does the ReLU let through: those ≥ 0, or those > 0?",
            "`z > 0` in place of `z >= 0`.",
        ),
        partial(wrong_fc6_weight_grad, relu="at zero"),
    ),
    Mistake(
        "output-for-input",
        "You multiply by what fc6 gave, after the ReLU; a weight of fc6 was multiplied with what it got, x.",
        (
            "Which numbers did fc6's weights meet on the way there?",
            "A weight's factor is the number it was multiplied with.",
            "Take `x` in the last product.",
        ),
        partial(wrong_fc6_weight_grad, factor="output"),
    ),
    Mistake(
        "grad-not-used",
        "You begin with ones in place of what arrives: your result is the same whatever grad is.",
        (
            "Double grad. Does your result double?",
            "The chain begins with what the layers above say of fc7's outputs.",
            "Begin with `grad @ weight`.",
        ),
        partial(wrong_fc6_weight_grad, upstream="one"),
    ),
    Mistake(
        "sign-turned",
        "Your sign is the other one. The minus of the update rule comes later: a gradient says how the loss grows.",
        (
            "All numbers positive: if the weight grows, does fc7's output? And the loss?",
            "The rule w ← w − ε · gradient has its own minus.",
            "Leave out the minus.",
        ),
        partial(wrong_fc6_weight_grad, sign=-1),
    ),
)
