"""pytest runs this file. The checks are the kit's own, and your code runs in a process apart."""

import pytest

from alexnet_tutor.course.testing import check, names

LESSON = 11


@pytest.mark.parametrize("exercise", names(LESSON))
def test_exercise(exercise: str) -> None:
    check(LESSON, exercise, __file__)
