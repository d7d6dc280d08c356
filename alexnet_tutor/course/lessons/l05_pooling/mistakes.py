"""The known mistakes of lesson 5 on the way there. Each is one switch of one wrong function."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l05_pooling.wrong import wrong_coverage, wrong_pool

COVERAGE = (
    Mistake(
        "ceil-for-floor",
        "Your windows go on until the last cell is covered, so the last one may hang over the edge. Here the number of steps is rounded down: a window that does not fit is not there. (The authors' program does round up.)",
        (
            "Take 6 cells, windows of 3, steps of 2. Where does your last window end?",
            "Cell 5 of those 6 is looked at by no window: windows at 0 and 2 fit, one at 4 does not.",
            "A window may start at `size - window` at the latest.",
        ),
        partial(wrong_coverage, end="covered"),
    ),
    Mistake(
        "starts-without-room",
        "You let a window start wherever a step leads, up to the last cell; only windows that lie wholly inside count.",
        (
            "Take 7 cells, windows of 3, steps of 2. Which cells would your window at 6 cover?",
            "From a first cell on there must be room for `window` cells.",
            "End the range at `size - window + 1`, not at `size`.",
        ),
        partial(wrong_coverage, end="all"),
    ),
    Mistake(
        "last-window-left-out",
        "Where the windows fit exactly, your last one is missing: a range does not contain its end.",
        (
            "Take 7 cells, windows of 3, steps of 2. Does a window starting at 4 fit?",
            "The last first cell is size − window, that one included.",
            "`range(0, size - window + 1, stride)`.",
        ),
        partial(wrong_coverage, end="open"),
    ),
    Mistake(
        "windows-side-by-side",
        "Your windows lie side by side, a window's width apart; they start every `stride` cells. With 3 and 2 they overlap: that is the point of section 3.4.",
        (
            "Is there a 2 anywhere in your list for 7, 3, 2?",
            "The distance from one window's start to the next is the stride, whatever the window is.",
            "The step of the range is `stride`.",
        ),
        partial(wrong_coverage, step="window"),
    ),
    Mistake(
        "stride-ignored",
        "Your windows start at every cell; they start every `stride` cells.",
        (
            "Change the stride alone. Does your list change?",
            "For 7, 3, 2 the windows start at 0, 2 and 4.",
            "Give the range its third argument, `stride`.",
        ),
        partial(wrong_coverage, step="one"),
    ),
    Mistake(
        "numbers-for-cells",
        "You give the windows' numbers 0, 1, 2, …; asked is the cell that each begins with.",
        (
            "For 7, 3, 2: at which cell does window number 2 begin?",
            "Window i begins at cell i·stride.",
            "Multiply each number by `stride`.",
        ),
        partial(wrong_coverage, told="numbers"),
    ),
)
POOL = (
    Mistake(
        "zero-padding",
        "Your ring of padding is made of zeros. Where a window at the border holds nothing but negative values, a 0 wins that is nowhere on the map. Neutral for a maximum is −∞.",
        (
            "Pool a map of nothing but −1, with padding 1. What comes out at the border?",
            "What number can a cell be compared with and always be the larger?",
            "Fill the ring with `-torch.inf`: `new_full(…, -torch.inf)`, or `F.pad` with `value=-torch.inf`.",
        ),
        partial(wrong_pool, fill=0.0),
    ),
    Mistake(
        "starts-from-zero",
        "Your running maximum begins at 0, so no window gives less than 0. Pooling keeps the largest value of a window, negative or not; cutting at 0 is the ReLU's work.",
        (
            "Pool a map of nothing but −1. What comes out?",
            "A running maximum must begin below everything that can come.",
            "Begin with `-torch.inf`, or with the window's own first value.",
        ),
        partial(wrong_pool, least=0.0),
    ),
    Mistake(
        "average",
        "You take the mean of each window; this pooling takes its largest value. The mean of one strong answer among eight silent cells is a ninth of it.",
        (
            "Take a window with one 9 and eight 0. What should go on?",
            "The layer asks whether something was found nearby, not how much of it on average.",
            "`amax` in place of `mean`.",
        ),
        partial(wrong_pool, take="mean"),
    ),
    Mistake(
        "largest-absolute-value",
        "You compare and give absolute values: −7 becomes 7. Pooling compares the values themselves; a strongly negative answer is the opposite of found.",
        (
            "Pool a window with −7 and 2. What goes on?",
            "Read the formula again: max over r, s of in[…]. Are there bars round it?",
            "Leave out `abs`.",
        ),
        partial(wrong_pool, take="size"),
    ),
    Mistake(
        "farthest-from-zero",
        "You pick the cell with the largest absolute value and give its value: of −7 and 2 your pooling keeps −7. Pooling keeps the 2, the larger.",
        (
            "Pool a window with −7 and 2. Which is larger?",
            "The place of the winner is where the value itself is largest.",
            "Take the `argmax` of the values, not of their `abs`.",
        ),
        partial(wrong_pool, take="farthest"),
    ),
    Mistake(
        "corner-alone",
        "You keep the top left cell of each window and look at no other: that thins the map out, it does not pool it.",
        (
            "Change the last cell of a window to 100. Does your output change?",
            "x[:, :, ::stride, ::stride] meets one cell per window. There are window · window of them.",
            "Take the maximum over all places (r, s) of the window.",
        ),
        partial(wrong_pool, take="corner"),
    ),
    Mistake(
        "over-all-maps",
        "Your maximum runs over all maps and pictures as well: every map of your output is the same. Each map is pooled by itself.",
        (
            "Compare two maps of your output.",
            "`.max()` without a dimension takes in every axis of what it is given.",
            "Over the last two axes alone: `window.amax(dim=(2, 3))`, of shape (N, C).",
        ),
        partial(wrong_pool, take="everything"),
    ),
    Mistake(
        "ceil-for-floor",
        "You let a last window hang over the right and bottom edge; here a window that does not fit is not there. (The authors' program rounds up. At 55, 27 and 13 cells both give the same.)",
        (
            "Take a map of 4×4, window 3, stride 2. How many windows lie inside?",
            "⌊(size + 2·padding − window) / stride⌋ + 1 windows: the brackets round down.",
            "Use `//` for the number of steps, and no extra rows.",
        ),
        partial(wrong_pool, end="covered"),
    ),
    Mistake(
        "windows-side-by-side",
        "Your windows lie side by side: they move by `window`. They move by `stride`; in this network windows of 3 move by 2 and overlap.",
        (
            "Compare the shape of your output with ⌊(size − window) / stride⌋ + 1 for 7, 3, 2.",
            "Does your code use `stride` at all?",
            "Window i starts at row `i * stride`.",
        ),
        partial(wrong_pool, step="window"),
    ),
    Mistake(
        "stride-ignored",
        "Your windows start at every cell; they start every `stride` cells.",
        (
            "Compare the shape of your output with ⌊(size − window) / stride⌋ + 1 for 7, 3, 2.",
            "Window i starts at row i·stride.",
            "Step your slices by `stride`.",
        ),
        partial(wrong_pool, step="one"),
    ),
    Mistake(
        "exchanged",
        "Window and stride are exchanged: your windows are `stride` cells wide and move by `window`. With 3 and 2 that leaves gaps which nothing looks at.",
        (
            "Change the middle cell of a 3×3 map, then its last one. When does your output change?",
            "In what order does the function that you call, or your slice, take the two?",
            "Slices are `window` long, and they begin at `i * stride`.",
        ),
        partial(wrong_pool, exchanged=True),
    ),
    Mistake(
        "no-padding",
        "You do not pad: your windows stay inside the map whatever the padding is.",
        (
            "Call your function with two paddings. Does the output's shape change?",
            "With padding 1 the first window begins at row −1.",
            "Copy x into a tensor of −∞ that is 2·padding larger on both sides, and pool that.",
        ),
        partial(wrong_pool, sides="none"),
    ),
    Mistake(
        "padding-across-alone",
        "You pad the columns and not the rows: `F.pad` with two numbers reaches the last axis alone.",
        (
            "Which of the two sides of your output is too short?",
            "`F.pad` takes its numbers in pairs, from the last axis backwards.",
            "Four numbers: left, right, top, bottom.",
        ),
        partial(wrong_pool, sides="across"),
    ),
)
