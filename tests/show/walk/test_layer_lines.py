"""What the walk says of a layer, dropout as in training, and the colours' scale."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from passes import followed
from show.walk.test_walk_app import holds, place, text, walk, walked

from alexnet_tutor.cli.walk_pass import Followed
from alexnet_tutor.layers import Softmax
from alexnet_tutor.records import AboutRecord
from alexnet_tutor.show import numbers
from alexnet_tutor.show.closing import number
from alexnet_tutor.show.terminal.why import sentence
from alexnet_tutor.show.walk.about import about_lines
from alexnet_tutor.show.walk.dropout import BACK, OFF
from alexnet_tutor.show.walk.maps import CIVIDIS, Look, colours_of, lightness
from alexnet_tutor.show.walk.screen import compose
from alexnet_tutor.show.walk.stand import Stand
from alexnet_tutor.tracing import trace


def test_every_layer_s_sentence_is_on_the_smallest_screen_and_more_on_a_larger_one() -> None:
    whole = followed("fashion")
    for layer in whole.record.layers:
        here, said = Stand(walked(), whole.strongest(layer.name)), sentence(layer, whole.record)
        (begun,) = begins(screen(here, 80, 24), said)
        assert begun == said or begun.endswith(" …")
        larger = screen(here, 120, 44)
        assert begins(larger, said)
        assert any(line.startswith("In the paper: section") for line in larger)
        module = whole.network.get_submodule(layer.name) if layer.name != "softmax" else Softmax()
        assert module.explain(layer.input_shape[1:])[0] in larger
        params = numbers.integer(layer.params) if layer.params else "no"
        assert any(line.startswith(f"{params} parameters") for line in larger)
    assert begins(screen(Stand(walked(), place("input:0,1,1")), 80, 24), "The picture as it enters")


def screen(here: Stand, width: int, height: int) -> list[str]:
    lines = compose(here, width, height, Look()).lines
    return ["".join(segment.text for segment in line).rstrip() for line in lines]


def begins(lines: list[str], said: str) -> list[str]:
    """The lines that are a sentence's beginning, or it all."""
    return [
        line
        for line in lines
        if line and (said.startswith(line.removesuffix(" …")) or line.startswith(said))
    ]


def test_a_sentence_is_cut_at_a_word_and_the_paper_leaves_first() -> None:
    about = AboutRecord("One two three four five six.", "size", 1, 1, 3, 2, "section 9: a reason.")
    assert about_lines(about, 14, 1) == [("One two …", "")]
    told = [line for line, _ in about_lines(about, 80, 3)]
    assert told == [
        about.why,
        "size",
        "1 parameter, 1 MAC; a value sees 3×3 pixels, its neighbour 2 further on",
    ]
    assert about_lines(about, 80, 4)[-1][0] == "In the paper: section 9: a reason."
    assert about_lines(about, 80, 0) == []


def test_dropout_as_in_training_is_the_trace_of_its_seed_and_ends() -> None:
    whole = followed("fashion")
    facts = replace(whole.record.facts, source="learnt")
    whole = replace(whole, record=replace(whole.record, facts=facts))
    masked = [
        trace(whole.network, _tensor(whole), whole.record.facts, dropout_seed=seed)
        for seed in (1, 2)
    ]

    async def steps(app, pilot):
        plain, at = app.stand.walked, app.stand.place
        await pilot.press("D")
        assert OFF[:60] in text(app)
        for seed, record in enumerate(masked, start=1):
            await pilot.press("d")
            best = record.top[0]
            title, *_, last = text(app).splitlines()
            assert f"mask {seed}: {best.label} {numbers.percent(best.probability)}" in title
            assert f"Mask {seed}: {best.label} {number(best.probability)};" in last
            assert f"{plain.top[0].label} {number(plain.top[0].probability)}." in last
            assert app.stand.place == at
            dropped = record.layer("drop6").values[0]
            np.testing.assert_array_equal(app.stand.walked.map("drop6", 0), dropped)
            assert f"  {number(float(dropped[at.index]))} ✓ by hand too" in text(app)
        await pilot.press("D")
        assert BACK in text(app)
        assert app.stand.walked is plain
        holds(app)

    walk(
        steps,
        what=Followed(whole),
        start=str(place(f"drop6:{int(whole.values('relu6').argmax())}")),
    )


def _tensor(whole):
    import torch

    return torch.from_numpy(whole.entered.copy())[None]


def test_c_makes_one_scale_of_the_layer_and_the_ends_say_so() -> None:
    values = followed("fashion").values("conv2")

    async def steps(app, pilot):
        own = numbers.interval(float(values[3].min()), float(values[3].max()))
        all_ = numbers.interval(float(values.min()), float(values.max()))
        assert f": {own}" in text(app)
        await pilot.press("c")
        assert f": {all_}" in text(app)
        await pilot.press("m", "c", "escape")
        assert f": {own}" in text(app)

    walk(steps)


def test_maps_never_below_zero_are_cividis_from_zero_and_signs_part_at_black() -> None:
    ramp = colours_of(np.linspace(0, 5, 1000), (0, 5))
    assert list(dict.fromkeys(ramp.tolist())) == list(CIVIDIS)
    light = [lightness(colour) for colour in CIVIDIS]
    assert light == sorted(light)
    blue, black, red = colours_of(np.array([-2.0, 0.0, 2.0]), (-2, 1)).tolist()
    assert black == 16
    assert lightness(blue) > 0.5 < lightness(red)
    half = colours_of(np.array([1.0]), (-2, 1))
    assert lightness(int(half[0])) < lightness(red)
    assert colours_of(np.array([np.nan]), (0, 1)) == CIVIDIS[0]


def test_the_scale_begins_at_zero_where_nothing_is_below_it() -> None:
    async def steps(app, pilot):
        values = followed("fashion").values("pool2")[app.stand.map]
        assert f": 0 to {numbers.activation(float(values.max()))}" in text(app)

    walk(steps, str(followed("fashion").strongest("pool2")))
