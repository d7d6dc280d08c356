"""Draw ``sample.png``: an ankle boot as a shop shows it, dark leather on a light ground.

Run it as ``python scripts/draw_sample.py``; the same drawing comes out every time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from alexnet_tutor.data.sketches import draw
from alexnet_tutor.records import FASHION_LABELS

SIDE = 320
SEED = 1
# FashionMNIST was made from the negatives of such photographs, so light here means dark there.
GROUND = (244, 241, 236)
LEATHER = (74, 40, 24)


def draw_sample() -> Image.Image:
    """The picture, RGB, 320×320: where the sketch is black the ground shows, where it is white leather."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    sketch = draw(FASHION_LABELS.index("Ankle boot"), rng, SIDE)
    return Image.fromarray(_coloured(sketch))


def _coloured(sketch: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """uint8 (S, S) -> uint8 (S, S, 3)."""
    share = sketch[:, :, None] / 255.0
    mixed: NDArray[np.float64] = (1 - share) * np.array(GROUND) + share * np.array(LEATHER)
    return np.rint(mixed).astype(np.uint8)


def main() -> None:
    """Write ``sample.png`` at the root of the checkout."""
    path = Path(__file__).resolve().parents[1] / "sample.png"
    draw_sample().save(path, optimize=True)
    print(f"Wrote {path.name}: {path.stat().st_size:,} bytes.")


if __name__ == "__main__":
    main()
