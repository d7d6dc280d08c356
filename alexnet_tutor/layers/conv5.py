"""conv5: the last convolution.

256 kernels of 3×3. A value here sees 163×163 pixels, fewer at the border. Its place on the 13×13 map
says where. pool5 then keeps 9,216 of 43,264 values, and fc6 gets these and nothing else. In the
paper's network a kernel sees the 192 maps of its own tower, one graphics card's half (groups = 2).

Look: tutor trace --layer relu5. Which maps answer on the object, which on its border?

Paper: section 3.5. Section 5 states initial weights of standard deviation 0.01 and biases of 1 here;
the authors' configuration has 0.03 in conv3 to conv5.
"""

from alexnet_tutor.layers.convolution import Convolution


class Conv5(Convolution):
    """256 kernels of 3×3, padding 1: (N, 384, 13, 13) -> (N, 256, 13, 13)."""
