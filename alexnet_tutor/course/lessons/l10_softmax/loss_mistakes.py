"""The known mistakes of lesson 10's cross-entropy. Each is one switch of one wrong loss."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l10_softmax.wrong import wrong_cross_entropy

LOSS = (
    Mistake(
        "log-of-softmax",
        "You take the logarithm of a finished probability. Where that has become 0 your loss is infinite, though the true loss is an ordinary number: 20,000, say.",
        (
            "Look at the input that failed. How small is the true class's probability there?",
            "log(e^z / Σ e^z) can be taken apart before anything is computed: log e^z is z.",
            "With m the row's largest logit: `(m - own) + torch.log(torch.exp(logits - m).sum(dim=1))`.",
        ),
        partial(wrong_cross_entropy, form="probability"),
    ),
    Mistake(
        "unstable",
        "Your sum is of e raised to the logits as they come. At 10,000 it is infinite; where all are −10,000 it is 0 and its logarithm −∞.",
        (
            "Look at the logits of the input that failed. What does `torch.exp` make of them?",
            "log Σ e^z = m + log Σ e^(z − m), for any m. Which m keeps the sum between 1 and K?",
            "Subtract each row's largest logit under the exponential and add it again outside the logarithm.",
        ),
        partial(wrong_cross_entropy, shift="none"),
    ),
    Mistake(
        "maximum-of-the-batch",
        "You subtract the largest logit of the whole batch. A picture far below it is left with a sum of 0, whose logarithm is −∞. Each row needs its own largest.",
        (
            "Which picture of the batch has the infinite loss?",
            "Take rows at 10,000 and at 1. What is e^(1 − 10,000) in float32?",
            "`logits.amax(dim=1, keepdim=True)`: one largest per picture.",
        ),
        partial(wrong_cross_entropy, shift="batch"),
    ),
    Mistake(
        "sum-for-mean",
        "You add the losses of the batch; the loss is their mean. A sum grows with the batch, and every step of training with it.",
        (
            "Put the same picture in twice. Does your loss stay as it was?",
            "The paper's objective is a mean over the training pictures.",
            "`mean` in place of `sum`, over the pictures.",
        ),
        partial(wrong_cross_entropy, reduce="sum"),
    ),
    Mistake(
        "a-loss-per-picture",
        "You return a loss for each picture; a batch has one, their mean. Training follows the gradient of a single number.",
        (
            "What is the shape of your output, and what should it be?",
            "One step is left after the losses of the pictures.",
            "End with `.mean()`.",
        ),
        partial(wrong_cross_entropy, reduce="none"),
    ),
    Mistake(
        "mean-over-classes",
        "You divide by N·K; the mean goes over the N pictures. Each picture has one loss, not K: the zeros of a one-hot product are no losses.",
        (
            "For one picture with equal logits, is your loss log K?",
            "`.mean()` over (N, K) divides by all its values.",
            "Sum over the classes, then take the mean over the pictures.",
        ),
        partial(wrong_cross_entropy, reduce="classes"),
    ),
    Mistake(
        "base-2",
        "Your logarithm has base 2, the loss is in bits; here it is the natural one. Only the natural logarithm undoes e, and only with it is the gradient p − onehot.",
        (
            "For two equal logits, do you get 1 or 0.693?",
            "log e^z must be z.",
            "`torch.log`, not `torch.log2`.",
        ),
        partial(wrong_cross_entropy, base=2.0),
    ),
    Mistake(
        "base-10",
        "Your logarithm has base 10; here it is the natural one. Only the natural logarithm undoes e, and only with it is the gradient p − onehot.",
        (
            "For ten equal logits, do you get 1 or 2.303?",
            "log e^z must be z.",
            "`torch.log`, not `torch.log10`.",
        ),
        partial(wrong_cross_entropy, base=10.0),
    ),
    Mistake(
        "sign",
        "Your loss is the mean log-probability, at most 0: what the paper maximises. A loss is minimised; it is the negative of that.",
        (
            "A loss is small where the network is right. Is yours?",
            "The logarithm of a probability is never positive.",
            "Put a minus sign before the logarithm.",
        ),
        partial(wrong_cross_entropy, sign=-1),
    ),
    Mistake(
        "log-forgotten",
        "You return minus the probability of the true class, without the logarithm. That can never be worse than 0, so a picture that is wrong and sure costs hardly more than one that is unsure.",
        (
            "For equal logits of K classes, is your loss log K?",
            "A probability of 0.1 and one of 0.001: how different should their losses be?",
            "−log p, written straight from the logits.",
        ),
        partial(wrong_cross_entropy, form="negative"),
    ),
    Mistake(
        "squared-error",
        "You sum the squares of p − onehot; the cross-entropy is −log p of the true class. The square never exceeds 2, and its slope vanishes where the network is wrong and sure.",
        (
            "How large can your loss become at most?",
            "The paper's objective is a log-probability. Nothing is squared.",
            "log Σ e^z minus the true class's logit, averaged over the pictures.",
        ),
        partial(wrong_cross_entropy, form="squared"),
    ),
    Mistake(
        "predicted-class",
        "You take the loss of the class with the largest logit; it is the true class's that counts. Yours is small wherever the network is sure, right or wrong.",
        (
            "Change the targets. Does your loss change?",
            "Which class should have had the probability? It stands in `targets`.",
            "Pick the logit at `targets`, not at `argmax`.",
        ),
        partial(wrong_cross_entropy, target="predicted"),
    ),
    Mistake(
        "every-class",
        "You sum −log p over all classes; only the true class of each picture counts. Yours asks for some probability everywhere.",
        (
            "Change the targets. Does your loss change?",
            "The one-hot vector of the target is 0 at all classes but one.",
            "Pick one value per row: `gather(1, targets[:, None])`.",
        ),
        partial(wrong_cross_entropy, target="every class"),
    ),
    Mistake(
        "every-target",
        "You give every picture the targets of the whole batch: `[:, targets]` picks whole columns, N of them for each row. Each picture has one target of its own.",
        (
            "What shape has the tensor from which you take the mean?",
            "Row n goes with targets[n], and with no other target.",
            "Index pairs: `[torch.arange(N), targets]`, or `gather(1, targets[:, None])`.",
        ),
        partial(wrong_cross_entropy, target="every target"),
    ),
    Mistake(
        "softmax-twice",
        "You take the cross-entropy of probabilities as if they were logits: softmax is applied twice. The second one sees numbers between 0 and 1 and makes them nearly equal, so the loss cannot come near 0.",
        (
            "Make the true class's logit 10,000. How small does your loss become?",
            "The log-sum of the formula is over the logits themselves.",
            "Do not call `softmax` before the log-sum: it is in it.",
        ),
        partial(wrong_cross_entropy, given="probabilities"),
    ),
    Mistake(
        "batch-axis",
        "Your sum runs over the pictures; it must run over the classes of each picture.",
        (
            "Put in a batch of one picture. What is your loss, whatever its logits?",
            "Axis 0 counts pictures, axis 1 counts classes.",
            "`dim=1` for the largest and for the sum.",
        ),
        partial(wrong_cross_entropy, over="column"),
    ),
)
