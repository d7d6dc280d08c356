"""``tutor plot``: the curves of one run, or of several together."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from alexnet_tutor.cli import output
from alexnet_tutor.errors import TutorError


def plot(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Folders of runs.")],
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The picture. Unset: curves.png, in the run if it is one."
        ),
    ] = None,
) -> None:
    """Draw the curves of one run, or of several together."""
    from alexnet_tutor.show import plots  # noqa: PLC0415
    from alexnet_tutor.show.terminal.runs import RunView, winner  # noqa: PLC0415
    from alexnet_tutor.training.metrics import read_history  # noqa: PLC0415

    names = _names(runs)
    histories = {name: read_history(run) for name, run in zip(names, runs, strict=True)}
    for name, run in zip(names, runs, strict=True):
        if not histories[name]:
            go_on = shlex.join(["tutor", "train", "--run", str(run), "--resume"])
            raise TutorError(f"No epoch is finished in {run}.", f"Go on: {go_on}.")
    if save is not None and save.suffix.lower() != ".png":
        raise TutorError(f"{save} does not end in .png.", "Give a name that ends in .png.")
    file = save or (runs[0] / "curves.png" if len(runs) == 1 else Path("curves.png"))
    with output.writing(file, "--save"):
        plots.save(plots.loss_curves(histories), file)
    best = dict(zip(names, runs, strict=True))[winner(histories)]
    output.show(RunView(histories, shlex.join(["tutor", "evaluate", "--run", str(best)])))
    output.note(f"Saved {file}.")


def _names(runs: list[Path]) -> list[str]:
    """Short names that tell the runs apart: the last folder, or the whole path where two agree.

    Raises:
        TutorError: a run is named twice.
    """
    if len({run.resolve() for run in runs}) < len(runs):
        raise TutorError("A run is named twice.", "Name each once.")
    short = [run.resolve().name for run in runs]
    return short if len(set(short)) == len(short) else [str(run) for run in runs]
