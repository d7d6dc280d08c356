"""Views and costs that can be wrong in many ways, one switch each."""

from __future__ import annotations

from alexnet_tutor.course.lessons.l07_conv345.oracle import Layers


def wrong_field(
    layers: Layers, *, strides: str = "below", kernel: str = "less one", padding: str = "left out",
    apart: str = "product", start: int = 1,
) -> tuple[int, int]:  # fmt: skip
    """Right unless a switch is given."""
    size, step = start, 1
    for side, stride, edge in layers:
        by = {"below": step, "none": 1, "after": step * stride, "own": stride}[strides]
        cells = side - (0 if kernel == "whole" else 1)
        cells -= 2 * edge if padding == "subtracted" else 0
        size = size * side if kernel == "product" else size + cells * by
        step = {"product": step * stride, "last": stride}[apart]
    return size, step


def wrong_span(
    layers: Layers, place: int, *, order: str = "down", padding: str = "right",
    window: str = "right", stride: str = "right",
) -> tuple[int, int]:  # fmt: skip
    """Right unless a switch is given."""
    first = last = place
    for side, step, edge in layers if order == "up" else tuple(reversed(layers)):
        by = 1 if stride == "one" else step
        before, after = {
            "right": (-edge, -edge), "none": (0, 0), "added": (edge, edge),
            "early": (-edge * by, -edge * by), "first alone": (-edge, 0),
        }[padding]  # fmt: skip
        reach = {"right": side - 1, "whole": side, "none": 0, "centred": side - 1 - side // 2}
        back = side // 2 if window == "centred" else 0
        first, last = first * by + before - back, last * by + after + reach[window]
    return first, last


def wrong_macs(
    in_channels: int, out_channels: int, height: int, width: int, kernel: int, stride: int,
    padding: int, groups: int, *, places: str = "out", channels: str = "group",
    kernels: str = "all", side: str = "square", bias: bool = False, each: int = 1,
) -> int:  # fmt: skip
    """Right unless a switch is given."""
    edge = 0 if places == "unpadded" else 2 * padding
    step = 1 if places == "every pixel" else stride
    rows, columns = ((size + edge - kernel) // step + 1 for size in (height, width))
    windows = {"in": height * width, "one": 1}.get(places, rows * columns)
    seen = {"group": in_channels // groups, "all": in_channels, "one": 1}[channels]
    maps = {"all": out_channels, "tower": out_channels // groups, "one": 1}[kernels]
    products = seen * {"square": kernel * kernel, "line": kernel}[side] + (1 if bias else 0)
    return each * maps * windows * products
