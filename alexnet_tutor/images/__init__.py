"""One file of any kind → one tensor, safely."""

from alexnet_tutor.images.prepare import PreparedImage, enlarge, load_image, normalise

__all__ = ["PreparedImage", "enlarge", "load_image", "normalise"]
