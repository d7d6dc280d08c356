"""One variant of a recipe: how long it learns and what it scores on pictures held out.

    python scripts/probe_recipes.py --sizes 131x3,227x1 --nesterov --average mean --flip-test

Prints a row of a Markdown table; with --header the table's head first. Progress goes to standard error.
Learns from 55,000 training pictures of FashionMNIST and is judged by the other 5,000, each epoch at
its own size. The test pictures are never opened.
"""

import argparse
import sys
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from time import perf_counter

from alexnet_tutor import machine, resources

machine.keep_freed_memory()  # before torch is loaded

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from alexnet_tutor.errors import TutorError  # noqa: E402
from alexnet_tutor.network import AlexNet  # noqa: E402
from alexnet_tutor.randomness import seed_of  # noqa: E402
from alexnet_tutor.training.devices import arithmetic  # noqa: E402
from alexnet_tutor.training.evaluate import judge  # noqa: E402
from alexnet_tutor.training.flips import BothWays  # noqa: E402
from alexnet_tutor.training.job import Job, prepare  # noqa: E402
from alexnet_tutor.training.recipes import Settings  # noqa: E402
from alexnet_tutor.training.schedules import learning_rate, onecycle  # noqa: E402
from alexnet_tutor.training.score import Score  # noqa: E402
from alexnet_tutor.training.step import Learner, Tally  # noqa: E402

AVERAGE_EVERY = 10  # steps: an average reads and writes all weights
HEAD = """| variant | learnt from | seconds of training | validation accuracy, % (loss, nats) by epoch | averaged | flips | averaged, flips |
| --- | ---: | ---: | --- | ---: | ---: | ---: |"""


def main() -> None:
    """Learn once and print a row, of a failure too."""
    options = parser().parse_args()
    if options.header:
        print(HEAD, flush=True)
    try:
        print(row(options, probe(options)))
    except TutorError as error:
        print(error.what, error.remedy or "", file=sys.stderr)
        sys.exit(error.exit_code)


def parser() -> argparse.ArgumentParser:
    """The options."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add, switch = options.add_argument, partial(options.add_argument, action="store_true")
    add("--data", default="fashion-mnist", help="fashion-mnist or sketches")
    add("--data-dir", type=Path, help="where FashionMNIST lies")
    add("--limit", type=int, help="learn from N pictures; unset: from all that are not held out")
    add("--validation", type=int, default=5000, help="pictures held out (%(default)s)")
    add("--sizes", type=sizes_in, default=[(131, None)], help="131x3,227x1: pixels x epochs (131)")
    add("--epochs", type=positive, default=4, help="where --sizes names none (%(default)s)")
    add("--schedule", choices=["onecycle", "cosine", "step"], default="onecycle")
    add("--lr", type=float, default=0.02, help="the highest rate (%(default)s)")
    add("--warm", type=share, help="from a change of size on, a new cycle up to this share of --lr")
    switch("--nesterov")
    add("--label-smoothing", type=share, default=0.0)
    add("--augment", choices=["flip", "none"], default="flip")
    add("--average", choices=["mean", "ema"], help="judge averaged weights too, taken")
    add("--average-last", type=share, default=0.25, help="in this share of all steps (%(default)s)")
    add(
        "--decay", type=share, default=0.9, help=f"of ema, over {AVERAGE_EVERY} steps (%(default)s)"
    )
    switch("--flip-test", help="judge pictures together with their mirror images too")
    add("--seed", type=int, default=0)
    add("--width", type=float, default=1.0)
    add("--batch-size", type=int, default=128)
    add("--precision", choices=["auto", "fp32", "bf16"], default="auto")
    # Not Apple's: the kit's step there has no Nesterov form.
    add("--device", choices=["cpu", "cuda"], default="cuda" if torch.cuda.is_available() else "cpu")
    switch("--header", help="print the table's head first")
    return options


def positive(text: str) -> int:
    """A whole number from 1."""
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def share(text: str) -> float:
    """A number from 0 to 1."""
    if not 0 <= (number := float(text)) <= 1:
        raise ValueError(text)
    return number


def sizes_in(text: str) -> list[tuple[int, int | None]]:
    """``131x3,227x1`` -> [(131, 3), (227, 1)]; without ``x`` the epochs are ``None``."""
    parts = [part.partition("x") for part in text.split(",")]
    return [(positive(size), positive(epochs) if x else None) for size, x, epochs in parts]


def every_size(options: argparse.Namespace) -> list[int]:
    """The side of the pictures in every epoch."""
    stages = [[size] * (epochs or options.epochs) for size, epochs in options.sizes]
    return list(chain.from_iterable(stages))


def settings_of(options: argparse.Namespace) -> Settings:
    """What of the options the kit's own settings can say; a TutorError where out of range."""
    return Settings(
        data=options.data,
        width=options.width,
        epochs=len(every_size(options)),
        batch_size=options.batch_size,
        lr=options.lr,
        schedule=options.schedule,
        augment=options.augment,
        precision=options.precision,
        device=options.device,
        seed=options.seed,
        limit=options.limit,
        validation=options.validation,
    )


def rate(options: argparse.Namespace, epoch: int, step: int, of: int) -> float:
    """The learning rate of step ``step`` of ``of`` in an epoch, all counted from 0."""
    sizes = every_size(options)
    changed = max(at for at in range(epoch + 1) if at == 0 or sizes[at] != sizes[at - 1])
    if options.warm and changed:
        since, left = (epoch - changed) * of + step, (len(sizes) - changed) * of
        return float(options.warm * options.lr * onecycle(since, left))
    total, rule = len(sizes), options.schedule
    return learning_rate(rule, options.lr, epoch=epoch, step=step, steps_per_epoch=of, epochs=total)


