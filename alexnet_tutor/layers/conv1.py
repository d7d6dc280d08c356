"""conv1: the only layer that sees pixels.

96 kernels of 11×11 look for edges, blobs and stripes, in every place of the picture. Eleven pixels
are enough to hold a stripe pattern; a stride of 4 lays the windows four pixels apart, so that the
next layers have 16 times fewer places to work on.

The paper's text says that the picture is 224×224, and (224 − 11) / 4 + 1 = 54.25 is no number of
windows. The authors' code rounds up, which makes 55; other code gets 55 from 227 pixels. With a
padding of 2 around 227 pixels, as in the fashion network, it is 56.

Its kernels can be looked at: they are the only ones whose inputs are pictures. Here lie 0.02% of the
fashion network's parameters and 3% of its multiplications.

Paper: section 3.5, figure 3 (the kernels learnt). Section 3.5 states 253,440 neurons for this
layer; 55·55·96 is 290,400.
"""

from alexnet_tutor.layers.convolution import Convolution


class Conv1(Convolution):
    """96 kernels of 11×11, stride 4: (N, C, 227, 227) -> (N, 96, 56, 56) with padding 2."""
