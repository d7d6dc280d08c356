"""Which network a command works with: weights from a file, from a run, from the box, or none."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_tutor import resources
from alexnet_tutor.architecture import Architecture, preset
from alexnet_tutor.errors import TutorError
from alexnet_tutor.records import FASHION_LABELS, ModelFacts, preparation_of

if TYPE_CHECKING:
    from alexnet_tutor.network import AlexNet

DEFAULT_DATA = "fashion-mnist"


def untrained_facts(architecture: Architecture) -> ModelFacts:
    """What is known of a preset before any training: its preparation, and labels where they are ours."""
    fashion = architecture.name == "fashion"
    labels = FASHION_LABELS if fashion else tuple(f"class {k}" for k in range(architecture.classes))
    preparation = preparation_of(architecture.name, architecture.image_size)
    return ModelFacts(architecture, labels, preparation)


def open_model(
    weights: str | None, run: Path | None, preset_name: str | None
) -> tuple[AlexNet, ModelFacts]:
    """The network that the options ask for.

    Raises:
        TutorError: the options contradict each other, or the file cannot be used.
    """
    if weights is not None and run is not None:
        raise TutorError("--weights and --run both name weights.", "Give one of them.")
    file = weights_file(weights, run, preset_name)
    if file is None:
        from alexnet_tutor.network import AlexNet  # noqa: PLC0415  torch only when it is needed

        architecture = preset(preset_name or "fashion")
        return AlexNet(architecture), untrained_facts(architecture)
    from alexnet_tutor.weights.store import load_weights  # noqa: PLC0415

    fallback = untrained_facts(preset(preset_name or "fashion"))
    network, facts = load_weights(file, fallback=fallback)
    if preset_name and facts.architecture.name != preset_name:
        raise TutorError(
            f"{file} holds a {facts.architecture.name} network, not a {preset_name} one.",
            "Leave --preset out, or name other weights.",
        )
    return network, facts


def weights_file(weights: str | None, run: Path | None, preset_name: str | None) -> Path | None:
    """The file of weights that the options name, else the one in the box, else ``None``: untrained."""
    if run is not None:
        return run_weights(run)
    if weights is not None:
        return None if weights == "none" else Path(weights)
    return resources.weights() if preset_name in (None, "fashion") else None


def flags(
    image: Path | None,
    weights: str | None,
    run: Path | None,
    preset_name: str | None,
    invert: bool | None,
) -> list[str]:
    """The options that name this picture and this network again, for the next command."""
    given = {"--image": image, "--weights": weights, "--run": run, "--preset": preset_name}
    words = [word for flag, value in given.items() if value for word in (flag, str(value))]
    if invert is not None:
        words.append("--invert" if invert else "--no-invert")
    return words


def run_weights(run: Path) -> Path:
    """The weights of a run to use: its best, else its last.

    Raises:
        TutorError: there is no such run, or it has not finished an epoch.
    """
    for name in ("best.safetensors", "final.safetensors"):
        if (run / name).is_file():
            return run / name
    if not (run / "settings.json").is_file():
        raise TutorError(f"There is no training run in {run}.", "Make one: tutor train --run DIR.")
    raise TutorError(
        f"The run in {run} has not finished an epoch.", f"Go on: tutor train --run {run} --resume."
    )


def data_of(
    run: Path | None, facts: ModelFacts, data: str | None, data_dir: Path | None
) -> tuple[str, Path]:
    """(source, folder of datasets) to judge a network by: as asked, else as its run or file says."""
    remembered = None
    if run is not None:  # it knows where its pictures lie; its weights only what they are called
        from alexnet_tutor.training.run import read_run  # noqa: PLC0415

        recorded = read_run(run)
        data, remembered = data or recorded.settings.data, recorded.data_dir
    source = data or facts.history.get("data", DEFAULT_DATA)
    return source, data_dir or remembered or resources.default_data_dir()
