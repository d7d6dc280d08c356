"""What the benchmark's screen says follows from medians."""

from dataclasses import replace

import pytest
from show.showing import fake_bench, shown

from alexnet_tutor.records import Timing
from alexnet_tutor.show.terminal.bench import BenchView, seconds, spread


def test_ratios_and_shares_come_from_medians() -> None:
    record = fake_bench()
    assert record.step_ratio == pytest.approx(11.74 / 1.853)
    assert record.lrn_ratio == pytest.approx(2.91 / 0.0952)
    assert record.pictures_per_second("kit_step") == pytest.approx(128 / 1.853)
    bound = 2 * 4096**3 / 0.2779 / record.flops_per_picture
    assert record.bound == pytest.approx(bound)
    assert record.share_of_bound == pytest.approx(128 / 1.853 / bound)


def test_the_bound_is_that_of_the_precision_learnt_in() -> None:
    assert fake_bench(precision="fp32").bound < fake_bench().bound


def test_the_first_line_answers() -> None:
    text = " ".join(shown(BenchView(fake_bench(), "tutor train")).splitlines()[:2])
    assert "trains AlexNet at 69.1 pictures/s: 6.3× the origin's recipe, " in text


def test_a_quick_look_says_that_it_shows_less_speed() -> None:
    record = replace(fake_bench(), command="tutor bench --quick", batch_size=32)
    assert "batches of 32; without --quick" in shown(BenchView(record, "tutor train"), 120)
    assert "--quick" not in shown(BenchView(fake_bench(), "tutor train"))


def test_a_machine_that_is_busy_with_something_else_is_noticed() -> None:
    record = fake_bench()
    assert record.unrest == pytest.approx(1.12 / 0.97)
    assert "Measure again" not in shown(BenchView(record, "tutor train"))
    timings = {**record.timings, "kit_step": Timing((1.0, 1.0, 1.6))}
    text = shown(BenchView(replace(record, timings=timings), "tutor train"), 120)
    assert "! The slowest round of a step took 1.6× as long as the quickest" in text


def test_where_there_is_no_gpu_the_screen_says_so() -> None:
    said = "GPU: not measured."
    assert said in shown(BenchView(fake_bench(), "tutor train"))
    assert said not in shown(BenchView(fake_bench("cuda"), "tutor train"))
    assert "A GPU" in shown(BenchView(fake_bench("cuda"), "tutor train"))


@pytest.mark.parametrize(
    ("value", "text"),
    [(11.74, "11.7"), (1.853, "1.85"), (0.231, "0.231"), (0.0952, "0.0952"), (9.999, "10.0")],
)
def test_seconds_have_three_digits(value: float, text: str) -> None:
    assert seconds(value) == text


def test_a_spread_is_the_quickest_and_the_slowest_round() -> None:
    assert spread(Timing((3.0, 1.0, 2.0))) == "1.00–3.00"


def test_a_step_above_its_bound_is_explained() -> None:
    below, above = fake_bench(), fake_bench(precision="fp32")  # whose product is the slower one
    assert below.share_of_bound < 1 < above.share_of_bound
    assert "is above it" in shown(BenchView(above, "tutor train"), 200)
    assert "is above it" not in shown(BenchView(below, "tutor train"), 200)
