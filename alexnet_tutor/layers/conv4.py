"""conv4: parts, from combinations of combinations.

384 kernels of 3×3 over conv3's 384 maps. Each value now depends on 131×131 pixels: more than half
of the picture a side. Three such layers in a row, with a ReLU between each, can express what one
wide layer cannot: a feature of features of features.

In the paper's network each tower keeps to itself here (groups = 2).

Paper: section 3.5. Section 7 reports that removing any one of the middle layers loses about 2
percentage points of top-1 accuracy.
"""

from alexnet_tutor.layers.convolution import Convolution


class Conv4(Convolution):
    """384 kernels of 3×3, padding 1: (N, 384, 13, 13) -> (N, 384, 13, 13)."""
