"""Every screen of the kit with made-up records, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from show.showing import (
    fake_bench,
    fake_compression,
    fake_epochs,
    fake_evaluation,
    fake_trace,
)
from show.units import UNITS

from alexnet_tutor.architecture import FASHION, PAPER
from alexnet_tutor.footprint import Footprint
from alexnet_tutor.geometry import walk
from alexnet_tutor.records import (
    Counterexample,
    Diagnosis,
    ExerciseRecord,
    FigurePlace,
    FigureRecord,
    GradeRecord,
    GradesRecord,
    LessonProgress,
    LessonRecord,
    LessonText,
    Option,
    Prose,
    Question,
    ReleasedLesson,
    Run,
    StudentRecord,
    Trouble,
)
from alexnet_tutor.show import numbers
from alexnet_tutor.show.terminal.bench import BenchView
from alexnet_tutor.show.terminal.check import CheckView
from alexnet_tutor.show.terminal.compression import CompressionView
from alexnet_tutor.show.terminal.course import (
    LessonView,
    ProgressView,
    SayingView,
    SolutionView,
)
from alexnet_tutor.show.terminal.evaluation import EvaluationView
from alexnet_tutor.show.terminal.grade import GradesView, ReleaseView
from alexnet_tutor.show.terminal.layer import LayerView
from alexnet_tutor.show.terminal.page import LayerPage
from alexnet_tutor.show.terminal.predictions import PredictionsView
from alexnet_tutor.show.terminal.runs import RunView
from alexnet_tutor.show.terminal.summary import SummaryView
from alexnet_tutor.show.terminal.trace import TraceView
from alexnet_tutor.show.terminal.unit import UnitView
from alexnet_tutor.show.terminal.view import View

TRACE = "tutor trace --image sample.png"


@dataclass(frozen=True)
class Page:
    """Stands for a layer's own page."""

    title: str = "conv2: combinations of edges."
    purpose: tuple[str, ...] = (
        "256 kernels of 5×5 look through all the maps of conv1 at once: a corner is two edges that meet, a texture is stripes that repeat.",
        "In the paper's network the layer is split: each graphics card holds half of the maps.",
    )
    formula: str = "out[k, y, x] = bias[k] + Σ over c, r, s of in[c, y·stride + r − pad, x·stride + s − pad] · weight[k, c, r, s]"
    paper: str = "section 3.5; section 3.2 and figure 2 for the two towers."


WORKED = (
    "height out = ⌊(27 + 2·2 − 5) / 1⌋ + 1 = 27",
    "channels: 96×27×27 → 256×27×27",
)
SOURCE = 'class Conv2(Convolution):\n    """256 kernels of 5×5."""\n\n    def forward(self, x):\n        return x\n'
LONG_SOURCE = """class Conv2(Convolution):
    def forward(self, x):
        \"\"\"Wide.

        And deep.
        \"\"\"
        return self.first_of_many_names(x) + "a string of many words, all on one line" + self.last_name(x)
"""
THEIRS = """----------------------------------------------------------------
        Layer (type)               Output Shape         Param #
================================================================
            Conv2d-1           [-1, 96, 56, 56]          11,712
================================================================
Total params: 58,299,082
"""


def layer(name: str, source: str | None = "fashion.safetensors") -> View:
    trace = fake_trace(source=source)
    chosen = trace.layer(name)
    worked = f"{numbers.shape(chosen.input_shape[1:])} → {numbers.shape(chosen.output_shape[1:])}"
    worked = "height out = ⌊(227 + 2·2 − 11) / 4⌋ + 1 = 56" if name == "conv1" else worked
    return LayerView(chosen, trace, (worked,), TRACE)


def predictions(count: int, top: int = 3, trained: bool = True) -> View:
    trace = fake_trace()
    image = trace.image
    names = ["sample.png", "pictures/holiday/" * 5 + "[red]boot[/red] № 5.jpg", "靴.png\x1b[2J"]
    rows = [
        (replace(image, path=name), trace.top[n : n + top]) for n, name in enumerate(names[:count])
    ]
    return PredictionsView(rows, "fashion.safetensors" if trained else None, TRACE)