def learner_of(job: Job, options: argparse.Namespace, before: Learner | None) -> Learner:
    """Who learns at the size of ``job``, with the weights and the momentum from ``before``, if any."""
    init = job.settings.init if before is None else None
    learner = Learner(
        AlexNet(job.facts.architecture, init=init, seed=job.settings.seed),
        device=job.device,
        precision=job.precision,
        momentum=job.settings.momentum,
        weight_decay=job.settings.weight_decay,
        nesterov=options.nesterov,
        loss=partial(F.cross_entropy, label_smoothing=options.label_smoothing),
    )
    if before is not None:
        learner.restore(before.network.state_dict(), before.momentum())
    return learner


@dataclass
class Average:
    """The mean of the weights that were added, or, with ``decay``, their exponential average."""

    decay: float | None = None
    count: int = 0
    weights: dict[str, Tensor] = field(default_factory=dict)

    @torch.no_grad()
    def add(self, network: nn.Module) -> None:
        """Take in the weights as they are now."""
        self.count += 1
        share = 1 / self.count if self.decay is None or self.count == 1 else 1 - self.decay
        for name, weight in network.named_parameters():
            if self.count == 1:
                self.weights[name] = weight.detach().clone()
            else:
                self.weights[name].lerp_(weight, share)


@dataclass
class Result:
    """What a variant came to; ``failure`` says in words why it ended early."""

    learnt: int = 0
    seconds: float = 0.0
    epochs: list[Score] = field(default_factory=list)
    averaged: Score | None = None
    flips: Score | None = None
    averaged_flips: Score | None = None
    failure: str = ""


def probe(options: argparse.Namespace) -> Result:
    """Learn as the options say.

    Raises:
        TutorError: an option or the data cannot be used.
    """
    settings, sizes = settings_of(options), every_size(options)
    data_dir = (options.data_dir or resources.default_data_dir()).absolute()
    average = Average(options.decay if options.average == "ema" else None)
    result, learner, job = Result(), None, None
    with arithmetic(deterministic=False):
        for epoch, size in enumerate(sizes):
            if learner is None or job is None or size != sizes[epoch - 1]:
                job = prepare(replace(settings, image_size=size), data_dir)
                learner = learner_of(job, options, learner)
            result.learnt = len(job.learnt)
            begun = perf_counter()
            broken = learn_epoch(learner, job, options, epoch, average)
            result.seconds += perf_counter() - begun
            if broken:
                result.failure = f"diverged in epoch {epoch + 1}, step {broken}"
                return result
            result.epochs.append(judged(learner.network, job))
            told = f"{in_words(result.epochs[-1])} after {result.seconds:.0f} s of training"
            print(f"epoch {epoch + 1} at {size}: {told}", file=sys.stderr, flush=True)
            if epoch + 1 == len(sizes):
                judge_the_end(result, learner, job, options, average)
    return result


def learn_epoch(
    learner: Learner, job: Job, options: argparse.Namespace, epoch: int, average: Average
) -> int:
    """One epoch of learning; the step, from 1, whose loss was no longer finite, or 0."""
    batches, seed = job.batches(), job.settings.seed
    of = batches.steps_per_epoch
    total = of * job.settings.epochs
    learner.start(Tally())
    learner.network.train()
    for step, (pictures, targets) in enumerate(batches.epoch(epoch)):
        learner.network.reseed_dropout(seed_of(seed, "dropout", epoch, step))
        learner.learn(pictures, targets, rate=rate(options, epoch, step, of))
        left = total - (epoch * of + step + 1)
        if options.average and left < options.average_last * total and left % AVERAGE_EVERY == 0:
            average.add(learner.network)
    finite = int(learner.tally().steps)  # waits for the device
    return finite + 1 if finite < of else 0


def judge_the_end(
    result: Result, learner: Learner, job: Job, options: argparse.Namespace, average: Average
) -> None:
    """With flips, with averaged weights, with both, as the options ask."""
    network = learner.network
    if options.flip_test:
        result.flips = judged(BothWays(network), job)
    if average.weights:
        network.load_state_dict(average.weights)
        result.averaged = judged(network, job)
        if options.flip_test:
            result.averaged_flips = judged(BothWays(network), job)


def judged(network: nn.Module, job: Job) -> Score:
    """The score on the pictures held out."""
    batches = job.held_out_batches()
    if batches is None:
        raise TutorError("Nothing is held out to judge by.", "Give a larger --validation.")
    said = judge(network, batches, precision=job.precision)
    return Score(float(said.loss.mean(dtype=float)), float((said.true == said.predicted).mean()))


def in_words(score: Score | None) -> str:
    """``91.40 (0.231)``; nothing for ``None``."""
    return "" if score is None else f"{100 * score.accuracy:.2f} ({score.loss:.3f})"


def variant(options: argparse.Namespace) -> str:
    """What was varied, as the options that say it again."""
    known = parser()
    told = [
        ("sizes", ",".join(f"{size}x{epochs or options.epochs}" for size, epochs in options.sizes))
    ]
    silent = {"sizes", "epochs", "data_dir", "limit", "header"}
    for name, value in vars(options).items():
        if name not in silent and value != known.get_default(name):
            told.append((name, "" if value is True else str(value)))
    return " ".join(f"--{name.replace('_', '-')} {value}".strip() for name, value in told)


def row(options: argparse.Namespace, result: Result) -> str:
    """A row of the table."""
    epochs = [in_words(score) for score in result.epochs]
    cells = [
        f"`{variant(options)}`",
        f"{result.learnt:,}",
        f"{result.seconds:.0f}",
        ", ".join([*epochs, result.failure] if result.failure else epochs),
        *map(in_words, (result.averaged, result.flips, result.averaged_flips)),
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
