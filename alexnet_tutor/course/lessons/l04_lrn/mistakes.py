"""The known mistakes of lesson 4. Each is one switch of one wrong LRN, so that two combine."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l04_lrn.wrong import wrong_lrn, wrong_relu_lrn, wrong_sum

_UNSQUARED = Mistake(
    "unsquared",
    "Your sum adds the values themselves; the formula adds their squares. Values of opposite sign cancel, and the bracket can even turn negative, which gives NaN.",
    (
        "Try the map values 100 and −100. Are two loud maps quiet together?",
        "Each a_j in the formula carries a small 2. At which moment does your code square?",
        "Square every value of the window first, then sum: `(window ** 2).sum(...)`.",
    ),
    partial(wrong_lrn, power="none"),
)
_SQUARED_AFTER = Mistake(
    "square-of-the-sum",
    "Your code adds first and squares the sum; the formula squares each value and then adds. 3 and 4 must give 9 + 16 = 25, not 7² = 49.",
    (
        "Take a window of two maps, 3 and 4. What does the formula give, what does yours?",
        "The square stands on a_j, inside the Σ.",
        "Move the `** 2` inside: square the window, then `.sum(...)`.",
    ),
    partial(wrong_lrn, power="after"),
)
_COUNT = Mistake(
    "mean-of-squares",
    "Your code takes the mean of the squares; the paper takes their sum. The mean makes α weigh a fifth as much, and more at the edge maps, whose windows are shorter.",
    (
        "Compare map 0 with a map in the middle: are your two windows weighted alike?",
        "The formula has a Σ and no division by the number of maps.",
        "`mean` should be `sum`, over the same axis.",
    ),
    partial(wrong_lrn, divisor="count"),
)
_OPEN = Mistake(
    "last-map-left-out",
    "Your window ends one map early: it takes i − ⌊n/2⌋ up to i + ⌊n/2⌋ without that last one. The paper's window includes both ends.",
    (
        "Count the maps in your window for a map in the middle and n = 5.",
        "A Python slice `low:high` does not contain `high`. The formula's sum does.",
        "Slice to `high + 1`.",
    ),
    partial(wrong_lrn, window="open"),
)
_ALONE = Mistake(
    "no-neighbours",
    "Your sum has only the map's own square; the paper's window also takes its neighbours. Without them no map competes with another.",
    (
        "Change a map's neighbour from 0 to 300. Does your output for the map change?",
        "The sum runs over j, the window; i is only where the window stands.",
        "Sum over all maps from `low` to `high`, not over `a[:, i]`.",
    ),
    partial(wrong_lrn, window="alone"),
)
_CAUSAL = Mistake(
    "causal-window",
    "Your window ends at the map itself: it looks back and not ahead. The paper's window reaches ⌊n/2⌋ maps to both sides.",
    (
        "Change the map after the one you compute. Does your output change?",
        "The window's upper end is min(N − 1, i + ⌊n/2⌋).",
        "Let j run to `min(channels - 1, i + n // 2)`, that one included.",
    ),
    partial(wrong_lrn, window="before"),
)
_WIDE = Mistake(
    "window-too-wide",
    "Your window reaches n maps to each side, 2n + 1 in all. n is the size of the whole window: it reaches ⌊n/2⌋ to each side.",
    (
        "How many maps lie in your window for n = 5 and a map in the middle?",
        "n = 5 is: two before, the map, two after.",
        "Replace `n` by `n // 2` at both ends of the window.",
    ),
    partial(wrong_lrn, window="wide"),
)
_AROUND = Mistake(
    "window-wraps-around",
    "Your window wraps around: map 0 sees the last maps. The paper cuts the window off at the first and the last map.",
    (
        "Change only the last map. Does your output at map 0 change?",
        "`torch.roll` and negative indices bring values in from the other end.",
        "Cut the window: j from `max(0, i - n // 2)` to `min(channels - 1, i + n // 2)`.",
    ),
    partial(wrong_lrn, window="around"),
)
_SPACE = Mistake(
    "window-over-space",
    "Your sum runs over rows and columns of one map; the paper's runs over maps at one pixel. Here maps compete, not places.",
    (
        "Take a tensor of one single pixel with many maps. What is in your window?",
        "The index j in the formula is a map. x and y are the same on both sides.",
        "Sum over axis 1 of (N, C, H, W); leave axes 2 and 3 alone.",
    ),
    partial(wrong_lrn, window="space"),
)
_OTHERS = Mistake(
    "own-map-left-out",
    "Your window leaves the map itself out; in the paper j runs through i as well. A loud map turns itself down too.",
    (
        "Take a single map. What is your sum, and what does the formula say?",
        "j goes from i − ⌊n/2⌋ to i + ⌊n/2⌋, and i lies between.",
        "Drop the condition `j != i`.",
    ),
    partial(wrong_lrn, window="others"),
)
_ALPHA_OVER_N = Mistake(
    "alpha-over-n",
    "You divide α by n; the paper multiplies α with the plain sum. PyTorch's nn.LocalResponseNorm and the authors' code divide, the formula in section 3.3 does not.",
    (
        "Compute one value by hand with the formula. By which factor is your bracket smaller than the paper's?",
        "n belongs to the ends of the window and nowhere else.",
        "Use `k + alpha * total`, not `k + alpha / n * total`.",
    ),
    partial(wrong_lrn, divisor="n"),
)
_ALPHA_LEFT = Mistake(
    "alpha-forgotten",
    "Your bracket adds the whole sum of squares to k; the paper adds α times it. Without α every loud value is pressed flat.",
    (
        "How large is the sum of squares for five maps at 100, and how large is k?",
        "The formula weighs the sum before it adds k.",
        "Multiply the sum by `alpha`.",
    ),
    partial(wrong_lrn, alpha_is=1.0),
)
_K_IS_ONE = Mistake(
    "k-is-one",
    "Your bracket starts at 1, whatever k is. The paper has k = 2; 1 is the default of PyTorch's LRN.",
    (
        "Put in zeros except for one quiet value, and different k. Does your output change?",
        "At rest the divisor is k^β: 2^0.75 = 1.682, not 1.",
        "Start the bracket with `k`, the argument.",
    ),
    partial(wrong_lrn, k_is=1.0),
)
_NO_BETA = Mistake(
    "beta-forgotten",
    "You divide by the bracket itself; the paper divides by the bracket to the power β. With β = 0.75 loud values are turned down less than that.",
    (
        "Which of your arguments does your code not use?",
        "The exponent stands outside the bracket: it applies to k and the sum together.",
        "`a / (k + alpha * total) ** beta`.",
    ),
    partial(wrong_lrn, beta_is=1.0),
)
_ROOT = Mistake(
    "root-for-beta",
    "You take the square root of the bracket; the paper raises it to β = 0.75. A root is β = 0.5, as in a vector's length.",
    (
        "Put in β = 1. Does your output follow?",
        "Which exponent is a square root? Which one does the paper give?",
        "Replace the root by `** beta`.",
    ),
    partial(wrong_lrn, beta_is=0.5),
)
_BETA_ON_SUM = Mistake(
    "beta-on-the-sum-alone",
    "You raise only α · Σ a² to β and add k afterwards; in the paper the exponent stands outside the bracket and k is under it too.",
    (
        "What is your divisor where all maps are 0: k, or k^β?",
        "Python's `**` binds before `+`. Where does your bracket close?",
        "Put the bracket round `k + alpha * total`, then `** beta`.",
    ),
    partial(wrong_lrn, exponent="sum"),
)
_MULTIPLIED = Mistake(
    "multiplied",
    "You multiply by the bracket's power; the paper divides by it. Yours turns loud neighbours up.",
    (
        "Make the neighbours louder. Should the value become larger or smaller?",
        "The formula is a fraction.",
        "Divide `a` by the power, or give the power a minus sign.",
    ),
    partial(wrong_lrn, multiplied=True),
)

SUM = tuple(
    replace(mistake, wrong=partial(wrong_sum, **mistake.wrong.keywords))  # type: ignore[attr-defined]
    for mistake in (_UNSQUARED, _SQUARED_AFTER, _COUNT, _OPEN, _ALONE, _SPACE)
)
LRN = (
    _ALPHA_OVER_N,
    _SPACE,
    _K_IS_ONE,
    _CAUSAL,
    _UNSQUARED,
    _NO_BETA,
    _SQUARED_AFTER,
    _COUNT,
    _OPEN,
    _ALONE,
    _WIDE,
    _AROUND,
    _OTHERS,
    _ALPHA_LEFT,
    _ROOT,
    _BETA_ON_SUM,
    _MULTIPLIED,
)
_ORDER = Mistake(
    "lrn-before-relu",
    "You normalise before the ReLU: negative values, which have not answered, count in the sum and turn their neighbours down. The paper normalises after the ReLU. (The authors' code for conv1 does it your way; their text does not.)",
    (
        "Take two maps, 100 and −300. By how much should the second turn the first down?",
        "Section 3.3: the normalisation is applied after the ReLU nonlinearity.",
        "`lrn(torch.relu(z), …)`, not `torch.relu(lrn(z, …))`.",
    ),
    partial(wrong_relu_lrn, order="lrn first"),
)
_NO_RELU = Mistake(
    "relu-forgotten",
    "Your output has negative values: the ReLU is missing. LRN keeps signs, so nothing else removes them.",
    (
        "Look at the signs of your output.",
        "Two layers stand between z and the result. Which one can make a negative value 0?",
        "Take `torch.relu(z)` first and normalise that.",
    ),
    partial(wrong_relu_lrn, order="no relu"),
)
_RELU_IN_SUM = Mistake(
    "relu-in-the-sum-alone",
    "Your sum sees the values after the ReLU, and your numerator the values before it: negative values come through.",
    (
        "Look at the signs of your output.",
        "a stands twice in the formula, and both times it is the same tensor.",
        "Name the ReLU's result and use it in both places.",
    ),
    partial(wrong_relu_lrn, order="sum only"),
)
COMPOSED = (
    _ORDER,
    _NO_RELU,
    _RELU_IN_SUM,
    *(
        replace(mistake, wrong=partial(wrong_relu_lrn, **mistake.wrong.keywords))  # type: ignore[attr-defined]
        for mistake in LRN
    ),
)
