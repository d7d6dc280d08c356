"""Writes the card of the weights in the box: what they are, how they came to be, how good they are.

    python scripts/write_model_card.py --run RUN --trained-at COMMIT --compression FILE

FILE is what ``tutor compress RUN --save checkpoints/alexnet-fashionmnist.safetensors --json`` printed;
without ``--compression`` the script runs that command itself. Beside the weights it writes three
files: ``.json``, every fact; ``.png``, the curve of the run; ``.md``, made of the first alone.
"""

import argparse
import json
import shlex
import subprocess
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from alexnet_tutor.machine import describe, keep_freed_memory

keep_freed_memory()  # before torch is loaded

from model_card_page import page  # noqa: E402

from alexnet_tutor.cli.models import data_of  # noqa: E402
from alexnet_tutor.cli.output import waiting  # noqa: E402
from alexnet_tutor.data import open_data  # noqa: E402
from alexnet_tutor.data.dataset import Dataset, some_of  # noqa: E402
from alexnet_tutor.machine import sha256_of  # noqa: E402
from alexnet_tutor.network import AlexNet  # noqa: E402
from alexnet_tutor.records import CompressionRecord, EvaluationRecord, ModelFacts  # noqa: E402
from alexnet_tutor.show import plots  # noqa: E402
from alexnet_tutor.training.devices import choose_device, choose_precision  # noqa: E402
from alexnet_tutor.training.evaluate import evaluate  # noqa: E402
from alexnet_tutor.training.metrics import read_history  # noqa: E402
from alexnet_tutor.training.run import RunFacts, read_run, versions  # noqa: E402
from alexnet_tutor.weights.store import load_weights  # noqa: E402

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "checkpoints" / "alexnet-fashionmnist.safetensors"
SAMPLE = 1000  # test pictures that the quick test judges by, a fixed choice
KIND = "alexnet_tutor model card"


def main() -> None:
    """Measure, then write the three files."""
    options = arguments()
    told = options.compression and options.compression.read_text(encoding="utf-8")
    compression = told or compressed(options.run, options.weights)
    facts = facts_of(
        options.run,
        options.weights,
        CompressionRecord.from_json(json.loads(compression)),
        options.trained_at,
        options.data_dir,
    )
    facts["training"]["note"] = options.note
    file = options.weights
    plots.save(plots.loss_curves({file.stem: read_history(options.run)}), file.with_suffix(".png"))
    text = json.dumps(facts, indent=2, ensure_ascii=False)
    file.with_suffix(".json").write_text(f"{text}\n", encoding="utf-8")
    file.with_suffix(".md").write_text(page(facts), encoding="utf-8")
    print(f"Wrote {file.stem}.json, .md and .png beside {file.name}.")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--trained-at", required=True, help="commit of the code that trained")
    parser.add_argument("--note", help="what else must be known to repeat the training")
    parser.add_argument("--compression", type=Path, help="saved output of tutor compress --json")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="the small file")
    parser.add_argument("--data-dir", type=Path, help="unset: where the run found its pictures")
    return parser.parse_args()


def compressed(run: Path, weights: Path) -> str:
    """What ``tutor compress --json`` prints as it makes ``weights`` of ``run``."""
    words = ["compress", str(run), "--save", str(weights), "--json"]
    command = [sys.executable, "-m", "alexnet_tutor", *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def facts_of(
    run: Path,
    weights: Path,
    compression: CompressionRecord,
    commit: str,
    data_dir: Path | None = None,
) -> dict[str, Any]:
    """Every fact of the card, each from a record; nothing in it says where a person keeps things."""
    recorded = read_run(run)
    network, facts = load_weights(weights)
    source, folder = data_of(run, facts, None, data_dir)
    test = open_data(source, data_dir=folder, preparation=facts.preparation).test
    pictures = some_of(test, compression.images)
    judged = judge(network, facts, pictures)
    require_same(compression, judged, weights)
    sample = judge(network, facts, some_of(test, SAMPLE))
    device = choose_device()
    return {
        "kind": KIND,
        "name": weights.stem,
        "file": {
            "name": weights.name,
            "bytes": weights.stat().st_size,
            "sha256": sha256_of(weights),
        },
        "architecture": facts.architecture.to_dict(),
        "labels": list(facts.labels),
        "preparation": asdict(facts.preparation),
        "training": training_of(run, recorded, facts, commit),
        "compression": {
            **compression.to_json(),
            "source": Path(compression.source).name,
            "file": Path(compression.file).name,
        },
        "test": {
            **judged.to_json(),
            "weights": weights.name,
            "sample": {"images": sample.images, "accuracy": sample.accuracy},
            "device": device.type,
            "precision": choose_precision("auto", device),
            "machine": describe(),
            "versions": versions(),
        },
    }


def judge(network: AlexNet, facts: ModelFacts, pictures: Dataset) -> EvaluationRecord:
    """As ``tutor evaluate`` does."""
    device = choose_device()
    with waiting() as progress:
        return evaluate(
            network, pictures, facts, device=device, precision=choose_precision("auto", device),
            examples=0, mistakes=0, progress=partial(progress, "pictures"),
        )  # fmt: skip


def require_same(compression: CompressionRecord, judged: EvaluationRecord, weights: Path) -> None:
    """Stop unless the record of the compression is the one of these weights."""
    recorded = (Path(compression.file).name, compression.file_bytes, compression.steps[-1].accuracy)
    found = (weights.name, weights.stat().st_size, judged.accuracy)
    if recorded != found:
        sys.exit(f"The record is of other weights, or was measured otherwise: {recorded}, {found}.")


def training_of(run: Path, recorded: RunFacts, facts: ModelFacts, commit: str) -> dict[str, Any]:
    """How the weights came to be: what a person needs to do it again, and what to expect."""
    told = json.loads((run / "settings.json").read_text(encoding="utf-8"))
    history = read_history(run)
    if len(history) < recorded.settings.epochs:
        sys.exit(
            f"Only {len(history)} of the run's {recorded.settings.epochs} epochs are finished."
        )
    return {
        "command": command_of(recorded),
        "commit": commit,
        "settings": {**recorded.settings.to_dict(), "data": facts.history["data"]},
        "device": recorded.device,
        "precision": recorded.precision,
        "fingerprint": recorded.fingerprint,
        "pictures": told["pictures"],
        "versions": dict(recorded.versions),
        "machine": told["machine"],
        "weights_of_epoch": int(facts.history["epochs"]),
        "seconds": sum(row.seconds for row in history),
        "epochs": [asdict(row) for row in history],
    }


def command_of(recorded: RunFacts) -> str:
    """``tutor train`` with every setting that was not left at its default."""
    words = ["tutor", "train"]
    for name, value in recorded.settings.to_dict().items():
        if (
            recorded.origins.get(name, "default") != "default"
            and value is not None
            and value is not False
        ):
            words.append(f"--{name.replace('_', '-')}")
            words += [] if value is True else [str(value)]
    return shlex.join(words)


if __name__ == "__main__":
    main()
