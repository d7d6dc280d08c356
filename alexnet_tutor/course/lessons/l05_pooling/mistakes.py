"""The known mistakes of lesson 5. Each is one switch of one wrong function, so that two combine."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l05_pooling.wrong import (
    wrong_backward,
    wrong_coverage,
    wrong_pool,
)

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
BACKWARD = (
    Mistake(
        "shared-between-ties",
        "Where cells of a window are equal, your gradient is shared out between them. PyTorch's `amax` does that; its max pooling, and this function, give all of it to the first in reading order.",
        (
            "Take a window of nine equal cells and a gradient of 9. Which cells get something?",
            "`x == largest` is true at every equal cell. `argmax` names one.",
            "Take `argmax` over the window read as one row of cells: it gives the first.",
        ),
        partial(wrong_backward, who="shared"),
    ),
    Mistake(
        "to-every-tie",
        "Where cells of a window are equal, each of them gets the whole gradient: more goes back than came. One cell has won, the first in reading order.",
        (
            "Take a window of nine equal cells. Compare the sum of your result with the sum of grad.",
            "`x == largest` is true at every equal cell.",
            "Take `argmax` over the window read as one row of cells: it gives the first.",
        ),
        partial(wrong_backward, who="every"),
    ),
    Mistake(
        "last-of-ties",
        "Of equal cells your code lets the last one win; the first in reading order has won.",
        (
            "Take a window of nine equal cells. Where does your gradient stand?",
            "A `>=` in a loop lets a later equal cell take over.",
            "Compare with `>`.",
        ),
        partial(wrong_backward, who="last"),
    ),
    Mistake(
        "overwritten",
        "A cell that won in several windows keeps the gradient of the last one alone; it gets the sum of them. With overlapping windows this happens all over the map.",
        (
            "Put one large value into a cell that two windows share. What does it get?",
            "The cell's value stands in two outputs. If it grows by a little, both grow.",
            "`+=` in place of `=`; with `scatter`, `scatter_add`.",
        ),
        partial(wrong_backward, meet="overwrite"),
    ),
    Mistake(
        "to-all-cells",
        "Every cell of a window gets the gradient; only the one that won does. If another cell grows by a little, the maximum stays what it is.",
        (
            "Move a cell that did not win by 0.001. What changes in the output?",
            "The gradient of a maximum is 1 at the winner and 0 elsewhere.",
            "Write to one cell per window, its `argmax`.",
        ),
        partial(wrong_backward, who="all"),
    ),
    Mistake(
        "spread-evenly",
        "You spread the gradient evenly over the window: that is the way back through a mean. Through a maximum all of it goes to the winner.",
        (
            "Move a cell that did not win by 0.001. What changes in the output?",
            "The gradient of a maximum is 1 at the winner and 0 elsewhere.",
            "Leave out the division, and write to one cell per window, its `argmax`.",
        ),
        partial(wrong_backward, who="spread"),
    ),
    Mistake(
        "to-the-corner",
        "The gradient lands in the top left cell of each window, whoever won.",
        (
            "Put the largest value into the middle of a window. Where does your gradient stand?",
            "Window (i, j) only begins at row i·stride, column j·stride.",
            "Add the winner's row and column within the window to where the window begins.",
        ),
        partial(wrong_backward, who="corner"),
    ),
    Mistake(
        "place-within-the-window",
        "You use the winner's place within its window as a place on the map: everything lands in the top left corner of the map.",
        (
            "Where on the map does window (1, 1) begin? Where does its gradient stand in your result?",
            "argmax counts from the window's own first cell.",
            "Add `i * stride` to the row and `j * stride` to the column.",
        ),
        partial(wrong_backward, place="window"),
    ),
    Mistake(
        "rows-and-columns-exchanged",
        "Row and column of the winner are exchanged within the window.",
        (
            "Let the last cell of a window's first row win. Where does your gradient stand?",
            "argmax counts along rows: at a width of 3, place 2 is row 0, column 2.",
            "`place // window` is the row, `place % window` the column.",
        ),
        partial(wrong_backward, place="exchanged"),
    ),
    Mistake(
        "largest-absolute-value",
        "Your winner is the cell with the largest absolute value; the largest value has won.",
        (
            "Take a window with −7 and 2. Which of them did max_pool keep?",
            "The way back asks the same question as the way there.",
            "`argmax` of the values, without `abs`.",
        ),
        partial(wrong_backward, who="farthest"),
    ),
    Mistake(
        "grad-not-used",
        "You mark the winners with 1, whatever grad is; what goes back is the gradient that came.",
        (
            "Double grad. Does your result double?",
            "∂L/∂x = ∂L/∂out · ∂out/∂x, and the second factor is the 1 of the winner.",
            "Add `grad[:, :, i, j]` where you add 1.",
        ),
        partial(wrong_backward, amount="one"),
    ),
    Mistake(
        "times-the-value",
        "You multiply the gradient by the winner's value; a maximum passes it on as it is. If the winner grows by a little, the output grows by exactly as much.",
        (
            "Double x. Does your result change?",
            "Which slope has out = x at the winner?",
            "Leave x out of the product: it only says who won.",
        ),
        partial(wrong_backward, amount="value"),
    ),
)
