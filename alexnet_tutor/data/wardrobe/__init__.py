"""The ten kinds of garment of FashionMNIST, each drawn by a function of its own.

What a kind always has stands in its function; what varies from one piece to the next comes from the
canvas's generator.
"""

from __future__ import annotations

from collections.abc import Callable

from alexnet_tutor.data.canvas import Canvas
from alexnet_tutor.data.wardrobe.bags import bag
from alexnet_tutor.data.wardrobe.shoes import ankle_boot, sandal, sneaker
from alexnet_tutor.data.wardrobe.tall import dress, trouser
from alexnet_tutor.data.wardrobe.tops import coat, pullover, shirt, t_shirt

# In the order of FASHION_LABELS.
GARMENTS: tuple[Callable[[Canvas], None], ...] = (
    t_shirt,
    trouser,
    pullover,
    dress,
    coat,
    sandal,
    shirt,
    sneaker,
    bag,
    ankle_boot,
)
