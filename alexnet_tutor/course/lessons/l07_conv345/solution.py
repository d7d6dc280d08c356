"""The view grows by kernel − 1 steps, not by kernel: the first cell's view is there already. A step is
as wide as neighbouring cells of the layer *below* lie apart, so it is taken before this layer's own
stride is multiplied in. Padding moves a view and adds nothing to it.

The span goes the other way, from the value to the pixels. A range of cells needs the cells from the
first one's window start to the last one's window end; then those cells ask the layer below.

The MACs: each place of each map needs one product per weight of its kernel. So the count is weights
times places, and the places are those of the map that goes out.
"""


def receptive_field(layers: list[tuple[int, int, int]]) -> tuple[int, int]:
    size, apart = 1, 1
    for kernel, stride, _ in layers:
        size = size + (kernel - 1) * apart
        apart = apart * stride
    return size, apart


def span(layers: list[tuple[int, int, int]], place: int) -> tuple[int, int]:
    first = last = place
    for kernel, stride, padding in reversed(layers):
        first = first * stride - padding
        last = last * stride - padding + kernel - 1
    return first, last


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
    rows = (height + 2 * padding - kernel) // stride + 1
    columns = (width + 2 * padding - kernel) // stride + 1
    weights = out_channels * (in_channels // groups) * kernel * kernel
    return weights * rows * columns
