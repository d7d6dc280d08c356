"""Every lesson is whole, its solutions pass in a process apart, and its stub is todo."""

from __future__ import annotations

import os
import shlex
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
import typer
from course.here import judged_here
from thorough import cases

from alexnet_tutor import resources
from alexnet_tutor.cli.app import app
from alexnet_tutor.course import workspace
from alexnet_tutor.course.apart import ask
from alexnet_tutor.course.calls import Answers, Limits
from alexnet_tutor.course.check import check_lesson, probes_of
from alexnet_tutor.course.exercise import Lesson
from alexnet_tutor.course.judge import judge
from alexnet_tutor.course.lessons import all_lessons
from alexnet_tutor.course.lessons.l02_conv1 import oracle as conv_oracle
from alexnet_tutor.course.lessons.l04_lrn import oracle as lrn_oracle
from alexnet_tutor.course.reading import read_lesson
from alexnet_tutor.records import FigurePlace, Run

LESSONS = {lesson.folder: lesson for lesson in all_lessons()}
lessons = pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)


SEEDS = cases(range(8), 4)
APART = dict(cases(list(LESSONS.items()), 2))


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Answers]]:
    """What each lesson's solution answers in a process apart; two at a time, for each loads torch."""
    limits = Limits(silence=30, total=60)

    def answers(lesson: Lesson) -> dict[str, Answers]:
        file = tmp_path_factory.mktemp(lesson.folder) / "exercise.py"
        shutil.copy(workspace.solution(lesson), file)
        calls = [
            call
            for exercise in lesson.exercises
            for seed in SEEDS
            for call in probes_of(exercise, seed).calls()
        ]
        return ask(file, calls, limits, lesson.without)

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(APART, pool.map(answers, APART.values()), strict=True))


@pytest.mark.parametrize("folder", APART)
def test_the_solution_passes_apart_over_seeds(folder: str, apart) -> None:
    for exercise in APART[folder].exercises:
        found = apart[folder][exercise.name]
        assert found.trouble is None
        replies = iter(found.replies)
        for seed in SEEDS:
            one = probes_of(exercise, seed)
            record = judge(one, Answers([next(replies) for _ in one.cases]), Path("exercise.py"))
            assert record.outcome == "done", record.trouble


@lessons
@pytest.mark.parametrize("which", [workspace.solution, workspace.alternative])
def test_both_solutions_pass_over_seeds(lesson: Lesson, which) -> None:
    source = which(lesson).read_text(encoding="utf-8")
    for seed in SEEDS:
        for name, record in judged_here(lesson, source, seed).items():
            assert record.outcome == "done", (name, record.trouble)


@lessons
def test_the_stub_is_todo_and_says_so(lesson: Lesson) -> None:
    stub = workspace.stub(lesson)
    record = check_lesson(lesson, stub, stub)
    assert [one.outcome for one in record.exercises] == ["todo"] * len(lesson.exercises)
    assert record.outcome == "todo"
    assert stub.read_text(encoding="utf-8").count("TODO") == len(lesson.exercises)


@lessons
def test_the_folder_has_what_a_learner_needs_and_no_more(lesson: Lesson) -> None:
    folder = resources.lessons() / lesson.folder
    names = {path.name for path in folder.iterdir() if path.name != "__pycache__"}
    assert {"lesson.md", "exercise.py", "test_exercise.py"} <= names
    assert not [name for name in names if "solution" in name or "mistake" in name]


@lessons
def test_its_page_teaches_by_questions_figures_and_commands(lesson: Lesson) -> None:
    page = read_lesson(workspace.page(lesson))
    assert page.title == lesson.title
    assert page.minutes >= 15
    assert len(page.questions) >= 2
    assert len({question.id for question in page.questions}) == len(page.questions)
    places = {block.name for block in page.blocks if isinstance(block, FigurePlace)}
    assert places == set(lesson.figures)
    assert places


@lessons
def test_the_commands_on_its_page_are_understood(lesson: Lesson) -> None:
    page = read_lesson(workspace.page(lesson))
    commands = [line for block in page.blocks if isinstance(block, Run) for line in block.commands]
    assert f"tutor check {lesson.number}" in commands
    group = typer.main.get_command(app)
    for command in commands:
        words = shlex.split(command)
        assert words[0] == "tutor"
        context = group.make_context("tutor", words[1:])
        name, found, rest = group.resolve_command(
            context, [*context._protected_args, *context.args]
        )
        found.make_context(name, rest, parent=context)


def test_the_worked_numbers_of_lesson_4_are_the_formula_s() -> None:
    three = np.array([100.0, 300.0, 200.0]).reshape(1, 3, 1, 1)
    assert lrn_oracle.sum_of_squares(three, 3).ravel().tolist() == [100000, 140000, 130000]
    told = workspace.stub(LESSONS["04-lrn"]).read_text(encoding="utf-8")
    numbers = {"n": 3, "k": 2, "alpha": 1e-4, "beta": 0.75}
    values = lrn_oracle.lrn(three, **numbers).ravel()
    assert ", ".join(f"{value:.4g}" for value in values) in told
    page = (resources.lessons() / "04-lrn" / "lesson.md").read_text(encoding="utf-8")
    theirs = torch.nn.LocalResponseNorm(3, alpha=1e-4, beta=0.75, k=2)(torch.from_numpy(three))
    assert f"makes {theirs[0, 1].item():.2f} of" in page
    two = np.array([100.0, -300.0]).reshape(1, 2, 1, 1)
    values = lrn_oracle.relu_lrn(two, **numbers).ravel()
    assert ", ".join(f"{value:.4g}" for value in values) in told


def test_the_worked_number_of_lesson_2_is_the_formula_s() -> None:
    x, weight = np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 0], [0, 10]])
    out = conv_oracle.conv2d(x[None, None], weight[None, None], np.array([5.0]), 1, 0)
    assert out.ravel().tolist() == [46]
    assert (conv_oracle.output_size(224, 11, 4, 0), conv_oracle.output_size(227, 11, 4, 0)) == (
        54,
        55,
    )
    assert (conv_oracle.overhang(224, 11, 4), conv_oracle.overhang(227, 11, 4)) == (3, 0)


@pytest.mark.skipif("CI" not in os.environ, reason="elsewhere a learner may have begun on them")
@lessons
def test_the_checkout_s_exercise_is_the_stub(lesson: Lesson) -> None:
    exercise = workspace.page(lesson).with_name("exercise.py")
    assert exercise.read_text(encoding="utf-8") == workspace.stub(lesson).read_text("utf-8")
