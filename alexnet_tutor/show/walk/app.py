"""The app of the walk: keys and clicks go to where the learner stands; changed lines are drawn anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from alexnet_tutor.records import Place, Walked
from alexnet_tutor.show.walk import said
from alexnet_tutor.show.walk.guide import Guide
from alexnet_tutor.show.walk.kernel import KernelPage, kernel_page
from alexnet_tutor.show.walk.keys import KEYS
from alexnet_tutor.show.walk.maps import Line, Look
from alexnet_tutor.show.walk.pages import Sheet, TextPage, keys_page
from alexnet_tutor.show.walk.screen import LEAST, Drawn, too_small
from alexnet_tutor.show.walk.stand import Stand
from alexnet_tutor.show.walk.wrong import NONE_SHOWS, WORKING, Wrongs

PACE = 0.7  # seconds a step, along the strongest path
STOPPED = 130  # the shell's own exit code for Ctrl-C
APPS = ("quit", "keys", "page", "lesson", "sheet", "kernel", "wrong", "save", "path", "close")
PAGES = ("keys", "page", "lesson", "sheet", "kernel", "wrong")


class Lines(Widget):
    """The whole terminal, line by line."""

    ALLOW_SELECT = False

    def __init__(self, resized: Callable[[], None]) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._resized = resized

    def on_resize(self) -> None:
        """Have it drawn for the new size."""
        self._resized()

    def put(self, lines: list[Line]) -> None:
        """Show these lines; only those that changed are drawn."""
        old, self.lines = self.lines, lines
        if len(old) != len(lines):
            self.refresh()
            return
        changed = [n for n, (one, other) in enumerate(zip(old, lines, strict=True)) if one != other]
        if changed:
            self.refresh(*(Region(0, n, self.size.width, 1) for n in changed))

    def render_line(self, y: int) -> Strip:
        """A line as it was put."""
        width = self.size.width
        line = self.lines[y] if y < len(self.lines) else []
        return Strip(Segment.adjust_line_length(line, width), width)


def bindings() -> Iterator[Binding]:
    """Every key of the table, and those of every program: Ctrl-C, Ctrl-Z, Ctrl-Q."""
    for key in KEYS:
        for name, word in key.does.items():
            yield Binding(name, f"do({word!r})", key.words, show=False, priority=True)
    yield Binding("ctrl+c", "stop", "stop", show=False, priority=True)
    yield Binding(
        "ctrl+z", "suspend_process", "to the shell; fg returns", show=False, priority=True
    )
    yield Binding("ctrl+q", "do('quit')", "leave", show=False, priority=True)


class WalkApp(App[Place]):
    """The walk. It ends with the place where the learner stood.

    Attributes:
        stand: where the learner stands.
        page: what covers the screen, if anything.
        guide: asks before a layer opens, and says what helps the first time.
        crash: the exception that ended the walk, if one did.
    """

    ENABLE_COMMAND_PALETTE = False
    CSS = "Screen, Lines { background: ansi_default; color: ansi_default; } Lines { height: 100%; width: 100%; }"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings())

    def __init__(
        self,
        walked: Walked,
        start: Place | None,
        look: Look,
        pace: float = PACE,
        guide: Guide | None = None,
        others: Sequence[Walked] = (),
    ) -> None:
        super().__init__(ansi_color=True)
        self.guide = guide or Guide()
        self.stand = Stand(walked, start, *others)
        self.page: TextPage | Sheet | KernelPage | Wrongs | None = None
        self._opened = ""  # what opened the page: the same key closes it, another opens its own
        self.crash: Exception | None = None
        self.look = look
        self.pace = pace
        self.drawn = Drawn()
        self._walking: Timer | None = None

    def compose(self) -> ComposeResult:
        """One widget: the screen is drawn as a whole."""
        yield Lines(self.redraw)

    def on_mount(self) -> None:
        """After Ctrl-Z and ``fg`` nothing of the screen is left: all of it is drawn again."""
        screen = self.query_one(Lines)
        self.app_resume_signal.subscribe(screen, lambda _: screen.refresh())

    def redraw(self) -> None:
        """Bring the screen up to where the learner stands."""
        screen = self.query_one(Lines)
        width, height = screen.size
        if not width or not height:
            return
        if self.page is None:
            self.drawn = self.guide.screen(self.stand, width, height, self.look)
        elif width < LEAST[0] or height < LEAST[1]:
            self.drawn = too_small(width, height)
        else:
            self.drawn = self.page.compose(width, height, self.look)
        screen.put(self.drawn.lines)

    def action_do(self, word: str) -> None:
        """What a key of the table does."""
        self._stop_path()
        if word == "quit":
            self.exit(self.stand.place)
            return
        if self.page is None and self.guide.takes(word):
            self.redraw()
            return
        if word == "close" or (self.page is not None and word == self._opened):
            if isinstance(self.page, KernelPage):  # what it said was of a number on it
                self.stand.said = ""
            self.page = None
        elif word in APPS and (self.guide.asking is None or word == "keys"):
            if word in PAGES:
                self.page, self._opened = None, word
            self._do(word)
        elif self.page is not None:
            self._picked(self.page.do(word))
        else:
            self.stand.do(word)
        self.redraw()

    def action_stop(self) -> None:
        """Ctrl-C."""
        self.exit(self.stand.place, return_code=STOPPED)

    def _handle_exception(self, error: Exception) -> None:
        """A crash, ours or a learner's: leave, and let the command line tell it once the terminal is as it was."""
        if self.is_headless:  # Textual's own way tells a test
            super()._handle_exception(error)
        else:
            self.crash = self.crash or error
            self.exit(return_code=1)

    def on_key(self) -> None:
        """A key that is bound to nothing: it too stops the path and ends a note."""
        self._stop_path()
        if self.page is None:
            self.guide.takes("")
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """A layer of the strip, a map of the sheet, or a value of the map."""
        self._stop_path()
        self.stand.said = ""
        x, y = event.screen_x, event.screen_y
        does = [
            spot.does for spot in self.drawn.spots if spot.line == y and spot.first <= x < spot.end
        ]
        if self.page is None and self.guide.takes(does[0] if does else "click"):
            pass
        elif does:
            what, which = does[0].split(" ", 1)
            if what == "go":
                self.stand.layer(which)
            elif isinstance(self.page, Sheet):
                self._picked(self.page.pick(int(which)))
        elif self.page is None and self.drawn.lie is not None:
            left, top = self.drawn.map_at
            self._point(self.drawn.lie.value_at(x - left, y - top, self.look))
        self.redraw()

    def _point(self, at: tuple[int, int] | None) -> None:
        """Put the cursor on a value of the map that is shown."""
        if at is None:
            return
        row, column = at
        index = self.stand.place.index
        if len(index) == 3:
            self.stand.move(row - index[1], column - index[2])
        else:
            columns = self.stand.columns(self.stand.stop)
            self.stand.move_to(row * columns + min(column, columns - 1))

    def _picked(self, place: Place | None) -> None:
        if place is not None:
            self.page = None
            self.stand.go(place)

    def _do(self, word: str) -> None:
        self.stand.said = ""
        match word:
            case "keys":
                self.page = keys_page()
            case "page":
                self._read("tutor inspect", self.stand.walked.page)
            case "lesson":
                self._read("The lesson of", self.stand.walked.lesson)
            case "sheet":
                self._sheet()
            case "kernel":
                self.page = kernel_page(self.stand)
            case "wrong":
                self.stand.said = WORKING
                self.call_after_refresh(self._wrong)
            case "save":
                self._save()
            case "path":
                self._walk_path()

    def _read(self, what: str, written: Callable[[str, int], str]) -> None:
        layer = self.stand.place.layer
        title = f"{what} {layer}" if self.stand.before is not None else "The picture"
        self.page = TextPage(title, lambda width: written(layer, width).splitlines())

    def _sheet(self) -> None:
        if len(self.stand.place.index) == 3:
            self.page = Sheet(self.stand)
        else:
            self.stand.said = said.NO_MAPS.format(layer=self.stand.place.layer)

    def _wrong(self) -> None:
        found = self.stand.walked.mistakes(self.stand.place)
        self.stand.said = "" if found else NONE_SHOWS
        self.page = Wrongs(self.stand, found) if found else None
        self.redraw()

    def _save(self) -> None:
        """The screen as it is, as an SVG file."""
        file = Path(f"walk-{str(self.stand.place).replace(':', '-').replace(',', '-')}.svg")
        try:
            file.write_text(self.export_screenshot(title=str(self.stand.place)), encoding="utf-8")
        except OSError as error:
            self.stand.said = f"{file} cannot be written: {error.strerror or error}."
        else:
            self.stand.said = f"Saved {file}."

    def _walk_path(self) -> None:
        """Step back to the strongest term again and again."""
        self.page = None
        if self._step():
            self._walking = self.set_interval(self.pace, self._step)

    def _step(self) -> bool:
        if self.guide.asking is not None:
            self._stop_path()
            return False
        self.stand.said = ""
        went = self.stand.follow()
        if not went:
            self._stop_path()
        self.redraw()
        return went

    def _stop_path(self) -> None:
        if self._walking is not None:
            self._walking.stop()
            self._walking = None
