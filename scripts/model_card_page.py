"""The card of the weights in the box as a page, made of its JSON and nothing else.

python scripts/model_card_page.py checkpoints/alexnet-fashionmnist.json

writes the ``.md`` beside it anew; ``write_model_card.py`` measures, and does so too.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from alexnet_tutor.records import CompressionRecord
from alexnet_tutor.records.compression import total
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.evaluation import standard_error

Facts = Mapping[str, Any]
_PAIRS = 3
_DATA = {
    "fashion-mnist": "FashionMNIST (Xiao, Rasul and Vollgraf 2017) is © Zalando SE, under the MIT licence: <https://github.com/zalandoresearch/fashion-mnist>. It is not part of this project.",
    "sketches": "The pictures are drawn by this kit itself.",
}


def main() -> None:
    """Write the page of one card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("card", type=Path)
    card = parser.parse_args().card
    card.with_suffix(".md").write_text(
        page(json.loads(card.read_text(encoding="utf-8"))), encoding="utf-8"
    )


def page(facts: Facts) -> str:
    """The whole card in Markdown."""
    compression = CompressionRecord.from_json(facts["compression"])
    parts = [
        *what_it_is(facts, compression),
        *how_good(facts, compression),
        *how_trained(facts),
        *how_small(compression),
        *what_for(facts),
        *licence(facts),
    ]
    return "\n".join(parts) + "\n"


def what_it_is(facts: Facts, compression: CompressionRecord) -> Iterator[str]:
    """The first lines, and the file."""
    test, file, size = facts["test"], facts["file"], facts["preparation"]["image_size"]
    right = round(test["accuracy"] * test["images"])
    error = 100 * standard_error(test["accuracy"], test["images"])
    params = total(compression.layers).params
    yield f"# {facts['name']}\n"
    yield f"AlexNet (Krizhevsky, Sutskever and Hinton 2012) for {test['data'].split()[0]}: a picture of {size}×{size} in, a probability for each of {len(facts['labels'])} classes out. {numbers.integer(params)} parameters in {numbers.size_in_bytes(file['bytes'])}. It names {right:,} of {test['images']:,} test pictures correctly: {100 * test['accuracy']:.2f}%, ± {error:.2f} points (standard error).\n"
    yield "`tutor trace`, `tutor predict` and `tutor evaluate` use these weights unless they are told otherwise. In Python: `from alexnet_tutor import load_weights, resources`, then `load_weights(resources.weights())`.\n"
    yield from table(
        ["file", "bytes", "SHA-256"],
        [[f"`{file['name']}`", numbers.integer(file["bytes"]), f"`{file['sha256']}`"]],
    )
    yield "Every figure on this page is in the `.json` beside it, as it was measured. `scripts/write_model_card.py` wrote both.\n"


def how_good(facts: Facts, compression: CompressionRecord) -> Iterator[str]:
    """Accuracy as trained and as shipped, then by class."""
    test = facts["test"]
    first, last = compression.steps[0], compression.steps[-1]
    yield "## How good it is\n"
    yield from table(
        ["weights", "size", "test accuracy"],
        [
            ["as trained", numbers.size_in_bytes(first.bytes), points(first.accuracy)],
            ["as shipped", numbers.size_in_bytes(compression.file_bytes), points(last.accuracy)],
        ],
    )
    yield f"As shipped, by class (`tutor evaluate` prints it; mean cross-entropy {numbers.loss(test['loss'])} nats):\n"
    yield from table(
        ["class", "precision %", "recall %", "pictures"],
        [
            [
                row["label"],
                numbers.percent_number(row["precision"]),
                numbers.percent_number(row["recall"]),
                numbers.integer(row["support"]),
            ]
            for row in test["per_class"]
        ],
    )
    pairs = "; ".join(confused(test["confusion"], facts["labels"]))
    yield f"Most often confused: {pairs}.\n" if pairs else "It made no mistake.\n"
    yield f"Measured in {test['precision']} on {machine(test['machine'])}; torch {test['versions']['torch']}.\n"


