"""The layers of AlexNet, a page of the course per file."""

from alexnet_tutor.layers.base import Layer, Page
from alexnet_tutor.layers.conv1 import Conv1
from alexnet_tutor.layers.conv2 import Conv2
from alexnet_tutor.layers.conv3 import Conv3
from alexnet_tutor.layers.conv4 import Conv4
from alexnet_tutor.layers.conv5 import Conv5
from alexnet_tutor.layers.convolution import Convolution
from alexnet_tutor.layers.dropout import Dropout
from alexnet_tutor.layers.flatten import Flatten
from alexnet_tutor.layers.linear import Linear
from alexnet_tutor.layers.lrn import LRN
from alexnet_tutor.layers.pooling import MaxPool
from alexnet_tutor.layers.relu import ReLU
from alexnet_tutor.layers.softmax import Softmax

__all__ = [
    "LRN",
    "Conv1",
    "Conv2",
    "Conv3",
    "Conv4",
    "Conv5",
    "Convolution",
    "Dropout",
    "Flatten",
    "Layer",
    "Linear",
    "MaxPool",
    "Page",
    "ReLU",
    "Softmax",
]
