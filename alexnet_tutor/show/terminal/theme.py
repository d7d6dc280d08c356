"""How screens look: styles by what they mean, and the marks that say the same without colour."""

ACCENT = "cyan"
RIGHT = "green"
WRONG = "bold red"
DIM = "dim"
STRONG = "bold"

RIGHT_MARK = "✓"
WRONG_MARK = "✗"
LOUD_MARK = "!"

PROSE_WIDTH = 100  # columns; a wider screen gets more pictures, not longer lines
