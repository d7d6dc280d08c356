"""The known mistakes of lesson 12's two rules: those of both, and those that only one of them allows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l12_sgd.mistakes_of_both import BOTH
from alexnet_tutor.course.lessons.l12_sgd.wrong import wrong_paper_steps, wrong_torch_steps

PAPER = (
    *BOTH,
    Mistake(
        "torch-rule",
        "Your velocity sums gradients without their rates, and today's rate multiplies all of it: PyTorch's rule. The paper's velocity has the rate in it, so an old gradient keeps the rate of its own step.",
        (
            "Compare your rows with the expected ones up to the first change of rate, and after it.",
            "In section 5 the ε stands in the first line, with the gradient.",
            "Multiply the gradient and the decay by `rate`; add the velocity to the weight as it is.",
        ),
        partial(wrong_paper_steps, rate_in="step"),
    ),
    Mistake(
        "decay-without-the-rate",
        "Your decay is not multiplied by the rate; in the paper ε stands in both terms. At a rate of 0.01 yours pulls a hundred times too hard.",
        (
            "Set every gradient to 0 and halve the rates. Does the first step become shorter?",
            "Section 5 subtracts 0.0005 · ε · w: three factors.",
            "`decay * rate * weight`.",
        ),
        partial(wrong_paper_steps, decays="without the rate"),
    ),
    Mistake(
        "gradient-without-the-rate",
        "Your gradient is not multiplied by the rate; in the paper ε stands in both terms. At a rate of 0.01 your steps are a hundred times too long.",
        (
            "Set decay to 0 and halve the rates. Does the first step become shorter?",
            "Section 5 subtracts ε · ∂L/∂w: the learning rate says how far a gradient moves a weight.",
            "`rate * gradient`.",
        ),
        partial(wrong_paper_steps, unrated=True),
    ),
    Mistake(
        "gradient-added",
        "You add the gradient to the velocity: the loss rises. (The authors' code adds too, but there the gradient is that of the log-probability, which shall rise.)",
        (
            "A gradient of 4 says: the loss grows as the weight does. Where should the weight go?",
            "Both terms after the old velocity are subtracted in section 5.",
            "`- rate * gradient`.",
        ),
        partial(wrong_paper_steps, uphill="gradient"),
    ),
    Mistake(
        "velocity-subtracted",
        "You subtract the velocity from the weight; in the paper's rule the minus is in the velocity already.",
        (
            "Make one step with a gradient of 4. Does the weight become smaller?",
            "The paper's second line is a sum: w + v.",
            "`weight + velocity`.",
        ),
        partial(wrong_paper_steps, uphill="step"),
    ),
)
TORCH = (
    *(
        replace(mistake, wrong=partial(wrong_torch_steps, **mistake.wrong.keywords))  # type: ignore[attr-defined]
        for mistake in BOTH
    ),
    Mistake(
        "paper-rule",
        "Your velocity has the rate in it: the paper's rule. PyTorch's sums gradients alone and multiplies all of it by today's rate, so a change of rate takes effect at once.",
        (
            "Compare your rows with the expected ones up to the first change of rate, and after it.",
            "PyTorch's first line has no lr in it.",
            "Multiply by `rate` in the second line, and nowhere else.",
        ),
        partial(wrong_torch_steps, rate_in="velocity"),
    ),
    Mistake(
        "decay-with-the-rate",
        "Your decay is multiplied by the rate in the velocity, and again with all of it in the step.",
        (
            "Set every gradient to 0 and halve the rates. Is the first step a quarter as long?",
            "PyTorch's first line has no lr in it, not even for the decay.",
            "`decay * weight`, without `rate`.",
        ),
        partial(wrong_torch_steps, decays="with the rate"),
    ),
    Mistake(
        "step-added",
        "You add the step to the weight: the loss rises. PyTorch's velocity points uphill, and the weight loses it.",
        (
            "A gradient of 4 says: the loss grows as the weight does. Where should the weight go?",
            "In PyTorch's rule the minus stands in the second line.",
            "`weight - rate * velocity`.",
        ),
        partial(wrong_torch_steps, uphill="step"),
    ),
)
