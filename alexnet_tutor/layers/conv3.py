"""conv3: every kernel sees every map.

384 kernels of 3×3 over all 256 maps. In the paper's network this is where the two towers, the halves
on two graphics cards, meet; conv2, conv4 and conv5 see one each. The fashion network has one tower.

A 3×3 window on a 13×13 map looks small. But each cell of that map already sees 67×67 pixels, and
cells lie 16 pixels apart: 67 + 2·16 = 99 pixels a side. The maps stay 13×13 until pool5.

Look: tutor trace --layer relu3, and compare where its maps look with relu2's.

Paper: section 3.5. Section 1 says that each convolution holds at most 1% of the parameters; this one
holds 1.45% in the paper's network. The authors' run notes: towers that never meet, here or in fc7,
had 1.2 and 1.1 points more top-1 and top-5 error, one run against one.
"""

from alexnet_tutor.layers.convolution import Convolution


class Conv3(Convolution):
    """384 kernels of 3×3, padding 1: (N, 256, 13, 13) -> (N, 384, 13, 13)."""
