"""Which initialisation trains: the kit's own runs, compared on pictures held out.

    python scripts/compare_inits.py --data-dir DIR

A network a quarter as wide learns from 6,000 pictures of FashionMNIST for 3 epochs with the origin's
settings, from each initialisation with 3 seeds. Writes ``benchmarks/results/inits.csv``.
"""

import argparse
import csv
import tempfile
from pathlib import Path

from alexnet_tutor import Settings, fit
from alexnet_tutor.machine import keep_freed_memory
from alexnet_tutor.records import EpochRecord

RESULT = Path(__file__).parents[1] / "benchmarks" / "results" / "inits.csv"
EPOCHS = 3
COLUMNS = ["init", "seed", "epoch", "train_loss", "validation_loss", "validation_accuracy"]


def main() -> None:
    """Train six times and write what each epoch gave."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    data_dir = parser.parse_args().data_dir
    rows: list[list[str]] = []
    for init in ("kaiming", "paper"):
        for seed in range(3):
            settings = Settings(width=0.25, limit=6000, epochs=EPOCHS, init=init, seed=seed)
            with tempfile.TemporaryDirectory() as folder:
                records = fit(Path(folder) / "run", settings, data_dir=data_dir)
                for epoch in (entry for entry in records if isinstance(entry, EpochRecord)):
                    rows.append(row(init, seed, epoch))
                    print(*rows[-1])
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    with RESULT.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


def row(init: str, seed: int, epoch: EpochRecord) -> list[str]:
    """One line of the result."""
    figures = (epoch.train_loss, epoch.validation_loss, epoch.validation_accuracy)
    return [init, str(seed), str(epoch.epoch), *(f"{figure:.4f}" for figure in figures)]


if __name__ == "__main__":
    keep_freed_memory()
    main()
