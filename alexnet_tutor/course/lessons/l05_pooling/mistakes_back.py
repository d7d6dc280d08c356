"""The known mistakes of lesson 5 on the way back. Each is one switch of one wrong function."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l05_pooling.wrong import wrong_backward

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
