"""alexnet_tutor: learn a deep network from the inside."""

__version__ = "0.1.0"
