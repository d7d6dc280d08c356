"""conv2: combinations of edges.

A kernel looks at many maps at once, so it can combine them: two edges that meet, a stripe that
repeats. Padding 2 keeps the map at 27×27: without it a 5×5 window would cost two cells at each
border.

The paper spreads its network over two graphics cards. The half on one card is a tower. A conv2 kernel
sees only the 48 maps of its own tower (groups = 2): half the MACs, the multiply-accumulates. The
fashion network has one tower. conv2 costs most in both: 42% of the fashion network's MACs, 31% of the
paper's.

Look: tutor trace --layer relu2. A value sees up to 51×51 pixels; in relu1 it was 11×11.

Paper: sections 3.2 and 3.5. The two towers had 1.7 and 1.2 points less top-1 and top-5 error than a
one-card network. (Top-5: the true class is not among the five likeliest.) Doubt: that network has 98%
of the parameters but only 54% of the MACs, so this does not test the split alone. The padding is not
in the text but in the authors' code.
"""

from alexnet_tutor.layers.convolution import Convolution


class Conv2(Convolution):
    """256 kernels of 5×5, padding 2: (N, 96, 27, 27) -> (N, 256, 27, 27)."""
