"""The known mistakes of lesson 12's two schedules. Each is one switch of one wrong function."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l12_sgd.wrong import wrong_onecycle_rate, wrong_step_rate

STEP = (
    Mistake(
        "one-epoch-early",
        "Your rate changes one epoch too soon: you count epochs from 1. Here epoch says how many are finished, 0 during the first.",
        (
            "With a change every 3 epochs, how many epochs have the first rate? Count yours.",
            "Epochs 0, 1 and 2 are three.",
            "Use `epoch` as it is, without adding 1.",
        ),
        partial(wrong_step_rate, shift=1),
    ),
    Mistake(
        "one-epoch-late",
        "Your rate changes one epoch too late: epoch number `every` still has the old one.",
        (
            "With a change every 3 epochs, how many epochs have the first rate? Count yours.",
            "When 3 epochs are finished the rate changes: 3 belongs to the new one.",
            "`epoch // every` needs no − 1; a comparison needs `>=`, not `>`.",
        ),
        partial(wrong_step_rate, shift=-1),
    ),
    Mistake(
        "changes-once",
        "Your rate changes once and never again.",
        (
            "What does your function give when twice `every` epochs are finished?",
            "An `if` decides once. How often has the rate changed by then?",
            "`factor ** (epoch // every)`.",
        ),
        partial(wrong_step_rate, most=1),
    ),
    Mistake(
        "never-changes",
        "Your rate never changes.",
        (
            "Which of your arguments does your code not use?",
            "After `every` epochs the rate is multiplied by the factor.",
            "`base * factor ** (epoch // every)`.",
        ),
        partial(wrong_step_rate, most=0),
    ),
    Mistake(
        "falls-all-the-time",
        "You divide epoch by every without rounding, so the rate falls a little in each epoch; it shall stay, then change at once.",
        (
            "What does your function give for epochs 0, 1 and 2, with a change every 3?",
            "A change that is a third over has not happened.",
            "`//` in place of `/`.",
        ),
        partial(wrong_step_rate, counts="parts"),
    ),
    Mistake(
        "rounded-to-nearest",
        "You round epoch / every to the nearest whole number, so the first change comes after half the time.",
        (
            "What does your function give for epoch 2, with a change every 3?",
            "Only what is wholly over counts.",
            "`//`, or `math.floor`.",
        ),
        partial(wrong_step_rate, counts="nearest"),
    ),
    Mistake(
        "rounded-up",
        "You round epoch / every up, so the first change comes after the first epoch.",
        (
            "What does your function give for epoch 1, with a change every 3?",
            "Only what is wholly over counts.",
            "`//`, or `math.floor`.",
        ),
        partial(wrong_step_rate, counts="begun"),
    ),
    Mistake(
        "changes-every-epoch",
        "Your rate is multiplied by the factor in every epoch.",
        (
            "Which of your arguments does your code not use?",
            "The exponent counts changes, not epochs.",
            "`factor ** (epoch // every)`.",
        ),
        partial(wrong_step_rate, counts="epochs"),
    ),
    Mistake(
        "factor-taken-off",
        "You take the factor off the rate; the rate becomes the factor times itself. 0.1 leaves a tenth, not nine tenths.",
        (
            "What should become of 8 with a factor of 0.1?",
            "Divided by ten is multiplied by 0.1.",
            "`factor` in place of `1 - factor`.",
        ),
        partial(wrong_step_rate, how="less"),
    ),
    Mistake(
        "divided-by-the-factor",
        "You divide by the factor, so the rate rises.",
        (
            "What should become of 8 with a factor of 0.1?",
            "Divided by ten is multiplied by 0.1.",
            "`base * factor ** …`.",
        ),
        partial(wrong_step_rate, how="divided"),
    ),
    Mistake(
        "base-forgotten",
        "You return what the rate is multiplied by, not the rate: the base is missing.",
        (
            "What does your function give for epoch 0?",
            "The first epoch has the base itself.",
            "Multiply by `base`.",
        ),
        partial(wrong_step_rate, how="alone"),
    ),
    Mistake(
        "factor-times-count",
        "You multiply the factor by the number of changes; each change multiplies again, so it is a power.",
        (
            "Work out epochs 3 and 6 by hand for a base of 8, every 3, factor 0.5.",
            "Twice halved is a quarter, not a whole.",
            "`factor ** changes`, not `factor * changes`.",
        ),
        partial(wrong_step_rate, how="multiple"),
    ),
    Mistake(
        "equal-amounts",
        "You take the same amount off at each change, so the rate reaches 0 and goes below it. Each change multiplies what is left.",
        (
            "Work out epochs 3 and 6 by hand for a base of 8, every 3, factor 0.5.",
            "Half of 8 is 4, and half of that is 2.",
            "`base * factor ** changes`.",
        ),
        partial(wrong_step_rate, how="amounts"),
    ),
)
ONECYCLE = (
    Mistake(
        "begins-at-zero",
        "Your cycle begins at 0; the first step shall have highest / 25. At a rate of 0 a step is lost.",
        (
            "What does your function give for step 0?",
            "The rising line goes from highest / 25 to highest.",
            "Add to highest / 25 a share of what is missing to highest.",
        ),
        partial(wrong_onecycle_rate, first=0),
    ),
    Mistake(
        "no-climb",
        "Your rate is the highest from the first step on; it shall climb there.",
        (
            "What does your function give for step 0?",
            "There are two lines. Which steps lie on the first?",
            "For `step <= peak`, go from highest / 25 up.",
        ),
        partial(wrong_onecycle_rate, first=1),
    ),
    Mistake(
        "ends-where-it-began",
        "Your cycle ends at highest / 25, where it began; it shall end at highest / 250000.",
        (
            "What does your function give for the last step?",
            "The cycle is not closed: it ends far below its beginning, so that the weights come to rest.",
            "The falling line ends at `highest / 250_000`.",
        ),
        partial(wrong_onecycle_rate, last=1 / 25),
    ),
    Mistake(
        "ends-at-zero",
        "Your cycle ends at exactly 0; the last step shall have highest / 250000.",
        (
            "What does your function give for the last step?",
            "The last step is small, but it is one.",
            "The falling line ends at `highest / 250_000`.",
        ),
        partial(wrong_onecycle_rate, last=0),
    ),
    Mistake(
        "end-after-the-last-step",
        "Your falling line ends at step `steps`, which does not exist: the last one is steps − 1.",
        (
            "What does your function give for the last step?",
            "Steps are counted from 0. Which number has the last of 11?",
            "The falling line is steps − 1 − peak steps long.",
        ),
        partial(wrong_onecycle_rate, end=0),
    ),
    Mistake(
        "one-step-early",
        "Your cycle is one step ahead: you count steps from 1.",
        (
            "What does your function give for step 0?",
            "Here step 0 is the first.",
            "Use `step` as it is, without adding 1.",
        ),
        partial(wrong_onecycle_rate, shift=1),
    ),
    Mistake(
        "peak-in-the-middle",
        "Your highest rate comes in the middle of the run; it shall come at step `peak`.",
        (
            "Which of your arguments does your code not use?",
            "The rising line is `peak` steps long, the falling one has the rest.",
            "Compare `step` with `peak`, not with half of `steps`.",
        ),
        partial(wrong_onecycle_rate, top="middle"),
    ),
    Mistake(
        "cosine",
        "Your rate follows half a cosine up and down; asked are straight lines. PyTorch's OneCycleLR does the same unless told otherwise.",
        (
            "What does your function give halfway up?",
            "On a straight line every step adds the same.",
            "A share of `step / peak` of the way, with no cosine.",
        ),
        partial(wrong_onecycle_rate, line="cosine"),
    ),
    Mistake(
        "falls-from-the-first-step",
        "Your falling line is measured from step 0, so the rate jumps down right after the peak.",
        (
            "Compare your rates at `peak` and one step later.",
            "The falling line begins at the peak, and there none of it is gone.",
            "`(step - peak) / (steps - 1 - peak)`.",
        ),
        partial(wrong_onecycle_rate, fall="from the first step"),
    ),
    Mistake(
        "falls-by-the-whole-run",
        "You divide the steps since the peak by the steps of the whole run, so the rate does not get down in time.",
        (
            "What does your function give for the last step?",
            "How many steps lie between the peak and the last?",
            "Divide by `steps - 1 - peak`.",
        ),
        partial(wrong_onecycle_rate, fall="by the whole run"),
    ),
)
