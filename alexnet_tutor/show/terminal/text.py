"""A screen as text, for what prints by its own means: pytest, a file."""

from __future__ import annotations

import io

from rich.console import Console

from alexnet_tutor.show.terminal.view import View


def as_text(view: View, width: int, *, colour: bool = False) -> str:
    """What a terminal of ``width`` columns would get; escape sequences only with ``colour``."""
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.print(view, crop=False)
    return file.getvalue().rstrip("\n")
