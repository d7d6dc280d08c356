"""What the walk says where a key cannot do what it is for."""

from __future__ import annotations

PADDING = "This term lies in the padding: a zero that no layer made. It cannot be entered."
PIXEL = "This is a pixel: nothing comes before it."
START = "This is where the walk began: there is no step to undo."
BY_LAYER = "Colours by layer: a value has the same colour in every map of the layer."
BY_MAP = "Colours by map: each map's own highest value is its lightest."
NO_PATH = "Nothing adds to this value: no path leads on."
ALONE = "There is one picture. With two, --image A --image B, Tab goes to and fro."
LAST = "This is the last layer."
FIRST = "This is the picture: no layer comes before it."
ONE_TERM = "This value is made of one term: it is marked already."
ONE_CHANNEL = "This value is made of one channel."
ONE_MAP = "{layer} has one map."
NO_MAPS = "{layer} has no maps."
NO_CHANNELS = "What enters {layer} has no channels."
STRONGEST = "This is the strongest value of {layer}."
