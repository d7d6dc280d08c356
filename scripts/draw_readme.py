"""Draws the README's pictures of the weights in the box.

    python scripts/draw_readme.py --data-dir DIR

``docs/conv1-kernels.png``: the kernels of conv1, beside what training changed in them, their initial
weights drawn again from the seed that the card tells. ``docs/predictions.png``: test pictures chosen
by rule, the first of each class, then the most confident mistakes.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from alexnet_tutor.machine import keep_freed_memory

keep_freed_memory()  # before torch is loaded

from alexnet_tutor.cli.models import data_of  # noqa: E402
from alexnet_tutor.cli.output import waiting  # noqa: E402
from alexnet_tutor.data import open_data  # noqa: E402
from alexnet_tutor.data.dataset import some_of  # noqa: E402
from alexnet_tutor.network import AlexNet  # noqa: E402
from alexnet_tutor.records import EvaluationRecord, JudgedPicture, ModelFacts  # noqa: E402
from alexnet_tutor.show import plots  # noqa: E402
from alexnet_tutor.training.devices import choose_device, choose_precision  # noqa: E402
from alexnet_tutor.training.evaluate import evaluate  # noqa: E402
from alexnet_tutor.weights.store import load_weights  # noqa: E402

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "checkpoints" / "alexnet-fashionmnist.safetensors"
COLUMNS = 5
PANEL = 600  # pixels across
FIRST = 200  # test pictures among which every class is found

Kernels = NDArray[np.float32]


def main() -> None:
    """Draw both pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="where FashionMNIST lies")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="with their card beside them")
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="folder of the pictures")
    parser.add_argument("--limit", type=int, help="fewer test pictures, for a trial")
    options = parser.parse_args()
    network, facts = load_weights(options.weights)
    card = json.loads(options.weights.with_suffix(".json").read_text(encoding="utf-8"))
    draw_kernels(network, card["training"]["settings"], options.out / "conv1-kernels.png")
    record = judged(network, facts, options.data_dir, options.limit)
    pictures = [*first_of_each(record.examples, len(facts.labels)), *record.mistakes]
    title = f"The first test picture of each class, then the {len(record.mistakes)} most confident mistakes of {record.images:,} pictures"
    figure = plots.picture_grid(pictures, facts.labels, title, COLUMNS)
    plots.save(figure, options.out / "predictions.png")
    print(f"Wrote conv1-kernels.png and predictions.png in {options.out.name}.")


def draw_kernels(network: AlexNet, settings: dict[str, Any], path: Path) -> None:
    """conv1's kernels beside what training changed in them; prints how much that is."""
    trained = kernels_of(network)
    init, seed = settings["init"], settings["seed"]
    initial = kernels_of(AlexNet(network.architecture, init=init, seed=seed))
    change = trained - initial
    moved = np.median(size(change) / size(initial))
    print(f"Training moved the median kernel by {moved:.1%} of its initial length.")
    learnt = f"What training changed: trained minus initial ({init}, seed {seed})"
    beside([panel(trained, "As trained"), panel(change, learnt)]).save(path, optimize=True)


def kernels_of(network: AlexNet) -> Kernels:
    """conv1's weights (K, C, R, S)."""
    weights: Kernels = network.get_submodule("conv1").weight.detach().numpy()  # type: ignore[operator, union-attr]
    return weights


def size(kernels: Kernels) -> NDArray[np.float32]:
    """The length of each kernel as a vector: (K, C, R, S) -> (K,)."""
    lengths: NDArray[np.float32] = np.linalg.norm(kernels.reshape(len(kernels), -1), axis=1)
    return lengths


def panel(kernels: Kernels, about: str) -> Image.Image:
    """Kernels (K, C, R, S) as one picture under a title."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "panel.png"
        plots.save(plots.kernels_grid(kernels, about, PANEL), file)
        with Image.open(file) as picture:
            return picture.convert("RGB")


def beside(pictures: Sequence[Image.Image]) -> Image.Image:
    """Pictures of one height as one, from left to right."""
    sheet = Image.new("RGB", (sum(p.width for p in pictures), pictures[0].height), "white")
    left = 0
    for picture in pictures:
        sheet.paste(picture, (left, 0))
        left += picture.width
    return sheet


def judged(
    network: AlexNet, facts: ModelFacts, data_dir: Path | None, limit: int | None
) -> EvaluationRecord:
    """What the network says of the test pictures."""
    source, folder = data_of(None, facts, None, data_dir)
    test = open_data(source, data_dir=folder, preparation=facts.preparation).test
    device = choose_device()
    with waiting() as progress:
        return evaluate(
            network, some_of(test, limit), facts, device=device,
            precision=choose_precision("auto", device), examples=FIRST,
            mistakes=len(facts.labels), progress=partial(progress, "pictures"),
        )  # fmt: skip


def first_of_each(pictures: Sequence[JudgedPicture], classes: int) -> list[JudgedPicture]:
    """The first picture of each class, by class, right or wrong."""
    return [
        next(picture for picture in pictures if picture.true == number) for number in range(classes)
    ]


if __name__ == "__main__":
    main()
