"""conv2: combinations of edges.

256 kernels of 5×5 look through all the maps of conv1 at once: a corner is two edges that meet, a
texture is stripes that repeat. Padding 2 keeps the map at 27×27, because a 5×5 window loses two
pixels on each side.

In the paper's network the layer is split: each graphics card holds half of the maps, and a kernel
sees only the 48 of its own card (groups = 2). That halves parameters and multiplications. In the
fashion network there is one tower. It is the most expensive layer there: 42% of the multiplications.

Paper: section 3.5; section 3.2 and figure 2 for the two towers. The padding is not in the text but
in the authors' code.
"""

from alexnet_tutor.layers.convolution import Convolution


class Conv2(Convolution):
    """256 kernels of 5×5, padding 2: (N, 96, 27, 27) -> (N, 256, 27, 27)."""
