"""conv3: where the two towers meet.

384 kernels of 3×3 over 256 maps. It is the one convolution of the paper's network after conv1 whose
kernels see the maps of both graphics cards; what one tower knows, the other can use from here on.

A 3×3 window on a 13×13 map looks small. But each cell of that map already stands for 67×67 pixels,
and cells lie 16 pixels apart, so conv3 sees 67 + 2·16 = 99 pixels a side. No pooling follows: from
here to conv5 the map stays 13×13.

Paper: section 3.5. Section 1 says that removing any convolutional layer made the network worse
although each holds at most 1% of the parameters; this one holds 1.45% of them.
"""

from alexnet_tutor.layers.convolution import Convolution


class Conv3(Convolution):
    """384 kernels of 3×3, padding 1: (N, 256, 13, 13) -> (N, 384, 13, 13)."""
