"""The known mistakes of lesson 10's softmax and gradient; those of the loss are in loss_mistakes.py.

Each is one switch of one wrong function, so that two combine.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l10_softmax.wrong import wrong_gradient, wrong_softmax

UNSTABLE = Mistake(
    "unstable",
    "Your code raises e to the logits as they come. At 10,000 that is infinite and ∞ / ∞ is NaN; where all logits are −10,000 every power is 0 and 0 / 0 is NaN. On paper the formula is right, in float32 it ends at 88.",
    (
        "Look at the logits of the input that failed. What does `torch.exp` make of the largest?",
        "Probabilities depend on differences between logits. Which number, subtracted from a whole row, makes every power at most 1?",
        "Subtract each row's largest logit first: `torch.exp(logits - logits.amax(dim=1, keepdim=True))`.",
    ),
    partial(wrong_softmax, shift="none"),
)
BATCH_AXIS = Mistake(
    "batch-axis",
    "Your probabilities sum to 1 over the pictures of a class; they must sum to 1 over the classes of a picture. So pictures that happen to share a batch change each other's answers.",
    (
        "Put in a batch of one picture. What are all its probabilities?",
        "Logits are (N, K). Axis 0 counts pictures, axis 1 counts classes. Which of the two shares one unit of probability?",
        "Everything that goes over classes takes `dim=1, keepdim=True`.",
    ),
    partial(wrong_softmax, over="column", shift="column"),
)
SOFTMAX = (
    UNSTABLE,
    BATCH_AXIS,
    Mistake(
        "sum-over-the-batch",
        "Your powers are right and your sum runs over the wrong axis: down the batch instead of over the classes of each picture.",
        (
            "Sum your output over each axis. Along which one do you get 1?",
            "The total of (N, K) powers has a number per picture: (N, 1).",
            "`powers.sum(dim=1, keepdim=True)`, not `dim=0`.",
        ),
        partial(wrong_softmax, over="column"),
    ),
    Mistake(
        "sum-of-everything",
        "You divide by the sum of all powers in the batch; each picture has a sum of its own. Two pictures now share one unit of probability.",
        (
            "Try a batch of two equal pictures. What does each one's row sum to?",
            "A sum without a dim goes over all axes.",
            "Give the sum `dim=1, keepdim=True`.",
        ),
        partial(wrong_softmax, over="batch"),
    ),
    Mistake(
        "maximum-of-the-batch",
        "You subtract the largest logit of the whole batch. It cancels on paper; but a picture that lies far below it has powers of 0 alone, and 0 / 0 is NaN. Each row needs its own largest.",
        (
            "Which picture of the batch became NaN: the one with the large logits or the other?",
            "Take rows at 10,000 and at 1. What is e^(1 − 10,000) in float32?",
            "`logits.amax(dim=1, keepdim=True)`: one largest per picture.",
        ),
        partial(wrong_softmax, shift="batch"),
    ),
    Mistake(
        "maximum-of-each-class",
        "You subtract from every class its own largest logit in the batch. That moves the classes of one picture by different amounts, and their differences are all that softmax looks at.",
        (
            "Put in a batch of one picture. What is left of its logits after your subtraction?",
            "What is subtracted must be the same for all classes of one picture: a number per row.",
            "`amax(dim=1, keepdim=True)`, not `dim=0`.",
        ),
        partial(wrong_softmax, shift="column"),
    ),
    Mistake(
        "mean-subtracted",
        "You subtract each row's mean. Differences survive that, but the largest logit may still stand 10,000 above the mean, and its power is infinite. Only the largest itself leaves every power at most 1.",
        (
            "For the logits 10,000, 0, −10,000: what is their mean, and what is left of the first?",
            "The highest exponent after the subtraction must be 0.",
            "`amax` in place of `mean`.",
        ),
        partial(wrong_softmax, shift="mean"),
    ),
    Mistake(
        "not-normalised",
        "Your output is the powers themselves; they still have to be divided by their sum. As it is, a picture's numbers do not add up to 1.",
        (
            "Add up one row of your output.",
            "A share is a part divided by the whole.",
            "Divide by `powers.sum(dim=1, keepdim=True)`.",
        ),
        partial(wrong_softmax, divide="nothing"),
    ),
    Mistake(
        "mean-for-sum",
        "You divide by the mean of the powers; the formula divides by their sum. Each row of yours adds up to the number of classes.",
        (
            "Add up one row of your output.",
            "The formula has a Σ and nothing that counts classes.",
            "`sum` in place of `mean`.",
        ),
        partial(wrong_softmax, divide="mean"),
    ),
    Mistake(
        "turned-round",
        "Your exponents have the wrong sign: the largest logit gets the smallest probability. e must be raised to z − max, not to max − z.",
        (
            "Which class gets your largest probability, and which has the largest logit?",
            "After the subtraction, should the exponents be negative or positive?",
            "`torch.exp(logits - largest)`.",
        ),
        partial(wrong_softmax, power="negated"),
    ),
    Mistake(
        "no-exponential",
        "You divide the logits themselves by their sum. Logits may be negative and may sum to 0; e raised to them is always positive. That is what the exponential is for.",
        (
            "What does your code give for the logits 1 and −1?",
            "A probability is never negative. Which step sees to that?",
            "Raise e to the logits before you sum and divide.",
        ),
        partial(wrong_softmax, power="none"),
    ),
)
GRADIENT = (
    Mistake(
        "no-mean",
        "Your gradient belongs to the sum of the losses; cross_entropy is their mean, so each picture counts 1/N. Yours grows with the batch.",
        (
            "Put the same picture in twice. Does your first row stay as it was?",
            "Where does N stand in the loss? A derivative keeps such a factor.",
            "Divide by the number of pictures, `logits.shape[0]`.",
        ),
        partial(wrong_gradient, share="none"),
    ),
    Mistake(
        "mean-over-classes",
        "You divide by N·K; the loss is a mean over the N pictures alone. Classes share one unit of probability, they are not averaged.",
        (
            "Double the number of classes in your head, the new ones at −10,000. Should the gradient of the others halve?",
            "`.mean()` over (N, K) divides by all its values.",
            "Divide by `logits.shape[0]`.",
        ),
        partial(wrong_gradient, share="all"),
    ),
    Mistake(
        "minus-one-everywhere",
        "You subtract 1 from every probability; only the true class's is less by 1. Yours pushes all logits up, and that changes no probability at all.",
        (
            "Add up a row of your output. What must the derivatives of one picture sum to?",
            "Only z[t], the true class's logit, stands in the loss a second time, outside the sum.",
            "Subtract a tensor that is 1 at the target of each row and 0 elsewhere.",
        ),
        partial(wrong_gradient, truth="everywhere"),
    ),
    Mistake(
        "one-in-every-row",
        "You subtract 1 in each target's column of every row: `p[:, targets]` picks whole columns. Each picture has one target of its own.",
        (
            "Take two pictures with the targets 0 and 1. How many values of your first row are negative?",
            "Row n goes with targets[n], and with no other target.",
            "Index pairs: `p[torch.arange(N), targets]`, or use one_hot.",
        ),
        partial(wrong_gradient, truth="columns"),
    ),
    Mistake(
        "target-forgotten",
        "Your gradient is p / N: it pushes every class down and none up. The true class's own logit enters the loss with a minus sign, and that gives its −1.",
        (
            "Your function has an argument that it does not use.",
            "loss = log Σ e^z − z[t]. What is the derivative of the second part by z[t]?",
            "Subtract 1 from p at each picture's target.",
        ),
        partial(wrong_gradient, truth="nothing"),
    ),
    Mistake(
        "predicted-class",
        "You subtract 1 at the class with the largest logit; it belongs at the true class. Yours confirms whatever the network says already.",
        (
            "Take a picture that is classified wrongly. Which logit does your gradient push up?",
            "What the network should have said stands in `targets`.",
            "Use `targets`, not `logits.argmax(dim=1)`.",
        ),
        partial(wrong_gradient, truth="predicted"),
    ),
    Mistake(
        "target-alone",
        "Your gradient is 0 except at the true class. Every logit stands in the sum under the logarithm, so each has a derivative: p of its class.",
        (
            "Add up a row of your output. What must the derivatives of one picture sum to?",
            "Raise a wrong class's logit a little. Does the loss stay the same?",
            "Keep p at the other classes.",
        ),
        partial(wrong_gradient, chain="target alone"),
    ),
    Mistake(
        "sign",
        "Your gradient has the wrong sign: it is that of the mean log-probability, which the paper maximises. The loss is its negative.",
        (
            "Raise the true class's logit. Does the loss go up or down? What sign has its derivative?",
            "The derivative at the true class is p − 1, never positive.",
            "`p − one_hot`, not `one_hot − p`.",
        ),
        partial(wrong_gradient, sign=-1),
    ),
    Mistake(
        "squared-error",
        "This is the gradient of the squared error Σ (p − onehot)² through softmax. The loss is the cross-entropy; its logarithm cancels the exponential, so no product of probabilities is left.",
        (
            "Take a picture that is classified wrongly with p near 1. How large is your gradient?",
            "Differentiate log Σ e^z − z[t]. Nothing is squared in it.",
            "p at every class, p − 1 at the true one, divided by N.",
        ),
        partial(wrong_gradient, chain="squared"),
    ),
    Mistake(
        "softmax-differentiated-twice",
        "You multiply p − onehot by p·(1 − p). p − onehot is the derivative by the logits already: softmax's own slope is in it.",
        (
            "Take a picture that is classified wrongly with p near 1. How large is your gradient?",
            "p·(1 − p) cancels against 1/p, the slope of the logarithm.",
            "Drop the factor.",
        ),
        partial(wrong_gradient, chain="twice"),
    ),
    Mistake(
        "by-the-probabilities",
        "Your gradient is −1/p at the true class: the derivative by the probability. Asked is the derivative by the logits, one step further back.",
        (
            "What becomes of your gradient where p is 0?",
            "Between logit and probability stands softmax; the chain rule goes through it.",
            "Differentiate log Σ e^z − z[t] by each z: no p is divided by.",
        ),
        partial(wrong_gradient, chain="probabilities"),
    ),
    replace(UNSTABLE, wrong=partial(wrong_gradient, shift="none")),
    replace(BATCH_AXIS, wrong=partial(wrong_gradient, over="column", shift="column")),
)