LESSONS = (
    LessonProgress(
        2, "conv1: a window slides over the picture", 60, ("done", "wrong", "todo"), 3, 3, 2
    ),
    LessonProgress(4, "Local response normalisation", 50, ("done",) * 3, 0, 3, 3),
)


def check() -> View:
    """One done, three kinds of wrong, one to do."""
    values = np.arange(24.0).reshape(1, 4, 2, 3) * 1234.5
    got = values.copy()
    got[0, 2, 1, 1] = -1e-7
    arithmetic = ("Σ a² = 3² + 4² = 25", "25 · α = 0.0025")
    given = ("a = tensor (1, 4, 2, 3), float32", "n = 3")
    example = Counterexample(given, values, got, (0, 2, 1, 1), 1, 3, arithmetic)
    single = Counterexample(
        ("size = 7",), np.array(3.0), np.array(2.0), (), None, None, ("⌊4 / 2⌋ + 1 = 3",)
    )
    known = Diagnosis(
        ("alpha-over-n",), ("You divide α by n; the paper does not.",), ("a", "b", "c"), 1e-7, 0.4
    )
    trouble = Trouble("value", "gives another value than the formula")
    exercises = (
        ExerciseRecord("first", "done", checks=12),
        ExerciseRecord(
            "second", "wrong", trouble, example, known, True, 12, "printed\x1b[2J\n" * 12
        ),
        ExerciseRecord("third", "wrong", trouble, single, None, True, 12),
        ExerciseRecord(
            "fourth", "wrong", Trouble("endless", "does not come to an end", 7, "while True:")
        ),
        ExerciseRecord("fifth", "todo"),
    )
    return CheckView(
        LessonRecord(4, "Local response normalisation", "lessons/04-lrn/exercise.py", exercises),
        "tutor hint 4",
    )


def lesson_page() -> View:
    """A block of each kind."""
    options = (
        Option("Five maps.", True, "At one place."),
        Option("Five rows.", False, "A pool does."),
    )
    blocks = (
        Prose(
            "# Title\n\nA *word*, **two words**, `code` and Σ a².\n\n- one\n- two "
            + "and more " * 20
        ),
        Prose(
            "| value | divisor |\n| --- | --- |\n| 0 | 1.682 |\n| 50 | 2.421 |\n\n    b = a / k^β"
        ),
        FigurePlace("maps", "Two maps."),
        Question("axis", "Which values?", options),
        Run(("tutor trace --layer lrn1",)),
    )
    maps = (("relu1, map 3", np.eye(8)), ("lrn1, map 3", np.eye(8) - 0.5))
    page = LessonText("Title", 50, "lesson 3", "section 3.3", blocks)
    return LessonView(4, page, {"maps": FigureRecord("Two maps.", maps)}, True, "tutor check 4")


def graded(ungraded: bool = False) -> GradesRecord:
    """A class with every kind of outcome, and a name that tries to move the cursor."""
    known = GradeRecord(
        7,
        "macs",
        "wrong",
        Trouble("value", "gives another value"),
        ("groups-forgotten",),
        ("You …",),
    )
    both = replace(known, exercise="span", mistakes=("one", "two"), said=("One.", "Two."))
    done = [GradeRecord(7, name, "done") for name in ("receptive_field", "span", "macs")]
    todo = [GradeRecord(7, name, "todo") for name in ("receptive_field", "span", "macs")]
    broken = Trouble("checker", "could not be checked: ValueError: odd")
    students = [
        StudentRecord("anna", tuple(done)),
        StudentRecord("ben", tuple(todo), ("no course found: hw.zip is not unpacked",)),
        StudentRecord("carla\x1b[2J", (done[0], both, known)),
        StudentRecord("李" * 40, (todo[0], done[1], known), ("lesson 7: span never ends " * 5,)),
    ]
    if ungraded:
        students.append(
            StudentRecord("eve", (GradeRecord(7, "macs", "ungraded", broken),), (broken.said,))
        )
    return GradesRecord(tuple(students), ((7, "conv3 to conv5"),), "0.1.0", 3, ("notes.txt",))


