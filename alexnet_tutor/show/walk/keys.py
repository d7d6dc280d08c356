"""The keys of the walk, in one table: what binds them, the page of ``?`` and the docs are made from it."""

from __future__ import annotations

from dataclasses import dataclass

LAYERS = {
    "0": "input",
    **{digit: f"conv{digit}" for digit in "12345"},
    **{digit: f"fc{digit}" for digit in "678"},
    "9": "softmax",
}


@dataclass(frozen=True, slots=True)
class Key:
    """Keys that belong together.

    Attributes:
        shown: as they are written on the keyboard.
        does: the key's name in Textual → the word of what it does.
        words: what it does, to read.
    """

    shown: str
    does: dict[str, str]
    words: str


KEYS = (
    Key("← ↑ ↓ →", {arrow: arrow for arrow in ("left", "up", "down", "right")},
        "move the cursor; a click does too"),
    Key("n p", {"n": "next", "p": "previous"}, "the next layer, the previous one"),
    Key("0 to 9", {digit: f"layer {digit}" for digit in LAYERS},
        "the input (0), conv1 to conv5, fc6 to fc8, softmax (9)"),
    Key("[ ]  , .", {"left_square_bracket": "map -", "right_square_bracket": "map +",
                     "comma": "map -", "full_stop": "map +"},
        "the map before, the next one"),
    Key("g Home", {"g": "strongest", "home": "strongest"},
        "the strongest value of the map; again: of the layer"),
    Key("j J", {"j": "mark +", "J": "mark -"}, "mark the next term, the one before; largest first"),
    Key("Enter", {"enter": "enter"}, "step back to the marked term's value in the layer before"),
    Key("Backspace", {"backspace": "undo"}, "undo the last step"),
    Key("t", {"t": "path"}, "walk back along the strongest path; any key stops"),
    Key("i u", {"i": "input +", "u": "input -"},
        "the next channel of the input, the one before; largest first"),
    Key("m", {"m": "sheet"}, "all maps of the layer, strongest first, to pick from"),
    Key("h l", {"h": "page", "l": "lesson"}, "the layer's page, its lesson"),
    Key("s", {"s": "save"}, "save the screen as an SVG file where you are"),
    Key("?", {"question_mark": "keys"}, "all keys"),
    Key("Esc", {"escape": "close"}, "close a page"),
    Key("q", {"q": "quit"}, "leave; the last line says how to come back"),
)  # fmt: skip

HINT = "arrows  n p layer  [ ] map  g strongest  j mark  Enter back  ? keys  q leave"


def table() -> str:
    """The table of the docs, in Markdown."""
    rows = [f"| `{key.shown}` | {key.words} |" for key in KEYS]
    return "\n".join(["| keys | |", "| --- | --- |", *rows])


def lines() -> list[str]:
    """The page of ``?``."""
    widest = max(len(key.shown) for key in KEYS)
    return [f"{key.shown:<{widest}}   {key.words}" for key in KEYS]
