"""conv4: parts, from combinations of combinations.

384 kernels of 3×3, on the same 13×13 places as conv3. Why three small layers and not one large? From
conv3 to conv5 the view grows to 163 pixels a side, as with one 7×7 layer. For each pair of maps that
takes 27 weights instead of 49, and a ReLU follows every step.

A value here sees 131 pixels a side, 58% of the picture's. In the paper's network a kernel sees the 192
maps of its own tower, one graphics card's half (groups = 2).

Look: tutor trace, and follow "sees" from conv3 to conv5.

Paper: section 3.5. Section 7: without any one of the middle layers, top-1 error rises by about 2
points. No matching run is in the authors' released notes.
"""

from alexnet_tutor.layers.convolution import Convolution


class Conv4(Convolution):
    """384 kernels of 3×3, padding 1: (N, 384, 13, 13) -> (N, 384, 13, 13)."""
