"""conv5: the last layer that knows where.

256 kernels of 3×3 over conv4's 384 maps. A value here has seen 163×163 pixels. After it comes one
more pooling, and then the maps are read out into a row of numbers: what conv5 does not find, or does
not place, the fully connected layers cannot recover.

In the paper's network each tower keeps to itself here (groups = 2).

Paper: section 3.5.
"""

from alexnet_tutor.layers.convolution import Convolution


class Conv5(Convolution):
    """256 kernels of 3×3, padding 1: (N, 384, 13, 13) -> (N, 256, 13, 13)."""