def empty_class() -> GradesRecord:
    student = StudentRecord("anna", (GradeRecord(7, "macs", "todo"),))
    return GradesRecord((student,), ((7, "conv3 to conv5"), (8, "fc6 to fc8")), "0.1.0", 0)


FILES = "Written to grades: grades.csv, grades.json, junit.xml, misconceptions.png."
RELEASED = (ReleasedLesson(2, "conv1: a window slides", 3, 3), ReleasedLesson(7, "conv3", 3, 3))
GRADE = "tutor grade submissions --lessons 2,7 --out grades"


def unit_screen(name: str, source: str | None = "fashion.safetensors") -> View:
    return UnitView(
        UNITS[name](), fake_trace(source=source), f"tutor trace unit relu4:12,5,6 {TRACE[12:]}"
    )


SCREENS: dict[str, Callable[[], View]] = {
    "trace": lambda: TraceView(fake_trace(), f"{TRACE} --layer conv2"),
    "untrained": lambda: TraceView(fake_trace(source=None), TRACE),
    "paper": lambda: TraceView(fake_trace(PAPER.scaled(0.05)), TRACE),
    "conv1": lambda: layer("conv1"),
    "untrained conv1": lambda: layer("conv1", None),
    "relu2": lambda: layer("relu2"),
    "fc6": lambda: layer("fc6"),
    "fc8": lambda: layer("fc8"),
    "softmax": lambda: layer("softmax"),
    "page": lambda: LayerPage("conv2", "fashion", Page(), WORKED, SOURCE, f"{TRACE} --layer conv2"),
    "summary": lambda: SummaryView(THEIRS, list(walk(FASHION)), True, Footprint.of(FASHION, 128)),
    "evaluation": lambda: EvaluationView(fake_evaluation(), "tutor plot"),
    "evaluation of 40 classes": lambda: EvaluationView(fake_evaluation(40, 20), "tutor plot"),
    "evaluation of 60 classes": lambda: EvaluationView(fake_evaluation(60, 20), "tutor plot"),
    "compression": lambda: CompressionView(fake_compression(), TRACE),
    "unmeasured compression": lambda: CompressionView(fake_compression(None), TRACE),
    "one picture": lambda: predictions(1, 10),
    "predictions": lambda: predictions(3),
    "ten classes": lambda: predictions(3, 10),
    "untrained picture": lambda: predictions(1, trained=False),
    "untrained predictions": lambda: predictions(3, trained=False),
    "run": lambda: RunView({"checkpoints/first": fake_epochs(10)}, "tutor evaluate"),
    "long run": lambda: RunView({"long": fake_epochs(95, 3, False)}, "tutor evaluate"),
    "runs": lambda: RunView(
        {"a/long/folder/name/" * 3: fake_epochs(3), "b": fake_epochs(90, 3, False), "c": []}, "tutor evaluate"
    ),
    "check": check,
    "lesson": lesson_page,
    "solution": lambda: SolutionView("A title", '"""It is so."""\n\nx = 1\n', "tutor progress"),
    "progress": lambda: ProgressView(LESSONS, "tutor lesson 2"),
    "saying": lambda: SayingView("Done: `x` is **so**.", "tutor check 2"),
    "grades": lambda: GradesView(graded(), FILES, "tutor lesson 7"),
    "grades without a verdict": lambda: GradesView(graded(True), FILES, "tutor lesson 7"),
    "grades of nothing": lambda: GradesView(empty_class(), FILES, "tutor lesson 7"),
    "release": lambda: ReleaseView("class", RELEASED, GRADE),
    "release not to do": lambda: ReleaseView("class", (replace(RELEASED[0], todo=2),), GRADE),
    "bench": lambda: BenchView(fake_bench(), "tutor train --run checkpoints/first"),
    **{name: partial(unit_screen, name) for name in UNITS},
    "bench of a GPU": lambda: BenchView(fake_bench("cuda", "fp32"), "tutor train"),
}  # fmt: skip
