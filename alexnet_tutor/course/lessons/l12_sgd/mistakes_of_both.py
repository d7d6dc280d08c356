"""What goes wrong in both of lesson 12's rules. Each is one switch of one wrong descent, so that two combine."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l12_sgd.wrong import wrong_paper_steps

BOTH = (
    Mistake(
        "decay-twice",
        "Your weight decay counts twice: the velocity loses 2 · decay · w where the rule has decay · w.",
        (
            "Set every gradient to 0. How much does a weight of 10 lose in the first step?",
            "decay · w belongs to the gradient once. Is it added in two places?",
            "Look for a second `decay * weight`, for example where you change `gradient` first.",
        ),
        partial(wrong_paper_steps, decays="twice"),
    ),
    Mistake(
        "decay-forgotten",
        "Your rule has no weight decay: with gradients of 0 the weights stand still. They have to shrink.",
        (
            "Which argument does your code not use?",
            "With a gradient of 0 there is still a pull towards 0, as strong as the weight is large.",
            "Treat `gradient + decay * weight` as the gradient.",
        ),
        partial(wrong_paper_steps, decays="nowhere"),
    ),
    Mistake(
        "decay-grows",
        "Your decay has the wrong sign: it pushes weights away from 0, and they grow without end.",
        (
            "Set every gradient to 0. Does a weight of 10 become smaller?",
            "A positive weight must lose by decay what it would lose by a positive gradient.",
            "`gradient` and `decay * weight` carry the same sign.",
        ),
        partial(wrong_paper_steps, decays="grows"),
    ),
    Mistake(
        "decay-past-the-velocity",
        "Your decay shrinks the weight directly and leaves the velocity alone, as AdamW does. Both rules here put it into the velocity, where momentum adds it up over steps.",
        (
            "Set every gradient to 0 and make two steps. Is your second step longer than the first?",
            "The decay stands in the first line, the one of the velocity.",
            "Take it out of the weight's line, and add `decay * weight` to the gradient.",
        ),
        partial(wrong_paper_steps, decays="on the weight"),
    ),
    Mistake(
        "decay-of-the-start",
        "Your decay pulls with the weight of the beginning in every step; it pulls with what the weight is now.",
        (
            "Where does `weight` in your decay come from in the second step?",
            "The weight changes from step to step, and its decay with it.",
            "Use one name for the weight: the one that the second line renews.",
        ),
        partial(wrong_paper_steps, decays="from the start"),
    ),
    Mistake(
        "decay-is-one",
        "You add the whole weight to the gradient; the rule adds decay times it.",
        (
            "Call your function with two values of decay. Does anything change?",
            "decay says how strong the pull is: 0.0005 in the paper.",
            "Multiply the weight by `decay`.",
        ),
        partial(wrong_paper_steps, decays="all"),
    ),
    Mistake(
        "momentum-turned",
        "Your momentum has the wrong sign: each step takes back most of the one before.",
        (
            "Give the same gradient three times. Do the steps become longer?",
            "0.9 of the old velocity is kept. A ball that rolls goes on rolling.",
            "`momentum * velocity` is added, not subtracted.",
        ),
        partial(wrong_paper_steps, carries="minus"),
    ),
    Mistake(
        "velocity-not-kept",
        "Your steps know nothing of the steps before: the velocity is 0 again at every step, or never used.",
        (
            "Give a gradient once and then 0. Does the weight go on?",
            "The velocity lives on from step to step, like the weight.",
            "Begin the new velocity with `momentum * velocity`, and set it to 0 once, before the loop.",
        ),
        partial(wrong_paper_steps, carries="nothing"),
    ),
    Mistake(
        "momentum-on-everything",
        "You multiply the new gradient by momentum too; it scales the old velocity alone.",
        (
            "Make one step from a velocity of 0. Is it as long as the rate says?",
            "In the rule momentum stands before v and nothing else.",
            "Close the bracket after the old velocity: `momentum * velocity`, then the gradient.",
        ),
        partial(wrong_paper_steps, carries="all"),
    ),
    Mistake(
        "gradient-dampened",
        "You multiply the gradient by 1 − momentum, which makes the velocity a mean; here it is a sum. PyTorch calls this dampening, and it is off.",
        (
            "Make one step from a velocity of 0. Is it as long as the rate says?",
            "Neither rule has a factor 1 − momentum.",
            "Drop it: the gradient comes in whole.",
        ),
        partial(wrong_paper_steps, damped=True),
    ),
    Mistake(
        "nesterov",
        "Your weight moves by momentum · v plus the gradient once more: Nesterov's momentum. The paper's is the plain one.",
        (
            "What does your weight move by in the first step: by the velocity?",
            "In both rules the second line has the new velocity and nothing else to move by.",
            "Drop the second use of the gradient.",
        ),
        partial(wrong_paper_steps, order="look ahead"),
    ),
    Mistake(
        "weight-before-velocity",
        "Your weight moves by the old velocity, before the new one is computed. So the first step goes nowhere.",
        (
            "Look at your first row. Has anything moved?",
            "The rule has two lines, and their order counts.",
            "Compute the velocity first, then move the weight by it.",
        ),
        partial(wrong_paper_steps, order="weight first"),
    ),
    Mistake(
        "gradient-of-the-step-before",
        "You use the gradient of the step before (and in the first step, by an index of −1, that of the last).",
        (
            "Change the first gradient alone. Which rows of your output change?",
            "Each step looks at its own batch.",
            "`gradients[step]`, not `gradients[step - 1]`.",
        ),
        partial(wrong_paper_steps, gradient_of=-1),
    ),
    Mistake(
        "rate-of-the-first-step",
        "You use the first rate for every step.",
        (
            "Change the last rate alone. Does your last row change?",
            "There are as many rates as steps.",
            "Take gradient and rate from the same place in the loop.",
        ),
        partial(wrong_paper_steps, rate_of=None),
    ),
    Mistake(
        "rate-of-the-next-step",
        "You use the rate of the step after. In PyTorch the same happens if the schedule steps before the optimiser.",
        (
            "Let the rate change after the second step. In which row do you see it first?",
            "Step number 0 has rates[0].",
            "`rates[step]`, not `rates[step + 1]`.",
        ),
        partial(wrong_paper_steps, rate_of=1),
    ),
    Mistake(
        "rate-in-both-lines",
        "You multiply by the rate in both lines, so a step has it squared. Each rule has it once, in a line of its own.",
        (
            "Make one step with a rate of 0.1. Is it ten times too short?",
            "In one rule the rate belongs to the velocity, in the other to the weight's line.",
            "Take it out of the line where your rule does not have it.",
        ),
        partial(wrong_paper_steps, rate_in="both"),
    ),
    Mistake(
        "velocities-returned",
        "You return the velocities; asked are the weights.",
        (
            "Compare your first row with the weights you began with.",
            "The steps and the places they lead to are two things.",
            "Append the weight, after it has moved.",
        ),
        partial(wrong_paper_steps, gives="velocities"),
    ),
    Mistake(
        "last-weights-alone",
        "You return the weights after the last step; asked are those after every step.",
        (
            "How many rows should come out of three gradients?",
            "Each step's weights must be kept.",
            "Append the weight in the loop, and stack the list after it.",
        ),
        partial(wrong_paper_steps, gives="last"),
    ),
    Mistake(
        "rows-are-one-tensor",
        "All of your rows are the last one: `weight += …` changes the tensor itself, and the list holds that one tensor many times.",
        (
            "Print the list after two steps. Is its first entry still the first step's?",
            "`+=` on a tensor writes into it; `a = a + b` makes a new one.",
            "`weight = weight + …`, or append `weight.clone()`.",
        ),
        partial(wrong_paper_steps, gives="rows alike"),
    ),
    Mistake(
        "start-among-the-rows",
        "Your first row is the weights before any step; asked are those after each.",
        (
            "How many rows should come out of three gradients?",
            "The weights of the beginning are no step's result.",
            "Begin with an empty list, and append after the weight has moved.",
        ),
        partial(wrong_paper_steps, gives="from the start"),
    ),
)
