"""What a terminal can show, as plain facts."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions


@dataclass(frozen=True, slots=True)
class Screen:
    """A terminal, or the file that stands in for one.

    Attributes:
        width: in columns.
        colour: it has colours enough for pictures: 256 or more, and nobody asked for none.
        ascii_only: it has no Unicode.
    """

    width: int
    colour: bool
    ascii_only: bool

    @classmethod
    def of(cls, console: Console, options: ConsoleOptions) -> Screen:
        """What rich knows of its console."""
        colour = not console.no_color and console.color_system in {"256", "truecolor"}
        return cls(options.max_width, colour and not options.ascii_only, options.ascii_only)
