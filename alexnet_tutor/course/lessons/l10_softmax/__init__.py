"""Lesson 10: softmax and cross-entropy, its exercises and the inputs they are tried on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from alexnet_tutor.course.exercise import Arguments, Array, Case, Exercise, Lesson
from alexnet_tutor.course.lessons.l10_softmax import figures, loss_mistakes, mistakes, oracle
from alexnet_tutor.randomness import seed_of

_FAR = 1e4  # e^10,000 is far beyond float64, and e^−10,000 far below
_FEW = 5  # terms or pictures that are written out


def _cases(seed: int, *, targets: bool = True, gradient: bool = True) -> Iterator[Case]:
    """From one picture of three classes to batches, some of logits at ±10,000."""
    rng = np.random.default_rng(seed_of(seed, "softmax"))

    def case(logits: Array, truth: Sequence[int] = (), **extra: object) -> Case:
        chosen = np.array(truth, dtype=np.int64)
        if not len(truth):
            chosen = rng.integers(0, logits.shape[1], len(logits))
        return Case({"logits": logits, **({"targets": chosen} if targets else {})}, **extra)  # type: ignore[arg-type]

    def drawn(pictures: int, classes: int) -> Array:
        return rng.standard_normal((pictures, classes)) * rng.uniform(1, 3)

    yield case(np.array([[2.0, 1, 0]]), [2])
    yield case(np.array([[1.0, 2], [3, 0]]), [1, 1])
    yield case(np.zeros((1, 10)), [3])
    yield case(np.array([[_FAR, 0, -_FAR]]), [1])
    yield case(np.array([[-_FAR, -_FAR, -2 * _FAR]]), [2], dtype="float64")
    yield case(np.array([[_FAR, _FAR]]), [0], dtype="float64")
    yield case(np.array([[_FAR, 0], [1, 0]]), [0, 0])
    yield case(drawn(3, 4), [2, 0, 2], gradient=("logits",) if gradient else ())
    yield case(drawn(4, 5), strided=True)
    yield case(drawn(2, 10) + rng.choice([-_FAR, _FAR], (2, 1)), dtype="float64")
    for _ in range(3):
        pictures, classes = (int(size) for size in rng.integers((2, 3), (6, 11)))
        yield case(drawn(pictures, classes))


def _powers(row: Array) -> tuple[str, float]:
    """The sum of e^(z − m) of one picture, written out where it is short, and its value."""
    values = [float(np.exp(max(score - row.max(), -800))) for score in row]
    total = sum(values)
    if len(values) > _FEW:
        return f"the sum of {len(values)} powers = {total:.6g}", total
    exponents = " + ".join(f"e^{score - row.max():.6g}" for score in row)
    return f"{exponents} = {' + '.join(f'{value:.4g}' for value in values)} = {total:.6g}", total


def _softmax_by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    n, k = index
    row = arguments["logits"][n]
    told, total = _powers(row)
    exponent = float(row[k] - row.max())
    own = float(np.exp(max(exponent, -800)))
    return (
        f"picture {n}: its largest logit is {row.max():.6g}; the others less that, and e to the power:",
        told,
        f"e^{exponent:.6g} / {total:.6g} = {own:.6g} / {total:.6g} = {own / total:.6g}",
    )


def _loss_by_hand(arguments: Arguments, _: tuple[int, ...]) -> Sequence[str]:
    logits, targets = arguments["logits"], arguments["targets"]
    lines = []
    for n, (row, target) in enumerate(zip(logits, targets, strict=True)):
        if n < _FEW:
            told, total = _powers(row)
            gap = float(row.max() - row[target])
            lines += [
                f"picture {n}, target {target}, largest logit {row.max():.6g}: {told}",
                f"  ({row.max():.6g} − {row[target]:.6g}) + log {total:.6g} = {gap + np.log(total):.6g}",
            ]
    mean = oracle.cross_entropy(logits, targets)
    more = f" (the first {_FEW} are above)" if len(targets) > _FEW else ""
    return (*lines, f"mean, N = {len(targets)}{more}: loss = {mean:.6g}")


def _gradient_by_hand(arguments: Arguments, index: tuple[int, ...]) -> Sequence[str]:
    n, k = index
    logits, target = arguments["logits"], arguments["targets"][n]
    share = float(oracle.softmax(logits)[index])
    hit = int(k == target)
    which = "the true class" if hit else f"not the true class, which is {target}"
    return (
        f"picture {n}, class {k}: p = {share:.6g}; class {k} is {which}",
        f"(p − {hit}) / N = {share - hit:.6g} / {len(logits)} = {(share - hit) / len(logits):.6g}",
    )


def _same_shape(arguments: Arguments, what: str) -> str:
    pictures, classes = arguments["logits"].shape
    return f"each of the {pictures}·{classes} logits has {what}"


def _one_number(arguments: Arguments) -> str:
    pictures = len(arguments["logits"])
    return f"the losses of the {pictures} pictures become one number, their mean"


_SOFTMAX = Exercise(
    name="softmax",
    task="Probabilities from logits of any size; one line is missing, and one does not hold.",
    oracle=oracle.softmax,
    cases=partial(_cases, targets=False),
    mistakes=mistakes.SOFTMAX,
    hints=(
        "Take the lesson's logits 2, 1, 0 and print `powers`. What do they have to be divided by to sum to 1?",
        "`powers` is (N, K) and `total` (N, 1): a sum over axis 1 that keeps the axis. Then look at inputs of 10,000: which line gives inf?",
        "`total = powers.sum(dim=1, keepdim=True)`, and the line above: `torch.exp(logits - largest)`, with the largest logit of each row.",
    ),
    arithmetic=_softmax_by_hand,
    why_shape=partial(_same_shape, what="a probability of its own"),
)
_LOSS = Exercise(
    name="cross_entropy",
    task="The mean of −log p of the true class, straight from the logits.",
    oracle=oracle.cross_entropy,
    cases=_cases,
    mistakes=loss_mistakes.LOSS,
    hints=(
        "Do the lesson's small case on paper: logits 2, 1, 0, target 2. Which two numbers make 2.408?",
        "loss = m − z[t] + log Σ e^(z − m) for each picture. The sum goes over axis 1; z[t] is one value per row.",
        "`logits.gather(1, targets[:, None])` gives z[t] as (N, 1). Add up the two parts and take `.mean()`.",
    ),
    arithmetic=_loss_by_hand,
    why_shape=_one_number,
)
_GRADIENT = Exercise(
    name="loss_gradient",
    task="The derivative of the loss by every logit, from its formula.",
    oracle=oracle.loss_gradient,
    cases=partial(_cases, gradient=False),
    mistakes=mistakes.GRADIENT,
    hints=(
        "The lesson has one picture's gradient for the logits 2, 1, 0. Which tensor of yours holds two of its three numbers?",
        "Probability everywhere; at the true class 1 less. The mean over the batch divides all of it.",
        "`(softmax(logits) - one_hot) / N`, where row n of one_hot is 1 at targets[n] and 0 elsewhere.",
    ),
    arithmetic=_gradient_by_hand,
    why_shape=partial(_same_shape, what="a derivative of its own"),
)
_FUNCTIONAL = ("softmax", "softmin", "log_softmax", "cross_entropy", "nll_loss")
_LAYERS = ("Softmax", "Softmin", "LogSoftmax", "CrossEntropyLoss", "NLLLoss")
_EVERYWHERE = ("softmax", "log_softmax", "logsumexp")
LESSON = Lesson(
    number=10,
    name="softmax",
    title="Softmax and cross-entropy",
    exercises=(_SOFTMAX, _LOSS, _GRADIENT),
    without=(
        *(f"torch.nn.functional.{name}" for name in _FUNCTIONAL),
        *(f"torch.nn.{name}" for name in _LAYERS),
        *(f"torch.{home}{name}" for home in ("", "special.", "Tensor.") for name in _EVERYWHERE),
    ),
    figures=figures.FIGURES,
    layers=("softmax",),
)