def how_trained(facts: Facts) -> Iterator[str]:
    """The command, what it ran on, what it took, and the curve."""
    run = facts["training"]
    pictures, settings, last = run["pictures"], run["settings"], run["epochs"][-1]
    yield "## How it was trained\n"
    yield f"```sh\ngit switch --detach {run['commit']}\n{run['command']}\n```\n"
    if run.get("note"):
        yield f"{run['note']}\n"
    held = f"{pictures['held_out']:,} held out" if pictures["held_out"] else "none held out"
    rows = {
        "pictures": f"{pictures['learnt']:,} of {pictures['name']} learnt from, {held}",
        "epochs": f"{len(run['epochs'])}; these are the weights after epoch {run['weights_of_epoch']}",
        "seed": str(settings["seed"]),
        "time": numbers.duration(run["seconds"]),
        "machine": machine(run["machine"]),
        "arithmetic": f"{run['precision']} on {run['device']}, {run['versions']['threads']} threads",
        "versions": f"kit {run['versions']['kit']}, torch {run['versions']['torch']}, Python {run['machine']['python']}",
        "last epoch": f"loss {numbers.loss(last['train_loss'])} nats, accuracy {points(last['train_accuracy'])} on the pictures it learnt from, dropout at work",
    }
    yield from table(["", ""], [list(row) for row in rows.items()])
    chosen = ", ".join(f"{name} {value}" for name, value in settings.items() if value is not None)
    yield f"All settings: {chosen}.\n"
    yield f"![Loss and accuracy by epoch]({facts['name']}.png)\n"


def how_small(compression: CompressionRecord) -> Iterator[str]:
    """Size and accuracy after each step, then the bytes of each layer."""
    yield "## How it was made small\n"
    if compression.fitted:
        yield f"`tutor compress`: 8 bits for every weight; the layers with a rank as two thin factors, fitted to what pictures learnt from send to them, then distilled with {compression.fitted:,} of those against the whole network's logits. Reading the file restores the whole network.\n"
    else:
        yield "`tutor compress`: 8 bits for every weight; the layers with a rank as the two nearest thin factors. Reading the file restores the whole network.\n"
    yield from table(
        ["step", "bytes", "test accuracy"],
        [
            [step.name, numbers.integer(step.bytes), points(step.accuracy)]
            for step in compression.steps
        ],
    )
    yield from table(
        ["layer", "parameters", "bytes before", "bytes after", "kept %", "bits per parameter", "how"],
        [
            [
                row.name,
                numbers.integer(row.params),
                numbers.integer(row.bytes_before),
                numbers.integer(row.bytes_after),
                numbers.percent_number(row.kept),
                f"{row.bits:.2f}",
                row.how,
            ]
            for row in (*compression.layers, total(compression.layers))
        ],
    )  # fmt: skip
    yield f"The numbers take {total(compression.layers).bytes_after:,} bytes, the file with its header {compression.file_bytes:,}.\n"


def what_for(facts: Facts) -> Iterator[str]:
    """Intended use, and where it fails."""
    prepared, test = facts["preparation"], facts["test"]
    weakest = min(test["per_class"], key=lambda row: row["recall"])
    yield "## For what, and for what not\n"
    yield "Made to look inside: to trace a picture through a trained AlexNet, to compare a layer of one's own, to see what training does. Not made to decide anything about people or goods.\n"
    yield f"- It knows these classes and no other: {', '.join(facts['labels'])}. A picture of anything else gets one of these names too."
    if prepared["source_size"]:
        ground = ", light on dark" if prepared["light_on_dark"] else ""
        side = prepared["source_size"]
        yield f"- It has learnt from pictures of {side}×{side}{ground}, one garment each, whole and upright. `tutor` brings every picture to that size first; a garment that is worn, folded, cut off or one of several is something it has never seen."
    yield f"- Its weakest class is {weakest['label']}: it finds {numbers.percent(weakest['recall'])} of them."
    yield "- How far its probabilities can be believed has not been measured.\n"


def licence(facts: Facts) -> Iterator[str]:
    """Of the weights and of the pictures."""
    yield "## Licence\n"
    yield f"The weights: MIT, as the kit. {_DATA.get(facts['training']['settings']['data'], '')}".strip()


def confused(confusion: Sequence[Sequence[int]], labels: Sequence[str]) -> Iterator[str]:
    """The wrong cells that hold most pictures, in words."""
    wrong = np.array(confusion)
    support = wrong.sum(axis=1)
    np.fill_diagonal(wrong, 0)
    for place in np.argsort(-wrong, axis=None, kind="stable")[:_PAIRS]:
        true, said = divmod(int(place), len(wrong))
        if count := int(wrong[true, said]):
            yield f"{count:,} of {support[true]:,} of {labels[true]} taken for {labels[said]}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table, numbers to the right: every column but the first and those with words."""
    right = [all(row[place][:1].isdigit() for row in rows) for place in range(len(heads))]
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---:' if number else '---' for number in right)} |"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def points(share: float | None) -> str:
    """``93.12%``: with 10,000 pictures the second decimal is one picture."""
    return "not measured" if share is None else f"{100 * share:.2f}%"


def machine(told: Mapping[str, Any]) -> str:
    """A machine in words."""
    return f"{told['processor']}, {told['cores']} cores, {told['system']}"


if __name__ == "__main__":
    main()
