"""The command ``tutor``: registers the commands, and ends each with one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from alexnet_tutor import __version__
from alexnet_tutor.cli import (
    bench,
    check,
    compress,
    evaluate,
    grade,
    hint,
    inspect,
    lesson,
    output,
    plot,
    predict,
    progress,
    release,
    reset,
    settings_file,
    solution,
    start,
    summary,
    trace,
    train,
    walk,
    watch,
)
from alexnet_tutor.errors import ExitCode, TutorError


class Tutor(TyperGroup):
    """Errors of use and of input become one line on standard error; anything else says how to see more."""

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> Any:  # type: ignore[override]
        """Run the command line and exit with its code."""
        try:
            words = list(sys.argv[1:] if args is None else args) or ["--help"]
            if not {"--help", "-h", "--version"} & set(words):  # these work whatever the file says
                extra.setdefault("default_map", settings_file.defaults(self.commands))
            code = super().main(words, **{**extra, "standalone_mode": False})
        except TutorError as error:
            output.fail(error)
            code = error.exit_code
        except OSError as error:  # a full disk behind a redirection, say
            output.fail(TutorError(f"The output could not be written: {error.strerror or error}."))
            code = ExitCode.FAILED
        except typer.Abort:
            code = ExitCode.INTERRUPTED
        except Exception as error:
            code = _tell(error)
        sys.exit(code if isinstance(code, int) else ExitCode.DONE)

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """In the order in which a learner meets them."""
        return sorted(super().list_commands(ctx), key=_ORDER.index)


_ORDER = [
    "start",
    "lesson",
    "check",
    "watch",
    "hint",
    "solution",
    "reset",
    "progress",
    "trace",
    "walk",
    "inspect",
    "summary",
    "train",
    "evaluate",
    "plot",
    "predict",
    "compress",
    "bench",
    "release",
    "grade",
]


def _tell(error: Exception) -> int:
    """An error of use, as typer raises them, or one that nobody foresaw."""
    message = getattr(error, "format_message", None)
    if message is not None:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "tutor"
        text = (message() or "A command is missing").strip().rstrip(".")
        output.fail(TutorError(f"{text}.", f"See {command} --help."))
        return int(getattr(error, "exit_code", ExitCode.BAD_INPUT))
    if os.environ.get("TUTOR_DEBUG"):
        raise error
    what = f"Something unforeseen went wrong: {type(error).__name__}: {error}"
    output.fail(TutorError(what[:300], "Set TUTOR_DEBUG=1 and try again to see where."))
    return ExitCode.FAILED


app = typer.Typer(
    name="tutor",
    cls=Tutor,
    help="Learn a deep network from the inside: AlexNet, layer by layer.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
app.command("start")(start.start)
app.command("lesson")(lesson.lesson)
app.command("check")(check.check)
app.command("watch")(watch.watch)
app.command("hint")(hint.hint)
app.command("solution")(solution.solution)
app.command("reset")(reset.reset)
app.command("progress")(progress.progress)
app.add_typer(trace.app, name="trace")
app.command("walk")(walk.walk)
app.command("inspect")(inspect.inspect)
app.command("summary")(summary.summary)
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.command("plot")(plot.plot)
app.command("predict")(predict.predict)
app.command("compress")(compress.compress)
app.command("bench")(bench.bench)
app.command("release")(release.release)
app.command("grade")(grade.grade)


def _print_version(wanted: bool) -> None:
    if wanted:
        output.line(f"alexnet_tutor {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    pass


def main() -> None:
    """The console script."""
    app(prog_name="tutor")
