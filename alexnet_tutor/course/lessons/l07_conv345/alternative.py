"""The same without a loop over layers: sums of what each layer adds, in steps of the layer below it."""

from itertools import accumulate
from operator import mul


def steps(layers: list[tuple[int, int, int]]) -> list[int]:
    """Pixels between neighbours: of the picture, then after each layer."""
    return list(accumulate((stride for _, stride, _ in layers), mul, initial=1))


def receptive_field(layers: list[tuple[int, int, int]]) -> tuple[int, int]:
    apart = steps(layers)
    grown = sum((kernel - 1) * step for (kernel, _, _), step in zip(layers, apart, strict=False))
    return 1 + grown, apart[-1]


def span(layers: list[tuple[int, int, int]], place: int) -> tuple[int, int]:
    apart = steps(layers)
    shift = sum(padding * step for (_, _, padding), step in zip(layers, apart, strict=False))
    first = place * apart[-1] - shift
    return first, first + receptive_field(layers)[0] - 1


def macs(
    in_channels: int,
    out_channels: int,
    height: int,
    width: int,
    kernel: int,
    stride: int,
    padding: int,
    groups: int,
) -> int:
    starts = [range(0, side + 2 * padding - kernel + 1, stride) for side in (height, width)]
    places = len(starts[0]) * len(starts[1])
    one_tower = (out_channels // groups) * (in_channels // groups) * kernel**2
    return groups * one_tower * places
