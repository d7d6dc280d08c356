"""The known mistakes of lesson 9. Each is one switch of one wrong dropout, so that two combine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l09_dropout.wrong import (
    wrong_backward,
    wrong_dropout,
    wrong_paper,
)


def _of(function: Callable[..., Any], *mistakes: Mistake) -> tuple[Mistake, ...]:
    """The same mistakes made in another function."""
    return tuple(
        replace(mistake, wrong=partial(function, **mistake.wrong.keywords))  # type: ignore[attr-defined]
        for mistake in mistakes
    )


_ONE_MASK = Mistake(
    "one-mask-for-the-batch",
    "All pictures of your batch lose the same units: you draw once and use it for every row. Each picture has a draw of its own, so that one step trains many thinned networks.",
    (
        "Put in a batch of equal pictures. Are the rows of your output equal?",
        "`uniform` has a row for each picture. How many of its rows does your code read?",
        "Compare the whole tensor: `uniform >= p` is (N, F).",
    ),
    partial(wrong_dropout, mask="batch"),
)
_ONE_DRAW = Mistake(
    "one-draw-per-picture",
    "You keep or drop all units of a picture together. Each unit has a draw of its own; a picture that loses all of them teaches nothing.",
    (
        "Look at one row of your output: are some values 0 and others not?",
        "`uniform` has a number for every unit. How many columns of it does your code read?",
        "Compare the whole tensor: `uniform >= p` is (N, F).",
    ),
    partial(wrong_dropout, mask="row"),
)
_INVERSE = Mistake(
    "keeps-where-it-should-drop",
    "You keep where the uniform number is below p; here a value is kept where its number is at least p. At p = 0.5 as many survive, so counting does not tell it; at p = 0.75 three times too many do.",
    (
        "With p = 0.75, what share of the values should be 0? What share of yours is?",
        "p is the probability of being dropped. How often is a uniform number below p?",
        "Keep where `uniform >= p`.",
    ),
    partial(wrong_dropout, mask="inverse"),
)
_STRICT = Mistake(
    "boundary-dropped",
    "You drop a value whose uniform number equals p; by the convention of this exercise it is kept. Drawn numbers run from 0 up to and without 1, so only `>=` keeps exactly the share 1 − p of them.",
    (
        "Look at the input that failed: which uniform number is exactly p?",
        "The convention stands at the head of the file.",
        "`uniform >= p`, not `uniform > p`.",
    ),
    partial(wrong_dropout, mask="strict"),
)
_UNSCALED = Mistake(
    "unscaled-in-training",
    "You drop and do not scale: in training the next layer gets the share 1 − p of what a prediction gives it. Its weights learn with the small sums and are then used with large ones.",
    (
        "Let 1,000 ones pass with p = 0.75 in training, then in a prediction. What are the two sums?",
        "The expected value of what leaves must be x. It is kept with probability 1 − p.",
        "Divide by `1 - p` in training.",
    ),
    partial(wrong_dropout, scale="1"),
)
_ONE_OVER_P = Mistake(
    "divided-by-p",
    "You divide by p; what survives is to be divided by 1 − p, the probability of surviving. At p = 0.5 nobody sees the difference.",
    (
        "With p = 0.1 hardly anything is dropped. By how much does your code enlarge the rest?",
        "Which of p and 1 − p is the share of values that survive?",
        "Divide by `1 - p`.",
    ),
    partial(wrong_dropout, scale="1/p"),
)
_TIMES_P = Mistake(
    "multiplied-by-p",
    "You multiply what survives by p. The sum has lost the dropped values already; the rest must grow to make up for them, by 1/(1 − p).",
    (
        "Is a surviving value larger or smaller after your function?",
        "Kept with probability 1 − p and worth x on average: what is it worth when it is kept?",
        "Divide by `1 - p` instead.",
    ),
    partial(wrong_dropout, scale="p"),
)
_TIMES_KEPT = Mistake(
    "multiplied-by-the-kept-share",
    "You multiply what survives by 1 − p; in the inverted form it is divided by it. (1 − p) belongs to the paper's prediction, not to training.",
    (
        "Is a surviving value larger or smaller after your function?",
        "Kept with probability 1 − p and worth x on average: what is it worth when it is kept?",
        "`/ (1 - p)` in place of `* (1 - p)`.",
    ),
    partial(wrong_dropout, scale="1-p"),
)
_DOUBLED = Mistake(
    "doubled-whatever-p",
    "You double what survives whatever p is; 2 is 1/(1 − p) at p = 0.5 alone.",
    (
        "Does your scale change when p does?",
        "With p = 0.75 one value in four survives. How much must it carry?",
        "Divide by `1 - p`.",
    ),
    partial(wrong_dropout, scale="two"),
)
_HALF_DROPPED = Mistake(
    "p-ignored",
    "Your function drops half and doubles the rest, whatever p is.",
    (
        "Which of your arguments does your code not use?",
        "0.5 is the paper's p. Here p is an argument.",
        "Put `p` where 0.5 stands, and `1 - p` under the division.",
    ),
    partial(wrong_dropout, p_is=0.5),
)
_COUNTED = Mistake(
    "scaled-by-the-count",
    "You scale by how many values happened to survive; the scale is 1/(1 − p), fixed beforehand. Yours ties the pictures of a batch together, and a draw that keeps nothing divides 0 by 0.",
    (
        "Does a value of picture 0 change when another uniform number of picture 1 does?",
        "On average the share that survives is 1 − p. The average is enough.",
        "Divide by `1 - p`, not by the mask's mean.",
    ),
    partial(wrong_dropout, scale="counted"),
)
_ACTIVE = Mistake(
    "active-in-prediction",
    "You drop in a prediction too: the same picture gets another answer at every call. Dropout belongs to training.",
    (
        "Which of your arguments does your code not use?",
        "What should a prediction depend on besides the picture and the weights?",
        "Where `training` is False nothing is dropped.",
    ),
    partial(wrong_dropout, prediction="drops"),
)
_SCALED_DOWN = Mistake(
    "scaled-in-prediction",
    "You multiply by 1 − p in a prediction. In the paper's form that is right; here training has scaled already, and doing both makes a prediction too quiet.",
    (
        "What is the expected value of what leaves in training? And in your prediction?",
        "One of the two modes scales, never both.",
        "Where `training` is False return x as it is.",
    ),
    partial(wrong_dropout, prediction="1-p"),
)
_SCALED_UP = Mistake(
    "scaled-up-in-prediction",
    "You divide by 1 − p in a prediction as well. There nothing was dropped, so nothing has to be made up for.",
    (
        "Is your division inside or outside of `if training`?",
        "The expected value of what leaves must be x in both modes.",
        "Where `training` is False return x as it is.",
    ),
    partial(wrong_dropout, prediction="1/(1-p)"),
)
_MASKS = (_ONE_MASK, _ONE_DRAW, _INVERSE, _STRICT)
MODERN = (
    _UNSCALED, _ACTIVE, *_MASKS, _ONE_OVER_P, _TIMES_P, _TIMES_KEPT, _DOUBLED, _HALF_DROPPED,
    _COUNTED, _SCALED_DOWN, _SCALED_UP,
)  # fmt: skip
BACKWARD = (
    Mistake(
        "mask-forgotten",
        "Your gradient does not know the mask: it flows into units that were dropped. A dropped unit had no part in the output, so its derivative is 0.",
        (
            "A dropped value grows by a little. Does the output change?",
            "The derivative of x · mask is the mask.",
            "Multiply by the mask that the forward pass used: `uniform >= p`.",
        ),
        partial(wrong_backward, mask="all"),
    ),
    Mistake(
        "scale-forgotten",
        "Your gradient has the mask and not the scale: what survived was divided by 1 − p going forward, and its derivative carries that factor too.",
        (
            "A surviving value grows by 0.01, with p = 0.75. By how much does the output grow?",
            "The derivative of x · mask / (1 − p) is mask / (1 − p).",
            "Divide by `1 - p`.",
        ),
        partial(wrong_backward, scale="1"),
    ),
    *_of(wrong_backward, *_MASKS, _ONE_OVER_P, _TIMES_P, _TIMES_KEPT, _HALF_DROPPED),
    *_of(wrong_backward, _ACTIVE, _SCALED_DOWN, _SCALED_UP),
)
PAPER = (
    Mistake(
        "prediction-unscaled",
        "In a prediction you give the next layer x itself; in training it got (1 − p)·x on average. In the paper's form nothing else makes up for that: its weights meet sums they were not trained on.",
        (
            "Let 1,000 ones pass with p = 0.75 in training, then in a prediction. What are the two sums?",
            "What is the average of a value that is kept with probability 1 − p and is 0 otherwise?",
            "`x * (1 - p)`.",
        ),
        partial(wrong_paper, prediction="1"),
    ),
    Mistake(
        "prediction-times-p",
        "In a prediction you multiply by p, the probability of being dropped; the share that survives in training is 1 − p. At p = 0.5 nobody sees the difference.",
        (
            "With p = 0.1 hardly anything is dropped in training. How much does your prediction leave of x?",
            "Which of p and 1 − p is the share of values that survive?",
            "`x * (1 - p)`.",
        ),
        partial(wrong_paper, prediction="p"),
    ),
    Mistake(
        "halved-whatever-p",
        "In a prediction you halve x whatever p is; 0.5 is 1 − p at the paper's p alone.",
        (
            "Does your prediction change when p does?",
            "With p = 0.75 one value in four survives in training.",
            "`x * (1 - p)`.",
        ),
        partial(wrong_paper, prediction="half"),
    ),
    Mistake(
        "prediction-divided",
        "In a prediction you divide by 1 − p, which makes x louder; in training the next layer got less than x, not more.",
        (
            "Is your prediction larger or smaller than x? What did training give on average?",
            "Dividing by 1 − p is the inverted form's, and there in training.",
            "`x * (1 - p)`.",
        ),
        partial(wrong_paper, prediction="1/(1-p)"),
    ),
    Mistake(
        "scaled-in-training",
        "You scale in training; the paper's form does so only in a prediction. With both, a prediction is too quiet by the factor 1 − p.",
        (
            "Compare the paper's numbers in the lesson: what became of the value 8 in training?",
            "One of the two modes scales, never both.",
            "In training: `x * (uniform >= p)` and nothing else.",
        ),
        partial(wrong_paper, scale="1/(1-p)"),
    ),
    Mistake(
        "modes-swapped",
        "You drop in a prediction and scale in training: the two branches are exchanged.",
        (
            "With `training` True, are any of your values 0?",
            "Which branch of your `if` is for a prediction?",
            "Exchange the two returns.",
        ),
        partial(wrong_paper, swapped=True),
    ),
    *_of(wrong_paper, *_MASKS, _ACTIVE),
)
