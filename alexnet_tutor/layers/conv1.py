"""conv1: the only layer that sees pixels.

96 kernels, small blocks of weights, are laid over every window of the picture. A kernel can find an
edge, a stripe or a blob, wherever it lies.

Windows are 11 pixels wide and start every 4 pixels: a stride of 4 leaves about 16 times fewer places
than a stride of 1. Fashion pictures are enlarged from 28×28 to 227×227, so 11 pixels cover 1.4 of
the original.

The paper says 224×224, but (224 − 11) / 4 + 1 = 54.25. The authors' code rounds up, to 55. This
kit's paper network takes 227 pixels: 55. The fashion network adds a padding of 2: 56.

Look: tutor trace --layer conv1 shows kernels beside their maps.

Paper: section 3.5 states 253,440 neurons for this layer; 55·55·96 is 290,400. Figure 3: the kernels
of one graphics card are largely colour-blind, those of the other largely colour-specific, in every
run. The paper's explanation, the restricted connections, was not tested alone.
"""

from alexnet_tutor.layers.convolution import Convolution


class Conv1(Convolution):
    """96 kernels of 11×11, stride 4: (N, C, 227, 227) -> (N, 96, 56, 56) with padding 2."""
